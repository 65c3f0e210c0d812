/** SMS-SUBMIT: a text for somebody as the PDUs that carry it (3GPP TS 23.040, 9.2.2.2). */

import { failure } from '../../errors';
import { pack, type Tables, toSeptets } from './alphabet';
import { encodeHeader } from './header';
import { encodeAddress } from './number';
import { MAX_PARTS, type Split, splitText } from './split';

export interface SubmitRequest {
  /** A clean number, see cleanNumber(). */
  to: string;
  text: string;
  /** Class 0: shown at once and not kept. */
  flash?: boolean;
  /** Asks for a status report of each part. */
  report?: boolean;
  /** How long the service centre tries, in minutes; rounded up to what a PDU can say, 63 weeks at most. */
  validity?: number;
  /** Marks the parts of one message, 0 to 65535; above 255 it takes one octet more of each part. */
  reference: number;
  /** False: no national tables, for a recipient that is known not to have them. By default they are used, see split.ts. */
  national?: boolean;
}

/** One part, ready for `AT+CMGS=<length>`. */
export interface Pdu {
  /** With an empty service centre address in front: the SIM's own is used. */
  hex: string;
  /** Octets without the service centre address. */
  length: number;
}

const SUBMIT = 0x01;
const VALIDITY_RELATIVE = 0x10;
const REPORT = 0x20;
const HEADER = 0x40;

/** The PDUs of `request`, in order. Error: BAD_ARGUMENT (more than 255 parts), without text or number. */
export function encodeSubmit(request: SubmitRequest): Pdu[] {
  const { text, reference, national } = request;
  const split = splitText(text, reference > 0xff, national);
  const total = split.parts.length;
  if (total > MAX_PARTS) throw failure('BAD_ARGUMENT/sms-parts', { parts: total, most: MAX_PARTS });
  return split.parts.map((part, i) => {
    const place = total > 1 ? { reference, total, sequence: i + 1 } : undefined;
    return encodePart(request, split, part, encodeHeader(place, split.tables));
  });
}

function encodePart(
  { to, flash, report, validity }: SubmitRequest,
  { alphabet, tables }: Split,
  text: string,
  header: Buffer,
): Pdu {
  const first =
    SUBMIT |
    (validity === undefined ? 0 : VALIDITY_RELATIVE) |
    (report ? REPORT : 0) |
    (header.length > 0 ? HEADER : 0);
  const coding = (alphabet === 'ucs2' ? 0x08 : 0x00) | (flash ? 0x10 : 0x00);
  const tpdu = Buffer.concat([
    // The message reference is the stick's to give.
    Buffer.of(first, 0),
    encodeAddress(to),
    Buffer.of(0, coding),
    validity === undefined ? Buffer.alloc(0) : Buffer.of(relativeValidity(validity)),
    alphabet === 'ucs2' ? ucs2Data(text, header) : gsm7Data(text, tables, header),
  ]);
  return { hex: `00${tpdu.toString('hex').toUpperCase()}`, length: tpdu.length };
}

/** Length in septets, header and its fill bits included, then the octets. */
function gsm7Data(text: string, tables: Tables, header: Buffer): Buffer {
  const septets = toSeptets(text, tables) ?? [];
  const before = Math.ceil((header.length * 8) / 7);
  return Buffer.concat([Buffer.of(before + septets.length), header, pack(septets, before * 7 - header.length * 8)]);
}

function ucs2Data(text: string, header: Buffer): Buffer {
  const data = Buffer.from(text, 'utf16le').swap16();
  return Buffer.concat([Buffer.of(header.length + data.length), header, data]);
}

const HOUR = 60;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;

/** Minutes as the octet of a relative validity period (9.2.3.12.1). */
function relativeValidity(minutes: number): number {
  if (minutes <= 12 * HOUR) return Math.max(0, Math.ceil(minutes / 5) - 1);
  if (minutes <= DAY) return 143 + Math.ceil((minutes - 12 * HOUR) / 30);
  if (minutes <= 30 * DAY) return 166 + Math.ceil(minutes / DAY);
  return Math.min(255, 192 + Math.max(5, Math.ceil(minutes / WEEK)));
}
