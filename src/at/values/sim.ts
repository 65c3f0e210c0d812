/** The SIM card: its state with the tries that are left, its numbers, its kind, and the lock of the stick. */

import { splitFields, unquote } from '../fields';
import { known, valuesOf, whole } from './read';

export interface PinState {
  /** In the stick's words: `READY`, `SIM PIN`, `SIM PUK`, `SIM PIN2`, `SIM PUK2`, `PH-NET PIN` ... */
  state: string;
  ready: boolean;
}

export interface PinTries extends PinState {
  /** Tries left of the code that is asked for now. */
  tries?: number;
  pinTries?: number;
  pukTries?: number;
  pin2Tries?: number;
  puk2Tries?: number;
}

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
  const [tries, pukTries, pinTries, puk2Tries, pin2Tries] = counts.map((count) => whole(count, 0, 98));
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

/** Lines of `AT^ICCID?`, with or without the prefix, or of {@link READ_ICCID}. */
export function parseIccid(lines: readonly string[]): string | undefined {
  const read = valuesOf(lines, '+CRSM').map((value) => splitFields(value)[2] ?? '');
  for (const text of [...valuesOf(lines, '^ICCID'), ...read, ...lines]) {
    const iccid = iccidOf(text);
    if (iccid) return iccid;
  }
  return undefined;
}

/** Reads the ICCID from the SIM's file 2FE2, for firmware without `^ICCID`. */
export const READ_ICCID = 'AT+CRSM=176,12258,0,0,10';

/** Lines of `AT+CIMI`: 14 or 15 digits without a prefix (T5). */
export function parseImsi(lines: readonly string[]): string | undefined {
  for (const text of [...valuesOf(lines, '+CIMI'), ...lines]) {
    const digits = unquote(text);
    if (/^\d{14,15}$/.test(digits)) return digits;
  }
  return undefined;
}

/** `^CARDMODE: 2`. */
export function parseCardmode(value: string): { card: 'SIM' | 'USIM' } | undefined {
  const code = whole(splitFields(value)[0], 1, 2);
  return code === undefined ? undefined : { card: code === 1 ? 'SIM' : 'USIM' };
}

export interface CardLock {
  /** `open`: bound to an operator, a code would free it; `free`: bound to none; `blocked`: no tries are left. */
  lock: 'open' | 'free' | 'blocked';
  tries?: number;
  operator?: number;
}

/** `^CARDLOCK: 2,10,0` = status, tries left, operator. */
export function parseCardlock(value: string): CardLock | undefined {
  const [status, tries, operator] = splitFields(value);
  const lock = (['open', 'free', 'blocked'] as const)[(whole(status, 1, 3) ?? 0) - 1];
  if (lock === undefined) return undefined;
  return known({ lock, tries: whole(tries, 0, 98), operator: whole(operator, 1, 999_999) });
}
