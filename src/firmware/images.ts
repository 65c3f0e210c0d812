/** The chain of images in a .BIN or .EXE, header by header, without the images themselves. */

import { type DriverError, failure } from '../errors';
import { FLASH } from '../family/family';
import type { ByteSource } from './byte-source';
import { damaged, findChain, readsAsDamaged } from './chain';
import { readContent } from './content';
import type { FirmwareImage } from './firmware';
import { HEADER_LENGTH, MAGIC, PREFIX_LENGTH, parseHeader, requireSound } from './header';
import { partitionName, roomFor } from './partitions';
import { requireWhole } from './trailing';

/** What stands in a file, in the terms of `Firmware`. */
export interface FirmwareContent {
  form: 'bin' | 'exe' | 'folder';
  chainOffset: number;
  dloadId: number;
  images: FirmwareImage[];
  /** Offset behind the last image. */
  end: number;
  /** Whether these are all images that the file should hold, where that cannot be told: a sentence. */
  doubt?: string;
}

/** Errors: those of `readFirmware`. */
export async function readChain(source: ByteSource): Promise<FirmwareContent> {
  const { form, offset: chainOffset } = await findChain(source);
  const dloadId = (await source.read(chainOffset - PREFIX_LENGTH, 1))[0] as number;
  if (dloadId > 0x0f) {
    throw failure('FIRMWARE_INVALID/file-type', { name: source.name, type: `0x${dloadId.toString(16)}` });
  }
  const images: FirmwareImage[] = [];
  let end = chainOffset;
  for (;;) {
    const image = await readImage(source, end, images.length);
    if (!image) break;
    if (images.length === FLASH.maxImages) {
      throw failure('FIRMWARE_TOO_LARGE/images', { name: source.name, most: FLASH.maxImages });
    }
    images.push(image);
    end = Math.min(align(image.offset + image.storedSize, chainOffset), source.size);
  }
  const blockSizes = images.map((image) => image.blockSize);
  const doubt = await requireWhole(source, { form, chainOffset, end, blockSizes });
  return { form, chainOffset, dloadId, images, end, ...(doubt !== undefined && { doubt }) };
}

/** The next multiple of 4, counted from the start of the chain. */
function align(position: number, chainOffset: number): number {
  return chainOffset + Math.ceil((position - chainOffset) / 4) * 4;
}

async function readImage(source: ByteSource, at: number, index: number): Promise<FirmwareImage | undefined> {
  const head = await source.read(at, Math.min(HEADER_LENGTH, source.size - at));
  if (head.length === 0) return undefined;
  if (!head.subarray(0, MAGIC.length).equals(MAGIC.subarray(0, head.length))) {
    if (head.length === HEADER_LENGTH && readsAsDamaged(head)) throw damaged(source, at);
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
  const content = await readContent(source, offset, header.storedSize, index);
  return {
    index,
    code: header.code,
    partition,
    headerOffset: at,
    headerSize: header.headerSize,
    headerVersion: header.headerVersion,
    offset,
    storedSize: header.storedSize,
    ...content,
    blockSize: header.blockSize,
    room: roomFor(header.code) ?? FLASH.nand.size,
    unlock: header.unlock,
    date: header.date,
    time: header.time,
    platform: header.platform,
    version: header.version,
  };
}

function cut(source: ByteSource, where: string): DriverError {
  return failure('FIRMWARE_TRUNCATED/image', { name: source.name, where, bytes: source.size });
}
