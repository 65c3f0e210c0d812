/**
 * Does a USB loader erase the whole NAND (IMEI, serial number, calibration) when it starts?
 *
 * A vendor loader of the V7R1 family compares a word at the top of SRAM with a constant and calls its erase function
 * unless they are equal. Found in the machine code of real loaders, ARM, little-endian. It is safe if the call was
 * replaced by `mov r0, #0`, or if the function's block count was forced to 0, as in the published "safe" loaders.
 */

import { callersOf, callTarget, encodeCall, functionEnd, functionStart } from './arm';

/** -1 = any byte: the register and the offset of a literal. */
const CALL_SIGNATURE = [
  ...[0x3d, 0xe2, 0xe0, 0xe3], // lr := 0x2FFFFFFC
  ...[0x00, 0xe0, 0x9e, 0xe5], // lr := [lr]
  ...[-1, -1, 0x9f, 0xe5], // ip := literal 0x98765432
  ...[0x0c, 0x00, 0x5e, 0xe1], // compare
  ...[0x00, 0x00, 0x00, 0x0a], // equal: skip the call
];
/** Upper half of this byte: the register, ip. Another one would compare something else. */
const REGISTER_BYTE = 9;
const IP = 0xc0;
/** Searched where the C tools search: from here, and not in the last bytes. */
const SEARCH_START = 8;
const SEARCH_END = 60;

/** mov r0, #0 */
const ZERO = Buffer.from([0x00, 0x00, 0xa0, 0xe3]);
/** ldr r0, [sp, #12]; ldr r1, [sp, #4] - then the division that gives the block count - mov lr := r0 ...; compare. */
const COUNT_BEFORE = Buffer.from([0x0c, 0x00, 0x9d, 0xe5, 0x04, 0x10, 0x9d, 0xe5]);
const COUNT_AFTER = Buffer.from([0x0b, 0xe0, 0xa0, 0xe1, 0x0e, 0x00, 0x50, 0xe1]);

/** The call of the erase function, or the division that tells it how many blocks to erase. */
export type ErasePlace = 'call' | 'count';

/** A word of the component that is replaced before it is sent. */
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
  /** What stood there, where it follows from other places in the same loader. */
  original?: Buffer;
}

export interface EraseState {
  /** `live`: the erase function is called; `patched`: the call was taken out. */
  callSite: 'live' | 'patched' | 'unknown';
  /** `safe`: the function erases nothing; `unknown`: not found, or there is none that still counts. */
  callee: 'live' | 'safe' | 'unknown';
  /** True if the bytes as sent provably erase nothing: call and count are taken out on the way. */
  safe: boolean;
  /** What is replaced on the way to the stick. */
  patches: ErasePatch[];
  /** What was replaced before. */
  found: FoundPatch[];
  /** The finding in words. */
  text: string;
}

/** Looks at component 2 (the loader proper); its bytes are not changed. */
export function eraseState(component: Buffer): EraseState {
  const sites = callSites(component);
  const [site] = sites;
  if (site === undefined) return unknown('no known call of the erase function was found');
  if (sites.length > 1) return unknown(`${sites.length} places look like the call of the erase function`);
  if (((component[site + REGISTER_BYTE] as number) & 0xf0) !== IP) {
    return unknown('the comparison before the erase call is not understood');
  }
  const call = site + CALL_SIGNATURE.length;
  if (wordAt(component, call).equals(ZERO)) return withoutCall(component, call);
  const target = callTarget(component, call);
  if (target === undefined) return unknown('what stands in place of the erase call is not understood');
  return withCall(component, call, target);
}

/**
 * The call was taken out; then nothing else may call a function that counts blocks as the erase function does, and its
 * count is taken out as well: a call through a pointer is not seen.
 */
