/**
 * The words of a USB loader by which it erases the whole NAND (IMEI, serial number, calibration) when it starts.
 *
 * A vendor loader of the V7R1 family compares a word at the top of SRAM with a constant and calls its erase function
 * unless they are equal. Found in the machine code of real loaders, ARM, little-endian. In the published "usblsafe" files
 * the call was replaced by `mov r0, #0`, or the function's block count was forced to 0. Whether there are other ways to
 * the function no reading of the code can tell for sure (danger.ts tells of those that it sees).
 */

import { branchAt, callTarget, encodeCall, functionEnd } from './arm';

/** lr := 0x2FFFFFFC; lr := [lr]. Then two bytes of ip := literal 0x98765432, which tell where that lies and the register. */
const CALL_BEFORE = Buffer.from([0x3d, 0xe2, 0xe0, 0xe3, 0x00, 0xe0, 0x9e, 0xe5]);
/** The other two bytes of that; compare; equal: skip the call. */
const CALL_AFTER = Buffer.from([0x9f, 0xe5, 0x0c, 0x00, 0x5e, 0xe1, 0x00, 0x00, 0x00, 0x0a]);
/** Offset of CALL_AFTER from where CALL_BEFORE begins. */
const AFTER = CALL_BEFORE.length + 2;
/** Offset of the call from there. */
export const CALL = AFTER + CALL_AFTER.length;
/** Upper half of the byte before CALL_AFTER: the register, ip. Another one would compare something else. */
const IP = 0xc0;

/** mov r0, #0 */
const ZERO = Buffer.from([0x00, 0x00, 0xa0, 0xe3]);
/** ldr r0, [sp, #12]; ldr r1, [sp, #4] - then the division that gives the block count - mov lr, r11; cmp r0, lr. */
const COUNT_BEFORE = Buffer.from([0x0c, 0x00, 0x9d, 0xe5, 0x04, 0x10, 0x9d, 0xe5]);
const COUNT_AFTER = Buffer.from([0x0b, 0xe0, 0xa0, 0xe1, 0x0e, 0x00, 0x50, 0xe1]);

/** The call of the erase function, or the division that tells it how many blocks to erase. */
export type ErasePlace = 'call' | 'count';

/** A word of component 2 that is replaced before it is sent. */
export interface ErasePatch {
  place: ErasePlace;
  /** From the start of the component. */
  offset: number;
  from: Buffer;
  to: Buffer;
}

/** A word that some tool has replaced in the file already. */
export interface FoundPatch {
  place: ErasePlace;
  /** From the start of the component. */
  offset: number;
  now: Buffer;
  /** What stood there, where it is known or follows from other places in the same loader. */
  original?: Buffer;
}

export interface EraseState {
  /** In the file. `live`: the erase function is called; `patched`: the call was taken out; `unknown`: neither was found. */
  callSite: 'live' | 'patched' | 'unknown';
  /** In the file. `live`: the function counts its blocks; `stopped`: its count was forced to 0; `unknown`: not found. */
  callee: 'live' | 'stopped' | 'unknown';
  /** What is replaced on the way to the stick. */
  patches: ErasePatch[];
  /** What was replaced before. */
  found: FoundPatch[];
}

/** An {@link EraseState} as it was found out, with what the next step needs. */
export interface EraseFinding extends EraseState {
  /** Where the branches lead that stand in the file at the known place; offsets, perhaps outside the component. */
  targets: number[];
  /** What is not understood, in words. */
  doubts: string[];
}

/** Looks at component 2 (the loader proper); its bytes are not changed. */
export function findErase(component: Buffer): EraseFinding {
  const sites = callSites(component);
  const targets = sites.flatMap((site) => branchAt(component, site + CALL)?.target ?? []);
  const unknown = (doubt: string): EraseFinding => ({
    callSite: 'unknown',
    callee: 'unknown',
    patches: [],
    found: [],
    targets,
    doubts: [doubt],
  });
  const [site] = sites;
  if (site === undefined) return unknown('no known call of the erase function was found');
  if (sites.length > 1) return unknown(`${sites.length} places look like the call of the erase function`);
  if (((component[site + AFTER - 1] as number) & 0xf0) !== IP) {
    return unknown('the comparison before the erase call is not understood');
  }
  const call = site + CALL;
  if (isZero(component, call)) return withoutCall(component, call);
  const target = callTarget(component, call);
  if (target === undefined) return unknown('what stands in place of the erase call is not understood');
  return withCall(component, call, target);
}

