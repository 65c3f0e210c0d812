/** The user data header (3GPP TS 23.040, 9.2.3.24): what stands before the text, in elements of type, length and value. */

import type { Tables } from './alphabet';

/** Of which parts a message consists, and which one this is. */
export interface PartOf {
  reference: number;
  total: number;
  /** From 1. */
  sequence: number;
}

/** Applications that a message is from and for, as TCP has them: 2948 is WAP push. */
export interface Ports {
  to: number;
  from: number;
}

export interface Header {
  /** Octets before the text, the one of its length included. */
  size: number;
  part?: PartOf;
  ports?: Ports;
  tables: Tables;
}

/** Element types and their lengths. */
const PART_8BIT = 0x00;
const PORTS_8BIT = 0x04;
const PORTS_16BIT = 0x05;
const PART_16BIT = 0x08;
const SINGLE_SHIFT = 0x24;
const LOCKING_SHIFT = 0x25;

/**
 * The header at the beginning of `data`. One whose last element is too long or too short counts for nothing, its octets
 * are no text all the same; one that would end behind the data is none. Unknown elements, and those of another length
 * than the standard's, are passed over; of two that say the same the last one counts.
 */
export function headerOf(data: Uint8Array): Header {
  const size = 1 + (data[0] ?? 0);
  if (size > data.length) return { size: 0, tables: {} };
  const header: Header = { size, tables: {} };
  let at = 1;
  while (at < size) {
    const [type = 0, length = size] = data.subarray(at, size);
    at += 2 + length;
    if (at > size) return { size, tables: {} };
    take(header, type, data.subarray(at - length, at));
  }
  return header;
}

function take(header: Header, type: number, value: Uint8Array): void {
  const [a = 0, b = 0, c = 0, d = 0] = value;
  const is = (what: number, length: number) => type === what && value.length === length;
  if (is(PART_8BIT, 3)) takePart(header, { reference: a, total: b, sequence: c });
  else if (is(PART_16BIT, 4)) takePart(header, { reference: (a << 8) | b, total: c, sequence: d });
  else if (is(PORTS_8BIT, 2)) header.ports = { to: a, from: b };
  else if (is(PORTS_16BIT, 4)) header.ports = { to: (a << 8) | b, from: (c << 8) | d };
  else if (is(SINGLE_SHIFT, 1)) header.tables.single = a;
  else if (is(LOCKING_SHIFT, 1)) header.tables.locking = a;
}

/** Not for values that the standard wants ignored, nor for the only part of a message. */
function takePart(header: Header, part: PartOf): void {
  if (part.sequence > 0 && part.sequence <= part.total && part.total > 1) header.part = part;
}

/** A header for sending; empty where it would say nothing. A reference above 255 takes one octet more. */
export function encodeHeader(part: PartOf | undefined, { locking, single }: Tables): Buffer {
  const elements = [
    ...(part ? partElement(part) : []),
    ...(locking === undefined ? [] : [LOCKING_SHIFT, 1, locking]),
    ...(single === undefined ? [] : [SINGLE_SHIFT, 1, single]),
  ];
  return Buffer.from(elements.length > 0 ? [elements.length, ...elements] : []);
}

function partElement({ reference, total, sequence }: PartOf): number[] {
  return reference > 0xff
    ? [PART_16BIT, 4, reference >> 8, reference & 0xff, total, sequence]
    : [PART_8BIT, 3, reference, total, sequence];
}
