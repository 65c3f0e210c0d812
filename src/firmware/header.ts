/** The 98-byte partition header of a Balong firmware file (the same as in UPDATE.APP files), little-endian. */

import { X25_INIT, x25Update } from '../codec/crc';
import { failure } from '../errors';
import { FLASH } from '../family/family';

/** Bytes of the header without its checksum block. */
export const HEADER_LENGTH = 98;
/** Bytes before the chain of images: `dload_id`, the rest unused. */
export const PREFIX_LENGTH = 0x5c;
export const MAGIC = Buffer.from([0x55, 0xaa, 0x5a, 0xa5]);

/** Where the image code stands. */
export const CODE_OFFSET = 20;
/** Date, time, and platform with version: from, to. */
const TEXT_FIELDS = [
  [28, 44],
  [44, 60],
  [60, 92],
] as const;

const ZERO_CRC = Buffer.alloc(2);

export interface PartitionHeader {
  /** Header and checksum block: 98 + 2 for each block. */
  headerSize: number;
  headerVersion: number;
  /** Compatibility code (hardware id), 8 characters. */
  unlock: string;
  code: number;
  /** Bytes of the image as it lies in the file. */
  storedSize: number;
  date: string;
  time: string;
  /** From `:platform:version`; empty if the text is not of that form. */
  platform: string;
  version: string;
  /** Bytes of image per checksum. */
  blockSize: number;
  crcRight: boolean;
}

/** Takes the 98 bytes at `at` apart; the caller has checked that they are there. Judges nothing. */
export function parseHeader(data: Buffer, at = 0): PartitionHeader {
  const b = data.subarray(at, at + HEADER_LENGTH);
  const full = text(b, 60, 92);
  const colon = full.startsWith(':') ? full.lastIndexOf(':') : -1;
  return {
    headerSize: b.readUInt32LE(4),
    headerVersion: b.readUInt32LE(8),
    unlock: text(b, 12, 20),
    code: b.readUInt32LE(CODE_OFFSET),
    storedSize: b.readUInt32LE(24),
    date: text(b, 28, 44),
    time: text(b, 44, 60),
    platform: colon > 0 ? full.slice(1, colon) : '',
    version: full.slice(colon + 1),
    blockSize: b.readUInt32LE(94),
    crcRight: headerCrcRight(b),
  };
}

/** CRC-16/X-25 over the 98 bytes with the CRC field (92, 93) taken as zero. */
export function headerCrc(header: Uint8Array): number {
  let crc = x25Update(X25_INIT, header, 0, 92);
  crc = x25Update(crc, ZERO_CRC);
  return x25Update(crc, header, 94, HEADER_LENGTH) ^ 0xffff;
}

/** Header size that goes with an image and block size; undefined for block size 0. */
export function expectedHeaderSize(storedSize: number, blockSize: number): number | undefined {
  return blockSize === 0 ? undefined : HEADER_LENGTH + 2 * Math.ceil(storedSize / blockSize);
}

/** True if the three lengths of the header at `at` agree and the image could lie in the NAND. */
export function lengthsAgree(data: Buffer, at = 0): boolean {
  const storedSize = data.readUInt32LE(at + 24);
  return (
    storedSize > 0 &&
    storedSize <= FLASH.nand.size &&
    data.readUInt32LE(at + 4) === expectedHeaderSize(storedSize, data.readUInt32LE(at + 94))
  );
}

/** True if the header at `at` matches its checksum. */
export function headerCrcRight(data: Buffer, at = 0): boolean {
  return headerCrc(data.subarray(at, at + HEADER_LENGTH)) === data.readUInt16LE(at + 92);
}

/** Throws FIRMWARE_CRC, FIRMWARE_INVALID or FIRMWARE_TOO_LARGE; `what` names file and image for the message. */
export function requireSound(header: PartitionHeader, what: string): void {
  const fail = (fault: string) => failure('FIRMWARE_INVALID/header', { what, fault });
  const { storedSize, blockSize, headerSize } = header;
  if (!header.crcRight) throw failure('FIRMWARE_CRC/header', { what });
  if (storedSize === 0) throw fail('says that the image has no bytes');
  if (storedSize > FLASH.nand.size) {
    throw failure('FIRMWARE_TOO_LARGE/header', { what, bytes: storedSize, most: FLASH.nand.size });
  }
  const expected = expectedHeaderSize(storedSize, blockSize);
  if (expected === undefined) throw fail('has a block size of 0');
  if (headerSize !== expected) {
    throw fail(`says that it has ${headerSize} bytes where ${expected} belong to the image's size`);
  }
}

/** ASCII up to the first NUL; anything unprintable becomes `?`, as it ends up on terminals and in logs. */
function text(b: Buffer, start: number, end: number): string {
  const field = b.subarray(start, end);
  const nul = field.indexOf(0);
  return field
    .toString('latin1', 0, nul < 0 ? field.length : nul)
    .replace(/[^\x20-\x7e]/g, '?')
    .trim();
}

/** True if each text field is text and then nothing but NUL: chance does not fill fields like that. */
export function fieldsPadded(data: Buffer, at: number): boolean {
  return TEXT_FIELDS.every(([from, to]) => {
    const field = data.subarray(at + from, at + to);
    const nul = field.indexOf(0);
    return nul < 0 || field.subarray(nul).every((byte) => byte === 0);
  });
}

/** True if the text fields (date, time, version) hold nothing but text, and the date is there. */
export function readsLikeHeader(data: Buffer, at: number): boolean {
  for (let i = 28; i < 92; i++) {
    const c = data[at + i] as number;
    if (c !== 0 && (c < 0x20 || c > 0x7e)) return false;
  }
  return data[at + 28] !== 0;
}
