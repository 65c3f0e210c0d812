/**
 * Makes up loaders that erase in ways that a count of calls does not see. What a processor would do there the virtual stick
 * does not follow: a marker tells it.
 */

import {
  b,
  bhi,
  bl,
  CALL,
  COUNT,
  type CodePlaces,
  DIVIDE,
  ERASE_BLOCK,
  filler,
  LOOP,
  writeCode,
  writeWords,
} from './make-code';

/** In a component: the virtual stick erases its NAND, NV included, when it starts it. */
export const ERASES_MARKER = 'E3272-VIRTUAL-ERASES';

/** How a made-up loader erases, and what it is. */
export const HOSTILE = {
  pointer: 'the address of the erase function stands in a table of functions',
  thumb: 'BLX from Thumb code into the erase function',
  middle: 'a branch into the middle of the erase function, behind its block count',
  'second-call': 'the known call is taken out, and another one stands beside it',
  'second-loop': 'the block count is 0, and the erase function has another loop',
  'do-while': 'the block count is looked at only after the first pass of the loop',
  'first-component': 'component 1 has an erase function of its own and calls it',
} as const;

export type Hostile = keyof typeof HOSTILE;

const LOADER_ADDRESS = 0x30004000;
/** Filler so far in front of the erase function takes other code. */
const BEFORE = 0x440;
/** Behind the loop of the erase function, before its return. */
const BEHIND_LOOP = LOOP + 0x2c;

/** Changes a loader proper whose code {@link writeCode} has written. */
export function makeHostile(proper: Buffer, hostile: Hostile, places: CodePlaces): void {
  const { site, function: at } = places;
  const elsewhere = at - BEFORE;
  switch (hostile) {
    case 'pointer':
      proper.writeUInt32LE(LOADER_ADDRESS + at, elsewhere);
      break;
    case 'thumb': {
      // BLX in two halfwords: 11 bits of the offset each, from a multiple of 4.
      const offset = (at - (elsewhere + 4)) >> 1;
      proper.writeUInt16LE(0xf000 | ((offset >> 11) & 0x7ff), elsewhere);
      proper.writeUInt16LE(0xe800 | (offset & 0x7ff), elsewhere + 2);
      break;
    }
    case 'middle':
      writeWords(proper, elsewhere, [b(elsewhere, at + COUNT + 4)]);
      break;
    case 'second-call':
      writeCode(proper, 'patched', places);
      writeWords(proper, site + CALL + 4, [bl(site + CALL + 4, at)]);
      break;
    case 'second-loop': {
      const loop = at + BEHIND_LOOP;
      // subs ip, ip, #1; round again.
      writeWords(proper, loop, [0xe25cc001, bhi(loop + 4, loop)]);
      writeWords(proper, elsewhere, [bl(elsewhere, at)]);
      break;
    }
    case 'do-while': {
      const loop = at + LOOP;
      writeWords(proper, loop, [
        0xe1a0000b, // mov r0, r11
        bl(loop + 4, at + ERASE_BLOCK),
        0xe28bb001, // add r11, r11, #1
        0xe59d000c,
        0xe59d1004,
        bl(loop + 0x14, at + DIVIDE),
        0xe1a0e00b, // mov lr, r11
        0xe150000e, // cmp r0, lr
        bhi(loop + 0x20, loop),
        0xe1a00000,
      ]);
      writeWords(proper, elsewhere, [bl(elsewhere, at)]);
      break;
    }
    case 'first-component':
      return;
  }
  proper.write(ERASES_MARKER, proper.length - 0x40, 'latin1');
}

/** A first component with the known call and a live erase function. */
export function hostileFirst(size: number): Buffer {
  const first = filler(size, 11);
  writeCode(first, 'live', { site: 0x20, function: 0x80 });
  first.write(ERASES_MARKER, size - 0x40, 'latin1');
  return first;
}
