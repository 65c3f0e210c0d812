/**
 * The bytes of an image as they lie in the file, verified on the way, in bounded memory: by the checksums in the file when
 * it is checked, afterwards by what that check keeps in memory. The file's own checksums would be read again from a file
 * that may have changed as a whole, and then agree.
 */

import { X25_INIT, x25Update } from '../codec/crc';
import { type DriverError, failure } from '../errors';
import type { ByteSource } from './byte-source';
import { DIGEST_STEP, digestOf } from './digests';
import type { FirmwareImage } from './firmware';
import { HEADER_LENGTH } from './header';
import { imageTitle } from './partitions';

/** Bytes of an image that are read at once. */
export const STEP = 1024 * 1024;
/** Checksums that are read at once (2 bytes each). */
const SUMS_STEP = 64 * 1024;

/**
 * Yields the image in pieces of {@link STEP} bytes, the last one shorter; the next piece is read meanwhile. Of an image
 * that was checked each piece is verified as a whole before it is handed out, else as far as its blocks are complete.
 * Throws FIRMWARE_CRC naming the place, and the errors of the source.
 *
 * With `buffers` (at least 2, of STEP bytes) the pieces lie in them in turn: a piece is valid until as many further
 * ones were asked for as there are buffers, less one. Without, each piece has memory of its own.
 */
export async function* storedPieces(
  source: ByteSource,
  image: FirmwareImage,
  buffers: readonly Buffer[] = [],
): AsyncGenerator<Buffer, void, undefined> {
  const { digests } = image;
  const blocks = image.headerSize > 0 && !digests ? new BlockSums(source, image) : undefined;
  const fetch = (at: number, n: number): Promise<Buffer> => {
    const length = Math.min(STEP, image.storedSize - at);
    const piece = source.read(image.offset + at, length, buffers[n % buffers.length]);
    // Its failure is met when the piece is waited for; nobody may wait for it if the one before fails.
    piece.catch(() => undefined);
    return piece;
  };
  let next = fetch(0, 0);
  for (let at = 0, n = 1; at < image.storedSize; at += STEP, n++) {
    const piece = await next;
    if (at + STEP < image.storedSize) next = fetch(at + STEP, n);
    if (digests) requireSame(source, image, digests, piece, at);
    await blocks?.verify(piece);
    yield piece;
  }
}

/** The piece at `start` of the image must be what was checked. */
function requireSame(
  source: ByteSource,
  image: FirmwareImage,
  digests: Uint32Array,
  piece: Buffer,
  start: number,
): void {
  for (let at = 0; at < piece.length; at += DIGEST_STEP) {
    if (digestOf(piece.subarray(at, at + DIGEST_STEP)) === digests[(start + at) / DIGEST_STEP]) continue;
    const { offset, file } = image;
    const from = start + at + (file === undefined ? offset : 0);
    const title = imageTitle(image, source.name);
    throw failure('FIRMWARE_CRC/changed', { title, at: `0x${from.toString(16)}`, file: file ?? 'the file' });
  }
}

/** Follows the image piece by piece and compares each block with its checksum. */
class BlockSums {
  readonly #source: ByteSource;
  readonly #image: FirmwareImage;
  /** The checksums from block `#first` on. */
  #sums: Buffer = Buffer.alloc(0);
  #first = 0;
  #block = 0;
  #register = X25_INIT;
  /** Bytes of the current block, and of the image, that were seen. */
  #inBlock = 0;
  #seen = 0;

  constructor(source: ByteSource, image: FirmwareImage) {
    this.#source = source;
    this.#image = image;
  }

  async verify(piece: Buffer): Promise<void> {
    const { blockSize, storedSize } = this.#image;
    let at = 0;
    while (at < piece.length) {
      const take = Math.min(blockSize - this.#inBlock, piece.length - at);
      this.#register = x25Update(this.#register, piece, at, at + take);
      at += take;
      this.#inBlock += take;
      this.#seen += take;
      if (this.#inBlock < blockSize && this.#seen < storedSize) return;
      if ((this.#block - this.#first) * 2 >= this.#sums.length) await this.#load();
      const sum = this.#sums.readUInt16LE((this.#block - this.#first) * 2);
      if ((this.#register ^ 0xffff) !== sum) throw this.#mismatch();
      this.#block++;
      this.#register = X25_INIT;
      this.#inBlock = 0;
    }
  }

  async #load(): Promise<void> {
    const { headerOffset, headerSize } = this.#image;
    const from = HEADER_LENGTH + 2 * this.#block;
    const length = Math.min(2 * SUMS_STEP, headerSize - from);
    this.#sums = await this.#source.read(headerOffset + from, length);
    this.#first = this.#block;
  }

  #mismatch(): DriverError {
    const { blockSize, storedSize, offset } = this.#image;
    return failure('FIRMWARE_CRC/image', {
      title: imageTitle(this.#image, this.#source.name),
      block: this.#block + 1,
      blocks: Math.ceil(storedSize / blockSize),
      at: `0x${(offset + this.#block * blockSize).toString(16)}`,
    });
  }
}
