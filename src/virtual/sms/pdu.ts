/**
 * SMS as TPDUs (3GPP 23.040): SUBMIT from the host, DELIVER and STATUS REPORT to it. Written apart from the driver's own
 * code, so that each is the judge of the other.
 */

import {
  type Alphabet,
  encodeAddress,
  encodeHeader,
  encodeTime,
  type LocalTime,
  type Part,
  PduError,
  Reader,
  readAddress,
  readCentre,
  readCoding,
  readHeader,
  readTime,
} from './fields';
import { gsm7Characters, gsm7Text, pack, type Shifts, unpack } from './gsm7';

/** Octets of user data at most, header included. */
const MOST = 140;

export interface UserData extends Shifts {
  dcs: number;
  alphabet: Alphabet;
  /** 0 = flash. */
  class?: number;
  /** 8-bit data: as hex. */
  text: string;
  part?: Part;
  /** The field as it stands: length octet (septets or octets) and contents. */
  raw: Uint8Array;
  /** It begins with a header. */
  header: boolean;
}

interface Framed {
  /** The service centre; '' = the stick's own. */
  centre: string;
  /** Octets without the centre: the length that +CMGS and +CMGL speak of. */
  length: number;
  pid: number;
}

export interface Submit extends Framed, UserData {
  kind: 'submit';
  to: string;
  /** As the host numbered it; the stick gives its own. */
  reference: number;
  report: boolean;
}

export interface Deliver extends Framed, UserData {
  kind: 'deliver';
  from: string;
  /** `yy/mm/dd,hh:mm:ss+zz`. */
  time: string;
}

export interface StatusReport extends Omit<Framed, 'pid'> {
  kind: 'report';
  to: string;
  reference: number;
  time: string;
  discharge: string;
  /** TP-ST: 0 = delivered, 0x20 to 0x3f = still trying, above = failed. */
  status: number;
}

export type Pdu = Submit | Deliver | StatusReport;

/** The octets of `hex`. Throws PduError. */
export function octetsOf(hex: string): Buffer {
  if (!/^([0-9a-f]{2})+$/i.test(hex)) throw new PduError('it is not made of hex digits, two by two');
  return Buffer.from(hex, 'hex');
}

/** A PDU as hex, the service centre in front. `direction` tells SUBMIT from DELIVER's like. Throws PduError. */
export function decodePdu(hex: string, direction: 'to network' | 'to host'): Pdu {
  const r = new Reader(octetsOf(hex));
  const centre = readCentre(r);
  const length = r.left;
  const first = r.byte();
  const type = first & 3;
  if (direction === 'to network') {
    if (type !== 1) throw new PduError(`a message of type ${type} is no SUBMIT`);
    return { ...submit(r, first), centre, length };
  }
  // A type that is reserved is read as a DELIVER.
  if (type === 0 || type === 3) {
    const from = readAddress(r);
    const pid = r.byte();
    const dcs = r.byte();
    return { kind: 'deliver', from, pid, centre, length, time: readTime(r), ...userData(r, dcs, first) };
  }
  if (type === 2) {
    const reference = r.byte();
    const to = readAddress(r);
    return {
      kind: 'report',
      centre,
      length,
      reference,
      to,
      time: readTime(r),
      discharge: readTime(r),
      status: r.byte(),
    };
  }
  throw new PduError(`a message of type ${type} is neither DELIVER nor STATUS REPORT`);
}

function submit(r: Reader, first: number): Omit<Submit, 'centre' | 'length'> {
  const reference = r.byte();
  const to = readAddress(r);
  const pid = r.byte();
  const dcs = r.byte();
  const validity = (first >> 3) & 3;
  r.take(validity === 0 ? 0 : validity === 2 ? 1 : 7);
  return { kind: 'submit', to, reference, pid, report: (first & 0x20) !== 0, ...userData(r, dcs, first) };
}

function userData(r: Reader, dcs: number, first: number): UserData {
  const { alphabet, class: cls } = readCoding(dcs);
  const length = r.byte();
  const octets = r.take(alphabet === 'gsm7' ? Math.ceil((length * 7) / 8) : length);
  if (octets.length > MOST) throw new PduError(`user data of ${octets.length} octets is too long`);
  if (r.left > 0) throw new PduError('it is longer than it says');
  const header = (first & 0x40) !== 0;
  const headed = header ? (octets[0] ?? 0) + 1 : 0;
  if (headed > octets.length) throw new PduError('its header is longer than it says');
  const { part, ...shifts } = header ? readHeader(octets.subarray(1, headed)) : {};
  return {
    dcs,
    alphabet,
    ...shifts,
    text: textOf({ octets, headed, alphabet, length, shifts }),
    raw: Uint8Array.of(length, ...octets),
    header,
    ...(cls === undefined ? {} : { class: cls }),
    ...(part && { part }),
  };
}

function textOf(o: { octets: Uint8Array; headed: number; alphabet: Alphabet; length: number; shifts: Shifts }): string {
  const { octets, headed, alphabet, length, shifts } = o;
  if (alphabet === 'gsm7') {
    const skipped = Math.ceil((headed * 8) / 7);
    const fill = skipped * 7 - headed * 8;
    return gsm7Text(unpack(octets.subarray(headed), length - skipped, fill), shifts);
  }
  const rest = Buffer.from(octets.subarray(headed));
  if (alphabet === 'data') return rest.toString('hex').toUpperCase();
  if (rest.length % 2) throw new PduError('UCS-2 text has an odd number of octets');
  return rest.swap16().toString('utf16le');
}

