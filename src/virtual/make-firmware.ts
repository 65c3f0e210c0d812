/** Makes up firmware files for virtual sticks: right in every checked byte, compressed or not, .BIN or .EXE. */

import { deflateSync } from 'node:zlib';
import { crcX25 } from '../codec/crc';
import { failure } from '../errors';
import { compressLzma } from './make-lzma';
import { noise, text } from './make-noise';
import { type MadeTable, makeTable, TABLE_LENGTH } from './make-table';

/** Platform text by which real sticks are kept from made-up firmware. */
export const VIRTUAL_PLATFORM = 'E3272-VIRTUAL';
export const VIRTUAL_VERSION = '21.420.99.07.00';

const MAGIC = 0xa55aaa55;
const PREFIX_LENGTH = 0x5c;
const HEADER_LENGTH = 98;
const MIB = 1024 * 1024;
const VXWORKS = [0x103, 0x550103];

export interface MadeImage {
  /** Image code, 0x101. */
  code: number;
  /** Bytes as sent; else `size` made-up ones (default 4096), of the kind that suits `compression`. */
  data?: Uint8Array;
  size?: number;
  /**
   * A partition table among the made-up bytes, at their begin in 0x100, behind 1 KiB in other images. In 0x100 one like the
   * stick's is the default, where there is room; its product is that of a real one where `platform` is not made up.
   */
  table?: MadeTable;
  /** How the image lies in the file. `lzma-marker`: size unknown, with an end marker. */
  compression?: 'none' | 'zlib' | 'lzma' | 'lzma-marker';
  /** Bytes per checksum, default 4096. */
  blockSize?: number;
  platform?: string;
  version?: string;
  headerVersion?: number;
  unlock?: string;
  date?: string;
  time?: string;
}

export interface MadeFirmware {
  /** Default: some images of a few kB, 20 kB in all. */
  images?: readonly MadeImage[];
  /** Bits 0 to 2: 1 firmware, 2 ISO, 4 web UI; bit 3 signed. Default: what the images are. */
  dloadId?: number;
  /** Wraps the file into something like a Windows program, with this many bytes in front. */
  exe?: number;
}

/** The images of {@link makeFirmware} without options. */
export const SMALL_IMAGES: readonly MadeImage[] = [
  { code: 0x100, size: 2048 },
  { code: 0x101, size: 5000 },
  { code: 0x550103, size: 12288 },
];

/** Images of about 60 MB, as an E3272 would have them; the kernel lies in the file as zlib data, FastBoot as LZMA. */
export const BIG_IMAGES: readonly MadeImage[] = [
  { code: 0x101, size: 100_000 },
  { code: 0x104, size: 300_000, compression: 'lzma' },
  { code: 0x105, size: 2_900_000, compression: 'zlib' },
  { code: 0x550103, size: 30 * MIB },
  { code: 0x107, size: 27 * MIB },
];

/** The made-up bytes of an image as sent: what the stick must hold in the end. */
export function imageData(image: MadeImage): Buffer {
  if (image.data) return Buffer.from(image.data);
  const size = image.size ?? 4096;
  const data = (image.compression ?? 'none') === 'none' ? noise(size, image.code) : text(size, image.code);
  const isTable = image.code === 0x100;
  const real = image.platform !== undefined && !image.platform.includes(VIRTUAL_PLATFORM);
  const usual = real ? { product: 'H6920CS_STICK' } : {};
  const table = image.table ?? (isTable && size >= TABLE_LENGTH ? usual : undefined);
  if (table) makeTable(table).copy(data, isTable ? 0 : TABLE_LENGTH);
  // What a virtual stick reports as its version once this is flashed (see firmware.ts).
  if (VXWORKS.includes(image.code)) data.write(`VIRTUAL-VERSION:${image.version ?? VIRTUAL_VERSION};`, 'latin1');
  return data;
}

/** A firmware file as bytes. */
export function makeFirmware(options: MadeFirmware = {}): Buffer {
  const images = options.images ?? SMALL_IMAGES;
  const prefix = Buffer.alloc(PREFIX_LENGTH);
  prefix[0] = options.dloadId ?? typeOf(images);
  const parts: Buffer[] = [prefix];
  for (const image of images) {
    const stored = compressed(image);
    const header = makeHeader(image, stored);
    const padding = -(header.length + stored.length) & 3;
    parts.push(header, stored, Buffer.alloc(padding));
  }
  if (options.exe !== undefined) parts.unshift(makeStub(options.exe));
  return Buffer.concat(parts);
}

function typeOf(images: readonly MadeImage[]): number {
  let type = 0;
  for (const { code } of images) type |= code === 0xb0000 ? 2 : code === 0x113 || code === 0x560000 ? 4 : 1;
  return type;
}

function compressed(image: MadeImage): Buffer {
  const data = imageData(image);
  switch (image.compression ?? 'none') {
    case 'none':
      return data;
    case 'zlib':
      return deflateSync(data, { level: 9 });
    default:
      return compressLzma(data, image.compression === 'lzma-marker');
  }
}

function makeHeader(image: MadeImage, stored: Buffer): Buffer {
  const blockSize = image.blockSize ?? 4096;
  if (blockSize <= 0) throw failure('BAD_ARGUMENT/block-size', {});
  const blocks = Math.ceil(stored.length / blockSize);
  const header = Buffer.alloc(HEADER_LENGTH + 2 * blocks);
  header.writeUInt32LE(MAGIC, 0);
  header.writeUInt32LE(header.length, 4);
  header.writeUInt32LE(image.headerVersion ?? 1, 8);
  header.write(image.unlock ?? 'VIRTUAL', 12, 8, 'latin1');
  header.writeUInt32LE(image.code, 20);
  header.writeUInt32LE(stored.length, 24);
  header.write(image.date ?? '2000.01.01', 28, 16, 'latin1');
  header.write(image.time ?? '00:00:00', 44, 16, 'latin1');
  header.write(`:${image.platform ?? VIRTUAL_PLATFORM}:${image.version ?? VIRTUAL_VERSION}`, 60, 32, 'latin1');
  header.writeUInt32LE(blockSize, 94);
  header.writeUInt16LE(crcX25(header, 0, HEADER_LENGTH), 92);
  for (let i = 0; i < blocks; i++) {
    const sum = crcX25(stored, i * blockSize, Math.min((i + 1) * blockSize, stored.length));
    header.writeUInt16LE(sum, HEADER_LENGTH + 2 * i);
  }
  return header;
}

/** Begins like a program; the magic stands in its "code" twice as a mere constant, once aligned and once not. */
function makeStub(size: number): Buffer {
  const stub = noise(Math.max(size, 0x100), 7);
  stub.write('MZ', 0, 'latin1');
  stub.writeUInt32LE(MAGIC, 0x80);
  stub.writeUInt32LE(MAGIC, 0xc1);
  return stub;
}
