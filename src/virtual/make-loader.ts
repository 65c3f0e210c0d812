/** Makes up USB loader files of the V7R1 shape for virtual sticks. */

import { noise } from './make-noise';

/** Product text by which real sticks are kept from made-up loaders. */
export const VIRTUAL_PRODUCT = 'H6920-VIRTUAL';

const NAND_BLOCK = 0x20000;
const RAMINIT_ADDRESS = 0x2ffe4000;
const LOADER_ADDRESS = 0x30004000;
const FILE_HEADER = 0x54;
const TABLE_LENGTH = 1024;

/** A partition as the made-up loader's table lists it; start and length in NAND blocks of 128 KiB. */
export interface VirtualPartition {
  name: string;
  start: number;
  length: number;
  type: number;
  flags: number;
}

const row = (name: string, start: number, length: number, type: number, flags = 0): VirtualPartition => ({
  name,
  start,
  length,
  type,
  flags,
});

/** The geometry of the E3272's NAND: 256 MiB. */
export const VIRTUAL_PARTITIONS: readonly VirtualPartition[] = [
  row('BootLoad', 0x0, 0x1, 0x101),
  row('NvBackLTE', 0x1, 0xc, 0x10d, 0x800),
  row('NvBackGU', 0xd, 0x8, 0x10e, 0x800),
  row('BootRom', 0x15, 0x10, 0x102),
  row('BootRom', 0x25, 0x10, 0x102),
  row('VxWorks', 0x35, 0x100, 0x103),
  row('Logo', 0x135, 0, 0x110),
  row('/yaffs0', 0x135, 0x60, 0x106, 0x201),
  row('FastBoot', 0x195, 0x3, 0x104),
  row('kernel', 0x198, 0x18, 0x105),
  row('/yaffs1', 0x1b0, 0xe0, 0x107, 0x4401),
  row('/yaffs3', 0x290, 0, 0x109, 0x4001),
  row('/yaffs4', 0x290, 0, 0x111, 0x4001),
  row('/yaffs2', 0x290, 0, 0x108, 0x4401),
  row('/yaffs6', 0x290, 0, 0x113, 0x4001),
  row('/yaffs5', 0x290, 0, 0x112, 0x4001),
  row('cdromiso', 0x290, 0x570, 0x10c, 0x4000),
];

export interface MadeLoader {
  /**
   * `safe`: live call, but the erase function erases nothing (as in usblsafe files); `live`: as the vendor ships it;
   * `patched`: the call is taken out; `none`: no known call at all.
   */
  erase?: 'safe' | 'live' | 'patched' | 'none';
  /** Bytes of the loader proper, default 48 kB; a real one has 1 753 484. */
  size?: number;
  product?: string;
}

/** Bytes of the made-up code before the partition table. */
const CALL_SITE = 0xdb0;
const ERASE_ALL = 0x2000;
const COUNT = 0x24;
const TABLE = 0x4000;
/** Room for the table and for the last bytes, which nobody searches. */
const MIN_SIZE = TABLE + TABLE_LENGTH + 0x100;

/** A loader file as bytes. */
export function makeLoader(options: MadeLoader = {}): Buffer {
  const raminit = noise(876, 11);
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

function makeProper({ erase = 'safe', size = 48_000, product = VIRTUAL_PRODUCT }: MadeLoader): Buffer {
  const b = noise(Math.max(size, MIN_SIZE), 13);
  // Noise with the top bit of each word's last byte cleared has neither BL nor a return in it, nor the signature.
  for (let at = 3; at < b.length; at += 4) b[at] = (b[at] as number) & 0x7f;
  if (erase !== 'none') {
    const words = [0xe3e0e23d, 0xe59ee000, 0xe59fc35c, 0xe15e000c, 0x0a000000];
    words.forEach((word, i) => {
      b.writeUInt32LE(word, CALL_SITE + 4 * i);
    });
    const call = CALL_SITE + 4 * words.length;
    b.writeUInt32LE(erase === 'patched' ? 0xe3a00000 : branch(call, ERASE_ALL), call);
  }
  writeEraseAll(b, erase);
  writeTable(b, product);
  return b;
}

/** stmfd ...; r0 := [sp, #12]; r1 := [sp, #4]; divide, or the forced zero; lr := count; compare; return. */
function writeEraseAll(b: Buffer, erase: MadeLoader['erase']): void {
  const divide = ERASE_ALL + 0x100;
  b.writeUInt32LE(0xe92d47f0, ERASE_ALL);
  const count = ERASE_ALL + COUNT;
  b.writeUInt32LE(0xe59d000c, count);
  b.writeUInt32LE(0xe59d1004, count + 4);
  b.writeUInt32LE(erase === 'safe' ? 0xe3a00000 : branch(count + 8, divide), count + 8);
  b.writeUInt32LE(0xe1a0e00b, count + 12);
  b.writeUInt32LE(0xe150000e, count + 16);
  b.writeUInt32LE(0xe8bd87f0, ERASE_ALL + 0x80);
}

/** BL at `from` to `to`. */
const branch = (from: number, to: number) => (0xeb000000 | (((to - from - 8) >> 2) & 0xffffff)) >>> 0;

function writeTable(b: Buffer, product: string): void {
  const table = b.subarray(TABLE, TABLE + TABLE_LENGTH).fill(0);
  table.write('pTableHead\0\0\0\0\0\x80', 0, 'latin1');
  table.write('BOOTROM_V01.02', 0x10, 16, 'latin1');
  table.write(product, 0x20, 16, 'latin1');
  VIRTUAL_PARTITIONS.forEach((partition, i) => {
    const at = 0x30 + 48 * i;
    table.write(partition.name, at, 16, 'latin1');
    table.writeUInt32LE(partition.start * NAND_BLOCK, at + 16);
    table.writeUInt32LE(partition.length * NAND_BLOCK, at + 24);
    table.writeUInt32LE(partition.type, at + 36);
    table.writeUInt32LE(partition.flags, at + 40);
  });
  table.write('pTableTail', 0x3f0, 'latin1');
}
