/** Numbers and names as addresses of a PDU (3GPP TS 23.040, 9.1.2.5). */

import { failure } from '../../errors';
import { fromSeptets, unpack } from './alphabet';

/** Octet behind the length: 1, type of number, numbering plan. */
const INTERNATIONAL = 0x91;
const UNKNOWN = 0x81;
/** Types of number, in that octet. */
const TYPE = 0x70;
const NAME = 0x50;

/** Semi-octets of an address at most. */
const MAX_DIGITS = 20;

/** The value of a semi-octet: `*`, `#` and `a` to `c` are digits too. */
const DIGITS = '0123456789*#abc';

/**
 * A number as people write it, without blanks, dashes, dots, slashes and brackets: `+49 (170) 123-456` becomes
 * `+49170123456`; `0049...` stays, for the network knows what it means. Errors: BAD_ARGUMENT, without the number.
 */
export function cleanNumber(text: unknown, what: 'The number' | "The recipient's number" = 'The number'): string {
  const typed = typeof text === 'number' && Number.isSafeInteger(text) && text >= 0 ? String(text) : text;
  if (typeof typed !== 'string' || typed.trim() === '') throw failure('BAD_ARGUMENT/number-missing', { what });
  const number = typed.replaceAll(/[\s\-./()\u00a0\u2010-\u2015\u202a-\u202e]/g, '');
  if (!/^\+?[0-9*#]+$/.test(number)) throw failure('BAD_ARGUMENT/number-characters', { what });
  const digits = number.length - (number.startsWith('+') ? 1 : 0);
  if (digits > MAX_DIGITS) throw failure('BAD_ARGUMENT/number-length', { what, digits, most: MAX_DIGITS });
  return number;
}

/** The address octets of a clean number: length in digits, type, digits in swapped halves. */
export function encodeAddress(number: string): Buffer {
  const international = number.startsWith('+');
  const digits = international ? number.slice(1) : number;
  return Buffer.concat([Buffer.of(digits.length, international ? INTERNATIONAL : UNKNOWN), semiOctets(digits)]);
}

function semiOctets(digits: string): Buffer {
  const octets = Buffer.alloc(Math.ceil(digits.length / 2));
  for (let i = 0; i < digits.length; i++) {
    const value = DIGITS.indexOf(digits.charAt(i));
    const at = i >> 1;
    octets[at] = i % 2 === 0 ? 0xf0 | value : ((octets[at] ?? 0) & 0x0f) | (value << 4);
  }
  return octets;
}

/**
 * The address of a PDU in words: `+491713920000`, `22922`, `Vodafone`; empty where there are no digits. `length` counts
 * semi-octets. An F is a filler wherever it stands.
 */
export function addressOf(type: number, length: number, octets: Uint8Array): string {
  if ((type & TYPE) === NAME) return nameOf(unpack(octets, Math.floor((length * 4) / 7)));
  let digits = '';
  for (let i = 0; i < length; i++) digits += DIGITS.charAt(((octets[i >> 1] ?? 0) >> (i % 2 === 0 ? 0 : 4)) & 0x0f);
  return digits !== '' && (type & TYPE) === (INTERNATIONAL & TYPE) ? `+${digits}` : digits;
}

function nameOf(septets: number[]): string {
  // Seven characters leave room for an eighth, which is 0 then.
  if (septets.length % 8 === 0 && septets.at(-1) === 0) septets.pop();
  return fromSeptets(septets);
}
