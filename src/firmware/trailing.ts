/**
 * What may stand around the images of a file. A chain has no end mark, and in a program nobody says where it begins: an image
 * that was left out, because its header is destroyed, must show here.
 */

import { type DriverError, failure } from '../errors';
import type { ByteSource } from './byte-source';
import { judgeHeader } from './chain';
import { HEADER_LENGTH, MAGIC, PREFIX_LENGTH } from './header';
import { isHeaderlessAt, isHeaderlessBefore } from './headerless';
import { type Span, spanAround } from './pe';

const STEP = 1024 * 1024;
/** Header, one checksum, one byte: fewer bytes are no image. */
const SHORTEST_IMAGE = HEADER_LENGTH + 2 + 1;

export interface Chain {
  form: 'bin' | 'exe';
  /** File offset of the first header. */
  chainOffset: number;
  /** File offset behind the last image. */
  end: number;
  /** Bytes per checksum of its images. */
  blockSizes: readonly number[];
}

/**
 * A .BIN ends with its last image, filler apart. In an .EXE no further header may come, and what the program itself names as
 * one thing (a resource, or what is appended to it) must be the chain and nothing else. Where it names nothing, the bytes
 * around the chain must not be an image without its header. Returns what stays in doubt, as a sentence.
 * Errors: FIRMWARE_INVALID, FIRMWARE_CRC.
 */
export async function requireWhole(source: ByteSource, chain: Chain): Promise<string | undefined> {
  if (chain.form === 'bin') return requireFiller(source, chain.end);
  await requireNoHeader(source, chain.end);
  const span = await spanAround(source, chain.chainOffset - PREFIX_LENGTH);
  return span ? requireAlone(source, chain, span) : requireNoImage(source, chain);
}

async function requireFiller(source: ByteSource, end: number): Promise<string | undefined> {
  if (end === source.size) return undefined;
  const filler = (await source.read(end, 1))[0] as number;
  const blank = Buffer.alloc(Math.min(STEP, source.size - end), filler);
  for (let at = end; at < source.size; at += STEP) {
    const piece = await source.read(at, Math.min(STEP, source.size - at));
    if ((filler === 0 || filler === 0xff) && piece.equals(blank.subarray(0, piece.length))) continue;
    throw failure('FIRMWARE_INVALID/trailing', { name: source.name, bytes: source.size - end });
  }
  if (source.size - end < SHORTEST_IMAGE) return undefined;
  return `${source.size - end} bytes of filler follow the last image: whether one more was lost there cannot be told.`;
}

async function requireNoHeader(source: ByteSource, end: number): Promise<void> {
  for (let base = end; base < source.size; base += STEP) {
    const piece = await source.read(base, Math.min(STEP + HEADER_LENGTH - 1, source.size - base));
    for (let at = piece.indexOf(MAGIC); at >= 0 && at < STEP; at = piece.indexOf(MAGIC, at + 1)) {
      if (at + HEADER_LENGTH > piece.length) break;
      const judged = judgeHeader(piece, at);
      if (judged === 'right' || judged === 'damaged') throw further(source, base + at);
    }
  }
}

const further = (source: ByteSource, at: number): DriverError =>
  failure('FIRMWARE_INVALID/further-image', { name: source.name, at: `0x${at.toString(16)}` });

/** The resource, or what is appended, has no room for one more image: neither in front of the chain nor behind it. */
async function requireAlone(source: ByteSource, chain: Chain, span: Span): Promise<undefined> {
  const inFront = chain.chainOffset - PREFIX_LENGTH - span.start;
  const behind = (await lastByte(source, chain.end, Math.min(span.end, source.size))) - chain.end;
  if (inFront < SHORTEST_IMAGE && behind < SHORTEST_IMAGE) return undefined;
  const [bytes, where] = inFront < SHORTEST_IMAGE ? [behind, 'behind its last'] : [inFront, 'in front of its first'];
  throw failure('FIRMWARE_INVALID/beside-chain', { name: source.name, bytes, where });
}

/** Offset behind the last byte in front of `to` that is no filler; `from` where there is none. */
async function lastByte(source: ByteSource, from: number, to: number): Promise<number> {
  for (let end = to; end > from; end -= STEP) {
    const start = Math.max(from, end - STEP);
    const last = (await source.read(start, end - start)).findLastIndex((byte) => byte !== 0 && byte !== 0xff);
    if (last >= 0) return start + last + 1;
  }
  return from;
}

/** In the middle of a program only the images themselves tell. */
async function requireNoImage(source: ByteSource, chain: Chain): Promise<string | undefined> {
  const { chainOffset, end, blockSizes } = chain;
  if (await isHeaderlessAt(source, end, blockSizes)) throw destroyed(source, 'behind', end);
  if (!(await hasCleanPrefix(source, chainOffset)) && (await isHeaderlessBefore(source, chainOffset, blockSizes))) {
    throw destroyed(source, 'in front of', chainOffset);
  }
  if ((await lastByte(source, end, source.size)) - end < SHORTEST_IMAGE) return undefined;
  return 'Bytes that are no image follow the last one. They may belong to the program; whether one more was lost cannot be told.';
}

const destroyed = (source: ByteSource, where: string, at: number): DriverError =>
  failure('FIRMWARE_CRC/header-destroyed', { name: source.name, where, at: `0x${at.toString(16)}` });

/** True if what stands in front of the chain is the start of a firmware, not the end of an image: its type, then zeros. */
async function hasCleanPrefix(source: ByteSource, chainOffset: number): Promise<boolean> {
  const [type, ...rest] = await source.read(chainOffset - PREFIX_LENGTH, PREFIX_LENGTH);
  return type !== 0 && rest.every((byte) => byte === 0);
}
