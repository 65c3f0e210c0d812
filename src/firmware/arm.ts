/** As much ARM machine code (32-bit, little-endian) as it takes to follow a call. Offsets count from the component. */

/** No function that is followed here is longer. */
export const FUNCTION_MAX = 0x400;

const BL_ALWAYS = 0xeb;

/** `BL target`, at `from`. */
export function encodeCall(from: number, target: number): Buffer {
  const word = Buffer.alloc(4);
  word.writeUInt32LE(((BL_ALWAYS << 24) | (((target - from - 8) >> 2) & 0xffffff)) >>> 0);
  return word;
}

/** Where the unconditional BL at `at` goes; undefined if there is none or if it leads out of the component. */
export function callTarget(b: Buffer, at: number): number | undefined {
  return b[at + 3] === BL_ALWAYS ? branchTarget(b, at) : undefined;
}

/** The same for any B or BL, whatever its condition. */
function branchTarget(b: Buffer, at: number): number | undefined {
  const word = b.readInt32LE(at);
  if ((word & 0x0e000000) !== 0x0a000000 || word >>> 28 === 0xf) return undefined;
  // 24-bit signed word offset from the instruction after the next.
  const target = at + 8 + ((word << 8) >> 8) * 4;
  return target >= 0 && target + 4 <= b.length ? target : undefined;
}

/** Every B and BL in the component, also a conditional one, that leads to one of `functions` from outside of it. */
export function callersOf(b: Buffer, functions: readonly number[]): { at: number; target: number }[] {
  const ends = new Map(functions.map((start) => [start, functionEnd(b, start)]));
  const callers: { at: number; target: number }[] = [];
  for (let at = 0; at + 4 <= b.length; at += 4) {
    if (((b[at + 3] as number) & 0x0e) !== 0x0a) continue;
    const target = branchTarget(b, at);
    const end = target === undefined ? undefined : ends.get(target);
    if (target === undefined || end === undefined) continue;
    if (at < target || at >= end) callers.push({ at, target });
  }
  return callers;
}

/** Offset behind the first unconditional return, at most {@link FUNCTION_MAX} behind `start`. */
export function functionEnd(b: Buffer, start: number): number {
  const end = Math.min(start + FUNCTION_MAX, b.length - 3);
  for (let at = start; at < end; at += 4) {
    const word = b.readUInt32LE(at);
    const popsPc = (word & 0xffff8000) >>> 0 === 0xe8bd8000; // ldmfd sp!, {..., pc}
    if (popsPc || word === 0xe12fff1e || word === 0xe49df004) return at + 4; // bx lr; ldr pc, [sp], #4
  }
  return Math.min(start + FUNCTION_MAX, b.length);
}

/** `mov ip, sp`, with which a function begins that keeps a frame pointer (APCS). */
const MOV_IP_SP = 0xe1a0c00d;

/**
 * Offset of the nearest `stmfd sp!, {..., lr}` or `str lr, [sp, #-4]!` in front of `at`: where its function begins, with
 * the `mov ip, sp` before it. Undefined if there is none within {@link FUNCTION_MAX}.
 */
export function functionStart(b: Buffer, at: number): number | undefined {
  for (let start = at - (at % 4); start >= Math.max(0, at - FUNCTION_MAX); start -= 4) {
    const word = b.readUInt32LE(start);
    if ((word & 0xffff4000) >>> 0 !== 0xe92d4000 && word !== 0xe52de004) continue;
    return start >= 4 && b.readUInt32LE(start - 4) === MOV_IP_SP ? start - 4 : start;
  }
  return undefined;
}
