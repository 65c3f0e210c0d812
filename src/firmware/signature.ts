/**
 * The signature at the end of an image, as firmware for later chips (V7R2 on) has it. It is part of the image. The
 * loader of V7R1 knows no signatures and does not even answer the command that announces one.
 */

import type { ByteSource } from './byte-source';

const MARK = Buffer.from([0xfa, 0xaf, 0xaa, 0xff]);
/** It stands at the end of the first or the second image. */
const SIGNED_IMAGES = 2;
/** Bytes from the start of the signature: 6 unknown ones, the hash of the public key. */
const HASH_OFFSET = 6;
const HASH_LENGTH = 32;
/** Bytes from the end: the length (4), 4 unknown ones, the mark (4). */
const TAIL_LENGTH = 12;
const MIN_LENGTH = HASH_OFFSET + HASH_LENGTH + TAIL_LENGTH;

export interface Signature {
  /** Bytes, its mark included. */
  length: number;
  /** Hash of the public key, in hex. */
  keyHash: string;
}

/** `signed` is true as soon as the mark is there; `signature` is there only where its length fits into the image. */
export async function readSignature(
  source: ByteSource,
  offset: number,
  size: number,
  index: number,
): Promise<{ signed: boolean; signature?: Signature }> {
  if (index >= SIGNED_IMAGES) return { signed: false };
  const tail = await source.read(offset + size - Math.min(size, TAIL_LENGTH), Math.min(size, TAIL_LENGTH));
  if (!tail.subarray(-MARK.length).equals(MARK)) return { signed: false };
  const length = tail.readUInt32LE(0);
  if (length < MIN_LENGTH || length > size) return { signed: true };
  const hash = await source.read(offset + size - length + HASH_OFFSET, HASH_LENGTH);
  return { signed: true, signature: { length, keyHash: hash.toString('hex').toUpperCase() } };
}
