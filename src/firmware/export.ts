/** Takes a firmware file apart: each image into a file of its own, as it would be sent, or as it lies in the file. */

import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { asDriverError, failure } from '../errors';
import { FLASH } from '../family/family';
import { shownName } from '../urls';
import type { ByteSource } from './byte-source';
import { readContent } from './content';
import { openFile, writeAll, writeError } from './file';
import type { Firmware, FirmwareImage } from './firmware';
import { beginsWithHeader, partFileName } from './folder';
import { SYNTHETIC_PLATFORM } from './policy';
import { openImage } from './reader';
import { STEP, storedPieces } from './stored';

export interface ExportOptions {
  /** As the images lie in the file: header, checksums, the image compressed or not. Else as they are sent. */
  withHeaders?: boolean;
  signal?: AbortSignal;
  /** Images that are complete. */
  onProgress?: (done: number) => void;
}

export interface ExportedImage {
  /** Name in the folder, `00-00000101-Bootloader_R1.bin`. */
  file: string;
  /** Bytes of it. */
  size: number;
  /** Of it, in hex. */
  sha256: string;
}

/**
 * Makes `folder`, which must not exist or be empty: nothing is overwritten, and on failure nothing is left. Every checksum
 * is verified on the way. What a stick must not get may be taken apart all the same. Without headers the folder is one
 * that `openSource` reads. `source` must be the one that `firmware` was read from; it stays open.
 * Errors: BAD_ARGUMENT, FILE_NOT_WRITTEN, CANCELLED and those of reading images.
 */
export async function exportImages(
  firmware: Firmware,
  source: ByteSource,
  folder: string,
  options: ExportOptions = {},
): Promise<ExportedImage[]> {
  if (options.withHeaders && firmware.form === 'folder') {
    throw failure('BAD_ARGUMENT/no-headers', { name: firmware.name });
  }
  await requireFree(folder);
  // Filled beside its place and put there when it is complete: a half folder could be taken for a whole one.
  const partial = `${resolve(folder)}.${randomUUID().slice(0, 8)}.part`;
  try {
    await written(partial, mkdir(partial));
    const done: ExportedImage[] = [];
    for (const image of firmware.images) {
      done.push(await exportImage(firmware, source, image, partial, options));
      options.onProgress?.(done.length);
    }
    await rename(partial, folder).catch(async (error: unknown) => {
      await requireFree(folder);
      throw writeError(folder, error);
    });
    return done;
  } catch (error) {
    await rm(partial, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  }
}

async function requireFree(folder: string): Promise<void> {
  const names = await readdir(folder).catch((error: unknown) => {
    const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
    if (code === 'ENOENT') return [];
    throw writeError(folder, error);
  });
  if (names.length === 0) return;
  throw failure('BAD_ARGUMENT/folder-taken', { folder: shownName(folder) });
}

async function exportImage(
  firmware: Firmware,
  source: ByteSource,
  image: FirmwareImage,
  folder: string,
  { withHeaders = false, signal }: ExportOptions,
): Promise<ExportedImage> {
  const label = firmware.synthetic ? `${image.partition}.${SYNTHETIC_PLATFORM}` : image.partition;
  const plainName = partFileName(image.index, image.code, label);
  const path = join(folder, plainName);
  const handle = await written(path, open(path, 'wx'));
  try {
    const hash = createHash('sha256');
    let size = 0;
    for await (const piece of withHeaders ? asStored(source, image) : asSent(source, image)) {
      if (signal?.aborted) throw asDriverError(signal.reason, 'CANCELLED/export', {});
      hash.update(piece);
      size += piece.length;
      await written(path, writeAll(handle, piece));
    }
    const file =
      withHeaders || (await readsAsSent(path)) ? plainName : partFileName(image.index, image.code, label, true);
    if (file !== plainName) await written(path, rename(path, join(folder, file)));
    return { file, size, sha256: hash.digest('hex') };
  } finally {
    await handle.close().catch(() => undefined);
  }
}

/** True if whoever reads the folder takes the file for what it is: not for a compressed image, nor for one with a header. */
async function readsAsSent(path: string): Promise<boolean> {
  const source = await openFile(path);
  try {
    const { compression, packed } = await readContent(source, 0, source.size, 0);
    return compression === 'none' && packed === undefined && !(await beginsWithHeader(source));
  } finally {
    await source.close();
  }
}

async function* asStored(source: ByteSource, image: FirmwareImage): AsyncGenerator<Buffer, void, undefined> {
  for (let at = 0; at < image.headerSize; at += STEP) {
    yield await source.read(image.headerOffset + at, Math.min(STEP, image.headerSize - at));
  }
  yield* storedPieces(source, image);
}

async function* asSent(source: ByteSource, image: FirmwareImage): AsyncGenerator<Buffer, void, undefined> {
  // Not for a partition: the whole NAND bounds what it may decompress to.
  const reader = openImage(source, { ...image, room: FLASH.nand.size });
  try {
    for (let piece = await reader.next(STEP); piece.length > 0; piece = await reader.next(STEP)) yield piece;
  } finally {
    await reader.close();
  }
}

const written = <T>(path: string, work: Promise<T>): Promise<T> =>
  work.catch((error: unknown) => Promise.reject(writeError(path, error)));
