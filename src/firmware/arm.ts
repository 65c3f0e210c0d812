/** As much machine code (ARM and Thumb, little-endian) as it takes to follow branches. */

/** No function that is followed here is longer. */
export const FUNCTION_MAX = 0x400;

/** Always. */
const AL = 0xe;
/** In place of a condition: BLX, which goes on in Thumb code. */
const BLX = 0xf;

/** Code where it runs. */
export interface Code {
  /** Of its first byte, a multiple of 4. */
  address: number;
  data: Buffer;
}

export interface Branch {
  /** Address of the branch. */
  at: number;
  target: number;
  /** It may come back: BL, BLX. */
  link: boolean;
  /** Upper four bits of an ARM branch, 14 = always; 14 for those of Thumb code too. */
  condition: number;
}

/** `BL target`, at `from`. */
export function encodeCall(from: number, target: number): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(((AL << 28) | 0x0b000000 | (((target - from - 8) >> 2) & 0xffffff)) >>> 0);
  return word;
}

/** B, BL or BLX of ARM code, with any condition. */
export function armBranch(word: number, at: number): Branch | undefined {
  if ((word & 0x0e000000) !== 0x0a000000) return undefined;
  const condition = word >>> 28;
  const half = condition === BLX ? (word >>> 23) & 2 : 0;
  // 24-bit signed word offset from the instruction after the next.
  const target = at + 8 + ((word << 8) >> 8) * 4 + half;
  return { at, target, link: condition === BLX || (word & 0x01000000) !== 0, condition };
}

/** The branch in the ARM code of a component, by offsets. */
export function branchAt(b: Buffer, at: number): Branch | undefined {
  return at + 4 <= b.length ? armBranch(b.readUInt32LE(at), at) : undefined;
}

/** Where the unconditional BL at `at` goes; undefined if there is none or if it leads out of the component. */
export function callTarget(b: Buffer, at: number): number | undefined {
  const branch = branchAt(b, at);
  if (!branch?.link || branch.condition !== AL) return undefined;
  return branch.target >= 0 && branch.target + 4 <= b.length ? branch.target : undefined;
}

/**
 * BL, BLX or B of Thumb code that takes two halfwords, in the first encoding or that of Thumb-2. Those of one halfword are
 * not among them: they reach no further than 2 KiB and stay in Thumb code, so they lead to no function of ARM code, and
 * much of the ARM code around one looks like them.
 */
export function thumbBranch(first: number, second: number, at: number): Branch | undefined {
  if ((first & 0xf800) !== 0xf000 || (second & 0x8000) === 0) return undefined;
  const sign = (first >> 10) & 1;
  const j1 = (second >> 13) & 1;
  const j2 = (second >> 11) & 1;
  const link = (second & 0x4000) !== 0;
  const low = (second & 0x7ff) * 2;
  // Bit 12: stays in Thumb code. Without it BLX, or B with a condition.
  const plain = (second & 0x1000) !== 0;
  if (!plain && !link) {
    if (((first >> 7) & 7) === 7) return undefined;
    const high = (j2 << 19) | (j1 << 18) | ((first & 0x3f) << 12);
    return { at, target: at + 4 + low + high - sign * 0x100000, link: false, condition: AL };
  }
  const i1 = j1 ^ sign ^ 1;
  const i2 = j2 ^ sign ^ 1;
  const offset = (i1 << 23) + (i2 << 22) + ((first & 0x3ff) << 12) + low - sign * 0x1000000;
  if (plain) return { at, target: at + 4 + offset, link, condition: AL };
  // To ARM code: from a multiple of 4 to one.
  return low % 4 === 0 ? { at, target: at + 4 - (at % 4) + offset, link, condition: AL } : undefined;
}

