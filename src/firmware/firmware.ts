/** A firmware file, read without its images: what is in it, and whether an E3272 may get it. */

import { DriverError } from '../errors';
import { damaged, findChain, repaired } from './chain';
import { type Compression, DETECT_LENGTH, detectCompression, LZMA_HEADER_LENGTH, lzmaHeader } from './compression';
import { HEADER_LENGTH, MAGIC, PREFIX_LENGTH, parseHeader, requireSound } from './header';
import type { PartitionTable } from './partition-table';
import { isVxWorksCode, MAX_IMAGES, NAND_SIZE, partitionName, roomFor } from './partitions';
import { firmwareProblems, firmwareWarnings } from './policy';
import type { ByteSource } from './source';

/** Platform text of firmware that was made up by this package's own tools (design: never for a real stick). */
const SYNTHETIC_PLATFORM = 'E3272-VIRTUAL';
const SIGNATURE_MARK = Buffer.from([0xfa, 0xaf, 0xaa, 0xff]);
/** A signature stands at the end of the first or second image. */
const SIGNED_IMAGES = 2;

export interface FirmwareImage {
  /** Position in the file, from 0. */
  index: number;
  code: number;
  /** Name of the code, `VxWorks_R1`. */
  partition: string;
  headerOffset: number;
  /** Header and checksum block in bytes. */
  headerSize: number;
  headerVersion: number;
  /** File offset of the image. */
  offset: number;
  /** Bytes in the file. */
  storedSize: number;
  /** Bytes as sent; undefined for a compressed image that does not say: the check finds out. */
  size: number | undefined;
  compression: Compression;
  /** Bytes per checksum. */
  blockSize: number;
  /** Bytes as sent that the partition takes; the whole NAND where the code is not for an E3272. */
  room: number;
  /** Compatibility code (hardware id). */
  unlock: string;
  date: string;
  time: string;
  platform: string;
  version: string;
  /** Ends in a signature, which the E3272 loader does not know. */
  signed: boolean;
}

export interface Firmware {
  /** Path, or `buffer`. */
  name: string;
  /** Bytes of the file. */
  size: number;
  form: 'bin' | 'exe';
  chainOffset: number;
  /** Bits 0 to 2: what the file says it holds (1 firmware, 2 ISO, 4 web UI, added up); bit 3: signed. */
  dloadId: number;
  signed: boolean;
  /** Version text of the VxWorks image, or else of the first image that has one; may be empty. */
  version: string;
  images: FirmwareImage[];
  /** Bytes behind the chain: of the Windows program, or filler. */
  trailing: number;
  /** Made up by this package's own tools: for virtual sticks only. */
  synthetic: boolean;
  /** Why an E3272 must not get the file, each with its code. Empty = may be checked and written. */
  problems: DriverError[];
  /** What could not be told, in sentences. */
  warnings: string[];
}

export interface ReadOptions {
  /** The stick's own partition table, where it is known; else that of the known E3272 loader. */
  table?: PartitionTable;
}

/**
 * Reads headers only. Throws what makes the file unreadable: FIRMWARE_INVALID, FIRMWARE_TRUNCATED, FIRMWARE_CRC,
 * FIRMWARE_TOO_LARGE (more than 20 images, an image larger than the NAND) and the errors of the source.
 * What only forbids writing (FIRMWARE_WRONG_DEVICE, FIRMWARE_UNSUPPORTED, FIRMWARE_TOO_LARGE, FIRMWARE_TRUNCATED)
 * stands in `problems`; the check throws it.
 */
