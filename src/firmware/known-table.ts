/**
 * How the NAND of an E3272 or E3276 is divided, as the table in its known loader says: part of the device. Images are
 * measured by it, and a table that a loader or a firmware brings is held against it.
 */

/** One NAND block of the E3272 in bytes. */
export const NAND_BLOCK = 0x20000;
/** The whole NAND: 256 MiB. */
export const NAND_SIZE = 0x800 * NAND_BLOCK;

/** Product text of a partition table for this device, and for no other product with its chip. */
export const KNOWN_PRODUCT = 'H6920CS_STICK';

/** Product text of tables that were made up by this package's own tools (design: never for a real stick). */
export const SYNTHETIC_PRODUCT = 'H6920-VIRTUAL';

/** Where a partition lies. */
export interface PartitionPlace {
  name: string;
  /** Bytes from the start of the NAND, a multiple of {@link NAND_BLOCK}. */
  start: number;
  /** Bytes, a multiple of {@link NAND_BLOCK}; 0 = no such partition on this stick. */
  length: number;
  /** What image codes refer to (0x103 = VxWorks). */
  type: number;
  /** Bit 0: holds a file system. */
  flags: number;
}

/** A row that is known; its flags are one of these. */
export interface KnownRow extends Omit<PartitionPlace, 'flags'> {
  flags: readonly number[];
}

/** `start` and `length` in blocks. */
const row = (name: string, start: number, length: number, type: number, ...flags: number[]): KnownRow => ({
  name,
  start: start * NAND_BLOCK,
  length: length * NAND_BLOCK,
  type,
  flags,
});

/** In their order. Of the five without blocks at 0x290 the flags are known only as one of two. */
export const KNOWN_TABLE: readonly KnownRow[] = [
  row('BootLoad', 0x0, 0x1, 0x101, 0),
  row('NvBackLTE', 0x1, 0xc, 0x10d, 0x800),
  row('NvBackGU', 0xd, 0x8, 0x10e, 0x800),
  row('BootRom', 0x15, 0x10, 0x102, 0),
  row('BootRom', 0x25, 0x10, 0x102, 0),
  row('VxWorks', 0x35, 0x100, 0x103, 0),
  row('Logo', 0x135, 0, 0x110, 0),
  row('/yaffs0', 0x135, 0x60, 0x106, 0x201),
  row('FastBoot', 0x195, 0x3, 0x104, 0),
  row('kernel', 0x198, 0x18, 0x105, 0),
  row('/yaffs1', 0x1b0, 0xe0, 0x107, 0x4401),
  row('/yaffs3', 0x290, 0, 0x109, 0x4001, 0x4401),
  row('/yaffs4', 0x290, 0, 0x111, 0x4001, 0x4401),
  row('/yaffs2', 0x290, 0, 0x108, 0x4001, 0x4401),
  row('/yaffs6', 0x290, 0, 0x113, 0x4001, 0x4401),
  row('/yaffs5', 0x290, 0, 0x112, 0x4001, 0x4401),
  row('cdromiso', 0x290, 0x570, 0x10c, 0x4000),
];

/** BootLoad, and where NV lies (IMEI, serial number, calibration): these must be where the stick has them. */
const PROTECTED = new Set([0x101, 0x10d, 0x10e, 0x106]);

export const isProtected = ({ type }: { type: number }): boolean => PROTECTED.has(type);

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
  `block ${hex(start / NAND_BLOCK)} (byte ${start}), ${hex(length / NAND_BLOCK)} blocks (${length} bytes)`;

/** "VxWorks (type 0x103) at block ..., flags 0x0" */
export const rowText = (row: PartitionPlace | KnownRow): string =>
  `${row.name} (type ${hex(row.type)}) at ${placeText(row)}, flags ${[row.flags].flat().map(hex).join(' or ')}`;

/** The first row that is not the known one, in words with both values; undefined where all are. */
export function firstDifference(rows: readonly PartitionPlace[], known: readonly KnownRow[]): string | undefined {
  for (let i = 0; i < Math.max(rows.length, known.length); i++) {
    const [row, wanted] = [rows[i], known[i]];
    if (row && wanted && isKnownRow(row, wanted)) continue;
    const has = row ? rowText(row) : 'no further row';
    return `${has}, where an E3272 has ${wanted ? rowText(wanted) : 'no further row'}`;
  }
  return undefined;
}
