/**
 * Images whose header is destroyed, found by what is left of them: a run of checksums, and right behind it the blocks that
 * they are of. In the middle of other bytes that is proof: two checksums match by chance once in 4 billion. Where the image
 * has no more than one block it is one in 65536 for each length that it might have.
 */

import { X25_INIT, x25Update } from '../codec/crc';
import { suffixSums, windowSums } from '../codec/crc-runs';
import type { ByteSource } from './byte-source';
import { HEADER_LENGTH } from './header';

const STEP = 1024 * 1024;
/** What the packers take. */
const USUAL_BLOCK = 4096;
/** Others that are tried where there are few bytes to look through; a chain may show one that is none of them. */
const OTHER_BLOCKS = [64, 128, 256, 512, 1024, 2048, 8192, 16384, 32768, 65536];
const FEW_BYTES = 256 * 1024;
/** Larger ones, and more different ones in one file, are not tried: each costs time. */
const MAX_BLOCK = 65536;
const MAX_SHOWN = 3;
/** An image as large as the whole NAND has no more usual blocks. */
const MAX_BLOCKS = 65536;
const SUM = 2;

/** `shown`: bytes per checksum of the images that are there. */
function blockSizes(shown: readonly number[], bytes: number): { sizes: number[]; largest: number } {
  const likely = [...new Set([USUAL_BLOCK, ...shown.filter((size) => size <= MAX_BLOCK)])].slice(0, 1 + MAX_SHOWN);
  return {
    sizes: [...new Set([...likely, ...(bytes <= FEW_BYTES ? OTHER_BLOCKS : [])])],
    largest: Math.max(...likely),
  };
}

const crcOf = (data: Buffer): number => x25Update(X25_INIT, data) ^ 0xffff;

/** Filler in front of filler may match by itself. */
const isFiller = (sum: number): boolean => sum === 0 || sum === 0xffff;

const isZero = (data: Buffer): boolean => data.every((byte) => byte === 0);

/** Filler behind an image that ends `length` bytes behind the start of its header. */
const padding = (length: number): number => -length & 3;

/** Bytes of a file, read in large pieces: for many short looks, one behind the other. */
class Looks {
  #start = 0;
  #piece: Buffer = Buffer.alloc(0);

  constructor(private readonly source: ByteSource) {}

  get end(): number {
    return this.source.size;
  }

  /** Fewer at the end of the file. */
  async at(offset: number, length: number): Promise<Buffer> {
    if (offset < this.#start || offset + length > this.#start + this.#piece.length) {
      this.#start = offset;
      this.#piece = await this.source.read(offset, Math.min(Math.max(STEP, length), this.end - offset));
    }
    return this.#piece.subarray(offset - this.#start, offset - this.#start + length);
  }

  /** True if the sum at `sumAt` is that of `length` bytes at `from`. */
  async matches(sumAt: number, from: number, length: number): Promise<boolean> {
    if (from + length > this.end) return false;
    const sum = (await this.source.read(sumAt, SUM)).readUInt16LE(0);
    return crcOf(await this.source.read(from, length)) === sum;
  }
}

/**
 * True if an image stands at `at` of which nothing but the header is lost: overwritten, or cut out. Reads the rest of the
 * file twice at most.
 */
export async function isHeaderlessAt(source: ByteSource, at: number, shown: readonly number[]): Promise<boolean> {
  const looks = new Looks(source);
  const sum = at + HEADER_LENGTH;
  if (sum + SUM < looks.end) {
    const { sizes, largest } = blockSizes(shown, looks.end - at);
    for (const block of sizes) {
      if (await beginsWithBlocks(looks, at, block)) return true;
      if (await endsWithBlocks(looks, sum, block)) return true;
    }
    if (await isOneBlock(looks, sum, largest)) return true;
  }
  return fillsRest(looks, at);
}

/** The first two blocks match; 0 to 98 bytes of the header are still there. */
async function beginsWithBlocks(looks: Looks, at: number, block: number): Promise<boolean> {
  const most = Math.min(MAX_BLOCKS, Math.ceil((looks.end - at) / (block + SUM)));
  const piece = Buffer.from(await looks.at(at, HEADER_LENGTH + SUM * most + block));
  const sums = windowSums(piece, block);
  for (let first = 0; first <= HEADER_LENGTH && first + 2 * SUM < sums.length; first++) {
    const wanted = piece.readUInt16LE(first);
    for (let image = first + 2 * SUM; image < sums.length && !isFiller(wanted); image += SUM) {
      if (sums[image] !== wanted) continue;
      const blocks = (image - first) / SUM;
      const second = at + image + block;
      const sum = at + first + SUM;
      const before = HEADER_LENGTH + SUM * blocks + block;
      const right =
        blocks > 2 ? await looks.matches(sum, second, block) : await isShort(looks, sum, second, block, before);
      if (right) return true;
    }
  }
  return false;
}

