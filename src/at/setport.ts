/**
 * `^SETPORT`: which functions a stick shows on USB, before and after its mode switch. A set without an AT port locks
 * the owner out, so it is checked against the stick's own list of codes, which differs between models: an E3272 knows
 * two AT ports (2 and 12), an E3372s lacks the first, an E3131 the second.
 */

import { type DriverError, failure } from '../errors';
import type { Composition, PortCode } from '../values/ports';
import { ask } from './ask';
import type { AtChannel, RunOptions } from './channel';
import { valueIn } from './commands/entry';
import { parseCodes, parseComposition, SETPORT } from './commands/ports';

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
  const composition = valueIn(SETPORT, lines);
  if (composition) return composition;
  throw failure('PROTOCOL/no-composition', { stick: channel.stick, lines });
}

/** `AT^SETPORT=?`: the codes this stick knows; empty where it names none. */
export async function setportOptions(channel: AtChannel, options?: RunOptions): Promise<PortCode[]> {
  return parseCodes((await ask(channel, 'AT^SETPORT=?', options)).lines);
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
    const reason = judgeComposition(wanted, await setportOptions(channel, run));
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

const refused = ({ stick }: AtChannel, composition: string, why: string): DriverError =>
  failure('COMMAND_REFUSED/composition', { stick, composition, why });
