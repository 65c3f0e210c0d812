/** Which functions the stick shows on USB, and what can take the AT port away or change what it says. */

import {
  COMPOSITION,
  type Composition,
  PORT_CODES,
  PORT_MODE,
  type PortCode,
  type PortMode,
  type PortRole,
} from '../../values/ports';
import { known } from '../../values/shape';
import { lineValue, unquote } from '../fields';
import { entry } from './entry';

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

/** The lines of `AT^SETPORT?`, with or without the prefix. */
function parseSetport(lines: readonly string[]): Composition | undefined {
  for (const line of lines) {
    const composition = parseComposition(lineValue(line, '^SETPORT') ?? line);
    if (composition) return composition;
  }
  return undefined;
}

const ROLES: readonly (readonly [RegExp, PortRole])[] = [
  [/^pcui$/, 'pcui'],
  [/^(mdm|(3g_|4g_)?modem)$/, 'modem'],
  [/diag$/, 'diag'],
  [/^(4g_)?gps/, 'gps'],
  [/^(ndis|rndis|ncm|ecm)$/, 'network'],
  [/^(cdrom|sd|mass.*)$/, 'storage'],
  [/shell$/, 'shell'],
];

/** `TYPE: WCDMA: huawei,PCUI:0,MDM:1,`: what is no `name:number` belongs to the vendor's name, commas and all. */
export function parseGetportmode(value: string): PortMode | undefined {
  const body = /^\s*TYPE\s*:\s*\w+\s*:(.*)$/i.exec(value)?.[1];
  if (body === undefined) return undefined;
  const ports: PortMode['ports'] = [];
  const words: string[] = [];
  for (const item of body.split(',')) {
    const [, name, number] = /^\s*(\w{1,24})\s*:\s*(\d{1,3})\s*$/.exec(item) ?? [];
    if (name !== undefined) {
      const role = ROLES.find(([pattern]) => pattern.test(name.toLowerCase()))?.[1] ?? 'other';
      ports.push({ name, role, number: Number(number) });
    } else if (ports.length === 0) words.push(item);
  }
  while (words.at(-1)?.trim() === '') words.pop();
  const vendor = words.join(',').trim();
  return known({ vendor: vendor === '' ? undefined : vendor, ports });
}

const PORTS = 'it can take the AT port away for good';

export const SETPORT = entry({
  name: '^SETPORT',
  about: 'Port composition, from the next restart on',
  forms: ['read', 'set', 'test'],
  named: { read: 'ports', test: 'portlist' },
  guard: PORTS,
  value: COMPOSITION,
  reply: parseSetport,
  testValue: PORT_CODES,
  test: parseCodes,
});

export const PORT_COMMANDS = [
  SETPORT,
  entry({
    name: '^GETPORTMODE',
    about: 'Ports that the stick shows now',
    forms: ['action'],
    value: PORT_MODE,
    line: parseGetportmode,
  }),
  entry({ name: '^U2DIAG', about: 'Port composition of older sticks', forms: ['read', 'set'], guard: PORTS }),
  entry({
    name: '^GODLOAD',
    about: 'Starts the loader',
    forms: ['action'],
    guard: 'it restarts the stick into the firmware download mode',
  }),
  entry({
    name: '^DATAMODE',
    about: 'Makes the port speak the download protocol',
    forms: ['action'],
    guard: 'it puts the port into the firmware download protocol',
  }),
  entry({
    name: '+CMUX',
    about: 'Multiplexes the port',
    forms: ['set'],
    guard: 'it puts the port into a protocol that is not AT',
  }),
  entry({
    name: 'Q',
    about: 'Result codes on or off',
    forms: ['action'],
    guard: ({ args }) => (/[1-9]/.test(args) ? 'it makes the stick answer nothing any more' : undefined),
  }),
  // A stick would see other commands afterwards than the ones that are judged.
  entry({
    name: 'S3',
    about: 'Character that ends a command',
    forms: ['read'],
    never: 'it changes the character that ends a command',
  }),
  entry({
    name: 'S4',
    about: 'Characters that end a reply',
    forms: ['read'],
    never: 'it changes the characters that end a reply',
  }),
  entry({
    name: 'S5',
    about: 'Character that erases',
    forms: ['read'],
    never: 'it changes the character that erases in a command',
  }),
] as const;
