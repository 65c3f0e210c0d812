/** The bytes of an image as they lie in the file, block checksums verified on the way, in bounded memory. */

import { X25_INIT, x25Update } from '../codec/crc';
import { DriverError } from '../errors';
import type { FirmwareImage } from './firmware';
import { HEADER_LENGTH } from './header';
import { imageTitle } from './partitions';
import type { ByteSource } from './source';

/** Bytes of an image that are read at once. */
export const STEP = 1024 * 1024;
/** Checksums that are read at once (2 bytes each). */
const SUMS_STEP = 64 * 1024;

/**
 * Yields the image in pieces of at most {@link STEP} bytes, each verified as far as its blocks are complete; the next
 * piece is read meanwhile. Throws FIRMWARE_CRC naming the block, and the errors of the source.
 *
 * With `buffers` (at least 2, of STEP bytes) the pieces lie in them in turn: a piece is valid until as many further
 * ones were asked for as there are buffers, less one. Without, each piece has memory of its own.
 */
export async function* storedPieces(
  source: ByteSource,
  image: FirmwareImage,
  buffers: readonly Buffer[] = [],
): AsyncGenerator<Buffer, void, undefined> {
  const blocks = image.headerSize > 0 || image.sums ? new BlockSums(source, image) : undefined;
  // Whole blocks where they are small enough, so that each piece is verified before it is handed on.
  const step = image.blockSize <= STEP ? STEP - (STEP % image.blockSize) : STEP;
  const fetch = (at: number, n: number): Promise<Buffer> => {
    const length = Math.min(step, image.storedSize - at);
    const buffer = buffers.length > 0 ? buffers[n % buffers.length] : undefined;
    const piece = source.read(image.offset + at, length, buffer);
    // Its failure is met when the piece is waited for; nobody may wait for it if the one before fails.
    piece.catch(() => undefined);
    return piece;
  };
  let next = fetch(0, 0);
  for (let at = 0, n = 1; at < image.storedSize; at += step, n++) {
    const piece = await next;
    if (at + step < image.storedSize) next = fetch(at + step, n);
    await blocks?.verify(piece);
    yield piece;
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
    const { headerOffset, headerSize, sums } = this.#image;
    if (sums) {
      this.#sums = Buffer.from(sums.buffer, sums.byteOffset, sums.byteLength).subarray(2 * this.#block);
      this.#first = this.#block;
      return;
    }
    const from = HEADER_LENGTH + 2 * this.#block;
    const length = Math.min(2 * SUMS_STEP, headerSize - from);
    this.#sums = await this.#source.read(headerOffset + from, length);
    this.#first = this.#block;
  }

  #mismatch(): DriverError {
    const { blockSize, storedSize, offset, file } = this.#image;
    const where = `block ${this.#block + 1} of ${Math.ceil(storedSize / blockSize)}`;
    const start = file === undefined ? offset : 0;
    const byte = `byte 0x${(start + this.#block * blockSize).toString(16)} of ${file ?? 'the file'}`;
    const title = imageTitle(this.#image, this.#source.name);
    return file === undefined
      ? new DriverError('FIRMWARE_CRC', `The ${title} does not match its checksums: ${where}, from ${byte}.`, {
          hint: 'The file is damaged, or it is changing just now: download or copy it again.',
        })
      : new DriverError('FIRMWARE_CRC', `The ${title} has changed since it was checked: ${where}, from ${byte}.`, {
          hint: 'Wait until the program that writes the file has finished, then start again.',
        });
  }
}

/** The checksums of an image that has none in its file. */
export class BlockSummer {
  readonly #blockSize: number;
  readonly #sums: Buffer;
  #block = 0;
  #register = X25_INIT;
  #inBlock = 0;

  constructor({ blockSize, storedSize }: FirmwareImage) {
    this.#blockSize = blockSize;
    this.#sums = Buffer.alloc(2 * Math.ceil(storedSize / blockSize));
  }

  add(piece: Buffer): void {
    for (let at = 0; at < piece.length; ) {
      const take = Math.min(this.#blockSize - this.#inBlock, piece.length - at);
      this.#register = x25Update(this.#register, piece, at, at + take);
      at += take;
      this.#inBlock += take;
      if (this.#inBlock === this.#blockSize) this.#close();
    }
  }

  /** u16 little-endian each; the image was added as a whole. */
  end(): Uint8Array {
    if (this.#inBlock > 0) this.#close();
    return this.#sums;
  }

  #close(): void {
    this.#sums.writeUInt16LE(this.#register ^ 0xffff, 2 * this.#block++);
    this.#register = X25_INIT;
    this.#inBlock = 0;
  }
}