/** The last two whole blocks match, behind sums that begin at `sums`: the first ones may be destroyed with the header. */
async function endsWithBlocks(looks: Looks, sums: number, block: number): Promise<boolean> {
  const most = Math.min(MAX_BLOCKS, Math.floor((looks.end - sums) / (block + SUM)) + 1);
  const table = Buffer.from(await looks.at(sums, SUM * most));
  for (let blocks = 3; SUM * blocks <= table.length; blocks++) {
    const image = sums + SUM * blocks;
    const last = image + block * (blocks - 2);
    if (last + block > looks.end) return false;
    const wanted = table.readUInt16LE(SUM * (blocks - 2));
    if (isFiller(wanted) || crcOf(await looks.at(last, block)) !== wanted) continue;
    if (await looks.matches(image - 3 * SUM, last - block, block)) return true;
  }
  return false;
}

/** A last block of 1 to `most` bytes matches; `before` bytes of its image, header and sums are in front of it. */
async function isShort(looks: Looks, sumAt: number, from: number, most: number, before: number): Promise<boolean> {
  const wanted = (await looks.at(sumAt, SUM)).readUInt16LE(0);
  const data = await looks.at(from, most + 3);
  let register = X25_INIT;
  for (let length = 1; length <= Math.min(most, data.length); length++) {
    register = x25Update(register, data, length - 1, length);
    if ((register ^ 0xffff) !== wanted) continue;
    if (isZero(data.subarray(length, length + padding(before + length)))) return true;
  }
  return false;
}

/** An image of one block, as short as usual. */
async function isOneBlock(looks: Looks, sumAt: number, largest: number): Promise<boolean> {
  if (isFiller((await looks.at(sumAt, SUM)).readUInt16LE(0))) return false;
  return isShort(looks, sumAt, sumAt + SUM, largest, HEADER_LENGTH + SUM);
}

/** An image of one block that ends with the file; 0 to 98 bytes of the header are still there. */
async function fillsRest(looks: Looks, at: number): Promise<boolean> {
  if (looks.end - at > HEADER_LENGTH + SUM + MAX_BLOCK) return false;
  const rest = await looks.at(at, looks.end - at);
  for (let pad = 0; pad < 4 && pad < rest.length && isZero(rest.subarray(rest.length - pad)); pad++) {
    const tails = suffixSums(rest.subarray(0, rest.length - pad));
    for (let first = 0; first <= HEADER_LENGTH && first + SUM + pad < rest.length; first++) {
      const wanted = rest.readUInt16LE(first);
      if (!isFiller(wanted) && wanted === tails[rest.length - pad - first - SUM]) return true;
    }
  }
  return false;
}

/** True if an image ends at `end`, filler apart, of which nothing but the header is lost. Reads all before `end` once. */
export async function isHeaderlessBefore(source: ByteSource, end: number, shown: readonly number[]): Promise<boolean> {
  const { sizes, largest } = blockSizes(shown, end);
  const length = Math.min(end, Math.max(...sizes) + 3);
  const last = await source.read(end - length, length);
  for (let pad = 0; pad < 4 && isZero(last.subarray(length - pad)); pad++) {
    const tails = suffixSums(last.subarray(0, length - pad));
    for (const block of sizes) {
      if (await endsAt(source, { end: end - pad, pad, block, tails, largest })) return true;
    }
  }
  return false;
}

interface Ending {
  /** Of the image, and the filler behind it. */
  end: number;
  pad: number;
  block: number;
  /** The sum of the last n bytes of the image, n up to a block. */
  tails: Uint16Array;
  /** Most bytes of an image of one block. */
  largest: number;
}

async function endsAt(source: ByteSource, { end, pad, block, tails, largest }: Ending): Promise<boolean> {
  const looks = new Looks(source);
  for (let to = end; to > HEADER_LENGTH; to -= STEP) {
    const from = Math.max(HEADER_LENGTH, to - STEP);
    // One byte more: the sum may lie across the border.
    const piece = await source.read(from, Math.min(to + 1, source.size) - from);
    // An image that begins in this piece, its last sum right in front, has more than `end - to` bytes.
    for (let blocks = Math.max(1, Math.ceil((end - to) / block)); blocks <= MAX_BLOCKS; blocks++) {
      const before = block * (blocks - 1);
      if (before > end - from - SUM) break;
      // Its length is known but for a multiple of 4, as filler takes it to one.
      const first = 4 - ((HEADER_LENGTH + SUM * blocks + before + pad) & 3);
      for (let rest = first; rest <= block; rest += 4) {
        const at = end - before - rest - SUM - from;
        if (at < 0) break;
        if (at + SUM > piece.length || tails[rest] !== ((piece[at] as number) | ((piece[at + 1] as number) << 8)))
          continue;
        if (await isImage(looks, at + from + SUM, before + rest, block, largest)) return true;
      }
    }
  }
  return false;
}

/** The last sum in front of `image` matches its last block: so must the two before, where there are any. */
async function isImage(looks: Looks, image: number, size: number, block: number, largest: number): Promise<boolean> {
  const blocks = Math.ceil(size / block);
  if (isFiller((await looks.at(image - SUM, SUM)).readUInt16LE(0))) return false;
  if (blocks === 1) return size <= largest;
  for (const back of [2, 3].filter((n) => n <= blocks)) {
    if (!(await looks.matches(image - SUM * back, image + block * (blocks - back), block))) return false;
  }
  return true;
}
