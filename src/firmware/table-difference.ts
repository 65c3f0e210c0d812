/** How a partition table that a loader or a firmware brings is held against the known one, and how that is told. */

import { FLASH, MODEL } from '../family/family';
import type { KnownRow, PartitionPlace } from '../family/profile';

/** Product text of tables that were made up by this package's own tools (design: never for a real stick). */
export const SYNTHETIC_PRODUCT = 'H6920-VIRTUAL';

export const isProtected = ({ type }: { type: number }): boolean => FLASH.fixed.includes(type);

/** True if everything agrees that is known of the row. */
export const isKnownRow = (row: PartitionPlace, known: KnownRow): boolean =>
  row.name === known.name &&
  row.start === known.start &&
  row.length === known.length &&
  row.type === known.type &&
  known.flags.includes(row.flags);

const hex = (value: number): string => `0x${value.toString(16)}`;

/** "block 0x35 (byte 6946816), 0x100 blocks (33554432 bytes)" */
export const placeText = ({ start, length }: { start: number; length: number }): string =>
  `block ${hex(start / FLASH.nand.block)} (byte ${start}), ${hex(length / FLASH.nand.block)} blocks (${length} bytes)`;

/** "VxWorks (type 0x103) at block ..., flags 0x0" */
export const rowText = (row: PartitionPlace | KnownRow): string =>
  `${row.name} (type ${hex(row.type)}) at ${placeText(row)}, flags ${[row.flags].flat().map(hex).join(' or ')}`;

/** The first row that is not the known one, in words with both values; undefined where all are. */
export function firstDifference(rows: readonly PartitionPlace[], known: readonly KnownRow[]): string | undefined {
  for (let i = 0; i < Math.max(rows.length, known.length); i++) {
    const [row, wanted] = [rows[i], known[i]];
    if (row && wanted && isKnownRow(row, wanted)) continue;
    const has = row ? rowText(row) : 'no further row';
    return `${has}, where an ${MODEL} has ${wanted ? rowText(wanted) : 'no further row'}`;
  }
  return undefined;
}
