/** Finds the chain of images in a .BIN (behind a prefix of 0x5C bytes) or somewhere inside a Windows .EXE. */

import { DriverError } from '../errors';
import { ANY_MODEL, MODEL } from '../family/family';
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
    throw new DriverError('FIRMWARE_INVALID', `${source.name} is no Balong firmware: it is ${kind.what}.`, {
      hint: kind.todo ?? `Give the .BIN or .EXE file of an ${MODEL} firmware.`,
    });
  }
  if (prefix.length < MAGIC.length) {
    throw new DriverError('FIRMWARE_TRUNCATED', `${source.name} has only ${source.size} bytes and holds no image.`, {
      hint: 'Download or copy the firmware file again.',
    });
  }
  throw new DriverError(
    'FIRMWARE_INVALID',
    `${source.name} is no Balong firmware: it has no image header at byte 0x5C and is no Windows program.`,
    { hint: `Give the .BIN or .EXE file of an ${MODEL} firmware.` },
  );
}

const updateApp = (source: ByteSource): DriverError =>
  new DriverError(
    'FIRMWARE_WRONG_DEVICE',
    `${source.name} is the UPDATE.APP of a Huawei phone or router, not firmware for an ${MODEL}.`,
    { hint: `Use firmware made for the ${ANY_MODEL}.` },
  );

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
  return new DriverError(
    'FIRMWARE_CRC',
    `The image header at byte 0x${offset.toString(16)} of ${source.name} is damaged.`,
    { hint: 'Download or copy the firmware file again.' },
  );
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
  throw new DriverError('FIRMWARE_INVALID', `${source.name} is a Windows program without firmware inside.`, {
    hint: `Give the updater .EXE of an ${MODEL} firmware, or the .BIN file taken out of it.`,
  });
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
