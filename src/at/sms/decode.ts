/**
 * PDUs from the stick as values. node-pdu reads them, after layout.ts has checked their bounds, which it does not. What it
 * gets wrong is put right here: the section sign and unknown codes of the extension table (both become a grave accent),
 * `*` and `#` in numbers, coding groups D and E, the zone of a time in UTC.
 */

import { Deliver, parse, Report, Submit, utils } from 'node-pdu';
import { fromSeptets, unpack } from './alphabet';
import { type Coding, codingOf, layoutOf, timeAt } from './layout';

/** Of which parts a message consists, and which one this is. */
export interface PartOf {
  reference: number;
  total: number;
  /** From 1. */
  sequence: number;
}

interface Text {
  text: string;
  /** Of a message that is no text: its octets as hex. */
  data?: string;
  alphabet: Coding['alphabet'];
  /** 0 = flash: to be shown at once, not kept. */
  class?: number;
  part?: PartOf;
}

export interface Delivered extends Text {
  kind: 'deliver';
  /** Number, or name of a sender without one. */
  from: string;
  /** See {@link timeAt}; missing where the stamp is no time. */
  time?: string;
}

/** A message that was written or sent from this SIM and is stored on it. */
export interface Submitted extends Text {
  kind: 'submit';
  to: string;
}

export interface StatusReport {
  kind: 'report';
  /** Of the message that it is about, as `+CMGS` gave it. */
  reference: number;
  to: string;
  sent?: string;
  /** When it reached its destination, or was given up. */
  time?: string;
  /** TP-Status: see {@link reportOutcome}. */
  status: number;
}

/** Nothing that can be read. The PDU is all there is. */
export interface Undecodable {
  kind: 'undecodable';
  reason: string;
}

export type Decoded = Delivered | Submitted | StatusReport | Undecodable;

/** Longest PDU: service centre 12 octets, 164 octets of TPDU; doubled, for nobody keeps to it exactly. */
const MAX_HEX = 704;

/** What the hex of a PDU says. Never throws: what can't be read is {@link Undecodable}. */
export function decodePdu(hex: string): Decoded {
  try {
    return decode(hex);
  } catch (error) {
    return { kind: 'undecodable', reason: error instanceof Error ? error.message : String(error) };
  }
}

function decode(hex: string): Decoded {
  if (hex.length % 2 !== 0 || hex.length > MAX_HEX || !/^[0-9A-Fa-f]+$/.test(hex)) throw new Error('no hex of a PDU');
  const octets = Buffer.from(hex, 'hex');
  const { coding: at, times } = layoutOf(octets);
  const [time, discharge] = times.map((offset) => timeAt(octets, offset));
  if (at === undefined) {
    const report = parse(hex);
    if (!(report instanceof Report)) throw new Error('the PDU is of no known type');
    const { reference, status } = report;
    return {
      kind: 'report',
      reference,
      to: numberOf(report.address),
      ...(time !== undefined && { sent: time }),
      ...(discharge !== undefined && { time: discharge }),
      status,
    };
  }
  const coding = codingOf(octets[at] ?? 0);
  octets[at] = PLAIN[coding.alphabet];
  const message = parse(octets.toString('hex'));
  if (message instanceof Deliver) {
    const from = numberOf(message.address);
    return { kind: 'deliver', from, ...(time !== undefined && { time }), ...textOf(message.data, coding) };
  }
  if (!(message instanceof Submit)) throw new Error('the PDU is of no known type');
  return { kind: 'submit', to: numberOf(message.address), ...textOf(message.data, coding) };
}

/** Coding schemes of which node-pdu knows the alphabet for sure. */
const PLAIN: Readonly<Record<Coding['alphabet'], number>> = { gsm7: 0x00, '8bit': 0x04, ucs2: 0x08 };

function textOf(message: utils.Data, coding: Coding): Text {
  const [body] = message.parts;
  if (!body) throw new Error('the PDU has no user data');
  const { alphabet } = coding;
  const part = partOf(body.header);
  return {
    text: alphabet === 'gsm7' ? gsm7Text(body) : alphabet === 'ucs2' ? body.text : '',
    ...(alphabet === '8bit' && { data: body.data.toUpperCase() }),
    ...coding,
    ...(part && { part }),
  };
}

function gsm7Text({ data, size, header }: utils.Part): string {
  const octets = header ? header.getSize() + 1 : 0;
  const before = Math.ceil((octets * 8) / 7);
  return fromSeptets(unpack(Buffer.from(data, 'hex'), size - before, before * 7 - octets * 8));
}

/** Undefined also for values that the standard wants ignored. */
function partOf(header: utils.Header | null): PartOf | undefined {
  if (header?.getType() === undefined) return undefined;
  const [reference, total, sequence] = [header.getPointer(), header.getSegments(), header.getCurrent()];
  if (reference === undefined || !total || !sequence || sequence > total || total < 2) return undefined;
  return { reference, total, sequence };
}

const DIGITS: Readonly<Record<string, string>> = { A: '*', B: '#', C: 'a', D: 'b', E: 'c', F: '' };

function numberOf({ phone, type }: utils.SCA): string {
  if (phone === null) return '';
  if (type.type === utils.SCAType.TYPE_ALPHANUMERICAL) {
    // Seven characters leave room for an eighth, which is 0 then.
    return (phone.length % 8 === 0 ? phone.replace(/@$/, '') : phone).replaceAll('`', '§');
  }
  const digits = phone.replace(/[A-F]/g, (digit) => DIGITS[digit] ?? '');
  return type.type === utils.SCAType.TYPE_INTERNATIONAL ? `+${digits}` : digits;
}

/** TP-Status in one word (3GPP TS 23.040, 9.2.3.15): `pending` is not the last word, the service centre goes on trying. */
export function reportOutcome(status: number): 'delivered' | 'pending' | 'failed' {
  if (status < 0x20) return 'delivered';
  return status < 0x40 ? 'pending' : 'failed';
}
