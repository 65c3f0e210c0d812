/**
 * The download protocol: one image after another through a running loader.
 *
 * Facts of the loader that this relies on: block numbers must be last + 1, a repeated block is acknowledged and
 * not stored; START resets everything for its image; END is acknowledged although bytes are missing, so the host must
 * count; after a bootrom image with another partition table the next START is refused (NAK 07) until a reset, "mid-way
 * restart"; the ACK of a block that fills the loader's 2 MiB buffer, and of the last one, comes after erase and write.
 */

import { createHash } from 'node:crypto';
import { encodeFrame, encodeInto, maxEncoded } from '../codec/hdlc';
import { failure } from '../errors';
import { FLASH } from '../family/family';
import { isBootRomCode } from '../firmware/partitions';
import { ACK, type LoaderLink } from '../survey/loader-link';
import { TIMEOUTS } from '../timeouts';
import { nakText } from './nak';

/** Bytes per data block. */
export const BLOCK = FLASH.frame;
const BLOCK_HEADER = 7;
const OPERATION_FAILED = 7;

/** Delivers an image as it is sent (decompressed), in blocks of exactly the asked size, the last one shorter. */
export interface BlockSource {
  /** Empty at the end. The block is valid until the next call. */
  next(size: number): Uint8Array | Promise<Uint8Array>;
}

export interface DownloadImage {
  code: number;
  /** Partition name, for messages. */
  name: string;
  /** Bytes as sent. */
  size: number;
  /** Of the bytes as sent, in hex, as the check has found it. */
  sha256: string;
}

export function startFrame(code: number, size: number): Uint8Array {
  const body = Buffer.alloc(12);
  body[0] = 0x41;
  body.writeUInt32BE(code, 1);
  body.writeUInt32BE(size, 5);
  return encodeFrame(body);
}

export function endFrame(code: number, size: number): Uint8Array {
  const body = Buffer.alloc(23);
  body[0] = 0x43;
  body.writeUInt32BE(size, 1);
  body.writeUInt32BE(code, 8);
  return encodeFrame(body);
}

/** Bytes that are hashed at once: 4 KiB at a time would take twice as long. */
const HASHED = 16 * BLOCK;

/** Hashes what was sent, from a copy of its own. */
class SentHash {
  readonly #hash = createHash('sha256');
  readonly #waiting = Buffer.alloc(HASHED);
  #length = 0;

  add(data: Uint8Array): void {
    if (this.#length + data.length > HASHED) this.#flush();
    this.#waiting.set(data, this.#length);
    this.#length += data.length;
  }

  hex(): string {
    this.#flush();
    return this.#hash.digest('hex');
  }

  #flush(): void {
    this.#hash.update(this.#waiting.subarray(0, this.#length));
    this.#length = 0;
  }
}

/** Encodes data frames into two buffers in turn: one is on the wire while the next is made. */
class BlockEncoder {
  /** Of all that was encoded. */
  readonly sent = new SentHash();
  readonly #body = Buffer.alloc(BLOCK_HEADER + BLOCK);
  readonly #frames = [0, 1].map(() => new Uint8Array(maxEncoded(BLOCK_HEADER + BLOCK)));

  frame(block: number, data: Uint8Array): Uint8Array {
    const body = this.#body;
    body[0] = 0x42;
    body.writeUInt32BE(block, 1);
    body.writeUInt16BE(data.length, 5);
    body.set(data, BLOCK_HEADER);
    // Not `data`, which somebody else could change before the next line.
    this.sent.add(body.subarray(BLOCK_HEADER, BLOCK_HEADER + data.length));
    const out = this.#frames[block & 1] as Uint8Array;
    return out.subarray(0, encodeInto(body.subarray(0, BLOCK_HEADER + data.length), out));
  }
}

export interface WriteOptions {
  stick: string;
  /** Code of the image that was written just before this one through the same loader run. */
  previousCode?: number;
  /** The loader has accepted the START: with the first block, which waits for this, the partition is not what it was. */
  onStarted?: () => Promise<void>;
  /** Bytes of this image that have been acknowledged. */
  onProgress?: (sent: number) => void;
}

const START = 'the start';

