/** Image codes: their names, which of them may be written, and how much room each has. */

import { FLASH } from '../family/family';
import { OTHER_CODES } from '../family/others';
import type { ImageCode, PartitionPlace } from '../family/profile';

const { table: KNOWN_TABLE, nand, images, nv } = FLASH;

const IMAGES = new Map(images.map((image) => [image.code, image]));

const NAMES = new Map([...OTHER_CODES, ...[...nv, ...images].map(({ code, name }) => [code, name] as const)]);

/** `VxWorks_R1`; a code without a name is `U` and eight hex digits. */
export function partitionName(code: number): string {
  return NAMES.get(code) ?? `U${code.toString(16).toUpperCase().padStart(8, '0')}`;
}

/** "image 2 (VxWorks_R1) of fw.bin", for messages. */
export function imageTitle(image: { index: number; partition: string }, name: string): string {
  return `image ${image.index + 1} (${image.partition}) of ${name}`;
}

/** Images that hold IMEI, serial number and calibration: never written. */
export const isNvCode = (code: number): boolean => nv.some((image) => image.code === code);

const holds = (what: ImageCode['holds']) => (code: number) => IMAGES.get(code)?.holds === what;

/** Pages of HiLink, of two families of firmware. */
export const isWebuiCode = holds('pages');
/** The modem's operating system itself. */
export const isVxWorksCode = holds('system');
export const isIsoCode = holds('iso');
/** The partition table apart from all else: the loader goes by it from the next start on. */
export const isTableCode = holds('table');
/** BootRom, with its table: the loader asks for a restart before the next image, and goes by it then. */
export const isBootRomCode = holds('boot');

/**
 * The tables that count where an image is written: what has no room by one of them has none. `known` is the known table
 * of the device; the others came with images that were written before.
 */
export type Tables = readonly ('known' | readonly PartitionPlace[])[];

export const KNOWN_ONLY: Tables = ['known'];

/** True where the Balong tools have a name for the code, whatever the chip. */
export const isNamedCode = (code: number): boolean => NAMES.has(code);

export const isWritableCode = (code: number): boolean => IMAGES.has(code);

/** True where the code alone says that the file was made for another chip (V7R2, V7R11). */
export const isForeignCode = (code: number): boolean => code >= FLASH.foreign && !IMAGES.has(code);

/**
 * True where the loader goes by the known table and that has no room for the partition: only the stick can say whether
 * there is any.
 */
export function isRoomUnknown(code: number, tables: Tables = KNOWN_ONLY): boolean {
  const type = IMAGES.get(code)?.type;
  return type !== undefined && tables.includes('known') && lengthIn(KNOWN_TABLE, type) === 0;
}

/** True where the loader has a limit of its own for the image, whatever the partition table. */
export const hasFixedRoom = (code: number): boolean => IMAGES.get(code)?.max !== undefined;

/** Of several partitions of one type each may get the image: the smallest counts. */
function lengthIn(rows: readonly { type: number; length: number }[], type: number): number {
  const lengths = rows.filter((row) => row.type === type).map((row) => row.length);
  return lengths.length === 0 ? 0 : Math.min(...lengths);
}

/**
 * Length 0 in the known table, but part of firmware whose BootRom image brings another table: that can take the room only
 * from the partition behind everything else.
 */
const ROOM_UNKNOWN = lengthIn(KNOWN_TABLE, FLASH.spare);

/** Bytes that an image of this code may have, as sent; undefined where the code must not be written at all. */
export function roomFor(code: number, tables: Tables = KNOWN_ONLY): number | undefined {
  const target = IMAGES.get(code);
  if (!target) return undefined;
  const { type, max = nand.size, reserve = 0 } = target;
  if (type === undefined) return max;
  const lengths = tables.map((table) => {
    if (table !== 'known') return lengthIn(table, type);
    return lengthIn(KNOWN_TABLE, type) || ROOM_UNKNOWN;
  });
  return Math.max(0, Math.min(...lengths) - reserve);
}
