/** The images of a folder (folder.ts), in the terms of a firmware file. */

import { FLASH } from '../family/family';
import type { ByteSource, SourcePart } from './byte-source';
import { readContent } from './content';
import type { FirmwareImage } from './firmware';
import type { FirmwareContent } from './images';
import { partitionName, roomFor } from './partitions';
import { SYNTHETIC_PLATFORM } from './policy';

/** There are no blocks in this form; what the chain form usually has. */
const BLOCK_SIZE = 4096;

/** Of a file type, texts and checksums this form has none. */
export async function readFolder(source: ByteSource, parts: readonly SourcePart[]): Promise<FirmwareContent> {
  const images: FirmwareImage[] = [];
  for (const [index, { file, code, offset, size, asSent }] of parts.entries()) {
    images.push({
      index,
      code,
      partition: partitionName(code),
      headerOffset: offset,
      headerSize: 0,
      headerVersion: 0,
      offset,
      storedSize: size,
      ...(await readContent(source, offset, size, index, asSent)),
      blockSize: BLOCK_SIZE,
      room: roomFor(code) ?? FLASH.nand.size,
      unlock: '',
      date: '',
      time: '',
      // The one text that an export of made-up firmware must not lose.
      platform: file.includes(SYNTHETIC_PLATFORM) ? SYNTHETIC_PLATFORM : '',
      version: '',
      file,
    });
  }
  return { form: 'folder', chainOffset: 0, dloadId: 0, images, end: source.size };
}