/**
 * Writes one image: START, blocks, ping, END. Other ends than `done`:
 * `restart` = the loader asks for the mid-way restart, nothing of this image was sent;
 * `unclear` = an answer was lost that could have been a refusal (of a block, or of the END): a repeat is acknowledged as a
 * repeat, whatever became of the write, and at which blocks the loader writes to the flash is not known for sure. To be
 * written once more from its first block, which the loader allows at any time.
 * Errors: NAK, TIMEOUT, STICK_GONE, PROTOCOL, FIRMWARE_TRUNCATED and FIRMWARE_CRC (not the bytes that were checked), and what `source` throws. The image is complete only if this returns `done`.
 */
export async function writeImage(
  link: LoaderLink,
  image: DownloadImage,
  source: BlockSource,
  options: WriteOptions,
): Promise<'done' | 'restart' | 'unclear'> {
  const refused = (number: number, what: string) => {
    const told = { stick: options.stick, image: image.name, verdict: nakText(number), number };
    if (number !== OPERATION_FAILED) return failure('NAK/dialect', { ...told, what });
    return what === START ? failure('NAK/image-start', told) : failure('NAK/image', { ...told, what });
  };

  const started = await link.send(
    startFrame(image.code, image.size),
    TIMEOUTS.loader.command,
    `the start of ${image.name}`,
  );
  const { previousCode } = options;
  if (started === OPERATION_FAILED && previousCode !== undefined && isBootRomCode(previousCode)) return 'restart';
  if (started !== ACK) throw refused(started, START);
  await options.onStarted?.();

  const encoder = new BlockEncoder();
  let sent = 0;
  let number = 1;
  const repeats = link.repeats;
  let data = await source.next(BLOCK);
  let frame = encoder.frame(number, data);
  while (data.length > 0) {
    const after = sent + data.length;
    if (after > image.size) break;
    const slow = after === image.size || Math.floor(after / FLASH.buffer) > Math.floor(sent / FLASH.buffer);
    const what = `block ${number}`;
    const answer = link.send(frame, slow ? TIMEOUTS.loader.slowBlock : TIMEOUTS.loader.block, what);
    // The next frame is made while the stick works on this one; a fault in the source waits for the answer.
    const upcoming = prepare(source, encoder, number + 1);
    const verdict = await answer;
    if (verdict !== ACK) throw refused(verdict, what);
    const next = upcoming instanceof Promise ? await upcoming : upcoming;
    // Whether the first answer was a refusal nobody knows: a repeat is acknowledged whatever became of it.
    if (link.repeats > repeats) return 'unclear';
    sent = after;
    options.onProgress?.(sent);
    if ('error' in next) throw next.error;
    number++;
    data = next.data;
    frame = next.frame;
  }
  if (sent !== image.size || data.length > 0) {
    throw failure(
      'FIRMWARE_TRUNCATED/sent',
      { image: image.name, amount: data.length > 0 ? 'more' : 'fewer', sent, bytes: image.size },
      { stick: options.stick },
    );
  }
  // Before the END: an image that is not the one that was checked is never called complete.
  if (encoder.sent.hex() !== image.sha256) {
    throw failure('FIRMWARE_CRC/sent', { image: image.name }, { stick: options.stick });
  }
  // A stale ACK must not cover the END: the ping throws everything before it away.
  await link.ping();
  const ended = await link.send(
    endFrame(image.code, image.size),
    TIMEOUTS.loader.slowBlock,
    `the end of ${image.name}`,
  );
  if (ended !== ACK && link.repeats > repeats) return 'unclear';
  if (ended !== ACK) throw refused(ended, 'the end');
  return 'done';
}

type Prepared = { data: Uint8Array; frame: Uint8Array } | { error: unknown };

/** Never rejects: the error is kept until the frame before it has been answered. */
function prepare(source: BlockSource, encoder: BlockEncoder, number: number): Prepared | Promise<Prepared> {
  const encoded = (data: Uint8Array): Prepared => ({ data, frame: encoder.frame(number, data) });
  try {
    const data = source.next(BLOCK);
    return data instanceof Promise ? data.then(encoded, (error: unknown) => ({ error })) : encoded(data);
  } catch (error) {
    return { error };
  }
}
