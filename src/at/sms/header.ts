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
export function headerOf(data: Buffer): Header {
  if (data.length === 0 || data.readUInt8(0) >= data.length) return { size: 0, tables: {} };
  const size = 1 + data.readUInt8(0);
  const header: Header = { size, tables: {} };
  let at = 1;
  while (at < size) {
    const value = valueAt(data.subarray(0, size), at);
    if (!value) return { size, tables: {} };
    take(header, data.readUInt8(at), value);
    at += 2 + value.length;
  }
  return header;
}

/** The value of the element at `at`; undefined where it does not fit. */
function valueAt(header: Buffer, at: number): Buffer | undefined {
  if (at + 2 > header.length) return undefined;
  const length = header.readUInt8(at + 1);
  const value = header.subarray(at + 2, at + 2 + length);
  return value.length === length ? value : undefined;
}

function take(header: Header, type: number, value: Buffer): void {
  const is = (what: number, length: number) => type === what && value.length === length;
  const octet = (at: number) => value.readUInt8(at);
  if (is(PART_8BIT, 3)) takePart(header, { reference: octet(0), total: octet(1), sequence: octet(2) });
  else if (is(PART_16BIT, 4))
    takePart(header, { reference: value.readUInt16BE(0), total: octet(2), sequence: octet(3) });
  else if (is(PORTS_8BIT, 2)) header.ports = { to: octet(0), from: octet(1) };
  else if (is(PORTS_16BIT, 4)) header.ports = { to: value.readUInt16BE(0), from: value.readUInt16BE(2) };
  else if (is(SINGLE_SHIFT, 1)) header.tables.single = octet(0);
  else if (is(LOCKING_SHIFT, 1)) header.tables.locking = octet(0);
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
  return Buffer.from(elements.length ? [elements.length, ...elements] : []);
}

function partElement({ reference, total, sequence }: PartOf): number[] {
  return reference > 0xff
    ? [PART_16BIT, 4, reference >> 8, reference & 0xff, total, sequence]
    : [PART_8BIT, 3, reference, total, sequence];
}
