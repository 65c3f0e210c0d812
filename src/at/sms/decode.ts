/** PDUs from the stick as values (3GPP TS 23.040). Several as one message: message.ts. */

import type { Coding } from './coding';
import { type Content, contentOf, dataOf, textOf } from './content';
import type { PartOf, Ports } from './header';
import { fieldsOf, octetsOf } from './layout';

export type { PartOf, Ports } from './header';

interface Text {
  /** Empty where the message is no text: then there is `data`. */
  text: string;
  /** Of a message that is no text: its octets as hex. */
  data?: string;
  /** `gsm7` with the national tables too. */
  alphabet: Coding['alphabet'];
  /** 0 = flash: to be shown at once, not kept; 1 = for the modem, 2 = for the SIM, 3 = for the computer. */
  class?: number;
  /** For an application, not for people. */
  ports?: Ports;
  /** Of how many PDUs the message consists. */
  parts: number;
  /** Of one PDU of several: which one it is. */
  part?: PartOf;
  /** Of a message put together: the numbers of the parts that are not there, from 1. */
  missing?: number[];
}

/** A message from somebody. */
export interface Delivered extends Text {
  kind: 'deliver';
  /** Number (`+491713920000`, `22922`) or name of the sender; empty for none. */
  from: string;
  /**
   * When the service centre took it: its local time with its zone, `2025-05-23T12:00:34+02:00`; missing where the stamp is
   * no time.
   */
  time?: string;
}

/** A message that was written or sent from this SIM and is stored on it. */
export interface Submitted extends Text {
  kind: 'submit';
  to: string;
}

/** What became of a message that was sent. */
export interface StatusReport {
  kind: 'report';
  /** Of the message that it is about, as `+CMGS` gave it: 0 to 255. */
  reference: number;
  to: string;
  /** When the service centre had taken the message, as {@link Delivered.time}. */
  sent?: string;
  /** When it reached its destination, or was given up. */
  time?: string;
  /** TP-Status, 0 to 255 (3GPP TS 23.040, 9.2.3.15). */
  status: number;
  /** The same in one word, see {@link reportOutcome}. */
  outcome: Outcome;
}

/** `pending` is not the last word: the service centre goes on trying, another report follows. */
export type Outcome = 'delivered' | 'pending' | 'failed';

/** Nothing that can be read. The PDU is all there is. */
export interface Undecodable {
  kind: 'undecodable';
  reason: string;
}

export type Decoded = Delivered | Submitted | StatusReport | Undecodable;

/**
 * What one PDU says, given as hex with the address of the service centre in front, as `+CMGL`, `+CMGR`, `+CMT` and `+CDS`
 * show it. Never throws: what can't be read is {@link Undecodable}.
 */
export function decodePdu(hex: string): Decoded {
  return orUndecodable(() => readPdu(hex).decoded);
}

/** What `decode` makes, or why it can't. */
export function orUndecodable(decode: () => Decoded): Decoded {
  try {
    return decode();
  } catch (error) {
    return { kind: 'undecodable', reason: reasonOf(error) };
  }
}

/** What is no Error comes from the caller's own object, and may not even become a string. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  return typeof error === 'string' ? error : 'no PDU';
}

/** A PDU read, and the text in it as it is coded. */
export type Piece = { decoded: Delivered | Submitted; content: Content } | { decoded: StatusReport };

/** Error: an Error with the reason. */
export function readPdu(hex: unknown): Piece {
  const fields = fieldsOf(octetsOf(hex));
  if (fields.kind === 'report') {
    const { kind, reference, to, sent, time, status } = fields;
    const times = { ...(sent !== undefined && { sent }), ...(time !== undefined && { time }) };
    return { decoded: { kind, reference, to, ...times, status, outcome: reportOutcome(status) } };
  }
  const content = contentOf(fields.data);
  const text = textFields(content);
  if (fields.kind === 'submit') return { decoded: { kind: 'submit', to: fields.to, ...text }, content };
  const { kind, from, time } = fields;
  return { decoded: { kind, from, ...(time !== undefined && { time }), ...text }, content };
}

/**
 * TP-Status in one word (3GPP TS 23.040, 9.2.3.15). Below 0x20 the message has arrived, below 0x40 the service centre goes
 * on trying; in both ranges the upper half is the service centre's own. Reserved values mean "service rejected", as the
 * standard wants.
 */
export function reportOutcome(status: number): Outcome {
  if (status <= REPLACED || (status >= 0x10 && status < 0x20)) return 'delivered';
  if ((status >= 0x20 && status <= STILL_TRYING) || (status >= 0x30 && status < 0x40)) return 'pending';
  return 'failed';
}

/** The last values of either range that are not reserved. */
const REPLACED = 0x02;
const STILL_TRYING = 0x25;

function textFields(content: Content): Text {
  const { alphabet, class: cls, header } = content;
  const data = dataOf(content);
  return {
    text: textOf([content]),
    ...(data !== undefined && { data }),
    alphabet,
    ...(cls !== undefined && { class: cls }),
    ...(header.ports && { ports: header.ports }),
    parts: header.part?.total ?? 1,
    ...(header.part && { part: header.part }),
  };
}
