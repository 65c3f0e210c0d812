/** Damages a file, knowing how it is built: so that checksums are often right again and deeper checks are reached. */

import { crcX25 } from '../../src/codec/crc';
import { SEEDS, type Seed } from './seeds';

export interface Mutant {
  file: Buffer;
  /** Only single places were damaged, and no checksum was made right afterwards. */
  plain: boolean;
}

type Next = (below: number) => number;

const HEADER = 98;
const MAGIC = 0xa55aaa55;
const NUMBERS = [0, 1, 2, 97, 98, 0x7f, 0x80, 0xff, 0x1000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
const TEXTS = ['E3372', ':E3272:21.420', 'E3272-VIRTUAL', 'H6920', 'V7R11', 'MZ', 'pTableTail', '\0\0\0\0'];
/** Header fields: sizes, code, block size, checksum. */
const FIELDS = [4, 8, 20, 24, 92, 94];
/** Opcodes and words that the search for the erase function looks at. */
const WORDS = [
  0xe3a00000, 0xeb000000, 0xebfffffe, 0xe59ee000, 0xe59fc35c, 0xe8bd87f0, 0xe12fff1e, 0x1b000010, 0xea000010,
];

/** The `n`th mutant of a run is the same whenever it is made. */
export function mutate(seed: Seed, next: Next): Mutant {
  let file: Buffer = Buffer.from(seed.file);
  let plain = true;
  for (let n = 1 + next(3); n > 0 && file.length > 0; n--) {
    const roll = next(seed.kind === 'loader' ? 12 : 19);
    if (roll < 9) file = damage(file, seed, next, roll);
    else if (roll === 18) file = withoutHeader(file, seed, next);
    else {
      plain = false;
      file = rebuild(file, seed, next, roll);
    }
  }
  if (seed.kind === 'firmware' && next(2) === 0) {
    plain = false;
    repair(file, seed, next);
  }
  return { file, plain };
}

/** A position: mostly at a place that matters. */
function place(file: Buffer, seed: Seed, next: Next): number {
  const [offset, length] = (next(3) > 0 && seed.hot[next(seed.hot.length)]) || [0, file.length];
  return Math.min(offset + next(length), file.length - 1);
}

function damage(file: Buffer, seed: Seed, next: Next, roll: number): Buffer {
  const at = place(file, seed, next);
  const cut = (from: number, to: number, into: Buffer = Buffer.alloc(0)) =>
    Buffer.concat([file.subarray(0, from), into, file.subarray(to)]);
  switch (roll) {
    case 0:
    case 1:
      file[at] = (file[at] as number) ^ (1 << next(8));
      return file;
    case 2:
    case 3:
      file[at] = next(256);
      return file;
    case 4:
      file.fill(next(2) * 255, at, Math.min(file.length, at + 1 + next(200)));
      return file;
    case 5:
      return cut(at, Math.min(file.length, at + 1 + next(120)));
    case 6:
      return cut(at, at, Buffer.from(Array.from({ length: 1 + next(40) }, () => next(256))));
    case 7:
      return file.subarray(0, at);
    default:
      return Buffer.concat([file, Buffer.alloc(next(300), next(3) === 0 ? next(256) : 0)]);
  }
}

function rebuild(file: Buffer, seed: Seed, next: Next, roll: number): Buffer {
  const at = place(file, seed, next);
  const head = seed.headers[next(seed.headers.length || 1)] ?? 0;
  switch (roll) {
    case 9:
      return number(file, at - (at % 4), seed.kind === 'loader' && next(2) ? pick(WORDS, next) : pick(NUMBERS, next));
    case 10: {
      // A piece from elsewhere, perhaps of another file, to another place: a second call, a second header.
      const from = next(2) ? file : (SEEDS[next(SEEDS.length)] as Seed).file;
      const start = next(from.length);
      const to = at - (at % 4);
      from.copy(file, to, start - (start % 4), start + 8 * (1 + next(40)));
      return file;
    }
    case 11:
      file.write(pick(TEXTS, next), at, 'latin1');
      return file;
    case 12:
    case 13:
      return number(file, head + pick(FIELDS, next), next(2) ? pick(NUMBERS, next) : next(5000));
    case 14:
      return number(file, head + 20, pick([0x66, 0x100, 0x101, 0x104, 0xa0000, 0xb0000, 0x550103, 0x200000], next));
    case 15:
    case 16:
      return resized(file, head, next);
    default: {
      // An image twice, or in another place.
      const other = seed.headers[next(seed.headers.length)] ?? 0;
      const end = seed.headers.find((h) => h > other) ?? file.length;
      return Buffer.concat([file.subarray(0, head), file.subarray(other, end), file.subarray(head)]);
    }
  }
}

/** Nothing of a header is left. */
function withoutHeader(file: Buffer, seed: Seed, next: Next): Buffer {
  const head = seed.headers[next(seed.headers.length || 1)] ?? 0;
  const end = Math.min(file.length, head + HEADER);
  const kind = next(4);
  if (kind === 3) return Buffer.concat([file.subarray(0, head), file.subarray(end)]);
  for (let at = head; at < end; at++) file[at] = kind === 2 ? next(256) : kind * 0xff;
  return file;
}

/** Some bytes more or fewer at the end of an image, and its header knows; the images behind move by whole words. */
function resized(file: Buffer, head: number, next: Next): Buffer {
  if (head + HEADER > file.length) return file;
  const size = file.readUInt32LE(head + 24);
  const end = head + file.readUInt32LE(head + 4) + size;
  const change = 4 * (1 + next(4));
  if (end > file.length || size <= change) return file;
  const longer = next(2) === 0;
  number(file, head + 24, longer ? size + change : size - change);
  const more = Buffer.alloc(longer ? change : 0, next(256));
  return Buffer.concat([file.subarray(0, longer ? end : end - change), more, file.subarray(end)]);
}

const pick = <T>(list: readonly T[], next: Next): T => list[next(list.length)] as T;

function number(file: Buffer, at: number, value: number): Buffer {
  if (at >= 0 && at + 4 <= file.length) file.writeUInt32LE(value, at);
  return file;
}

/** Makes checksums of the images right again, where their headers still are. */
function repair(file: Buffer, seed: Seed, next: Next): void {
  for (const at of seed.headers) {
    if (at + HEADER > file.length || file.readUInt32LE(at) !== MAGIC) continue;
    const size = file.readUInt32LE(at + 24);
    const block = file.readUInt32LE(at + 94);
    const start = at + file.readUInt32LE(at + 4);
    if (next(3) > 0 && block > 0 && start + size <= file.length && size / block < 1000) {
      for (let i = 0, sum = at + HEADER; i * block < size && sum + 2 <= file.length; i++, sum += 2) {
        const crc = crcX25(file, start + i * block, Math.min(start + (i + 1) * block, start + size));
        file.writeUInt16LE(crc, sum);
      }
    }
    if (next(4) > 0) {
      file.writeUInt16LE(0, at + 92);
      file.writeUInt16LE(crcX25(file, at, at + HEADER), at + 92);
    }
  }
}