/** All branches in `code`, taken as ARM and as Thumb code, that lead from outside to `from` or behind, before `to`. */
export function branchesInto({ address, data: bytes }: Code, from: number, to: number): Branch[] {
  const found: Branch[] = [];
  const take = (branch: Branch | undefined) => {
    if (!branch || branch.target < from || branch.target >= to) return;
    if (branch.at < from || branch.at >= to) found.push(branch);
  };
  for (let at = 0; at + 4 <= bytes.length; at += 2) {
    if (at % 4 === 0) take(armBranch(bytes.readUInt32LE(at), address + at));
    // A look at the uppermost byte first: most halfwords are none, and that halves the time.
    if (((bytes[at + 1] as number) & 0xf8) === 0xf0) {
      take(thumbBranch(bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2), address + at));
    }
  }
  return found;
}

/** Offsets of all places, whatever their alignment, where an address from `from` on and before `to` stands as data. */
export function addressesOf(bytes: Buffer, from: number, to: number): number[] {
  const found: number[] = [];
  const highest = to >>> 24;
  for (let at = 0; at + 4 <= bytes.length; at++) {
    // A look at the uppermost byte first: most words are above, and that halves the time.
    if ((bytes[at + 3] as number) > highest) continue;
    const word = bytes.readUInt32LE(at);
    // Also where the lowest bit is 1, for Thumb code.
    if (word >= from && word < to) found.push(at);
  }
  return found;
}

/** An unconditional return: ldmfd sp!, {..., pc}; bx lr; mov pc, lr; ldr pc, [sp], #4. */
const isReturn = (word: number): boolean =>
  (word & 0xffff8000) >>> 0 === 0xe8bd8000 || word === 0xe12fff1e || word === 0xe1a0f00e || word === 0xe49df004;

/** What goes on where a register or a word in memory says, and is no return: mov pc; bx, blx; add pc; ldr pc. */
export function isIndirect(word: number): boolean {
  const always = word & 0x0fffffff;
  if (isReturn(word) || always === 0x012fff1e || always === 0x01a0f00e) return false;
  return (
    (always & 0x0ffffff0) === 0x01a0f000 ||
    (always & 0x0fffffd0) === 0x012fff10 ||
    (word & 0xfde0f000) >>> 0 === 0xe080f000 ||
    (word & 0xfc10f000) >>> 0 === 0xe410f000
  );
}

/**
 * Offset behind the return that ends the function at `start`, at most {@link FUNCTION_MAX} behind it. A return that a
 * branch before it leads past is not its end.
 */
export function functionEnd(b: Buffer, start: number): number {
  const end = Math.min(start + FUNCTION_MAX, b.length);
  let furthest = start;
  for (let at = start; at + 4 <= end; at += 4) {
    const branch = branchAt(b, at);
    if (branch && !branch.link && branch.target <= end) furthest = Math.max(furthest, branch.target);
    if (isReturn(b.readUInt32LE(at)) && furthest <= at) return at + 4;
  }
  return end;
}

/** No code that is followed back from `at` begins before. */
const furthestBack = (at: number): number => Math.max(0, at - FUNCTION_MAX);

/** Offset behind the nearest return before `at`, at most {@link FUNCTION_MAX} before it. */
export function behindReturn(b: Buffer, at: number): number {
  const first = furthestBack(at);
  for (let start = at; start > first; start -= 4) {
    if (isReturn(b.readUInt32LE(start - 4))) return start;
  }
  return first;
}

/** Offset from which on code without any condition runs into `at`, at most {@link FUNCTION_MAX} before it. */
export function runsInto(b: Buffer, at: number): number {
  let start = at;
  while (start > furthestBack(at)) {
    const word = b.readUInt32LE(start - 4);
    if (word >>> 28 !== AL || isReturn(word)) break;
    start -= 4;
  }
  return start;
}

const savesReturn = (word: number): boolean => (word & 0xffff4000) >>> 0 === 0xe92d4000 || word === 0xe52de004;

/**
 * Offset of the nearest `stmfd sp!, {..., lr}` or `str lr, [sp, #-4]!` from `first` to `at`: where a function begins;
 * `first` if there is none.
 */
export function functionStart(b: Buffer, first: number, at: number): number {
  let start = at;
  while (start > first && !savesReturn(b.readUInt32LE(start))) start -= 4;
  return start;
}
