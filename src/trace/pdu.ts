/**
 * PDUs and USSD texts: taken apart, what is private replaced, and put together again in the same coding, octet for octet as long
 * as before (3GPP TS 23.040, 23.038). What is in no order is undefined: it is left out.
 */

import { fromSeptets, pack, unpack } from '../at/sms/alphabet';
import { codingOf } from '../at/sms/coding';
import type { Pseudonyms } from './pseudonyms';

const HEADED = 0x40;
const VALIDITY = 0x18;
const RELATIVE = 0x10;
const TIME = 7;
const TYPE = 0x70;
const NAME = 0x50;
/** Elements of a header that say how the parts and tables are, and nothing of anybody. */
const KEPT_ELEMENTS = [0x00, 0x04, 0x05, 0x08, 0x24, 0x25];
const TABLES = [0x24, 0x25];
/** Turkish, Spanish, Portuguese: their letters stand where those of the default alphabet do. */
const LATIN_LANGUAGES = 3;

class Reader {
  readonly made: Buffer;
  at = 0;

  constructor(octets: Buffer) {
    this.made = Buffer.from(octets);
  }

  octet(): number {
    return this.take(1).readUInt8(0);
  }

  /** A view: what is written into it is in the PDU. */
  take(count: number): Buffer {
    const taken = this.made.subarray(this.at, this.at + count);
    if (taken.length < count) throw new Error('the PDU ends too early');
    this.at += count;
    return taken;
  }
}

/** `hex` with its numbers and texts replaced; `bare`: no address of a centre stands in front. Undefined where it is none. */
export function redactPdu(names: Pseudonyms, hex: string, { bare = false } = {}): string | undefined {
  if (hex.length % 2 !== 0 || !/^[0-9A-F]{14,}$/i.test(hex)) return undefined;
  const reader = new Reader(Buffer.from(hex, 'hex'));
  try {
    if (!bare) redactCentre(names, reader);
    redactFields(names, reader);
  } catch {
    return undefined;
  }
  // What stands behind the fields that are known is left out of the text; a stick that appends something keeps its length.
  reader.made.fill(0, reader.at);
  const made = reader.made.toString('hex');
  return names.vouch(hex === hex.toLowerCase() ? made : made.toUpperCase());
}

function redactCentre(names: Pseudonyms, reader: Reader): void {
  const length = reader.octet();
  if (length === 0) return;
  const type = reader.octet();
  redactAddress(names, type, (length - 1) * 2, reader.take(length - 1));
}

function redactFields(names: Pseudonyms, reader: Reader): void {
  const first = reader.octet();
  const address = () => {
    const length = reader.octet();
    const type = reader.octet();
    redactAddress(names, type, length, reader.take(Math.ceil(length / 2)));
  };
  const kind = first & 3;
  if (kind === 1 || kind === 2) reader.octet();
  address();
  if (kind === 2) {
    reader.take(2 * TIME + 1);
    return;
  }
  reader.octet();
  const dcs = reader.octet();
  if (kind === 1 && (first & VALIDITY) !== 0) reader.take((first & VALIDITY) === RELATIVE ? 1 : TIME);
  if (kind !== 1) reader.take(TIME);
  redactData(names, reader, dcs, (first & HEADED) !== 0);
}

/** `length` in semi-octets. Fillers, `*` and `#` stay. */
function redactAddress(names: Pseudonyms, type: number, length: number, octets: Buffer): void {
  if ((type & TYPE) === NAME) {
    redactPacked(names, octets, { count: Math.floor((length * 4) / 7), from: 0, strange: false });
    return;
  }
  const halves = [...octets].flatMap((octet) => [octet & 15, octet >> 4]).slice(0, length);
  const digits = halves.filter((half) => half < 10).join('');
  const made = [...names.number(digits)].map(Number);
  const replaced = halves.map((half) => (half < 10 ? (made.shift() ?? 0) : half));
  for (const [at, half] of replaced.entries()) {
    const octet = octets[at >> 1] ?? 0;
    octets[at >> 1] = at % 2 === 0 ? (octet & 0xf0) | half : (octet & 0x0f) | (half << 4);
  }
}

function redactData(names: Pseudonyms, reader: Reader, dcs: number, headed: boolean): void {
  const { alphabet } = codingOf(dcs);
  const length = reader.octet();
  const data = reader.take(alphabet === 'gsm7' ? Math.ceil((length * 7) / 8) : length);
  const header = headed && data.length > 0 ? 1 + data.readUInt8(0) : 0;
  if (header > data.length) throw new Error('the header ends too late');
  const strange = redactHeader(data.subarray(0, header));
  if (alphabet === 'gsm7') {
    redactPacked(names, data, { count: length, from: Math.ceil((header * 8) / 7), strange });
    return;
  }
  const text = data.subarray(header);
  (alphabet === 'ucs2' ? redactUcs2(names, text) : names.octets(text)).copy(text);
}

