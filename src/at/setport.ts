/**
 * `^SETPORT`: which functions a stick shows on USB, before and after its mode switch. A set without an AT port locks
 * the owner out, so it is checked against the stick's own list of codes, which differs between models: an E3272 knows
 * two AT ports (2 and 12), an E3372s lacks the first, an E3131 the second.
 */

import { DriverError } from '../errors';
import { ask } from './ask';
import type { AtChannel, RunOptions } from './channel';

import { lineValue, unquote } from './fields';
import { expectOk } from './reply';

/** Codes in capitals: `12` 4G PCUI, `A1` CDROM, `FF` none (first half only). */
export interface Composition {
  /** What the stick shows when it is plugged in; may be empty. */
  before: string[];
  /** What it shows once it is switched. */
  after: string[];
}

export interface PortCode {
  code: string;
  /** In the stick's words: `4G PCUI`. */
  name: string;
}

export interface SetportOptions extends RunOptions {
  /** Sends a well-formed value although the stick's list does not know a code or an AT port in it. */
  force?: boolean;
}

const NOTHING = 'FF';
/** The stick's own limit. */
const MAX_LENGTH = 50;

/** `AT^SETPORT?`: the composition that runs now; a new one shows only after a restart. Error PROTOCOL: no composition. */
export async function getSetport(channel: AtChannel, options?: RunOptions): Promise<Composition> {
  const { lines } = await ask(channel, 'AT^SETPORT?', options);
  for (const line of lines) {
    const composition = parseComposition(lineValue(line, '^SETPORT') ?? line);
    if (composition) return composition;
  }
  const message = `${channel.stick} answered AT^SETPORT? with no port composition: ${lines.join(' | ') || 'nothing'}.`;
  throw new DriverError('PROTOCOL', message, { stick: channel.stick });
}

/** `AT^SETPORT=?`: the codes this stick knows; empty where it names none. */
export async function setportOptions(channel: AtChannel, options?: RunOptions): Promise<PortCode[]> {
  return parseCodes((await ask(channel, 'AT^SETPORT=?', options)).lines);
}

/** `A1,A2;10,12,16` with or without quotes; undefined for any other shape. */
export function parseComposition(value: string): Composition | undefined {
  const halves = unquote(value).replaceAll(/\s/g, '').toUpperCase().split(';');
  const [before, after] = halves;
  if (halves.length !== 2 || before === undefined || after === undefined) return undefined;
  const composition = { before: before === '' ? [] : before.split(','), after: after === '' ? [] : after.split(',') };
  return [...composition.before, ...composition.after].every((code) => /^[0-9A-F]{1,2}$/.test(code))
    ? composition
    : undefined;
}

/** Lines like `^SETPORT:12: 4G PCUI`. */
export function parseCodes(lines: readonly string[]): PortCode[] {
  const codes: PortCode[] = [];
  for (const line of lines) {
    const match = /^"?([0-9A-F]{1,2})"?\s*:\s*(.+)$/i.exec(lineValue(line, '^SETPORT') ?? line);
    if (match?.[1] && match[2]) codes.push({ code: match[1].toUpperCase(), name: unquote(match[2]) });
  }
  return codes;
}

/** `{before: ['FF'], after: ['10', '12']}` as `FF;10,12`. */
export const formatComposition = ({ before, after }: Composition): string => `${before.join(',')};${after.join(',')}`;

/** Why `wanted` may not be set on a stick that knows `codes`, as part of a sentence; undefined if it may. */
export function judgeComposition(wanted: Composition, codes: readonly PortCode[]): string | undefined {
  const known = new Set(codes.map(({ code }) => code));
  const unknown = [...wanted.before.filter((code) => code !== NOTHING), ...wanted.after].find((c) => !known.has(c));
  if (unknown !== undefined) return `the stick's list does not hold the code ${unknown}`;
  const pcui = codes.filter(({ name }) => /PCUI/i.test(name)).map(({ code }) => code);
  if (wanted.after.some((code) => pcui.includes(code))) return undefined;
  return `its second half holds no AT port (${pcui.join(' or ') || 'the stick names none'}), so the stick could not be reached again`;
}

/**
 * `AT^SETPORT="value"`, checked first. Takes effect at the next restart; until then `?` goes on showing the old one, so
 * nothing is read back. Returns the composition that ran before. Errors: COMMAND_REFUSED, and those of {@link ask}.
 */
export async function setSetport(
  channel: AtChannel,
  value: string,
  options: SetportOptions = {},
): Promise<Composition> {
  const { force = false, ...run } = options;
  const wanted = wellFormed(value);
  if (!wanted) {
    throw refused(channel, value, 'it is not of the form before;after, like FF;10,12, without repeated codes');
  }
  if (!force) {
    const reply = await channel.run('AT^SETPORT=?', run);
    const reason = judgeComposition(wanted, parseCodes(expectOk(reply, { stick: channel.stick }).lines));
    if (reason) throw refused(channel, value, reason);
  }
  const previous = await getSetport(channel, run);
  await ask(channel, `AT^SETPORT="${formatComposition(wanted)}"`, { ...run, force: true });
  return previous;
}

/** What may be sent at all: both halves, no code twice in one, nothing behind FF, FF in the first half only. */
function wellFormed(value: string): Composition | undefined {
  const composition = value.length <= MAX_LENGTH ? parseComposition(value) : undefined;
  if (!composition || composition.after.length === 0) return undefined;
  const { before, after } = composition;
  if (after.includes(NOTHING) || (before.includes(NOTHING) && before.length > 1)) return undefined;
  const twice = (codes: string[]) => new Set(codes).size !== codes.length;
  return twice(before) || twice(after) ? undefined : composition;
}

function refused(channel: AtChannel, value: string, reason: string): DriverError {
  const message = `The port composition ${value} was not set on ${channel.stick}: ${reason}.`;
  const hint = 'Choose codes from the answer to AT^SETPORT=?, with one that it calls PCUI behind the semicolon.';
  return new DriverError('COMMAND_REFUSED', message, { stick: channel.stick, hint });
}