/** The call was taken out: nobody knows which of the functions that count blocks it led to. All counts are taken out. */
function withoutCall(b: Buffer, call: number): EraseFinding {
  const all = counts(b);
  const live = all.filter((at) => callTarget(b, at) !== undefined);
  const stopped = all.filter((at) => isZero(b, at));
  return {
    callSite: 'patched',
    callee: live.length > 0 ? 'live' : stopped.length > 0 ? 'stopped' : 'unknown',
    patches: live.map((at) => takeOut(b, 'count', at)),
    found: [foundCall(b, call), ...foundCounts(b, stopped)],
    targets: [],
    doubts: all.length === 1 ? [] : [`${all.length} functions count blocks as the erase function does`],
  };
}

/** The call is there, and is taken out on the way; so is the count, where the function is understood. */
function withCall(b: Buffer, call: number, target: number): EraseFinding {
  const inside = counts(b, target, functionEnd(b, target));
  const [count] = inside;
  const all = counts(b).length;
  const state: EraseFinding = {
    callSite: 'live',
    callee: 'unknown',
    patches: [takeOut(b, 'call', call)],
    found: [],
    targets: [target],
    doubts: all === 1 ? [] : [`${all} functions count blocks as the erase function does`],
  };
  if (count === undefined || inside.length > 1) {
    state.doubts.push('the erase function is not understood');
  } else if (isZero(b, count)) {
    state.callee = 'stopped';
    state.found.push(...foundCounts(b, [count]));
  } else if (callTarget(b, count) !== undefined) {
    state.callee = 'live';
    state.patches.push(takeOut(b, 'count', count));
  } else {
    state.doubts.push('what stands in place of its block count is not understood');
  }
  return state;
}

const takeOut = (b: Buffer, place: ErasePlace, offset: number): ErasePatch => ({
  place,
  offset,
  from: wordAt(b, offset),
  to: Buffer.from(ZERO),
});

const foundCall = (b: Buffer, offset: number): FoundPatch => ({ place: 'call', offset, now: wordAt(b, offset) });

/** What stood in place of a forced count is a division, if all other places that count blocks call the same one. */
function foundCounts(b: Buffer, offsets: readonly number[]): FoundPatch[] {
  const targets = new Set(counts(b).flatMap((other) => callTarget(b, other) ?? []));
  const [division] = targets.size === 1 ? targets : [];
  return offsets.map((offset) => ({
    place: 'count',
    offset,
    now: wordAt(b, offset),
    ...(division !== undefined && { original: encodeCall(offset, division) }),
  }));
}

const wordAt = (b: Buffer, at: number): Buffer => Buffer.from(b.subarray(at, at + 4));

export const isZero = (b: Buffer, at: number): boolean => b.subarray(at, at + 4).equals(ZERO);

/** Offsets of what looks like the known call, with the word itself behind. */
export function callSites(b: Buffer): number[] {
  const found: number[] = [];
  for (let at = b.indexOf(CALL_BEFORE); at >= 0; at = b.indexOf(CALL_BEFORE, at + CALL_BEFORE.length)) {
    if (at % 4 !== 0 || at + CALL + 4 > b.length) continue;
    if (b.subarray(at + AFTER, at + CALL).equals(CALL_AFTER)) found.push(at);
  }
  return found;
}

/** Offsets, from `start` to `end`, of the words that give a number of blocks: a division, or what stands in its place. */
export function counts(b: Buffer, start = 0, end = b.length): number[] {
  const found: number[] = [];
  for (let at = b.indexOf(COUNT_BEFORE, start); at >= 0; at = b.indexOf(COUNT_BEFORE, at + COUNT_BEFORE.length)) {
    const word = at + COUNT_BEFORE.length;
    const behind = word + 4 + COUNT_AFTER.length;
    if (behind > end) break;
    if (at % 4 === 0 && b.subarray(word + 4, behind).equals(COUNT_AFTER)) found.push(word);
  }
  return found;
}