function withoutCall(b: Buffer, call: number): EraseState {
  const live = counts(b, 0, b.length).filter((at) => callTarget(b, at) !== undefined);
  const state: Omit<EraseState, 'safe' | 'text'> = {
    callSite: 'patched',
    callee: live.length > 0 ? 'live' : 'unknown',
    patches: live.map((at) => takeOut(b, 'count', at)),
    found: [{ place: 'call', offset: call, now: wordAt(b, call) }],
  };
  const starts: number[] = [];
  for (const at of live) {
    const start = functionStart(b, at);
    if (start === undefined) {
      const where = `0x${at.toString(16)}`;
      const text = `not proven safe: its call is taken out, but nobody can tell who calls a function like the erase function at ${where}`;
      return { ...state, safe: false, text };
    }
    starts.push(start);
  }
  const [caller] = callersOf(b, starts);
  if (caller) {
    const where = `0x${caller.at.toString(16)}`;
    const text = `not proven safe: its call is taken out, but a function like the erase function is called at ${where}`;
    return { ...state, safe: false, text };
  }
  const more = live.length > 0 ? '; what counts blocks as it does is taken out on the way to the stick as well' : '';
  return { ...state, safe: true, text: `safe: the call of the erase function is taken out${more}` };
}

/** The call is there, and is taken out on the way; so is the count, where the function is understood. */
function withCall(b: Buffer, call: number, target: number): EraseState {
  const patches = [takeOut(b, 'call', call)];
  const inside = counts(b, target, functionEnd(b, target));
  const count = inside.length === 1 ? inside[0] : undefined;
  if (count !== undefined && wordAt(b, count).equals(ZERO)) {
    const original = divisionAt(b, count);
    return {
      callSite: 'live',
      callee: 'safe',
      safe: true,
      patches,
      found: [{ place: 'count', offset: count, now: wordAt(b, count), ...(original && { original }) }],
      text: 'safe: the erase function erases nothing; its call is taken out on the way to the stick as well',
    };
  }
  if (count !== undefined && callTarget(b, count) !== undefined) {
    patches.push(takeOut(b, 'count', count));
    const text =
      'the file erases everything; safe as sent: the call is taken out on the way to the stick, and the function is made to erase nothing';
    return { callSite: 'live', callee: 'live', safe: true, patches, found: [], text };
  }
  const only = callersOf(b, [target]).length === 1;
  const text = only
    ? 'the file erases everything; safe as sent: the only call is taken out on the way to the stick'
    : 'not proven safe: the erase function is not understood, and is called from more than one place';
  return { callSite: 'live', callee: 'unknown', safe: only, patches, found: [], text };
}

function unknown(reason: string): EraseState {
  const text = `not proven safe: ${reason}`;
  return { callSite: 'unknown', callee: 'unknown', safe: false, patches: [], found: [], text };
}

const takeOut = (b: Buffer, place: ErasePlace, offset: number): ErasePatch => ({
  place,
  offset,
  from: wordAt(b, offset),
  to: Buffer.from(ZERO),
});

const wordAt = (b: Buffer, at: number): Buffer => Buffer.from(b.subarray(at, at + 4));

function callSites(b: Buffer): number[] {
  const found: number[] = [];
  const first = Buffer.from(CALL_SIGNATURE.slice(0, 8));
  const end = b.length - SEARCH_END;
  for (let at = b.indexOf(first, SEARCH_START); at >= 0 && at < end; at = b.indexOf(first, at + 1)) {
    const matches = CALL_SIGNATURE.every((wanted, i) => {
      return wanted < 0 || b[at + i] === wanted;
    });
    if (at % 4 === 0 && matches) found.push(at);
  }
  return found;
}

/** Offsets, from `start` to `end`, of the words that give a number of blocks: a division, or what stands in its place. */
function counts(b: Buffer, start: number, end: number): number[] {
  const found: number[] = [];
  for (let at = b.indexOf(COUNT_BEFORE, start); at >= 0; at = b.indexOf(COUNT_BEFORE, at + 4)) {
    const word = at + COUNT_BEFORE.length;
    const behind = word + 4 + COUNT_AFTER.length;
    if (behind > end) break;
    if (at % 4 === 0 && b.subarray(word + 4, behind).equals(COUNT_AFTER)) found.push(word);
  }
  return found;
}

/** The division that belongs at `at`, if all other places that count blocks call the same one. */
function divisionAt(b: Buffer, at: number): Buffer | undefined {
  const targets = new Set(counts(b, 0, b.length).flatMap((other) => callTarget(b, other) ?? []));
  const [target] = targets;
  return target !== undefined && targets.size === 1 ? encodeCall(at, target) : undefined;
}
