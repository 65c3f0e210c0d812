/** The NAND partition table inside a V7R1 USB loader: 1024 bytes, little-endian. */

import { NAND_BLOCK } from './partitions';

const HEAD = Buffer.from('pTableHead\0\0\0\0\0\x80', 'latin1');
const TAIL = Buffer.from('pTableTail', 'latin1');
const TABLE_LENGTH = 1024;
const ROWS_OFFSET = 0x30;
const ROW_LENGTH = 48;
/** V7R1; other chips have more rows and the tail further behind. */
const MAX_ROWS = 20;
const TAIL_OFFSET = ROWS_OFFSET + MAX_ROWS * ROW_LENGTH;

export interface PartitionRow {
  name: string;
  /** Bytes from the start of the NAND, a multiple of 128 KiB. */
  start: number;
  loadSize: number;
  /** Bytes, a multiple of 128 KiB; 0 = no such partition on this stick. */
  length: number;
  loadAddress: number;
  entry: number;
  /** What image codes refer to (0x103 = VxWorks). */
  type: number;
  /** Bit 0: holds a file system. */
  flags: number;
  count: number;
}

export interface PartitionTable {
  /** Offset in the bytes that were searched. */
  offset: number;
  version: string;
  /** Product text, `H6920CS_STICK`. */
  product: string;
  rows: PartitionRow[];
}

/** The first table in `image` (searched in steps of 4 bytes), or the reason, in words, why it is none. */
export function findPartitionTable(image: Buffer): PartitionTable | string {
  for (let at = image.indexOf(HEAD); at >= 0; at = image.indexOf(HEAD, at + 1)) {
    // A later one is not taken instead of a damaged one: nobody knows which of them the loader would use.
    if (at % 4 === 0) return parseTable(image, at);
  }
  return 'it has no partition table';
}

function parseTable(image: Buffer, offset: number): PartitionTable | string {
  if (offset + TABLE_LENGTH > image.length) return 'its partition table is cut off';
  const b = image.subarray(offset, offset + TABLE_LENGTH);
  if (!b.subarray(TAIL_OFFSET, TAIL_OFFSET + TAIL.length).equals(TAIL)) {
    return 'its partition table does not end where that of a V7R1 chip does';
  }
  const rows: PartitionRow[] = [];
  for (let at = ROWS_OFFSET; at < TAIL_OFFSET; at += ROW_LENGTH) {
    const name = text(b, at);
    if (name === '' || name === 'T') break;
    const row: PartitionRow = {
      name,
      start: b.readUInt32LE(at + 16),
      loadSize: b.readUInt32LE(at + 20),
      length: b.readUInt32LE(at + 24),
      loadAddress: b.readUInt32LE(at + 28),
      entry: b.readUInt32LE(at + 32),
      type: b.readUInt32LE(at + 36),
      flags: b.readUInt32LE(at + 40),
      count: b.readUInt32LE(at + 44),
    };
    if (row.start % NAND_BLOCK !== 0 || row.length % NAND_BLOCK !== 0) {
      return `row ${rows.length} (${name}) of its partition table is not made of whole NAND blocks`;
    }
    rows.push(row);
  }
  if (rows.length === 0) return 'its partition table is empty';
  return { offset, version: text(b, 0x10), product: text(b, 0x20), rows };
}

function text(b: Buffer, at: number): string {
  const field = b.toString('latin1', at, at + 16);
  return (field.split('\0')[0] as string).replace(/[^\x20-\x7e]/g, '?');
}