export interface Coded {
  dcs: number;
  /** Length octet and contents, one per part. */
  data: Buffer[];
  /** They begin with a header. */
  header: boolean;
}

export interface TextOptions extends Shifts {
  flash?: boolean;
  /** GSM-7 where it does, by default. */
  alphabet?: 'gsm7' | 'ucs2';
  /** Of the parts. */
  reference: number;
  /** It has 16 bits. */
  wide?: boolean;
}

/**
 * `text` in parts. UCS-2 is taken where GSM-7 does not do, or when it is asked for; national tables only when they are asked
 * for.
 */
export function encodeText(text: string, options: TextOptions): Coded {
  const { flash = false, wide = false, reference, alphabet, locking, single } = options;
  const shifts: Shifts = { ...(locking !== undefined && { locking }), ...(single !== undefined && { single }) };
  const characters = alphabet === 'ucs2' ? undefined : gsm7Characters(text, shifts);
  if (!characters && alphabet === 'gsm7') throw new PduError('the text has characters that GSM-7 lacks');
  const { units, room, write } = characters ? inSeptets(characters) : inUcs2(text);
  const headerOf = (part?: Part) => encodeHeader({ ...(part && { part }), ...(characters && shifts) }, wide);
  const piecesBehind = (header: Buffer) => cut(units, room(MOST - header.length));
  const whole = piecesBehind(headerOf());
  const pieces = whole.length === 1 ? whole : piecesBehind(headerOf({ reference, total: 2, sequence: 1 }));
  const parts = pieces.map((piece, n) => {
    const part = { reference, total: pieces.length, sequence: n + 1 };
    return { header: headerOf(pieces.length > 1 ? part : undefined), piece };
  });
  return {
    dcs: (characters ? 0 : 0x08) | (flash ? 0x10 : 0),
    header: parts.some(({ header }) => header.length > 0),
    data: parts.map(({ header, piece }) => write(header, piece)),
  };
}

/** A text as it goes into PDUs. */
interface Writing {
  /** Per character, its septets or octets. */
  units: (readonly number[])[];
  /** How many of these so many octets hold. */
  room(octets: number): number;
  /** Length octet, header, text. */
  write(header: Buffer, piece: number[]): Buffer;
}

const inSeptets = (characters: (readonly number[])[]): Writing => ({
  units: characters,
  room: (octets) => Math.floor((octets * 8) / 7),
  write(header, piece) {
    const skipped = Math.ceil((header.length * 8) / 7);
    return Buffer.from([skipped + piece.length, ...header, ...pack(piece, skipped * 7 - header.length * 8)]);
  },
});

const inUcs2 = (text: string): Writing => ({
  units: [...text].map((c) => [...Buffer.from(c, 'utf16le').swap16()]),
  room: (octets) => octets,
  write: (header, piece) => Buffer.from([header.length + piece.length, ...header, ...piece]),
});

/** As few pieces as hold `most` each; nothing is torn apart. */
function cut(units: readonly (readonly number[])[], most: number): number[][] {
  const pieces: number[][] = [[]];
  for (const unit of units) {
    if ((pieces.at(-1)?.length ?? 0) + unit.length > most) pieces.push([]);
    pieces.at(-1)?.push(...unit);
  }
  if (pieces.length > 255) throw new PduError('a message has up to 255 parts');
  return pieces;
}

/** A DELIVER without the service centre. `data` as in {@link Coded}. */
export function encodeDeliver(
  from: string,
  at: LocalTime,
  coded: { dcs: number; header: boolean; data: Uint8Array },
): Buffer {
  // TP-MMS is set: no more messages wait.
  const first = 0x04 | (coded.header ? 0x40 : 0);
  return Buffer.concat([
    Buffer.from([first]),
    encodeAddress(from),
    Buffer.from([0, coded.dcs]),
    encodeTime(at),
    coded.data,
  ]);
}

/** A STATUS REPORT without the service centre. */
export function encodeReport(report: {
  reference: number;
  to: string;
  sent: LocalTime;
  discharged: LocalTime;
  status: number;
}): Buffer {
  return Buffer.concat([
    Buffer.from([0x06, report.reference]),
    encodeAddress(report.to),
    encodeTime(report.sent),
    encodeTime(report.discharged),
    Buffer.from([report.status]),
  ]);
}

/** A SUBMIT without the service centre, as the stick itself makes one in text mode. */
export function encodeSubmit(to: string, first: number, pid: number, validity: number, coded: Coded): Buffer {
  const [data = Buffer.from([0])] = coded.data;
  return Buffer.concat([
    Buffer.from([(first & 0xbc) | 0x01 | (coded.header ? 0x40 : 0), 0]),
    encodeAddress(to),
    Buffer.from([pid, coded.dcs]),
    // TP-VPF "relative" (bits 10) is the only form that text mode can say.
    Buffer.from((first & 0x18) === 0x10 ? [validity] : []),
    data,
  ]);
}
