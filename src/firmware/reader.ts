/** Hands out an image as sent, block by block, while the next piece is being read and decompressed. */

import { asDriverError } from '../errors';
import type { ByteSource } from './byte-source';
import type { FirmwareImage } from './firmware';
import { sentPieces } from './sent';
import { piecesFromWorker } from './unpack-worker';

export interface ImageReader {
  /**
   * The next `size` bytes as sent; fewer only at the end of the image, none behind it. A promise only where the bytes
   * are not there yet: file access and decompression, so put it under the clock's `during`. Not to be called again
   * before it has settled. Errors: FIRMWARE_CRC, FIRMWARE_INVALID, FIRMWARE_TRUNCATED, FIRMWARE_TOO_LARGE (the file
   * has changed since it was checked), FILE_UNREADABLE, CANCELLED. The bytes must not be changed.
   */
  next(size: number): Buffer | Promise<Buffer>;
  /** Ends the reading, also in the middle. Does not close the source. Never rejects. */
  close(): Promise<void>;
}

export interface OpenImageOptions {
  signal?: AbortSignal;
}

/** LZMA output of about 20 ms: more is decompressed in a worker thread. */
const INLINE_LZMA = 400_000;

/** Starts reading an image from its beginning. Open it again to start over. Memory: about 4 MiB and the dictionary. */
export function openImage(source: ByteSource, image: FirmwareImage, options: OpenImageOptions = {}): ImageReader {
  const long = image.compression === 'lzma' && (image.size ?? 4 * image.storedSize) > INLINE_LZMA;
  return new Reader(long ? piecesFromWorker(source, image) : sentPieces(source, image), options.signal);
}

class Reader implements ImageReader {
  readonly #pieces: AsyncGenerator<Buffer, void, undefined>;
  readonly #signal: AbortSignal | undefined;
  #piece: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The piece behind, once it is there; while it is not, `#ahead` is on its way. */
  #following: Buffer | undefined;
  #ahead: Promise<IteratorResult<Buffer, void>>;
  #ended = false;

  constructor(pieces: AsyncGenerator<Buffer, void, undefined>, signal: AbortSignal | undefined) {
    this.#pieces = pieces;
    this.#signal = signal;
    this.#ahead = this.#fetch();
  }

  next(size: number): Buffer | Promise<Buffer> {
    if (this.#signal?.aborted) return Promise.reject(cancelled(this.#signal));
    const start = this.#at;
    const rest = this.#piece.length - start;
    // The last bytes are handed out only when the end of the image is known to be right.
    if (rest > size || this.#ended || (rest === size && this.#following)) {
      this.#at = Math.min(start + size, this.#piece.length);
      return this.#piece.subarray(start, this.#at);
    }
    return this.#refill(size);
  }

  async close(): Promise<void> {
    this.#ended = true;
    this.#piece = Buffer.alloc(0);
    this.#at = 0;
    await this.#pieces.return().catch(() => undefined);
  }

  async #refill(size: number): Promise<Buffer> {
    while (this.#piece.length - this.#at < size || !this.#following) {
      if (this.#following) {
        const rest = this.#piece.subarray(this.#at);
        this.#piece = rest.length === 0 ? this.#following : Buffer.concat([rest, this.#following]);
        this.#at = 0;
        this.#following = undefined;
        this.#ahead = this.#fetch();
        continue;
      }
      const { value, done } = await this.#ahead;
      if (this.#signal?.aborted) throw cancelled(this.#signal);
      if (done || !value) {
        this.#ended = true;
        break;
      }
      this.#following = value;
    }
    return this.next(size);
  }

  #fetch(): Promise<IteratorResult<Buffer, void>> {
    const ahead = this.#pieces.next();
    // Its failure is met when it is waited for.
    ahead.catch(() => undefined);
    return ahead;
  }
}

const cancelled = (signal: AbortSignal) => asDriverError(signal.reason, 'CANCELLED/reading', {});
