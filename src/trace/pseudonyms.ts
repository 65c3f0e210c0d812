/**
 * What stands in a trace instead of what is private: the same for the same within a trace, of the same form and length, with
 * right check digits. By a key that is made at random for each trace and never written: nobody can find the original by
 * trying all of them, nor put two traces together.
 */

import { createHmac, randomBytes } from 'node:crypto';
import { type Draw, replacedCharacters, replacedSeptets } from './replaced';

/** Originals that are shorter are in everything: the search for them would find nothing but chance. */
const LEAST_SOUGHT = 6;
/** Words that are shorter stand in names of firmware and networks too. */
const LEAST_TEXT = 10;
/** The end of a number that it has at home and abroad. */
const NATIONAL = 9;

export class Pseudonyms {
  readonly #key: Buffer;
  readonly #originals = new Set<string>();
  readonly #vouched = new Set<string>();

  constructor(key: Buffer = randomBytes(32)) {
    this.#key = key;
  }

  /** What must not be found in the trace, in lower case; numbers as digits. */
  get originals(): ReadonlySet<string> {
    return this.#originals;
  }

  /** Tells this trace from others. */
  get label(): string {
    return createHmac('sha256', this.#key).update('label').digest('hex').slice(0, 6);
  }

  /** Whether `word` was made here, or is known to be harmless. */
  isVouched(word: string): boolean {
    return this.#vouched.has(word);
  }

  /** `text` is harmless, or made here: the scan is not to take its words for somebody's. */
  vouch(text: string): string {
    for (const [word] of text.matchAll(/[0-9A-Za-z]{7,}/g)) this.#vouched.add(word);
    for (const [run] of text.matchAll(/\d{7,}/g)) this.#vouched.add(run);
    return text;
  }

  /** 14 to 17 digits. The end is that of {@link imeiTail}; the head is that of test equipment. */
  imei(digits: string): string {
    const fifteen = digits.length === 15 ? digits : withCheckDigit(digits.slice(0, 14));
    const tail = this.#tail(fifteen.slice(7));
    const draw = this.#draw('imei', fifteen.slice(0, 7));
    const head = `00101${draw(10)}`;
    const whole = (digit: string) => `${head}${digit}${tail}`;
    const made = whole(digitFor(whole, isLuhn(fifteen)));
    // 16 digits: the version of the software stands where the check digit does.
    return this.#made(
      digits,
      digits.length <= 15 ? made.slice(0, digits.length) : `${made.slice(0, 14)}${digits.slice(14)}`,
    );
  }

  /** The last eight digits, which ^BOOT tells. */
  imeiTail(digits: string): string {
    return this.#made(digits, this.#tail(digits));
  }

