/**
 * Makes up the machine code of a loader that matters: the known call of its erase function, and the function. ARM, in the
 * shape that real V7R1 loaders have.
 */

import { noise } from './make-noise';

/** Where the code lies in the component; the known call is 5 words behind `site`. */
export interface CodePlaces {
  site: number;
  function: number;
}

/**
 * `safe`: live call, but the erase function counts no blocks (as in the files that are called usblsafe); `live`: as the
 * vendor ships it; `patched`: the call is taken out; `none`: no known call at all.
 */
export type MadeErase = 'safe' | 'live' | 'patched' | 'none';

/** Offsets in the erase function: its loop, the word that gives its block count, its return; then what it calls. */
export const LOOP = 0x24;
export const COUNT = 0x2c;
const RETURN = 0x80;
export const DIVIDE = 0x100;
export const ERASE_BLOCK = 0x180;

const SITE = [0xe3e0e23d, 0xe59ee000, 0xe59fc35c, 0xe15e000c, 0x0a000000];
/** Offset of the known call from its site. */
export const CALL = 4 * SITE.length;

const MOV_R0_0 = 0xe3a00000;
const NOP = 0xe1a00000;
const BX_LR = 0xe12fff1e;

const word = (base: number, from: number, to: number): number => (base | (((to - from - 8) >> 2) & 0xffffff)) >>> 0;
/** ARM branches at `from` to `to`. */
export const b = (from: number, to: number): number => word(0xea000000, from, to);
export const bl = (from: number, to: number): number => word(0xeb000000, from, to);
const bls = (from: number, to: number): number => word(0x9a000000, from, to);
export const bhi = (from: number, to: number): number => word(0x8a000000, from, to);

/** Bytes in which no word is a branch, a return or the known call: not one of ARM code, and not one of Thumb code. */
export function filler(size: number, seed: number): Buffer {
  const bytes = noise(size, seed);
  for (let at = 1; at < size; at += 2) bytes[at] = (bytes[at] as number) & (at % 4 === 3 ? 0x77 : 0x7f);
  return bytes;
}

export const writeWords = (code: Buffer, at: number, words: readonly number[]): void =>
  words.forEach((value, i) => {
    code.writeUInt32LE(value, at + 4 * i);
  });

/** Writes the known call and the erase function with what it calls into `code`. */
export function writeCode(code: Buffer, erase: MadeErase, { site, function: at }: CodePlaces): void {
  const call = site + CALL;
  if (erase !== 'none') writeWords(code, site, [...SITE, erase === 'patched' ? MOV_R0_0 : bl(call, at)]);
  const count = at + COUNT;
  writeWords(code, at, new Array<number>(RETURN / 4).fill(NOP));
  // stmfd sp!, {r4-r11, lr}; sub sp, sp, #16; and in front of the loop mov r11, #0.
  writeWords(code, at, [0xe92d4ff0, 0xe24dd010]);
  writeWords(code, at + LOOP - 4, [0xe3a0b000]);
  writeWords(code, at + LOOP, [
    0xe59d000c, // ldr r0, [sp, #12]: bytes of the flash memory
    0xe59d1004, // ldr r1, [sp, #4]: bytes of a block
    erase === 'safe' ? MOV_R0_0 : bl(count, at + DIVIDE),
    0xe1a0e00b, // mov lr, r11
    0xe150000e, // cmp r0, lr
    bls(at + LOOP + 0x14, at + LOOP + 0x28),
    0xe1a0000b, // mov r0, r11
    bl(at + LOOP + 0x1c, at + ERASE_BLOCK),
    0xe28bb001, // add r11, r11, #1
    b(at + LOOP + 0x24, at + LOOP),
  ]);
  writeWords(code, at + RETURN - 4, [0xe28dd010, 0xe8bd8ff0]);
  writeWords(code, at + DIVIDE, [BX_LR]);
  writeWords(code, at + ERASE_BLOCK, [BX_LR]);
}
