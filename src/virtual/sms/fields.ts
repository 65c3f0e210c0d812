/** Fields of an SMS in a TPDU (3GPP 23.040): addresses, time stamps, data coding scheme, header. */

import { gsm7Characters, gsm7Text, pack, type Shifts, unpack } from './gsm7';

/** The PDU is not one: what is wrong with it, in a few words. */
export class PduError extends Error {}

/** Reads a buffer from front to back. Throws PduError at its end. */
export class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.take(1)[0] as number;
  }

  take(length: number): Uint8Array {
    if (this.#at + length > this.#bytes.length) throw new PduError('it is shorter than it says');
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }
}

const DIGITS = '0123456789*#abc';

/** Digits two by two, the low half first; an odd one out is filled with F. */
export function semiOctets(digits: string): Buffer {
  const values = [...digits].map((c) => DIGITS.indexOf(c));
  if (values.some((v) => v < 0)) throw new PduError(`"${digits}" is no number`);
  if (values.length % 2) values.push(15);
  return Buffer.from(
    Array.from({ length: values.length / 2 }, (_, n) => {
      return (values[2 * n] as number) | ((values[2 * n + 1] as number) << 4);
    }),
  );
}

export function digitsOf(octets: Uint8Array): string {
  let text = '';
  for (const octet of octets) for (const v of [octet & 15, octet >> 4]) if (v < 15) text += DIGITS[v];
  return text;
}

const INTERNATIONAL = 0x91;
const NATIONAL = 0x81;
const NAME = 0xd0;

/** TP-OA or TP-DA: `+49...`, digits of a short number, or a name of up to 11 characters. */
export function encodeAddress(text: string): Buffer {
  if (/^\+?[0-9*#]{1,20}$/.test(text)) {
    const digits = text.replace('+', '');
    return Buffer.from([digits.length, text.startsWith('+') ? INTERNATIONAL : NATIONAL, ...semiOctets(digits)]);
  }
  const septets = gsm7Characters(text)?.flat();
  if (!septets || septets.length === 0 || septets.length > 11) {
    throw new PduError(`"${text}" is neither a number nor a name of up to 11 characters`);
  }
  const packed = pack(septets);
  // In semi-octets, as far as they are used.
  return Buffer.from([Math.ceil((septets.length * 7) / 4), NAME, ...packed]);
}

export function readAddress(r: Reader): string {
  const length = r.byte();
  const type = r.byte();
  if (length > 20) throw new PduError('an address has up to 20 digits');
  const octets = r.take(Math.ceil(length / 2));
  if ((type & 0x70) === 0x50) return gsm7Text(unpack(octets, Math.floor((length * 4) / 7)));
  return ((type & 0x70) === 0x10 ? '+' : '') + digitsOf(octets).slice(0, length);
}

/** The service centre's address: its length is in octets, 0 = none. */
export function encodeCentre(text: string): Buffer {
  if (text === '') return Buffer.from([0]);
  const digits = semiOctets(text.replace('+', ''));
  return Buffer.from([digits.length + 1, text.startsWith('+') ? INTERNATIONAL : NATIONAL, ...digits]);
}

export function readCentre(r: Reader): string {
  const length = r.byte();
  if (length === 0) return '';
  const type = r.byte();
  return ((type & 0x70) === 0x10 ? '+' : '') + digitsOf(r.take(length - 1));
}

/** A point in time (milliseconds since 1970) in a time zone (quarters of an hour east of Greenwich). */
export interface LocalTime {
  time: number;
  zone: number;
}

const two = (n: number): string => String(n).padStart(2, '0');

/** `yymmddhhmmss` there. */
function clockDigits({ time, zone }: LocalTime): string {
  const d = new Date(time + zone * 900_000);
  const parts = [d.getUTCFullYear() % 100, d.getUTCMonth() + 1, d.getUTCDate(), d.getUTCHours(), d.getUTCMinutes()];
  return [...parts, d.getUTCSeconds()].map(two).join('');
}

export function encodeTime(at: LocalTime): Buffer {
  const zone = semiOctets(two(Math.abs(at.zone)));
  if (at.zone < 0) zone[0] = (zone[0] as number) | 0x08;
  return Buffer.concat([semiOctets(clockDigits(at)), zone]);
}

/** As `+CMGL` in text mode, `+CCLK?` and ^NWTIME show it: `yy/mm/dd,hh:mm:ss+zz`. */
export function clockText(at: LocalTime): string {
  const pairs = clockDigits(at).match(/../g) ?? [];
  const zone = `${at.zone < 0 ? '-' : '+'}${two(Math.abs(at.zone))}`;
  return `${pairs.slice(0, 3).join('/')},${pairs.slice(3).join(':')}${zone}`;
}

/** 7 octets of a time stamp, as {@link clockText}. */
export function readTime(r: Reader): string {
  const octets = r.take(7);
  const zoneOctet = octets[6] as number;
  const zone = digitsOf(Uint8Array.of(zoneOctet & 0xf7));
  const pairs = digitsOf(octets.subarray(0, 6)).match(/../g) ?? [];
  return `${pairs.slice(0, 3).join('/')},${pairs.slice(3).join(':')}${zoneOctet & 8 ? '-' : '+'}${zone}`;
}

export type Alphabet = 'gsm7' | 'data' | 'ucs2';

/** Alphabet and class (0 = flash) of a data coding scheme. */
export function readCoding(dcs: number): { alphabet: Alphabet; class?: number } {
  const group = dcs >> 4;
  if (group < 8) {
    const alphabet = (['gsm7', 'data', 'ucs2', 'gsm7'] as const)[(dcs >> 2) & 3] as Alphabet;
    return dcs & 0x10 ? { alphabet, class: dcs & 3 } : { alphabet };
  }
  if (group === 15) return { alphabet: dcs & 4 ? 'data' : 'gsm7', class: dcs & 3 };
  return { alphabet: group === 14 ? 'ucs2' : 'gsm7' };
}

/** A part of a longer message. */
export interface Part {
  reference: number;
  total: number;
  sequence: number;
}

/** What a header says: which part it is, and with which national tables the text is written. */
export interface Header extends Shifts {
  part?: Part;
}

/** The header's own length octet included; nothing for one that says nothing. `wide`: the reference has 16 bits. */
export function encodeHeader({ part, locking, single }: Header, wide: boolean): Buffer {
  const elements: number[] = [];
  if (part) {
    const { reference, total, sequence } = part;
    elements.push(...(wide ? [8, 4, reference >> 8, reference & 0xff] : [0, 3, reference & 0xff]), total, sequence);
  }
  if (single !== undefined) elements.push(0x24, 1, single);
  if (locking !== undefined) elements.push(0x25, 1, locking);
  return Buffer.from(elements.length === 0 ? [] : [elements.length, ...elements]);
}

/** `header` without its length octet. One with an element that does not fit says nothing at all. */
export function readHeader(header: Uint8Array): Header {
  const r = new Reader(header);
  const read: Header = {};
  try {
    while (r.left > 0) readElement(r.byte(), r.take(r.byte()), read);
  } catch {
    return {};
  }
  return read;
}

function readElement(element: number, body: Uint8Array, header: Header): void {
  const wide = element === 8 && body.length === 4;
  if (wide || (element === 0 && body.length === 3)) {
    const [total = 0, sequence = 0] = body.subarray(-2);
    const reference = wide ? ((body[0] as number) << 8) | (body[1] as number) : (body[0] as number);
    header.part = { reference, total, sequence };
  }
  if (body.length !== 1) return;
  if (element === 0x24) header.single = body[0] as number;
  if (element === 0x25) header.locking = body[0] as number;
}