  #tail(digits: string): string {
    return this.#digits('imei', digits);
  }

  /** Country and network stay: `26201`. */
  imsi(digits: string): string {
    return this.#made(digits, `${digits.slice(0, 5)}${this.#digits('imsi', digits.slice(5))}`);
  }

  /** 18 to 20 digits, an F at the end of some. */
  iccid(text: string): string {
    const [, digits = '', filler = ''] = /^(\d+)(.*)$/.exec(text) ?? [];
    const body = `${digits.slice(0, 2)}${this.#digits('iccid', digits.slice(2))}`;
    const made = isLuhn(digits) ? withCheckDigit(body.slice(0, -1)) : body;
    return this.#made(digits, `${made}${filler}`);
  }

  /** A phone number; a plus, blanks and signs stay. The end is the same with and without the country in front. */
  number(text: string): string {
    const digits = text.replaceAll(/\D/g, '');
    const [head, tail] = [digits.slice(0, -NATIONAL), digits.slice(-NATIONAL)];
    const made = [...`${this.#digits('head', head)}${this.#digits('number', tail)}`];
    this.#seek(digits);
    if (digits.length > NATIONAL) this.#seek(tail);
    return this.vouch(text.replaceAll(/\d/g, () => made.shift() ?? '0'));
  }

  /** Serial numbers, tokens, names of devices: letters for letters, digits for digits. */
  code(text: string): string {
    const draw = this.#draw('code', text);
    return this.#made(
      text,
      text.replaceAll(/[0-9A-Za-z]/g, (c) => replacedCharacters(c, draw)),
    );
  }

  /** Hex digits of a cell or an address: upper case stays upper case. */
  hex(text: string): string {
    const draw = this.#draw('hex', text.toUpperCase());
    const upper = text === text.toUpperCase();
    const made = text.replaceAll(/[0-9a-f]/gi, () => draw(16).toString(16));
    return this.#made(text, upper ? made.toUpperCase() : made.toLowerCase());
  }

  /** `0C:5B:8F:27:9A:64`, with any sign between the octets, or none; marked as one that nobody was given. */
  mac(text: string): string {
    const digits = [...this.#hexOf('mac', text.replaceAll(/[^0-9a-f]/gi, '').toUpperCase())];
    digits.splice(0, 2, '0', '2');
    this.#seek(text.replaceAll(/[^0-9a-f]/gi, ''));
    const made = text.replaceAll(/[0-9a-f]/gi, () => digits.shift() ?? '0');
    return this.#made(text, text === text.toLowerCase() ? made.toLowerCase() : made);
  }

  /** Dotted or with colons; each part as long as it was. Addresses of home networks stay. */
  ip(text: string): string {
    if (/^(?:192\.168\.|127\.|0\.0\.0\.0$|255\.)/.test(text)) return this.vouch(text);
    const draw = this.#draw('ip', text);
    const made = text.includes(':')
      ? text.replaceAll(/[0-9a-f]/gi, () => draw(16).toString(16))
      : text.replaceAll(/\d+/g, ({ length }) =>
          String(length === 1 ? draw(10) : length === 2 ? 10 + draw(90) : 100 + draw(150)),
        );
    return this.#made(text, made);
  }

  /** Words for words: letters, digits and signs of each script by others of it, blanks and punctuation stay. */
  text(text: string): string {
    if (text.length >= LEAST_TEXT) this.#seek(text);
    return this.vouch(replacedCharacters(text, this.#draw('text', text)));
  }

  /** The same of septets of a GSM alphabet. `strange`: those of a national one, of which any code may be a letter. */
  septets(septets: readonly number[], readAs: string, strange: boolean): number[] {
    if (readAs.length >= LEAST_TEXT) this.#seek(readAs);
    return replacedSeptets(septets, this.#draw('septets', septets.join()), strange);
  }

  /** Octets of which nobody knows what they are. */
  octets(octets: Uint8Array): Buffer {
    const draw = this.#draw('octets', Buffer.from(octets).toString('hex'));
    return Buffer.from(Array.from(octets, () => draw(256)));
  }

  /** Remembers what must not be found, however it is written. */
  #seek(original: string): void {
    if (original.length >= LEAST_SOUGHT) this.#originals.add(original.toLowerCase());
  }

  #made(original: string, made: string): string {
    this.#seek(original);
    return this.vouch(made);
  }

  #digits(kind: string, digits: string): string {
    const draw = this.#draw(kind, digits);
    return digits.replaceAll(/\d/g, () => String(draw(10)));
  }

  #hexOf(kind: string, digits: string): string {
    const draw = this.#draw(kind, digits);
    return digits.replaceAll(/./g, () => draw(16).toString(16).toUpperCase());
  }

  #draw(kind: string, value: string): Draw {
    let octets = Buffer.alloc(0);
    let at = 0;
    let block = 0;
    return (below) => {
      if (at + 2 > octets.length) {
        octets = createHmac('sha256', this.#key).update(`${kind}\0${block++}\0${value}`).digest();
        at = 0;
      }
      const drawn = octets.readUInt16BE(at);
      at += 2;
      return drawn % below;
    };
  }
}

/** ISO/IEC 7812: whether the last digit is right. */
export function isLuhn(digits: string): boolean {
  let sum = 0;
  for (const [at, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

const withCheckDigit = (digits: string): string => `${digits}${digitFor((digit) => `${digits}${digit}`, true)}`;

/** The digit with which the check of the whole comes out as `right`. */
const digitFor = (whole: (digit: string) => string, right: boolean): string =>
  [...'0123456789'].find((digit) => isLuhn(whole(digit)) === right) ?? '0';
