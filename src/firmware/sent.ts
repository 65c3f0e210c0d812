/** The bytes of an image as they are sent to the stick: decompressed where they lie compressed in the file. */

import { pipeline, Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createInflate } from 'node:zlib';
import { type DriverError, failure } from '../errors';
import type { ByteSource } from './byte-source';
import { tooLarge } from './compression';
import type { FirmwareImage } from './firmware';
import { LzmaDecoder } from './lzma';
import { imageTitle, isWebuiCode } from './partitions';
import { storedPieces } from './stored';

/** Output of one turn of Node's loop: about 6 ms of LZMA. */
const LZMA_SLICE = 128 * 1024;
const ZLIB_CHUNK = 256 * 1024;

export interface SentOptions {
  /** Called with each piece of the file as it was read; it must not be kept. */
  onStored?: (piece: Buffer) => void;
  /** Memory for images that are not compressed, see `storedPieces`; those bytes are then valid for a while only. */
  buffers?: readonly Buffer[];
}

/**
 * Yields the image as sent, in pieces; the blocks' checksums are verified as the bytes are read. Ends normally only if
 * the image was complete, its decompression exact and its size within the partition.
 * Errors: FIRMWARE_CRC, FIRMWARE_TRUNCATED, FIRMWARE_INVALID, FIRMWARE_TOO_LARGE and those of the source.
 */
export async function* sentPieces(
  source: ByteSource,
  image: FirmwareImage,
  options: SentOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const what = imageTitle(image, source.name);
  if (image.size !== undefined && image.size > image.room) throw tooLarge(what, image.size, image.room);
  if (image.packed !== undefined && !isWebuiCode(image.code)) {
    throw failure('FIRMWARE_INVALID/packed', { title: what, kind: image.packed });
  }
  const decode = { none: plain, zlib: inflated, lzma: unpacked }[image.compression];
  const stored = counted(storedPieces(source, image, image.compression === 'none' ? options.buffers : []), options);
  let total = 0;
  for await (const piece of decode(stored, image, what)) {
    total += piece.length;
    if (total > image.room) throw tooLarge(what, undefined, image.room);
    yield piece;
  }
  if (total === 0 || total !== (image.size ?? total)) {
    const wanted = String(image.size ?? 'some');
    throw failure('FIRMWARE_INVALID/image-size', { title: what, bytes: total, wanted });
  }
}

type Pieces = AsyncGenerator<Buffer, void, undefined>;

async function* counted(stored: Pieces, options: SentOptions): Pieces {
  for await (const piece of stored) {
    options.onStored?.(piece);
    yield piece;
  }
}

function plain(stored: Pieces): Pieces {
  return stored;
}

async function* unpacked(stored: Pieces, image: FirmwareImage, what: string): Pieces {
  const decoder = new LzmaDecoder({ limit: image.room, what });
  const drain = async function* (): Pieces {
    for (let piece = decoder.read(LZMA_SLICE); piece.length > 0; piece = decoder.read(LZMA_SLICE)) {
      yield piece;
      await nextTurn();
    }
  };
  for await (const piece of stored) {
    decoder.push(piece);
    yield* drain();
  }
  decoder.end();
  yield* drain();
}

async function* inflated(stored: Pieces, image: FirmwareImage, what: string): Pieces {
  const inflate = createInflate({ chunkSize: ZLIB_CHUNK });
  let storedError: unknown;
  const input = async function* (): Pieces {
    try {
      yield* stored;
    } catch (error) {
      storedError = error;
      throw error;
    }
  };
  // Errors of either side end the loop below; the callback is there because pipeline wants one.
  pipeline(Readable.from(input()), inflate, () => undefined);
  try {
    for await (const piece of inflate) yield piece as Buffer;
  } catch (error) {
    throw storedError ?? zlibError(error as NodeJS.ErrnoException, what);
  }
  if (inflate.bytesWritten !== image.storedSize) {
    const bytes = image.storedSize - inflate.bytesWritten;
    throw failure('FIRMWARE_INVALID/zlib-trailing', { title: what, bytes });
  }
}

function zlibError(error: NodeJS.ErrnoException, title: string): DriverError {
  if (error.code === 'Z_BUF_ERROR') return failure('FIRMWARE_TRUNCATED/zlib', { title }, { cause: error });
  return failure('FIRMWARE_INVALID/zlib', { title, text: error.message }, { cause: error });
}
