/** Finds the chain of images in a .BIN (behind a prefix of 0x5C bytes) or somewhere inside a Windows .EXE. */

import { type DriverError, failure } from '../errors';
import { MODEL } from '../family/family';
import type { ByteSource } from './byte-source';
import {
  CODE_OFFSET,
  fieldsPadded,
  HEADER_LENGTH,
  headerCrcRight,
  lengthsAgree,
  MAGIC,
  PREFIX_LENGTH,
  readsLikeHeader,
} from './header';
import { isUpdateApp, KIND_LENGTH, whatIsIt } from './kinds';
import { isNamedCode } from './partitions';

const STEP = 1024 * 1024;
/** Bits 0 to 2 type, bit 3 signed. */
const MAX_DLOAD_ID = 0x0f;

export interface ChainStart {
  form: 'bin' | 'exe';
  /** File offset of the first header. */
  offset: number;
}

/**
 * Throws FIRMWARE_INVALID (nothing found), FIRMWARE_TRUNCATED, FIRMWARE_CRC (a damaged first header), FIRMWARE_WRONG_DEVICE
 * (an UPDATE.APP).
 */
export async function findChain(source: ByteSource): Promise<ChainStart> {
  const head = await source.read(0, Math.min(source.size, PREFIX_LENGTH + HEADER_LENGTH));
  if (head[0] === 0x4d && head[1] === 0x5a) return { form: 'exe', offset: await searchExe(source) };
  const prefix = head.subarray(PREFIX_LENGTH);
  if (prefix.length >= MAGIC.length && prefix.subarray(0, MAGIC.length).equals(MAGIC)) {
    if (prefix.length === HEADER_LENGTH && isUpdateApp(head)) throw updateApp(source);
    return { form: 'bin', offset: PREFIX_LENGTH };
  }
  if (prefix.length === HEADER_LENGTH && readsAsDamaged(prefix)) throw damaged(source, PREFIX_LENGTH);
  const kind = whatIsIt(await source.read(0, Math.min(source.size, KIND_LENGTH)), source.name);
  if (kind) {
    throw failure('FIRMWARE_INVALID/other-file', { name: source.name, what: kind.what, kind: kind.group });
  }
  if (prefix.length < MAGIC.length) {
    throw failure('FIRMWARE_TRUNCATED/no-image', { name: source.name, bytes: source.size });
  }
  throw failure('FIRMWARE_INVALID/start', { name: source.name });
}

const updateApp = (source: ByteSource): DriverError =>
  failure('FIRMWARE_WRONG_DEVICE/update-app', { name: source.name, model: MODEL });

/** True if `header` (98 bytes) would be right but for its magic. */
function repaired(header: Uint8Array): boolean {
  const copy = Buffer.from(header);
  MAGIC.copy(copy);
  return headerCrcRight(copy);
}

/** True if `header` (98 bytes, without the magic) is that of an image all the same: some of its bytes are damaged. */
export function readsAsDamaged(header: Buffer): boolean {
  if (repaired(header) || lengthsAgree(header)) return true;
  const right = MAGIC.filter((byte, i) => header[i] === byte).length;
  return right >= 2 && readsLikeHeader(header, 0);
}

/**
 * What the 98 bytes at `at`, which begin with the magic, are: a header that matches its checksum, one with damaged bytes,
 * the constant with no more than text behind it, or nothing but the constant.
 */
export function judgeHeader(piece: Buffer, at: number): 'right' | 'damaged' | 'doubtful' | undefined {
  if (headerCrcRight(piece, at)) return 'right';
  const reads = readsLikeHeader(piece, at);
  const named = isNamedCode(piece.readUInt32LE(at + CODE_OFFSET));
  if (lengthsAgree(piece, at) || (reads && (named || fieldsPadded(piece, at)))) return 'damaged';
  return reads ? 'doubtful' : undefined;
}

export function damaged(source: ByteSource, offset: number): DriverError {
  return failure('FIRMWARE_CRC/header-damaged', { name: source.name, at: `0x${offset.toString(16)}` });
}

/**
 * The first occurrence of the magic, aligned or not, whose header is right and whose lengths fit. The magic also
 * occurs as a constant in program code, so an occurrence counts as a damaged header only if the rest reads like one. Where
 * no more than text follows, as it may in a program, it counts only if there is no right header behind it.
 */
async function searchExe(source: ByteSource): Promise<number> {
  let doubtful: number | undefined;
  for (let base = 0; base < source.size; base += STEP) {
    // Overlap: a header that begins in this step is whole in this piece.
    const piece = await source.read(base, Math.min(STEP + HEADER_LENGTH - 1, source.size - base));
    for (let at = piece.indexOf(MAGIC); at >= 0 && at < STEP; at = piece.indexOf(MAGIC, at + 1)) {
      if (base + at < PREFIX_LENGTH || at + HEADER_LENGTH > piece.length) continue;
      const judged = judgeHeader(piece, at);
      if (judged === 'damaged') throw damaged(source, base + at);
      if (judged === 'doubtful') doubtful ??= base + at;
      if (judged !== 'right' || !lengthsAgree(piece, at)) continue;
      await requireFirst(source, base + at);
      return base + at;
    }
  }
  if (doubtful !== undefined) throw damaged(source, doubtful);
  throw failure('FIRMWARE_INVALID/program', { name: source.name });
}

/**
 * A header whose magic is damaged is not found, and the chain would seem to begin with the next image. So nothing in
 * front of the chain may look like an image that ends exactly where it begins.
 */
async function requireFirst(source: ByteSource, start: number): Promise<void> {
  const dloadId = (await source.read(start - PREFIX_LENGTH, 1))[0] as number;
  if (dloadId > MAX_DLOAD_ID) throw damaged(source, start - PREFIX_LENGTH);
  const first = start % 4;
  for (let base = first; base + HEADER_LENGTH <= start; base += STEP) {
    const piece = await source.read(base, Math.min(STEP + HEADER_LENGTH - 1, start - base));
    const end = Math.min(STEP, piece.length - HEADER_LENGTH + 1);
    for (let at = 0; at < end; at += 4) {
      const length = piece.readUInt32LE(at + 4) + piece.readUInt32LE(at + 24);
      if (start - (base + at) - length > 3 || start - (base + at) - length < 0) continue;
      if (lengthsAgree(piece, at)) throw damaged(source, base + at);
    }
  }
}
