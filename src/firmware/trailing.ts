/** What may stand behind the last image of a file. A chain has no end mark: an image left out must show here. */

import { DriverError } from '../errors';
import { HEADER_LENGTH, headerCrcRight, MAGIC } from './header';
import type { ByteSource } from './source';

const STEP = 1024 * 1024;

/**
 * A .BIN ends with its last image (filler apart). Behind the chain in an .EXE the program may go on, but no further image
 * header may come: there the chain broke off in front of it. Error: FIRMWARE_INVALID.
 */
export async function requireCleanEnd(source: ByteSource, end: number, form: 'bin' | 'exe'): Promise<void> {
  return form === 'bin' ? requireFiller(source, end) : requireNoHeader(source, end);
}

async function requireFiller(source: ByteSource, end: number): Promise<void> {
  if (end === source.size) return;
  const filler = (await source.read(end, 1))[0] as number;
  const blank = Buffer.alloc(Math.min(STEP, source.size - end), filler);
  for (let at = end; at < source.size; at += STEP) {
    const piece = await source.read(at, Math.min(STEP, source.size - at));
    if ((filler === 0 || filler === 0xff) && piece.equals(blank.subarray(0, piece.length))) continue;
    const message = `${source.name} has ${source.size - end} bytes behind its last image that are no image.`;
    throw new DriverError('FIRMWARE_INVALID', message, {
      hint: 'The file is damaged, or two files were joined: get it from another source.',
    });
  }
}

async function requireNoHeader(source: ByteSource, end: number): Promise<void> {
  for (let base = end; base < source.size; base += STEP) {
    const piece = await source.read(base, Math.min(STEP + HEADER_LENGTH - 1, source.size - base));
    for (let at = piece.indexOf(MAGIC); at >= 0 && at < STEP; at = piece.indexOf(MAGIC, at + 1)) {
      if (at + HEADER_LENGTH > piece.length) break;
      if (headerCrcRight(piece, at)) throw further(source, base + at);
    }
  }
}

const further = (source: ByteSource, at: number): DriverError =>
  new DriverError(
    'FIRMWARE_INVALID',
    `${source.name} has an image at byte 0x${at.toString(16)} that does not follow on the others.`,
    {
      hint: 'An image header in front of it is damaged, or the program holds two firmwares: get the file again, or as a .BIN.',
    },
  );
