/**
 * What a check keeps of the bytes that it saw, so that the same bytes are found again later: 32 bits per 64 KiB. It finds
 * a file that was changed or replaced meanwhile, before a changed piece is sent; that nothing was changed on purpose is
 * proven by the sha256 of all that was sent.
 */

import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';

/** Bytes per digest. */
export const DIGEST_STEP = 64 * 1024;

/** Node has `crc32` from 20.15 on. */
const hasCrc32 = typeof crc32 === 'function';

export const digestOf = (bytes: Uint8Array): number =>
  hasCrc32 ? crc32(bytes) : createHash('sha256').update(bytes).digest().readUInt32LE(0);

/** The digests of an image that comes in pieces of whole steps, the last one apart. */
export class Digester {
  readonly digests: Uint32Array;
  #next = 0;

  constructor(size: number) {
    this.digests = new Uint32Array(Math.ceil(size / DIGEST_STEP));
  }

  add(piece: Buffer): void {
    for (let at = 0; at < piece.length; at += DIGEST_STEP) {
      this.digests[this.#next++] = digestOf(piece.subarray(at, at + DIGEST_STEP));
    }
  }
}
