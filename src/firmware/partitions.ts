/**
 * Image codes: their names, which of them an E3272 takes, and how much room each has there.
 *
 * Names as the Balong tools print them. The set of accepted codes and the limits come from the machine code and the
 * partition table of the E3272's own USB loader (256 MiB NAND in blocks of 128 KiB).
 */

import { KNOWN_TABLE, NAND_BLOCK, NAND_SIZE, type PartitionPlace } from './known-table';

/** What the device's own updater accepts in one file. */
export const MAX_IMAGES = 20;

const NAMES = new Map<number, string>([
  [0x100, 'Ptable_R1'],
  [0x101, 'Bootloader_R1'],
  [0x102, 'Bootrom_R1'],
  [0x103, 'VxWorks_R1'],
  [0x550103, 'VxWorks_R1'],
  [0x104, 'Fastboot_R1'],
  [0x105, 'Kernel_R1'],
  [0x107, 'System_R1'],
  [0x109, 'APP_R1'],
  [0x113, 'WEBUI_R1'],
  [0x66, 'Nvimage_R1'],
  [0x106, 'NvFiles_R1'],
  [0x10d, 'NvBackLTE_R1'],
  [0x10e, 'NvBackGU_R1'],
  [0x20000, 'M3Boot'],
  [0x10000, 'Ptable'],
  [0x110000, 'Fastboot'],
  [0x130000, 'Logo'],
  [0x30000, 'Kernel'],
  [0x40000, 'VxWorks'],
  [0x50000, 'M3Image'],
  [0x60000, 'DSP'],
  [0x70000, 'Nvdload'],
  [0x80000, 'Nvimg'],
  [0xa0000, 'Oeminfo'],
  [0x550000, 'Oeminfo'],
  [0x510000, 'Oeminfo'],
  [0x1a0000, 'Oeminfo'],
  [0xb0000, 'CDROMISO'],
  [0x170000, 'Wimaxcfg'],
  [0x180000, 'Wimaxcrf'],
  [0x190000, 'Userdata'],
  [0x1b0000, 'Online'],
  [0x5d0000, 'Online'],
  [0x5e0000, 'Online'],
  [0x100000, 'System'],
  [0x590000, 'System'],
  [0x570000, 'APP'],
  [0x5a0000, 'APP'],
  [0x560000, 'WEBUI'],
  [0x5b0000, 'WEBUI'],
  [0x450000, 'APP_EXT_A'],
  [0x460000, 'APP_EXT_B'],
  [0x480000, 'Ptable_ext_A'],
  [0x490000, 'Ptable_ext_B'],
  [0x200000, 'M3Boot_R11'],
  [0x90000, 'Kernel_R11'],
  [0x270000, 'DTS_R11'],
  [0x220000, 'VxWorks_R11'],
  [0x230000, 'M3Image_R11'],
  [0x240000, 'DSP_R11'],
  [0x250000, 'Nvdload_R11'],
  [0x280000, 'HIFI_R11'],
  [0x290000, 'Teeos'],
  [0x1e0000, 'Modem_fw'],
]);

/** `VxWorks_R1`; a code without a name is `U` and eight hex digits. */
export function partitionName(code: number): string {
  return NAMES.get(code) ?? `U${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** "image 2 (VxWorks_R1) of fw.bin", for messages. */
export function imageTitle(image: { index: number; partition: string }, name: string): string {
  return `image ${image.index + 1} (${image.partition}) of ${name}`;
}

/** Images that hold IMEI, serial number and calibration: never written. */
const NV_CODES = new Set([0x66, 0x106, 0x10d, 0x10e]);

export const isNvCode = (code: number): boolean => NV_CODES.has(code);

/** Pages of HiLink, of two families of firmware. */
export const isWebuiCode = (code: number): boolean => code === 0x113 || code === 0x560000;

/** The modem's operating system itself. */
export const isVxWorksCode = (code: number): boolean => code === 0x103 || code === 0x550103;

/** The loader takes what lies below, the few below besides, and answers NAK 07 to everything else. */
const FIRST_FOREIGN_CODE = 0x200;

/** The loader keeps this much of cdromiso for itself. */
const CDROM_RESERVE = 4 * 1024 * 1024;

/** Where the loader puts an image: a NAND partition of a type, or a file with a fixed limit in bytes. */
interface Target {
  type?: number;
  reserve?: number;
  max?: number;
}

/** Codes that may be written to an E3272. */
const TARGETS = new Map<number, Target>([
  // No partition of its own in the table: the table itself has 1 KiB, one block is plenty.
  [0x100, { max: NAND_BLOCK }],
  [0x101, { type: 0x101 }],
  [0x102, { type: 0x102 }],
  [0x103, { type: 0x103 }],
  [0x550103, { type: 0x103 }],
  [0x104, { type: 0x104 }],
  [0x105, { type: 0x105 }],
  [0x107, { type: 0x107 }],
  [0x109, { type: 0x109 }],
  [0x113, { type: 0x113 }],
  [0xa0000, { max: 500 }],
  [0x550000, { max: 200 }],
  [0xb0000, { type: 0x10c, reserve: CDROM_RESERVE }],
  // Web UI files: held in RAM as a whole, then written to a file system; the largest one is /yaffs1.
  [0x560000, { type: 0x107 }],
]);

/**
 * Length 0 in the known table, but part of E3272 firmware whose BootRom image brings another table. Such a table can take
 * the room only from cdromiso, which lies behind everything else.
 */
const ROOM_UNKNOWN = 0x570 * NAND_BLOCK;

/**
 * The tables that count where an image is written: what has no room by one of them has none. `known` is the known table
 * of the device; the others came with images that were written before.
 */
export type Tables = readonly ('known' | readonly PartitionPlace[])[];

export const KNOWN_ONLY: Tables = ['known'];

/** True where the Balong tools have a name for the code, whatever the chip. */
export const isNamedCode = (code: number): boolean => NAMES.has(code);

export const isE3272Code = (code: number): boolean => TARGETS.has(code);

/** True where the code alone says that the file was made for another chip (V7R2, V7R11). */
export const isForeignCode = (code: number): boolean => code >= FIRST_FOREIGN_CODE && !TARGETS.has(code);

/**
 * True where the loader goes by the known table and that has no room for the partition: only the stick can say whether
 * there is any.
 */
export function isRoomUnknown(code: number, tables: Tables = KNOWN_ONLY): boolean {
  const type = TARGETS.get(code)?.type;
  return type !== undefined && tables.includes('known') && lengthIn(KNOWN_TABLE, type) === 0;
}

/** True where the loader has a limit of its own for the image, whatever the partition table. */
export const hasFixedRoom = (code: number): boolean => TARGETS.get(code)?.max !== undefined;

/** Of several partitions of one type each may get the image: the smallest counts. */
function lengthIn(rows: readonly { type: number; length: number }[], type: number): number {
  const lengths = rows.filter((row) => row.type === type).map((row) => row.length);
  return lengths.length === 0 ? 0 : Math.min(...lengths);
}

/** Bytes that an image of this code may have, as sent; undefined if an E3272 does not take the code at all. */
export function roomFor(code: number, tables: Tables = KNOWN_ONLY): number | undefined {
  const target = TARGETS.get(code);
  if (!target) return undefined;
  const { type, max = NAND_SIZE, reserve = 0 } = target;
  if (type === undefined) return max;
  const lengths = tables.map((table) => {
    if (table !== 'known') return lengthIn(table, type);
    return lengthIn(KNOWN_TABLE, type) || ROOM_UNKNOWN;
  });
  return Math.max(0, Math.min(...lengths) - reserve);
}