export async function readFirmware(source: ByteSource, options: ReadOptions = {}): Promise<Firmware> {
  const start = await findChain(source);
  const dloadId = (await source.read(start.offset - PREFIX_LENGTH, 1))[0] as number;
  if (dloadId > 0x0f) {
    throw new DriverError('FIRMWARE_INVALID', `${source.name} has the unknown file type 0x${dloadId.toString(16)}.`, {
      hint: 'The file is damaged or not for an E3272: get it from another source.',
    });
  }
  const images: FirmwareImage[] = [];
  let end = start.offset;
  for (;;) {
    const image = await readImage(source, end, images.length, options.table);
    if (!image) break;
    if (images.length === MAX_IMAGES) {
      throw new DriverError('FIRMWARE_TOO_LARGE', `${source.name} holds more than ${MAX_IMAGES} images.`, {
        hint: 'The stick takes no more in one file: use firmware made for the E3272.',
      });
    }
    images.push(image);
    end = Math.min(align(image.offset + image.storedSize, start.offset), source.size);
  }
  await requireCleanEnd(source, end, start.form);
  const firmware: Firmware = {
    name: source.name,
    size: source.size,
    form: start.form,
    chainOffset: start.offset,
    dloadId,
    signed: (dloadId & 8) !== 0 || images.some((image) => image.signed),
    version: versionOf(images),
    images,
    trailing: source.size - end,
    synthetic: images.some((image) => image.platform.includes(SYNTHETIC_PLATFORM)),
    problems: [],
    warnings: [],
  };
  firmware.problems = firmwareProblems(firmware);
  firmware.warnings = firmwareWarnings(firmware, options.table !== undefined);
  return firmware;
}

function versionOf(images: readonly FirmwareImage[]): string {
  const versioned = images.filter((image) => image.version !== '');
  return (versioned.find((image) => isVxWorksCode(image.code)) ?? versioned[0])?.version ?? '';
}

/** The next multiple of 4, counted from the start of the chain. */
function align(position: number, chainOffset: number): number {
  return chainOffset + Math.ceil((position - chainOffset) / 4) * 4;
}

async function readImage(
  source: ByteSource,
  at: number,
  index: number,
  table: PartitionTable | undefined,
): Promise<FirmwareImage | undefined> {
  const head = await source.read(at, Math.min(HEADER_LENGTH, source.size - at));
  if (head.length === 0) return undefined;
  if (!head.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, head.length))) {
    if (head.length === HEADER_LENGTH && repaired(head)) throw damaged(source, at);
    return undefined;
  }
  const ordinal = `image ${index + 1}`;
  if (head.length < HEADER_LENGTH) throw cut(source, `inside the header of ${ordinal}`);
  const header = parseHeader(head);
  const partition = partitionName(header.code);
  requireSound(header, `${ordinal} of ${source.name}`);
  const offset = at + header.headerSize;
  if (offset > source.size) throw cut(source, `inside the checksums of ${ordinal} (${partition})`);
  if (offset + header.storedSize > source.size) throw cut(source, `inside ${ordinal} (${partition})`);
  const first = await source.read(offset, Math.min(DETECT_LENGTH, header.storedSize));
  const compression = detectCompression(first);
  let size: number | undefined;
  if (compression === 'none') size = header.storedSize;
  else if (compression === 'lzma') size = lzmaHeader(first.subarray(0, LZMA_HEADER_LENGTH)).size;
  let signed = false;
  if (index < SIGNED_IMAGES && header.storedSize >= SIGNATURE_MARK.length) {
    signed = (await source.read(offset + header.storedSize - 4, 4)).equals(SIGNATURE_MARK);
  }
  return {
    index,
    code: header.code,
    partition,
    headerOffset: at,
    headerSize: header.headerSize,
    headerVersion: header.headerVersion,
    offset,
    storedSize: header.storedSize,
    size,
    compression,
    blockSize: header.blockSize,
    room: roomFor(header.code, table) ?? NAND_SIZE,
    unlock: header.unlock,
    date: header.date,
    time: header.time,
    platform: header.platform,
    version: header.version,
    signed,
  };
}

function cut(source: ByteSource, where: string): DriverError {
  return new DriverError('FIRMWARE_TRUNCATED', `${source.name} ends ${where}; it has ${source.size} bytes.`, {
    hint: 'The download or copy was not complete: get the file again.',
  });
}

/** A .BIN ends with its last image (filler apart): anything else behind it may be images that would be left out. */
async function requireCleanEnd(source: ByteSource, end: number, form: 'bin' | 'exe'): Promise<void> {
  if (form === 'exe') return;
  const step = 1024 * 1024;
  for (let at = end; at < source.size; at += step) {
    const piece = await source.read(at, Math.min(step, source.size - at));
    const filler = piece[0] as number;
    if ((filler !== 0 && filler !== 0xff) || piece.some((byte) => byte !== filler)) {
      const message = `${source.name} has ${source.size - end} bytes behind its last image that are no image.`;
      throw new DriverError('FIRMWARE_INVALID', message, {
        hint: 'The file is damaged, or two files were joined: get it from another source.',
      });
    }
  }
}
