/** Makes up NAND partition tables of the V7R1 shape, for made-up loaders and boot images. */

/** Product text by which real sticks are kept from what is made up. */
export const VIRTUAL_PRODUCT = 'H6920-VIRTUAL';
/** Bytes of a table. */
export const TABLE_LENGTH = 1024;

const NAND_BLOCK = 0x20000;

/** A row of a partition table; start and length in NAND blocks of 128 KiB. */
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

/** What tells one table from another. */
export interface MadeTable {
  /** Default {@link VIRTUAL_PRODUCT}. */
  product?: string;
  /** Default {@link VIRTUAL_PARTITIONS}; at most 20. */
  partitions?: readonly VirtualPartition[];
}

/** {@link VIRTUAL_PARTITIONS} with some fields of the rows of a type changed. */
export function partitionsWith(type: number, change: Partial<VirtualPartition>): VirtualPartition[] {
  return VIRTUAL_PARTITIONS.map((each) => (each.type === type ? { ...each, ...change } : each));
}

/** A table as bytes. */
export function makeTable({ product = VIRTUAL_PRODUCT, partitions = VIRTUAL_PARTITIONS }: MadeTable = {}): Buffer {
  const table = Buffer.alloc(TABLE_LENGTH);
  table.write('pTableHead\0\0\0\0\0\x80', 0, 'latin1');
  table.write('BOOTROM_V01.02', 0x10, 16, 'latin1');
  table.write(product, 0x20, 16, 'latin1');
  partitions.forEach(({ name, start, length, type, flags }, i) => {
    const at = 0x30 + 48 * i;
    table.write(name, at, 16, 'latin1');
    table.writeUInt32LE(start * NAND_BLOCK, at + 16);
    table.writeUInt32LE(length * NAND_BLOCK, at + 24);
    table.writeUInt32LE(type, at + 36);
    table.writeUInt32LE(flags, at + 40);
  });
  table.write('pTableTail', 0x3f0, 'latin1');
  return table;
}
