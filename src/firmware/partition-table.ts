/** NAND partition tables of the V7R1 chip, in USB loaders and in boot images: 1024 bytes, little-endian. */

import { CHIP, FLASH } from '../family/family';
import type { PartitionPlace } from '../family/profile';

const HEAD = Buffer.from('pTableHead\0\0\0\0\0\x80', 'latin1');
const TAIL = Buffer.from('pTableTail', 'latin1');
const TABLE_LENGTH = 1024;
const ROWS_OFFSET = 0x30;
const ROW_LENGTH = 48;
/** V7R1; other chips have more rows and the tail further behind. */
const MAX_ROWS = 20;
const TAIL_OFFSET = ROWS_OFFSET + MAX_ROWS * ROW_LENGTH;
/** So many are taken out of one image; real ones have one. */
const MAX_TABLES = 8;

export interface PartitionRow extends PartitionPlace {
  loadSize: number;
  loadAddress: number;
  entry: number;
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

/** A head of a table with what follows it, 1024 bytes in all; fewer where the bytes end before. */
export interface FoundTable {
  /** Offset in the bytes that were searched. */
  offset: number;
  bytes: Uint8Array;
}

/** A head with no table of this chip behind it. */
export interface NoTable {
  offset: number;
  /** Product text, as far as it is there. */
  product: string;
  /** Why it is none, in words. */
  reason: string;
}

/** Finds all heads in bytes that come in pieces, wherever they lie: nobody knows which of several a stick would take. */
export class TableScanner {
  readonly #found: FoundTable[] = [];
  /** The end of the pieces before, in which a table may begin that goes on, and where that begins. */
  #rest: Buffer = Buffer.alloc(0);
  #offset = 0;

  push(piece: Uint8Array): void {
    const bytes = Buffer.concat([this.#rest, piece]);
    const keep = Math.max(0, bytes.length - TABLE_LENGTH);
    this.#take(bytes, keep);
    this.#rest = Buffer.from(bytes.subarray(keep));
    this.#offset += keep;
  }

  /** All of them; at most one more than a judge will look at. */
  end(): FoundTable[] {
    this.#take(this.#rest, this.#rest.length);
    return this.#found;
  }

  /** The tables that begin before the offset `end`. */
  #take(bytes: Buffer, end: number): void {
    for (let at = bytes.indexOf(HEAD); at >= 0 && at < end; at = bytes.indexOf(HEAD, at + HEAD.length)) {
      if (tooManyTables(this.#found)) return;
      this.#found.push({ offset: this.#offset + at, bytes: Uint8Array.from(bytes.subarray(at, at + TABLE_LENGTH)) });
    }
  }
}

/** All tables in `image`, in their order. */
export function findTables(image: Uint8Array): (PartitionTable | NoTable)[] {
  const scanner = new TableScanner();
  scanner.push(image);
  return scanner.end().map(parseTable);
}

/** A stick looks for its table in steps of 4 bytes. One elsewhere is judged like all others: nobody knows what it is for. */
export const isSeen = ({ offset }: { offset: number }): boolean => offset % 4 === 0;

export const tooManyTables = (found: readonly unknown[]): boolean => found.length > MAX_TABLES;

export function parseTable({ offset, bytes }: FoundTable): PartitionTable | NoTable {
  const b = Buffer.from(bytes);
  const product = text(b, 0x20);
  const none = (reason: string): NoTable => ({ offset, product, reason });
  if (b.length < TABLE_LENGTH) return none('its partition table is cut off');
  if (!b.subarray(TAIL_OFFSET, TAIL_OFFSET + TAIL.length).equals(TAIL)) {
    return none(`its partition table does not end where that of a ${CHIP.generation} chip does`);
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
    if (row.start % FLASH.nand.block !== 0 || row.length % FLASH.nand.block !== 0) {
      return none(`row ${rows.length} (${name}) of its partition table is not made of whole NAND blocks`);
    }
    rows.push(row);
  }
  if (rows.length === 0) return none('its partition table is empty');
  return { offset, version: text(b, 0x10), product, rows };
}

function text(b: Buffer, at: number): string {
  const field = b.toString('latin1', at, at + 16);
  return (field.split('\0')[0] as string).replace(/[^\x20-\x7e]/g, '?');
}
