/** The body of a function that erases blocks: what its block count keeps it from, once that is 0. */

import { type Branch, behindReturn, branchAt, functionEnd, functionStart, isIndirect, runsInto } from './arm';
import { counts, isZero } from './erase';

/** Conditions after `cmp count, block` that hold for a count of 0, whatever the block: LS, LE. */
const LEAVES = [9, 13];

export interface EraseFunction {
  /** Offsets in component 2: what may run into it, where it begins as far as that is known, and behind its last byte. */
  from: number;
  begin: number;
  to: number;
  /** Offsets of the words that give a block count. */
  counts: number[];
  /** Offset of the word that gives its count, if that is 0: who comes in before it erases nothing. */
  zero?: number;
  /** Why it may erase all the same, in words. */
  faults: string[];
  /** What is not understood of it, in words. */
  doubts: string[];
}

/** The function that begins at `start`: the known call leads there. */
export const functionAt = (b: Buffer, start: number): EraseFunction => judge(b, start, functionEnd(b, start));

/** The function around a word that gives a block count. */
export function functionAround(b: Buffer, count: number): EraseFunction {
  const begin = functionStart(b, behindReturn(b, count), count);
  return judge(b, begin, Math.max(functionEnd(b, begin), functionEnd(b, count)));
}

const hex = (offset: number): string => `0x${offset.toString(16)}`;

function judge(b: Buffer, begin: number, to: number): EraseFunction {
  const from = runsInto(b, begin);
  const all = counts(b, from, to);
  const [count] = all;
  const branches: Branch[] = [];
  const doubts: string[] = [];
  for (let at = from; at + 4 <= to; at += 4) {
    const branch = branchAt(b, at);
    if (branch) branches.push(branch);
    const indirect = isIndirect(b.readUInt32LE(at));
    if (indirect) doubts.push(`the erase function goes on where a register says, at ${hex(at)}`);
  }
  const faults: string[] = [];
  if (count === undefined) faults.push('where the erase function counts its blocks was not found');
  else if (all.length > 1) faults.push(`the erase function counts blocks in ${all.length} places`);
  else if (!isZero(b, count)) faults.push('the erase function counts the blocks of the whole flash memory');
  const loops = branches.filter(({ at, target }) => target >= from && target <= at);
  const [loop] = loops;
  if (loops.length > 1) faults.push(`the erase function has ${loops.length} loops`);
  else if (loop && count !== undefined) faults.push(...unguarded(b, loop, count, branches));
  // The division, and what its loop calls behind that. Elsewhere it should go nowhere.
  const expected = (at: number) => count !== undefined && at >= count && at <= Math.max(count, loop?.at ?? count);
  for (const { at, target, link } of branches) {
    const leaves = link || target < from || target >= to;
    // To nowhere: what looks like a branch is none.
    if (!leaves || expected(at) || target < 0 || target >= b.length) continue;
    doubts.push(`the erase function also goes to ${hex(target)}, at ${hex(at)}`);
  }
  return {
    from,
    begin,
    to,
    counts: all,
    faults,
    doubts,
    ...(count !== undefined && isZero(b, count) && { zero: count }),
  };
}

/** The only loop must be left by the comparison with the count before anything else in it happens. */
function unguarded(b: Buffer, loop: Branch, count: number, branches: readonly Branch[]): string[] {
  // Behind the count: mov lr, r11; cmp r0, lr.
  const exit = branchAt(b, count + 12);
  const top = loop.target <= count && loop.at > count;
  const leaves = exit && !exit.link && LEAVES.includes(exit.condition) && exit.target > loop.at;
  // From elsewhere to behind the count, or past the comparison.
  const inside = (at: number) => at > count && at <= loop.at;
  const around = branches.some(({ at, target }) => inside(target) && !inside(at));
  if (top && leaves && !around) return [];
  return [`the loop of the erase function, at ${hex(loop.at)}, can be run through before its block count is looked at`];
}
