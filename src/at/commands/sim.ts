/** The SIM card: its state with the tries that are left, its numbers, its kind, its codes, and the lock of the stick. */

import { known } from '../../values/shape';
import {
  CARD,
  CARD_LOCK,
  type Card,
  type CardLock,
  ICCID as ICCID_TEXT,
  IMSI,
  OWN_NUMBER,
  OWN_NUMBERS,
  type OwnNumber,
  PIN_STATE,
  PIN_TRIES,
  type PinState,
  type PinTries,
} from '../../values/sim';
import { splitFields, unquote } from '../fields';
import { decimal, option, valuesOf } from '../read';
import { entry, unasked } from './entry';

const { tries: TRIES } = PIN_TRIES.members;

function stateOf(text: string | undefined): PinState | undefined {
  const state = (text ?? '').toUpperCase().replaceAll(/\s+/g, ' ');
  return /^[A-Z][A-Z0-9 -]{1,20}$/.test(state) ? { state, ready: state === 'READY' } : undefined;
}

/** `+CPIN: SIM PIN`. */
export const parseCpin = (value: string): PinState | undefined => stateOf(unquote(value));

/** `^CPIN: SIM PIN,3,10,3,10,3` = state, tries of what is asked for now, of PUK, PIN, PUK2, PIN2. */
export function parseCpinTries(value: string): PinTries | undefined {
  const [text, ...counts] = splitFields(value);
  const state = stateOf(text);
  if (!state) return undefined;
  const [tries, pukTries, pinTries, puk2Tries, pin2Tries] = counts.map((count) => decimal(count, TRIES));
  return known({ ...state, tries, pinTries, pukTries, pin2Tries, puk2Tries });
}

/**
 * The 18 to 20 digits of an ICCID, which begin with 89. Some firmware gives the SIM's file as it is, the digits of each
 * octet swapped and filled up with F (T47); then it begins with 98.
 */
export function iccidOf(text: string): string | undefined {
  const digits = unquote(text).toUpperCase();
  if (!/^[0-9A-F]{16,20}$/.test(digits)) return undefined;
  const turned = digits.startsWith('89') ? digits : digits.replaceAll(/(.)(.)/g, '$2$1');
  const end = turned.search(/[A-F]/);
  const number = end < 0 ? turned : turned.slice(0, end);
  return number.startsWith('89') && number.length >= 16 ? number : undefined;
}

/** Lines of `AT^ICCID?`, with or without the prefix, or of {@link ICCID_FILE}. */
export function parseIccid(lines: readonly string[]): string | undefined {
  const read = valuesOf(lines, '+CRSM').map((value) => splitFields(value)[2] ?? '');
  for (const text of [...valuesOf(lines, '^ICCID'), ...read, ...lines]) {
    const iccid = iccidOf(text);
    if (iccid) return iccid;
  }
  return undefined;
}

/** Lines of `AT+CIMI`: 14 or 15 digits without a prefix (T5). */
export function parseImsi(lines: readonly string[]): string | undefined {
  for (const text of [...valuesOf(lines, '+CIMI'), ...lines]) {
    const digits = unquote(text);
    if (/^\d{14,15}$/.test(digits)) return digits;
  }
  return undefined;
}

/** `"Me","+49151",145,...`: found from its end, since names may have quotes of their own. */
const CNUM_LINE = /^(.*),\s?"([^"]*)",\s?(\d{1,3})(?:,|$)/;

/** Lines of `AT+CNUM`: `+CNUM: "Me","+49151",145`. Places of the SIM without a number have a line too: not here. */
export function parseCnum(lines: readonly string[]): OwnNumber[] | undefined {
  const values = valuesOf(lines, '+CNUM').map((value) => CNUM_LINE.exec(value)?.slice(1) ?? splitFields(value));
  const numbers: OwnNumber[] = [];
  for (const [name = '', told = '', code] of values) {
    const type = decimal(code, OWN_NUMBER.members.type);
    const number = [told, nameOf(told) ?? ''].findLast((text) => /^\+?[\d*#]{1,40}$/.test(text));
    if (type === undefined || number === undefined) continue;
    numbers.push(known({ name: nameOf(unquote(name)), number, type }));
  }
  // Nothing that could be read is not the same as no number.
  return numbers.length > 0 || values.some(([, number]) => number === '') ? numbers : undefined;
}

/** With `+CSCS="UCS2"`, which another program may have set, a name is hex: of two letters and more, for `CAFE` is one too. */
function nameOf(text: string): string | undefined {
  if (!/^(?:[0-9A-F]{4}){2,}$/i.test(text) || /^(?!00)\d+$/.test(text)) return text || undefined;
  const name = Buffer.from(text, 'hex').swap16().toString('utf16le');
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}]+$/u.test(name) ? name : text;
}

