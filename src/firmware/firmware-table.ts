/**
 * The partition table inside a firmware's own boot image. A stick divides its NAND by it from the next start on, so it
 * must leave alone what the stick keeps where it is: BootLoad, and NV with IMEI, serial number and calibration.
 */

import { type DriverError, failure } from '../errors';
import { FLASH, MODEL } from '../family/family';
import type { KnownRow, PartitionPlace } from '../family/profile';
import {
  type FoundTable,
  isSeen,
  type NoTable,
  type PartitionTable,
  parseTable,
  tooManyTables,
} from './partition-table';
import { imageTitle, isBootRomCode, isTableCode, roomFor, type Tables } from './partitions';
import { firstDifference, isKnownRow, isProtected, placeText, rowText, SYNTHETIC_PRODUCT } from './table-difference';

export const bringsTable = (code: number): boolean => isTableCode(code) || isBootRomCode(code);

/** What the tables in an image mean for the stick. */
export interface TableVerdict {
  /** Why the stick must not get the image: FIRMWARE_INVALID or FIRMWARE_WRONG_DEVICE. */
  problem?: DriverError;
  /** How partitions would change that may change: a sentence each. */
  changes: string[];
  /** What a person should know of it, in sentences. */
  warning?: string;
}

/** Follows the images of a firmware in the order in which they are written, with the tables that they bring. */
export class TableCourse {
  #tables: Tables;
  readonly #synthetic: boolean;

  /** `tables`: those that count before the first image; `synthetic`: the firmware is a made-up one. */
  constructor(tables: Tables, synthetic: boolean) {
    this.#tables = tables;
    this.#synthetic = synthetic;
  }

  /** Those that count for the next image. */
  get tables(): Tables {
    return this.#tables;
  }

  /** Bytes that the next image may have. */
  room(code: number): number {
    return roomFor(code, this.#tables) ?? FLASH.nand.size;
  }

  /** The image was looked through, and these heads of tables are in it. A table that is refused counts for nothing. */
  take(
    image: { index: number; code: number; partition: string },
    name: string,
    found: readonly FoundTable[],
  ): TableVerdict {
    const title = imageTitle(image, name);
    const changes = new Set<string>();
    const brought: Tables[number][] = [];
    if (tooManyTables(found)) return refuse(failure('FIRMWARE_INVALID/too-many-tables', { title }));
    for (const each of found) {
      const table = parseTable(each);
      const wrong = wrongDevice(table, this.#synthetic);
      if (wrong !== undefined) return refuse(failure('FIRMWARE_WRONG_DEVICE/table', { title, fault: wrong }));
      if ('reason' in table) return refuse(failure('FIRMWARE_INVALID/table-unusable', { title, fault: table.reason }));
      const changed = tableChanges(table);
      for (const change of changed) changes.add(change);
      brought.push(changed.length === 0 ? 'known' : table.rows);
    }
    const atOnce = isBootRomCode(image.code) && found.every(isSeen);
    if (brought.length > 0) this.#tables = atOnce ? brought : [...this.#tables, ...brought];
    if (changes.size > 0) {
      const measured = atOnce
        ? 'What follows is measured by it.'
        : 'The loader goes by its own table until the stick starts anew: what follows must fit both.';
      const warning = `The ${title} divides the flash memory of the stick anew: ${[...changes].join(' ')} ${measured}`;
      return { changes: [...changes], warning };
    }
    if (found.length > 0 || !isTableCode(image.code)) return { changes: [] };
    return {
      changes: [],
      warning: `The ${title} should be a partition table, but there is none in it that is known here.`,
    };
  }
}

const refuse = (problem: DriverError): TableVerdict => ({ problem, changes: [] });

/** Why a stick that gets this table would not be what it is any more; undefined also where the table cannot be read. */
function wrongDevice(table: PartitionTable | NoTable, synthetic: boolean): string | undefined {
  const { product } = table;
  const readable = !('reason' in table);
  const ours = product === FLASH.product || (synthetic && product === SYNTHETIC_PRODUCT);
  if (!ours && (readable || product !== '')) {
    const whose = product === '' ? 'that does not say for which product it is' : `for "${product}"`;
    return `holds a partition table ${whose}, not for an ${MODEL} ("${FLASH.product}")`;
  }
  if (!readable) return undefined;
  const { rows } = table;
  const end = Math.max(...rows.map(endOf));
  // Sizes of NAND are powers of two: what ends in the lower half was made for a smaller one.
  if (end > FLASH.nand.size || end <= FLASH.nand.size / 2) {
    return `divides a flash memory that ends at block ${block(end)}; that of an ${MODEL} ends at ${block(FLASH.nand.size)}`;
  }
  const moved = firstDifference(rows.filter(isProtected), FLASH.table.filter(isProtected));
  if (moved !== undefined) return `moves what must stay where an ${MODEL} has it: ${moved}`;
  const overlap = firstOverlap(rows);
  return overlap && `has partitions that overlap: ${overlap.map(rowText).join(', and ')}`;
}

const block = (bytes: number): string => `0x${(bytes / FLASH.nand.block).toString(16)}`;

const endOf = ({ start, length }: PartitionPlace): number => start + length;

function firstOverlap(rows: readonly PartitionPlace[]): [PartitionPlace, PartitionPlace] | undefined {
  const filled = rows.filter((row) => row.length !== 0).sort((a, b) => a.start - b.start);
  for (let i = 1; i < filled.length; i++) {
    const [before, row] = [filled[i - 1] as PartitionPlace, filled[i] as PartitionPlace];
    if (row.start < endOf(before)) return [before, row];
  }
  return undefined;
}

/** How the rows that may differ do: by type, and in their order where there are several of one type. */
function tableChanges({ rows }: PartitionTable): string[] {
  const changes: string[] = [];
  for (const type of new Set([...FLASH.table, ...rows].map((row) => row.type))) {
    const now = rows.filter((row) => row.type === type);
    const before = FLASH.table.filter((row) => row.type === type);
    for (const [i, row] of now.entries()) {
      const known = before[i];
      if (!known) changes.push(`${rowText(row)} is added.`);
      else if (!isKnownRow(row, known)) changes.push(`${rowText(known)} becomes ${changedText(row, known)}.`);
    }
    for (const known of before.slice(now.length)) changes.push(`${rowText(known)} is gone.`);
  }
  return changes;
}

const changedText = (row: PartitionPlace, known: KnownRow): string =>
  `${row.name === known.name ? '' : `${row.name} at `}${placeText(row)}, flags 0x${row.flags.toString(16)}`;
