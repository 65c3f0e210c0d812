/**
 * What in the bytes of a loader, as they would be sent, still leads to its erase function. It can show that a loader
 * erases, never that it does not: real loaders call most of their functions through pointers.
 */

import { addressesOf, branchesInto, type Code } from './arm';
import { CALL, callSites, counts, isZero } from './erase';
import { type EraseFunction, functionAround, functionAt } from './erase-function';

export interface Danger {
  /** Why it erases. Sentences without their full stop; empty = nothing of the kind was seen. */
  erases: string[];
  /** What else leads there, or is not understood. */
  doubts: string[];
}

/** More functions of the kind are not followed, and more reasons not kept: a file may be full of them. */
const MAX_FUNCTIONS = 16;
const MAX_REASONS = 64;

const hex = (value: number): string => `0x${value.toString(16)}`;

function add(reasons: string[], reason: string): void {
  if (reasons.length < MAX_REASONS) reasons.push(reason);
}

const isIn = (b: Buffer, offset: number): boolean => offset >= 0 && offset < b.length;

/** `targets`: offsets in component 2 to which the known call leads, or led before it was taken out. */
export function findDanger(first: Code, proper: Code, targets: readonly number[]): Danger {
  const danger: Danger = { erases: [], doubts: [] };
  const b = proper.data;
  for (const target of targets) {
    if (isIn(b, target)) continue;
    add(danger.erases, 'the known call of the erase function leads out of the loader, where nobody can look');
  }
  for (const fn of functionsIn(b, targets)) addDanger(danger, fn, first, proper);
  for (const site of callSites(first.data)) {
    const where = `component 1 holds the known call of the erase function, at ${hex(site)}`;
    add(isZero(first.data, site + CALL) ? danger.doubts : danger.erases, where);
  }
  for (const count of counts(first.data)) {
    const where = `component 1 holds a function like the erase function, at ${hex(count)}`;
    add(isZero(first.data, count) ? danger.doubts : danger.erases, where);
  }
  return danger;
}

/** Those that the known call leads to, and all that count blocks as the erase function does. */
function functionsIn(b: Buffer, targets: readonly number[]): EraseFunction[] {
  const inside = targets.filter((target) => isIn(b, target) && target % 4 === 0);
  const functions = [...new Set(inside)].slice(0, MAX_FUNCTIONS).map((target) => functionAt(b, target));
  for (const count of counts(b)) {
    if (functions.length === MAX_FUNCTIONS) break;
    if (!functions.some((fn) => fn.counts.includes(count))) functions.push(functionAround(b, count));
  }
  return functions;
}

function addDanger(danger: Danger, fn: EraseFunction, first: Code, proper: Code): void {
  const { address } = proper;
  const [from, to] = [address + fn.from, address + fn.to];
  for (const [i, code] of [first, proper].entries()) {
    const where = (at: number) => `${hex(at)} of component ${i + 1}`;
    for (const { at, target } of branchesInto(code, from, to)) {
      const branch = `a branch leads into the erase function, from ${where(at - code.address)} to ${hex(target - address)}`;
      const late = fn.zero !== undefined && target - address > fn.zero;
      const why = late ? ['behind its block count'] : fn.faults;
      if (why.length > 0) add(danger.erases, `${branch}, and ${why.join(', and ')}`);
      else add(danger.doubts, `${branch}, whose block count is 0`);
    }
    for (const at of addressesOf(code.data, address + fn.begin, to)) {
      add(danger.doubts, `an address in the erase function stands as data at ${where(at)}: a pointer to it`);
    }
  }
  for (const doubt of [...fn.faults, ...fn.doubts]) add(danger.doubts, doubt);
}