/** Elements that may say anything say nothing afterwards. True where a national table makes any code a letter. */
function redactHeader(header: Buffer): boolean {
  let strange = false;
  for (let at = 1; at < header.length; ) {
    const [type = 0, length = 0] = header.subarray(at, at + 2);
    const value = header.subarray(at + 2, at + 2 + length);
    if (!KEPT_ELEMENTS.includes(type) || value.length > 4 || value.length < length) value.fill(0);
    if (TABLES.includes(type)) strange ||= (value[0] ?? 0) > LATIN_LANGUAGES;
    at += 2 + length;
  }
  return strange;
}

interface Packed {
  /** All septets of the octets. */
  count: number;
  /** The first one that is text. */
  from: number;
  strange: boolean;
}

function redactPacked(names: Pseudonyms, octets: Buffer, { count, from, strange }: Packed): void {
  const septets = unpack(octets, count);
  const text = septets.slice(from);
  const made = names.septets(text, fromSeptets(text), strange);
  // The bits in front of the text are those of the header: they stay as they are.
  const packed = pack([...septets.slice(0, from), ...made]);
  // What is behind the last septet is no text.
  packed.copy(octets, 0, 0, octets.length);
  if (packed.length < octets.length) octets.fill(0, packed.length);
}

function redactUcs2(names: Pseudonyms, octets: Buffer): Buffer {
  const whole = octets.subarray(0, octets.length - (octets.length % 2));
  const made = Buffer.from(names.text(Buffer.from(whole).swap16().toString('utf16le')), 'utf16le').swap16();
  return Buffer.concat([made, Buffer.alloc(octets.length - whole.length)]);
}

const isHex = (text: string): boolean => /^(?:[0-9A-F]{2})+$/i.test(text);

/** Hex of UCS-2 where it can be that, else the text as it stands. Numbers are replaced as numbers. */
export function redactText(names: Pseudonyms, text: string): string {
  if (text.length % 4 === 0 && text.length >= 4 && isHex(text)) {
    const said = Buffer.from(text, 'hex').swap16().toString('utf16le');
    return sameCase(text, ucs2Hex(isNumber(said) ? names.number(said) : names.text(said)), names);
  }
  return isNumber(text) ? names.number(text) : names.text(text);
}

const isNumber = (text: string): boolean => /^\+?[\d*#]+$/.test(text);

const ucs2Hex = (text: string): string => Buffer.from(text, 'utf16le').swap16().toString('hex');

function sameCase(like: string, hex: string, names: Pseudonyms): string {
  return names.vouch(like === like.toLowerCase() ? hex : hex.toUpperCase());
}

/** What a code may hold before it says more than which service is meant. */
const SERVICE = 3;

/** `*100#`, the answer to a menu, a text of the network: plain, or hex as `dcs` says (3GPP TS 23.038, 5). */
export function redactUssd(names: Pseudonyms, text: string, dcs: number): string {
  const hex = text.replaceAll(/\s/g, '');
  // Digits alone may be either: nothing of them stays.
  if (/^\d+$/.test(hex) || !isHex(hex) || hex !== text) return redactUssdPlain(names, text);
  const octets = Buffer.from(hex, 'hex');
  const coded = (dcs & 0xc0) === 0x40 || (dcs & 0xf0) === 0xf0;
  if (dcs === 0x11 || (dcs & 0xcc) === 0x48) return sameCase(text, redactUcs2(names, octets).toString('hex'), names);
  if (coded && (dcs & 0x0c) === 0x04) return sameCase(text, names.octets(octets).toString('hex'), names);
  const septets = unpack(octets, Math.floor((octets.length * 8) / 7));
  const said = fromSeptets(septets);
  const code = said.replace(/[\r@]$/, '');
  const made = isCode(code)
    ? [...redactCode(names, code)].map((c) => c.charCodeAt(0)).concat(septets.slice(code.length))
    : names.septets(septets, said, false);
  const packed = Buffer.alloc(octets.length);
  pack(made).copy(packed);
  return sameCase(text, packed.toString('hex'), names);
}

const redactUssdPlain = (names: Pseudonyms, text: string): string =>
  isCode(text) ? redactCode(names, text) : names.text(text);

/** A code of the network or a choice; `7` and `100` are no secrets, the digits behind are somebody's voucher or PIN. */
const isCode = (text: string): boolean => /^[\d*#+]{1,60}$/.test(text);

function redactCode(names: Pseudonyms, code: string): string {
  const [, head = '', rest = ''] = /^([*#]*\d+)(.*)$/s.exec(code) ?? [];
  const service = head.replaceAll(/\D/g, '').length <= SERVICE ? head : names.number(head);
  return names.vouch(service + (/\d/.test(rest) ? names.number(rest) : rest));
}
