/** The stick's NAND as its loader sees it: the partition table, what goes where, and what must not be written over. */

import { VIRTUAL_PARTITIONS } from './make-table';

/** One row of the partition table: a NAND partition of type `type`; start and length in bytes. */
export interface Partition {
  name: string;
  type: number;
  start: number;
  length: number;
}

export const BLOCK = 0x20000;

/** The E3272's own geometry, 256 MiB in all; used until a loader brings a table of its own. */
export const E3272_PARTITIONS: readonly Partition[] = VIRTUAL_PARTITIONS.map(({ name, type, start, length }) => ({
  name,
  type,
  start: start * BLOCK,
  length: length * BLOCK,
}));

/** Where this stick keeps IMEI, serial number and calibration, whatever table a loader brings. */
const NV = E3272_PARTITIONS.filter(({ type }) => [0x10d, 0x10e, 0x106].includes(type));

/** The first block with NV among the `length` bytes from `start` on. */
export function nvBlockIn(start: number, length: number): number | undefined {
  const hit = NV.find((part) => start < part.start + part.length && part.start < start + length);
  return hit && Math.max(hit.start, start) / BLOCK;
}

const TABLE_MAGIC = Buffer.from('pTableHead\0\0\0\0\0\x80', 'latin1');
const TABLE_ROWS = 20;

export interface PartitionTable {
  partitions: Partition[];
  /** Product text, `H6920...` for this chip. */
  product: string;
  /** Its bytes, to compare two tables. */
  raw: string;
}

/** Finds the partition table inside a loader or BootRom image (on 4-byte steps); undefined if there is none. */
export function findPartitions(image: Uint8Array): PartitionTable | undefined {
  const b = Buffer.from(image.buffer, image.byteOffset, image.length);
  let at = b.indexOf(TABLE_MAGIC);
  while (at >= 0 && at % 4 !== 0) at = b.indexOf(TABLE_MAGIC, at + 1);
  if (at < 0) return undefined;
  const text = (from: number, length: number) => b.toString('latin1', from, from + length).split('\0')[0] as string;
  const partitions: Partition[] = [];
  let end = at + 0x30;
  for (let n = 0; n < TABLE_ROWS && end + 48 <= b.length; n++, end += 48) {
    const name = text(end, 16);
    if (name === '' || name === 'T' || name.startsWith('pTableTail')) break;
    const [start, length, type] = [16, 24, 36].map((field) => b.readUInt32LE(end + field)) as [number, number, number];
    partitions.push({ name, type, start, length });
  }
  return { partitions, product: text(at + 0x20, 16), raw: b.toString('latin1', at, end) };
}

/** Where an image goes. */
export interface Target {
  /** Bytes that fit. */
  limit: number;
  /** Byte of the NAND at which it begins; undefined for what is no partition. */
  start?: number;
  /** Refused at the start command already when the announced size is larger. */
  checkedAtStart: boolean;
  /** Kept in RAM and written with the last block; else every 2 MiB. */
  whole: boolean;
}

/** Memory for images that are kept in RAM as a whole. */
const RAM = 32 << 20;
/** Room that the ISO partition keeps free. */
const ISO_RESERVE = 4 << 20;

/** Image code on the wire to its place; undefined: this loader does not know the code. */
export function targetOf(code: number, partitions: readonly Partition[]): Target | undefined {
  switch (code) {
    case 0xa0000:
      return { limit: 500, checkedAtStart: true, whole: true };
    case 0x550000:
      return { limit: 200, checkedAtStart: true, whole: true };
    case 0x560000:
      return { limit: RAM, checkedAtStart: true, whole: true };
  }
  const type = code === 0x550103 ? 0x103 : code === 0xb0000 || code === 5 ? 0x10c : code === 4 ? 0x10a : code;
  if (type >= 0x200) return undefined;
  if (type >= 0x65 && type <= 0xfd) return { limit: RAM, checkedAtStart: true, whole: true };
  // The table itself is no row of the table: it lies in the first block's spare half.
  if (type === 0x100) return { limit: BLOCK, checkedAtStart: false, whole: false };
  const found = partitions.find((p) => p.type === type);
  if (!found) return undefined;
  const iso = type === 0x10c;
  const limit = iso ? found.length - ISO_RESERVE : found.length;
  // A table in which all begin at 0, as a short one may be made up, says nothing of places.
  const placed = partitions.some(({ start }) => start > 0);
  return { limit, checkedAtStart: iso, whole: false, ...(placed && { start: found.start }) };
}
