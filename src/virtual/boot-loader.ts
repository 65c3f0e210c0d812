/**
 * What starting an uploaded loader does to the stick: does it run at all, does it erase the NAND, and which partition table
 * does it bring along?
 */

import { ERASES_MARKER } from './make-hostile';
import { findPartitions, type Partition } from './nand';

export interface LoaderStart {
  /** Empty where the component is no loader for this stick: then it hangs. */
  runs: boolean;
  /** It calls the erase of the whole NAND, and that call does something; or its marker says so. */
  erases: boolean;
  partitions: Partition[];
  /** The table's bytes, to compare with a later one. */
  table: string;
}

/** ARM code before the call of erase_all; one literal offset differs between builds. */
const CALL_SITE = [
  0x3d, 0xe2, 0xe0, 0xe3, 0x00, 0xe0, 0x9e, 0xe5, -1, -1, 0x9f, 0xe5, 0x0c, 0x00, 0x5e, 0xe1, 0x00, 0x00, 0x00, 0x0a,
];
const BL_OPCODE = 0xeb;
/** Inside erase_all: load both operands, then divide = the number of blocks; a mov r0,#0 in its place erases none. */
const BEFORE_COUNT = Buffer.from('0c009de504109de5', 'hex');
const NO_BLOCKS = 0xe3a00000;
/** erase_all is shorter than this. */
const CALLEE_SPAN = 0x200;

/** Loads the component into its DDR and follows the code. */
export function startLoader(image: Uint8Array): LoaderStart {
  const table = findPartitions(image);
  if (!table?.product.startsWith('H6920')) return { runs: false, erases: false, partitions: [], table: '' };
  return { runs: true, erases: saysItErases(image) || erases(image), partitions: table.partitions, table: table.raw };
}

/** What only a processor would find out is written on it. */
export const saysItErases = (image: Uint8Array): boolean => view(image).includes(ERASES_MARKER, 0, 'latin1');

const view = (image: Uint8Array): Buffer => Buffer.from(image.buffer, image.byteOffset, image.length);

function erases(image: Uint8Array): boolean {
  const b = view(image);
  for (let at = b.indexOf(0x3d); at >= 0; at = b.indexOf(0x3d, at + 1)) {
    const call = at + CALL_SITE.length;
    if (at % 4 !== 0 || call + 4 > b.length || !CALL_SITE.every((want, i) => want < 0 || b[at + i] === want)) continue;
    if (b[call + 3] !== BL_OPCODE) continue;
    // BL: 24-bit signed word offset from two instructions on.
    const callee = call + 8 + b.readIntLE(call, 3) * 4;
    if (!harmless(b.subarray(Math.max(0, callee), Math.max(0, callee + CALLEE_SPAN)))) return true;
  }
  return false;
}

/** True if the function that begins `code` counts no blocks to erase. */
function harmless(code: Buffer): boolean {
  const at = code.indexOf(BEFORE_COUNT);
  if (at < 0 || at + BEFORE_COUNT.length + 4 > code.length) return false;
  return code.readUInt32LE(at + BEFORE_COUNT.length) === NO_BLOCKS;
}