/** `^CARDMODE: 2`. */
export function parseCardmode(value: string): Card | undefined {
  const card = option(splitFields(value)[0], CARD.members.card.options, 1);
  return card && { card };
}

/** `^CARDLOCK: 2,10,0` = status, tries left, operator. */
export function parseCardlock(value: string): CardLock | undefined {
  const [status, tries, operator] = splitFields(value);
  const lock = option(status, CARD_LOCK.members.lock.options, 1);
  if (lock === undefined) return undefined;
  return known({ lock, tries: decimal(tries, TRIES), operator: decimal(operator, CARD_LOCK.members.operator) });
}

/** Why codes are guarded. */
export const USES_UP_TRIES = 'a wrong code uses up one of the few tries before the SIM or the stick locks';
const LOCK = 'a wrong code uses up one of ten tries before the stick locks to its operator for good';

export const CPIN = entry({
  name: '+CPIN',
  about: 'State of the SIM; enters a PIN or PUK',
  forms: ['read', 'set', 'test'],
  named: { read: 'sim' },
  limit: 30_000,
  guard: USES_UP_TRIES,
  mayLackOk: true,
  needsSim: true,
  secret: ['arguments'],
  value: PIN_STATE,
  line: parseCpin,
});

/** Enters `pin`; guarded. */
export const enterPin = (pin: string): string => `AT${CPIN.name}="${pin}"`;

export const PIN_COUNTS = entry({
  name: '^CPIN',
  about: 'State of the SIM with the tries that are left; enters a PIN or PUK',
  forms: ['read', 'set'],
  guard: USES_UP_TRIES,
  needsSim: true,
  secret: ['arguments'],
  value: PIN_TRIES,
  line: parseCpinTries,
});

export const ICCID = entry({
  name: '^ICCID',
  about: 'Number of the SIM card',
  forms: ['read'],
  named: { read: 'iccid' },
  needsSim: true,
  secret: ['identity'],
  value: ICCID_TEXT,
  reply: parseIccid,
});

/** The same from the SIM's file 2FE2, for firmware without `^ICCID`. */
export const ICCID_FILE = { ...ICCID, name: '+CRSM=176,12258,0,0,10', forms: ['action'] } as const;

export const CIMI = entry({
  name: '+CIMI',
  about: 'Number of the subscriber',
  forms: ['action'],
  needsSim: true,
  secret: ['identity'],
  value: IMSI,
  reply: parseImsi,
});

export const SIM_COMMANDS = [
  CPIN,
  PIN_COUNTS,
  ICCID,
  CIMI,
  entry({ name: '^CARDMODE', about: 'Kind of SIM card', forms: ['action'], value: CARD, line: parseCardmode }),
  entry({
    name: '^CARDLOCK',
    about: 'Lock of the stick to an operator',
    forms: ['read', 'set'],
    guard: LOCK,
    secret: ['arguments'],
    value: CARD_LOCK,
    line: parseCardlock,
  }),
  entry({ name: '+CCID', about: 'Number of the SIM card; hangs some firmware', forms: [], secret: ['identity'] }),
  entry({ name: '+CPIN2', about: 'Enters PIN2', forms: ['read', 'set'], guard: USES_UP_TRIES, secret: ['arguments'] }),
  entry({
    name: '+CPWD',
    about: 'Changes a code of the SIM',
    forms: ['set'],
    guard: USES_UP_TRIES,
    secret: ['arguments'],
  }),
  entry({
    name: '+CLCK',
    about: 'Switches PIN query, locks and call barring',
    forms: ['set', 'test'],
    limit: 170_000,
    guard: USES_UP_TRIES,
    secret: ['arguments'],
  }),
  entry({ name: '^SIMLOCK', about: 'Lock of the stick', forms: ['set'], guard: LOCK, secret: ['arguments'] }),
  entry({ name: '^DATALOCK', about: 'Lock of the NV', forms: ['read', 'set'], guard: LOCK, secret: ['arguments'] }),
  entry({
    name: '+CSIM',
    about: 'Talks to the SIM itself',
    forms: ['set'],
    guard: 'it talks to the SIM itself, which can use up the tries of its codes',
    secret: ['arguments', 'identity'],
    spans: 'quote',
  }),
  entry({
    name: '+CRSM',
    about: 'Reads and writes files of the SIM',
    forms: ['set'],
    secret: ['arguments', 'identity'],
    spans: 'quote',
  }),
  entry({
    name: '+CNUM',
    about: "The SIM's own numbers",
    forms: ['action'],
    secret: ['people'],
    value: OWN_NUMBERS,
    reply: parseCnum,
  }),
  ...unasked('SIM toolkit', '+CUSATP +CUSATEND ^STIN'),
  ...unasked('A file of the SIM has changed', '^SIMFILEREFRES'),
] as const;
