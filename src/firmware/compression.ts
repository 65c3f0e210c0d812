/** Which images lie compressed in the file. They are sent decompressed. */

import { type DriverError, failure } from '../errors';
import { FLASH } from '../family/family';

export type Compression = 'none' | 'zlib' | 'lzma';

/** Bytes of an image that {@link detectCompression} wants to see (fewer if the image is shorter). */
export const DETECT_LENGTH = 18;
/** LZMA-alone: properties (1), dictionary size (4), decompressed size (8). */
export const LZMA_HEADER_LENGTH = 13;
/** Dictionaries above this are refused: the decoder would need as much memory. */
export const MAX_LZMA_DICTIONARY = 64 * 1024 * 1024;

/**
 * Judges the first bytes of an image. Whoever reads the image must then insist on exact decompression: a stream that
 * does not decompress to its end is refused, never sent as it is, since a compressed blob in a partition is a dead
 * stick, while a plain image that begins like a stream by chance has not been seen.
 *
 * - zlib: any valid two-byte header (78 01, 78 5E, 78 9C, 78 DA and the smaller windows), and a first block type that
 *   exists. Of images that begin at random one in 2000 would pass, with those that need a dictionary; code begins with
 *   ARM vectors, a table, a kernel or a file system with its magic, and none of these does. What begins with text is text.
 * - LZMA-alone: decompressed size unknown (eight FF), or known with the properties every packer uses (5D) and a
 *   dictionary of 2^n or 3 * 2^n bytes. Other ones with a known size: {@link mayBeLzma}.
 */
export function detectCompression(head: Uint8Array): Compression {
  if (zlibKind(head) === 'plain') return 'zlib';
  return looksLikeLzma(head) ? 'lzma' : 'none';
}

/** True for zlib data that need a dictionary which is not in them: nobody can decompress those. */
export const needsDictionary = (head: Uint8Array): boolean => zlibKind(head) === 'dictionary';

const FDICT = 0x20;

function zlibKind(head: Uint8Array): 'plain' | 'dictionary' | undefined {
  const [cmf, flg] = head;
  if (cmf === undefined || flg === undefined || isText(head)) return undefined;
  const deflate = (cmf & 0x0f) === 8 && cmf >> 4 <= 7;
  if (!deflate || (cmf * 256 + flg) % 31 !== 0) return undefined;
  // The sum of the dictionary comes first.
  if (flg & FDICT) return beginsBlock(head.subarray(6)) ? 'dictionary' : undefined;
  return beginsBlock(head.subarray(2)) ? 'plain' : undefined;
}

const isText = (head: Uint8Array): boolean =>
  head.subarray(0, DETECT_LENGTH).every((c) => (c >= 0x20 && c < 0x7f) || c === 0x0a || c === 0x0d || c === 0x09);

/** True if `data` may begin a block of deflate. */
function beginsBlock(data: Uint8Array): boolean {
  const [block] = data;
  if (block === undefined) return false;
  const type = (block >> 1) & 3;
  if (type !== 0) return type !== 3;
  // A stored block: its length and the complement of it follow.
  return (
    data.length < 5 ||
    (((data[1] as number) ^ (data[3] as number)) & ((data[2] as number) ^ (data[4] as number))) === 0xff
  );
}

function looksLikeLzma(head: Uint8Array): boolean {
  // The first byte of the range coder is always 0.
  if (head.length < LZMA_HEADER_LENGTH + 1 || head[LZMA_HEADER_LENGTH] !== 0) return false;
  const properties = head[0] as number;
  if (properties >= PROPERTIES) return false;
  if (head.subarray(5, 13).every((b) => b === 0xff)) return true;
  return properties === 0x5d && isUsualDictionary(lzmaHeader(head).dictionary);
}

const PROPERTIES = 9 * 5 * 5;

/**
 * LZMA-alone with a known size and properties or a dictionary that no packer writes by itself, but every decoder takes.
 * The header alone proves nothing: of words like an address and two zeros it is made by chance. So the sizes must fit
 * together, and the caller must see whether it decompresses.
 */
export function mayBeLzma(head: Uint8Array, storedSize: number): boolean {
  if (head.length < LZMA_HEADER_LENGTH + 5 || head[LZMA_HEADER_LENGTH] !== 0) return false;
  const { size } = lzmaHeader(head);
  // A range coder that begins with nothing but zeros gives zeros for ever: filler behind a header.
  const code = head.subarray(LZMA_HEADER_LENGTH + 1, LZMA_HEADER_LENGTH + 5);
  if ((head[0] as number) >= PROPERTIES || !size || code.every((byte) => byte === 0)) return false;
  // Noise becomes longer by less than a fiftieth.
  return size <= FLASH.nand.size && storedSize <= LZMA_HEADER_LENGTH + 64 + size + size / 16;
}

function isUsualDictionary(size: number): boolean {
  if (size === 0xffffffff) return true;
  if (size < 4096) return false;
  const lowest = size & -size;
  const factor = size / (lowest >>> 0);
  return factor === 1 || factor === 3;
}

export interface LzmaHeader {
  lc: number;
  lp: number;
  pb: number;
  dictionary: number;
  /** Decompressed size in bytes; undefined if the stream ends with an end marker instead. */
  size: number | undefined;
}

/** Takes the 13 bytes apart; the caller has checked that they are there. */
export function lzmaHeader(head: Uint8Array): LzmaHeader {
  const b = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const properties = b.readUInt8(0);
  const low = b.readUInt32LE(5);
  const high = b.readUInt32LE(9);
  return {
    lc: properties % 9,
    lp: Math.floor(properties / 9) % 5,
    pb: Math.floor(properties / 45),
    dictionary: b.readUInt32LE(1),
    size: low === 0xffffffff && high === 0xffffffff ? undefined : high * 2 ** 32 + low,
  };
}

/**
 * Throws FIRMWARE_INVALID or FIRMWARE_TOO_LARGE for a header that cannot be or that would need too much memory. `title`: of
 * the image.
 */
export function requireLzmaFits(header: LzmaHeader, limit: number, title: string): void {
  if (header.pb > 4) throw failure('FIRMWARE_INVALID/lzma-properties', { title });
  if (header.dictionary > MAX_LZMA_DICTIONARY) {
    throw failure('FIRMWARE_TOO_LARGE/dictionary', { title, bytes: header.dictionary, most: MAX_LZMA_DICTIONARY });
  }
  if (header.size === 0) throw failure('FIRMWARE_INVALID/lzma-nothing', { title });
  if (header.size !== undefined && header.size > limit) throw tooLarge(title, header.size, limit);
}

/** FIRMWARE_TOO_LARGE: `size` is undefined where decompression was stopped at the limit. */
export const tooLarge = (title: string, size: number | undefined, room: number): DriverError =>
  size === undefined
    ? failure('FIRMWARE_TOO_LARGE/unpacked', { title, room })
    : failure('FIRMWARE_TOO_LARGE/image', { title, bytes: size, room });
