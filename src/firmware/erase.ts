/**
 * Does a USB loader erase the whole NAND (IMEI, serial number, calibration) when it starts?
 *
 * A vendor loader of the V7R1 family compares a word at the top of SRAM with a constant and calls its erase function
 * unless they are equal. Found in the machine code of real loaders, ARM, little-endian. It is safe if the call was
 * replaced by `mov r0, #0`, or if the function's block count was forced to 0, as in the published "safe" loaders.
 */

/** ?? = any byte, and of the byte after it only the upper half counts: they hold the offset of a literal. */
const CALL_SIGNATURE = [
  ...[0x3d, 0xe2, 0xe0, 0xe3], // lr := 0x2FFFFFFC
  ...[0x00, 0xe0, 0x9e, 0xe5], // lr := [lr]
  ...[-1, 0xc0, 0x9f, 0xe5], // ip := literal 0x98765432
  ...[0x0c, 0x00, 0x5e, 0xe1], // compare
  ...[0x00, 0x00, 0x00, 0x0a], // equal: skip the call
];
const HALF_BYTE = 9;
/** Searched where the C tools search: from here, and not in the last bytes. */
const SEARCH_START = 8;
const SEARCH_END = 60;

/** mov r0, #0 */
const NO_CALL = Buffer.from([0x00, 0x00, 0xa0, 0xe3]);
/** ldr r0, [sp, #12]; ldr r1, [sp, #4] - then the division that gives the block count - mov lr := r0 ...; compare. */
const COUNT_BEFORE = Buffer.from([0x0c, 0x00, 0x9d, 0xe5, 0x04, 0x10, 0x9d, 0xe5]);
const COUNT_AFTER = Buffer.from([0x0b, 0xe0, 0xa0, 0xe1, 0x0e, 0x00, 0x50, 0xe1]);
/** The erase function has some 100 words; it never reaches further than this. */
const CALLEE_MAX = 0x400;

export interface EraseState {
  /** `live`: the erase function is called; `patched`: the call was taken out. */
  callSite: 'live' | 'patched' | 'unknown';
  /** `safe`: the function erases nothing; `unknown`: not found, or not looked at because nothing calls it. */
  callee: 'live' | 'safe' | 'unknown';
  /** True if the bytes as sent provably erase nothing: a live call is taken out on the way. */
  safe: boolean;
  /** What is replaced before the component is sent; `offset` counts from the start of the component. */
  patch?: { offset: number; from: Buffer; to: Buffer };
  /** The finding in words. */
  text: string;
}

/** Looks at component 2 (the loader proper); its bytes are not changed. */
export function eraseState(component: Buffer): EraseState {
  const sites = callSites(component);
  const [site] = sites;
  if (site === undefined) return unknown('no known call of the erase function was found');
  if (sites.length > 1) return unknown(`${sites.length} places look like the call of the erase function`);
  const offset = site + CALL_SIGNATURE.length;
  const word = component.subarray(offset, offset + 4);
  if (word.equals(NO_CALL)) {
    return {
      callSite: 'patched',
      callee: 'unknown',
      safe: true,
      text: 'safe: the call of the erase function is taken out',
    };
  }
  const target = branchTarget(component, offset);
  if (target === undefined) return unknown('what stands in place of the erase call is not understood');
  const callee = calleeState(component, target);
  const patch = { offset, from: Buffer.from(word), to: Buffer.from(NO_CALL) };
  if (callee === 'safe') {
    const text = 'safe: the erase function erases nothing; its call is taken out on the way to the stick as well';
    return { callSite: 'live', callee, safe: true, patch, text };
  }
  if (callsTo(component, target) > 1) {
    const text = 'not proven safe: the erase function is called from more than one place';
    return { callSite: 'live', callee, safe: false, patch, text };
  }
  const text = 'the file erases everything; safe as sent: the only call is taken out on the way to the stick';
  return { callSite: 'live', callee, safe: true, patch, text };
}

function unknown(reason: string): EraseState {
  return { callSite: 'unknown', callee: 'unknown', safe: false, text: `not proven safe: ${reason}` };
}

function callSites(b: Buffer): number[] {
  const found: number[] = [];
  const first = Buffer.from(CALL_SIGNATURE.slice(0, 8));
  const end = b.length - SEARCH_END;
  for (let at = b.indexOf(first, SEARCH_START); at >= 0 && at < end; at = b.indexOf(first, at + 1)) {
    const matches = CALL_SIGNATURE.every((wanted, i) => {
      const byte = b[at + i] as number;
      return wanted < 0 || (i === HALF_BYTE ? byte & 0xf0 : byte) === wanted;
    });
    if (at % 4 === 0 && matches) found.push(at);
  }
  return found;
}

/** Offset that the BL at `at` goes to; undefined if there is no BL or if it leads out of the component. */
function branchTarget(b: Buffer, at: number): number | undefined {
  const word = b.readUInt32LE(at);
  if (word >>> 24 !== 0xeb) return undefined;
  // 24-bit signed word offset from the instruction after the next.
  const target = at + 8 + ((word << 8) >> 8) * 4;
  return target >= 0 && target + 4 <= b.length ? target : undefined;
}

/** How many BL in the whole component lead to `target`. */
function callsTo(b: Buffer, target: number): number {
  let calls = 0;
  for (let at = 0; at + 4 <= b.length; at += 4) {
    if (b[at + 3] === 0xeb && branchTarget(b, at) === target) calls++;
  }
  return calls;
}

/** The block count of the erase function that begins at `start`; looked for up to its return. */
function calleeState(b: Buffer, start: number): 'live' | 'safe' | 'unknown' {
  const body = b.subarray(start, functionEnd(b, start));
  const states: ('live' | 'safe' | 'unknown')[] = [];
  for (let at = body.indexOf(COUNT_BEFORE); at >= 0; at = body.indexOf(COUNT_BEFORE, at + 4)) {
    const word = at + COUNT_BEFORE.length;
    if (!body.subarray(word + 4, word + 4 + COUNT_AFTER.length).equals(COUNT_AFTER)) continue;
    if (body.subarray(word, word + 4).equals(NO_CALL)) states.push('safe');
    else states.push(body[word + 3] === 0xeb ? 'live' : 'unknown');
  }
  return states.length === 1 ? (states[0] as 'live' | 'safe' | 'unknown') : 'unknown';
}

/** Offset behind the first unconditional return, at most {@link CALLEE_MAX} behind `start`. */
function functionEnd(b: Buffer, start: number): number {
  const end = Math.min(start + CALLEE_MAX, b.length - 3);
  for (let at = start; at < end; at += 4) {
    const word = b.readUInt32LE(at);
    const popsPc = (word & 0xffff8000) >>> 0 === 0xe8bd8000; // ldmfd sp!, {..., pc}
    if (popsPc || word === 0xe12fff1e || word === 0xe49df004) return at + 4; // bx lr; ldr pc, [sp], #4
  }
  return Math.min(start + CALLEE_MAX, b.length);
}
