/** Makes up USB loader files of the V7R1 shape for virtual sticks. */

import { type CodePlaces, filler, type MadeErase, writeCode } from './make-code';
import { type Hostile, hostileFirst, makeHostile } from './make-hostile';
import { noise } from './make-noise';
import { type MadeTable, makeTable, TABLE_LENGTH } from './make-table';

export type { MadeErase } from './make-code';
export { HOSTILE, type Hostile } from './make-hostile';
export { makeTable, partitionsWith, VIRTUAL_PARTITIONS, VIRTUAL_PRODUCT, type VirtualPartition } from './make-table';

const RAMINIT_ADDRESS = 0x2ffe4000;
const RAMINIT_SIZE = 876;
const LOADER_ADDRESS = 0x30004000;
const FILE_HEADER = 0x54;
/** Room behind the table for what else is written there. */
const TAIL = 0x100;

interface Shape extends CodePlaces {
  table: number;
  /** Bytes of the loader proper. */
  size: number;
}

const SHAPES = {
  small: { site: 0xdb0, function: 0x2000, table: 0x4000, size: 48_000 },
  /** Everything where the known loader for the E3272 has it. */
  real: { site: 0xdb0, function: 0x136f0, table: 0x17bfdc, size: 1_753_484 },
} as const satisfies Record<string, Shape>;

export interface MadeLoader extends MadeTable {
  /** Default `safe`. */
  erase?: MadeErase;
  /** One that erases, in a way that a count of calls does not see. */
  hostile?: Hostile;
  /** Default `small`. */
  shape?: keyof typeof SHAPES;
  /** Bytes of the loader proper, default 48 kB; a real one has 1 753 484. */
  size?: number;
}

/** A loader file as bytes. */
export function makeLoader(options: MadeLoader = {}): Buffer {
  const raminit = options.hostile === 'first-component' ? hostileFirst(RAMINIT_SIZE) : noise(RAMINIT_SIZE, 11);
  const proper = makeProper(options);
  const header = Buffer.alloc(FILE_HEADER);
  header.writeUInt32LE(0x00020000, 0);
  const components = [
    { mode: 1, address: RAMINIT_ADDRESS, bytes: raminit },
    { mode: 2, address: LOADER_ADDRESS, bytes: proper },
  ];
  let offset = FILE_HEADER;
  for (const [i, { mode, address, bytes }] of components.entries()) {
    const at = 0x24 + 16 * i;
    header.writeUInt32LE(mode, at);
    header.writeUInt32LE(bytes.length, at + 4);
    header.writeUInt32LE(address, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += bytes.length;
  }
  return Buffer.concat([header, raminit, proper]);
}

function makeProper({ erase = 'safe', hostile, shape = 'small', size, ...table }: MadeLoader): Buffer {
  const places: Shape = SHAPES[shape];
  const proper = filler(Math.max(size ?? places.size, places.table + TABLE_LENGTH + TAIL), 13);
  writeCode(proper, erase, places);
  if (hostile) makeHostile(proper, hostile, places);
  makeTable(table).copy(proper, places.table);
  return proper;
}
