import assert from 'node:assert/strict';
import type { ErrorCode } from '../../src/errors';
import { FLASH } from '../../src/family/family';
import { checkFirmware, type FirmwareReport } from '../../src/firmware/check';
import { findTables, TableScanner } from '../../src/firmware/partition-table';
import {
  type MadeImage,
  makeFirmware,
  makeTable,
  partitionsWith,
  VIRTUAL_PARTITIONS,
  type VirtualPartition,
} from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { check, read, refused } from './help';

const { table: KNOWN_TABLE, nand } = FLASH;
const { block: NAND_BLOCK, size: NAND_SIZE } = nand;

/** One image with a table. */
const boot = (partitions: readonly VirtualPartition[] | undefined, more: Partial<MadeImage> = {}): MadeImage => ({
  code: 0x102,
  ...more,
  table: { ...(partitions && { partitions }), ...more.table },
});

const report = (...images: MadeImage[]): Promise<FirmwareReport> => check(makeFirmware({ images }));

const row = (name: string, start: number, length: number, type: number): VirtualPartition => ({
  name,
  start,
  length,
  type,
  flags: 0,
});

/** cdromiso makes room for something in front of it. */
const shifted = (by: number): VirtualPartition[] => partitionsWith(0x10c, { start: 0x290 + by, length: 0x570 - by });

/** 16 blocks for the web UI, out of those of cdromiso. */
const withWebui = shifted(16).map((each) => (each.type === 0x113 ? { ...each, length: 16 } : each));

describe('the known partition table', () => {
  it('is the one that the facts name, row by row', () => {
    const facts = `
      BootLoad 0 1 0 101; NvBackLTE 1 c 800 10d; NvBackGU d 8 800 10e; BootRom 15 10 0 102; BootRom 25 10 0 102;
      VxWorks 35 100 0 103; Logo 135 0 0 110; /yaffs0 135 60 201 106; FastBoot 195 3 0 104; kernel 198 18 0 105;
      /yaffs1 1b0 e0 4401 107; /yaffs3 290 0 4001/4401 109; /yaffs4 290 0 4001/4401 111; /yaffs2 290 0 4001/4401 108;
      /yaffs6 290 0 4001/4401 113; /yaffs5 290 0 4001/4401 112; cdromiso 290 570 4000 10c`;
    const shown = KNOWN_TABLE.map(({ name, start, length, flags, type }) =>
      [
        name,
        ...[start / NAND_BLOCK, length / NAND_BLOCK].map((n) => n.toString(16)),
        flags.map((f) => f.toString(16)).join('/'),
        type.toString(16),
      ].join(' '),
    );
    assert.deepEqual(
      shown,
      facts.split(';').map((line) => line.trim()),
    );
    assert.equal(NAND_SIZE, 256 * 1024 * 1024);
  });

  it('is that of the virtual stick too, which has its own', () => {
    assert.deepEqual(
      VIRTUAL_PARTITIONS.map(({ name, start, length, type }) => [name, start * 0x20000, length * 0x20000, type]),
      KNOWN_TABLE.map(({ name, start, length, type }) => [name, start, length, type]),
    );
  });
});

describe('partition tables in bytes that come in pieces', () => {
  it('are found at any offset, whole or cut off, wherever the pieces end', () => {
    const bytes = noise(8000, 3);
    const offsets = [0, 1500, 1600, 4096, 7600, 7800];
    for (const at of offsets) makeTable().copy(bytes, at);
    const whole = findTables(bytes);
    assert.deepEqual(
      whole.map(({ offset }) => offset),
      offsets,
    );
    assert.deepEqual(
      whole.map((table) => ('reason' in table ? table.reason : table.rows.length)),
      [
        17,
        'its partition table does not end where that of a V7R1 chip does',
        17,
        17,
        'its partition table is cut off',
        'its partition table is cut off',
      ],
    );
    for (const size of [1, 7, 16, 100, 1023, 1024, 1025, 4100]) {
      const scanner = new TableScanner();
      for (let at = 0; at < bytes.length; at += size) scanner.push(bytes.subarray(at, at + size));
      const found = scanner.end();
      assert.deepEqual(
        found.map(({ offset }) => offset),
        offsets,
        `pieces of ${size}`,
      );
      for (const { offset, bytes: each } of found) {
        assert.deepEqual(Buffer.from(each), bytes.subarray(offset, offset + 1024));
      }
    }
  });
});

describe('a partition table', () => {
  it('has at most 20 rows, and ends before at a row without a name or named T', () => {
    const rows = (partitions: VirtualPartition[]) => {
      const [table] = findTables(makeTable({ partitions }));
      return table && !('reason' in table) ? table.rows.length : table?.reason;
    };
    const named = (name: string, i: number) => row(name, i, 1, 0x120);
    const twenty = Array.from({ length: 20 }, (_, i) => named(`row${i}`, i));
    assert.equal(rows(twenty), 20);
    for (const name of ['', 'T']) {
      assert.equal(rows(twenty.map((each, i) => (i === 7 ? named(name, i) : each))), 7);
    }
    assert.equal(rows(twenty.map((each, i) => (i === 7 ? named('To', i) : each))), 20);
  });

  it('has texts of 16 characters', () => {
    const [table] = findTables(makeTable({ product: 'ABCDEFGHIJKLMNOPQ' }));
    assert.equal(table?.product, 'ABCDEFGHIJKLMNOP');
  });

  it('is taken out of an image nine times, of which eight are looked at', () => {
    const heads = (count: number) => findTables(Buffer.concat(new Array<Buffer>(count).fill(makeTable()))).length;
    assert.deepEqual([7, 8, 9, 10, 30].map(heads), [7, 8, 9, 9, 9]);
  });
});

describe('a row of a partition table', () => {
  it('has eight numbers behind its name', () => {
    const bytes = makeTable();
    const at = 0x30 + 48 * 5;
    [20, 28, 32, 44].forEach((field, i) => {
      bytes.writeUInt32LE(0xf000_0000 + i, at + field);
    });
    const [table] = findTables(bytes);
    assert.ok(table && !('reason' in table));
    assert.deepEqual(table.rows[5], {
      name: 'VxWorks',
      start: 0x35 * NAND_BLOCK,
      loadSize: 0xf000_0000,
      length: 0x100 * NAND_BLOCK,
      loadAddress: 0xf000_0001,
      entry: 0xf000_0002,
      type: 0x103,
      flags: 0,
      count: 0xf000_0003,
    });
    assert.deepEqual([table.product, table.version], ['H6920-VIRTUAL', 'BOOTROM_V01.02']);
  });
});

describe('the partition table in a boot image', () => {
  for (const code of [0x100, 0x102]) {
    it(`like the known one in ${code.toString(16)}: nothing to say, and images are measured as ever`, async () => {
      for (const compression of ['none', 'zlib', 'lzma'] as const) {
        const found = await report(boot(undefined, { code, compression }), { code: 0x104, size: 100 });
        assert.deepEqual([found.problems, found.warnings, found.tableChanges, found.tablesFound], [[], [], [], 1]);
        assert.equal(found.images[1]?.room, 3 * NAND_BLOCK);
      }
    });
  }

  it('is looked for in 100 and 102 and nowhere else; 100 without one is a warning', async () => {
    const none = await report({ code: 0x100, data: noise(3000) }, { code: 0x102, size: 3000 });
    assert.match(none.warnings.join(), /^The image 1 \(Ptable_R1\) of buffer should be a partition table, but/);
    assert.equal(none.warnings.length, 1);
    const foreign = { table: { product: 'H6930' }, size: 4096 };
    assert.deepEqual((await report({ code: 0x101, ...foreign }, { code: 0x103, ...foreign })).tablesFound, 0);
  });

  const refusals: [string, ErrorCode, RegExp, MadeImage][] = [
    [
      'of another product with the chip',
      'FIRMWARE_WRONG_DEVICE',
      /table for "H6920CS_WINGLE", not for an E3272 \("H6920CS_STICK"\)/,
      boot(undefined, { table: { product: 'H6920CS_WINGLE' } }),
    ],
    ['of another chip', 'FIRMWARE_WRONG_DEVICE', /for "H6930"/, boot(undefined, { table: { product: 'H6930' } })],
    [
      'of no product',
      'FIRMWARE_WRONG_DEVICE',
      /does not say for which product/,
      boot(undefined, { table: { product: '' } }),
    ],
    [
      'of a smaller NAND',
      'FIRMWARE_WRONG_DEVICE',
      /ends at block 0x400; .* 0x800/,
      boot(partitionsWith(0x10c, { length: 0x170 })),
    ],
    [
      'of a larger NAND',
      'FIRMWARE_WRONG_DEVICE',
      /ends at block 0x1000/,
      boot(partitionsWith(0x10c, { length: 0xd70 })),
    ],
    [
      'with a row behind the end',
      'FIRMWARE_WRONG_DEVICE',
      /ends at block 0x801/,
      boot(
        [row('more', 0x800, 1, 0x120), ...VIRTUAL_PARTITIONS].sort(
          (a, b) => Number(a.type === 0x10c) - Number(b.type === 0x10c),
        ),
      ),
    ],
    [
      'that moves NV',
      'FIRMWARE_WRONG_DEVICE',
      /moves .* \/yaffs0 \(type 0x106\) at block 0x136/,
      boot(partitionsWith(0x106, { start: 0x136, length: 0x5f })),
    ],
    [
      'with less room for NV',
      'FIRMWARE_WRONG_DEVICE',
      /moves .*\/yaffs0/,
      boot(partitionsWith(0x106, { length: 0x5f })),
    ],
    [
      'with other flags of NV',
      'FIRMWARE_WRONG_DEVICE',
      /flags 0x200, where .* 0x201/,
      boot(partitionsWith(0x106, { flags: 0x200 })),
    ],
    [
      'with another name of NV',
      'FIRMWARE_WRONG_DEVICE',
      /NvBackX .* where .* NvBackLTE/,
      boot(partitionsWith(0x10d, { name: 'NvBackX' })),
    ],
    ['with another type of NV', 'FIRMWARE_WRONG_DEVICE', /NvBackGU/, boot(partitionsWith(0x10e, { type: 0x120 }))],
    [
      'that moves BootLoad',
      'FIRMWARE_WRONG_DEVICE',
      /moves what must stay where an E3272 has it: BootLoad .* at block 0x15/,
      boot(partitionsWith(0x101, { start: 0x15 })),
    ],
    [
      'without NV',
      'FIRMWARE_WRONG_DEVICE',
      /where an E3272 has NvBackLTE/,
      boot(VIRTUAL_PARTITIONS.filter(({ type }) => type !== 0x10d)),
    ],
    [
      'with NV twice',
      'FIRMWARE_WRONG_DEVICE',
      /again .* where an E3272 has no further row/,
      boot([...shifted(1).slice(0, -1), row('again', 0x290, 1, 0x106), ...shifted(1).slice(-1)]),
    ],
    [
      'with FastBoot in NV',
      'FIRMWARE_WRONG_DEVICE',
      /overlap: .*yaffs0 .*and FastBoot|overlap: FastBoot .*and \/yaffs0/,
      boot(partitionsWith(0x104, { start: 0x135 })),
    ],
    [
      'with a row that runs into the next',
      'FIRMWARE_WRONG_DEVICE',
      /overlap: VxWorks .*, and \/yaffs0/,
      boot(partitionsWith(0x103, { length: 0x101 })),
    ],
    [
      'with a new row inside another',
      'FIRMWARE_WRONG_DEVICE',
      /overlap: cdromiso .*, and inner|overlap: inner .*, and cdromiso/,
      boot([row('inner', 0x300, 1, 0x120), ...VIRTUAL_PARTITIONS]),
    ],
    [
      'with a new row in front of all',
      'FIRMWARE_WRONG_DEVICE',
      /overlap: BootLoad .*, and first|overlap: first .*, and BootLoad/,
      boot([row('first', 0, 1, 0x120), ...VIRTUAL_PARTITIONS]),
    ],
    [
      'not in whole blocks',
      'FIRMWARE_INVALID',
      /row 9 \(kernel\) .* not made of whole NAND blocks/,
      boot(partitionsWith(0x105, { start: 0x198 + 0.5 })),
    ],
    ['that is empty', 'FIRMWARE_INVALID', /is empty/, boot([])],
    ['that is cut off', 'FIRMWARE_INVALID', /is cut off/, boot(undefined, { size: 2000 })],
    [
      'of which there is no more than the head',
      'FIRMWARE_INVALID',
      /is cut off/,
      { code: 0x102, data: Buffer.concat([noise(100), makeTable().subarray(0, 0x20)]) },
    ],
    [
      'whose end is not where it belongs',
      'FIRMWARE_INVALID',
      /does not end/,
      { code: 0x102, data: Buffer.concat([makeTable().subarray(0, 0x3e0), noise(2000)]) },
    ],
    [
      'that is the second one',
      'FIRMWARE_WRONG_DEVICE',
      /WINGLE/,
      { code: 0x102, data: Buffer.concat([makeTable(), noise(101), makeTable({ product: 'H6920CS_WINGLE' })]) },
    ],
    [
      'that is one of very many',
      'FIRMWARE_INVALID',
      /more partition tables than anybody needs/,
      { code: 0x102, data: Buffer.concat(new Array<Buffer>(9).fill(makeTable())) },
    ],
  ];
  for (const [name, code, text, image] of refusals) {
    it(`${name} is refused: ${code}`, async () => {
      for (const kind of [0x102, 0x100]) {
        for (const compression of ['none', 'zlib', 'lzma-marker'] as const) {
          const file = makeFirmware({ images: [{ ...image, code: kind, compression }, { code: 0x550103 }] });
          // In 100 the table stands at the begin, where 2000 bytes are enough.
          if (name === 'that is cut off' && kind === 0x100) continue;
          await refused(check(file), code, text);
          const { tableProblems, problems } = await check(file, { collect: true });
          assert.deepEqual([tableProblems.length, problems.length], [1, 1]);
        }
      }
    });
  }

  it('that changes anything of BootLoad or NV is refused for that', async () => {
    const text = /moves what must stay where an E3272 has it/;
    for (const type of [0x101, 0x10d, 0x10e, 0x106]) {
      for (const change of [{ name: 'other' }, { flags: 0x4000 }, { length: 0 }, { type: 0x120 }]) {
        await refused(report(boot(partitionsWith(type, change))), 'FIRMWARE_WRONG_DEVICE', text);
      }
    }
  });

  it('may stand in it several times', async () => {
    const eight = Buffer.concat(new Array<Buffer>(8).fill(makeTable()));
    assert.deepEqual((await report({ code: 0x102, data: eight })).tablesFound, 8);
  });

  it('made up is taken in made-up firmware only', async () => {
    const image = (product: string): MadeImage => boot(undefined, { platform: 'X', table: { product } });
    await refused(report(image('H6920-VIRTUAL')), 'FIRMWARE_WRONG_DEVICE', /"H6920-VIRTUAL", not for/);
    assert.deepEqual((await report(image('H6920CS_STICK'))).problems, []);
    assert.deepEqual((await report(boot(undefined, { table: { product: 'H6920CS_STICK' } }))).problems, []);
  });

  it('with other rows is a warning that names each, with old and new start and length', async () => {
    const partitions = [...withWebui.filter(({ type }) => type !== 0x110), row('spare', 0x800, 0, 0x120)].sort(
      (a, b) => Number(a.type === 0x10c) - Number(b.type === 0x10c),
    );
    const found = await report(
      boot(partitions.map((each) => (each.type === 0x105 ? { ...each, name: 'Kernel', flags: 8 } : each))),
    );
    assert.deepEqual(found.problems, []);
    assert.deepEqual(found.tableChanges, [
      'Logo (type 0x110) at block 0x135 (byte 40501248), 0x0 blocks (0 bytes), flags 0x0 is gone.',
      'kernel (type 0x105) at block 0x198 (byte 53477376), 0x18 blocks (3145728 bytes), flags 0x0 becomes Kernel at block 0x198 (byte 53477376), 0x18 blocks (3145728 bytes), flags 0x8.',
      '/yaffs6 (type 0x113) at block 0x290 (byte 85983232), 0x0 blocks (0 bytes), flags 0x4001 or 0x4401 becomes block 0x290 (byte 85983232), 0x10 blocks (2097152 bytes), flags 0x4001.',
      'cdromiso (type 0x10c) at block 0x290 (byte 85983232), 0x570 blocks (182452224 bytes), flags 0x4000 becomes block 0x2a0 (byte 88080384), 0x560 blocks (180355072 bytes), flags 0x4000.',
      'spare (type 0x120) at block 0x800 (byte 268435456), 0x0 blocks (0 bytes), flags 0x0 is added.',
    ]);
    const [warning, ...more] = found.warnings;
    assert.deepEqual(more, []);
    assert.match(
      warning ?? '',
      /^The image 1 \(Bootrom_R1\) of buffer divides the flash memory of the stick anew: Logo .*What follows is measured by it\.$/,
    );
    for (const change of found.tableChanges) assert.ok(warning?.includes(change));
  });

  it('with one other row is a warning too; one without blocks may lie anywhere', async () => {
    const found = await report(boot([row('inner', 0x300, 0, 0x120), ...VIRTUAL_PARTITIONS]));
    assert.deepEqual(found.problems, []);
    assert.deepEqual(found.tableChanges, [
      'inner (type 0x120) at block 0x300 (byte 100663296), 0x0 blocks (0 bytes), flags 0x0 is added.',
    ]);
    assert.match(found.warnings.join(), /divides the flash memory of the stick anew: inner/);
  });

  it('leaves an image that no E3272 takes the whole flash memory, so that it is looked through', async () => {
    const { images } = await check(makeFirmware({ images: [{ code: 0x66 }, { code: 0x200000 }] }), { collect: true });
    assert.deepEqual(
      images.map(({ room }) => room),
      [NAND_SIZE, NAND_SIZE],
    );
  });

  it('that is new measures what follows, and not what comes before', async () => {
    const image: MadeImage = { code: 0x113, size: 16 * NAND_BLOCK };
    const fits = await report(image, boot(withWebui), image);
    assert.deepEqual(
      fits.images.map(({ room }) => room / NAND_BLOCK),
      [0x570, 0x10, 0x10],
    );
    assert.match(fits.warnings.join(), /no room for WEBUI_R1/);
    assert.doesNotMatch((await report(boot(withWebui), image)).warnings.join(), /no room/);
    await refused(
      report(boot(withWebui), { ...image, size: 16 * NAND_BLOCK + 1 }),
      'FIRMWARE_TOO_LARGE',
      /takes 2097152/,
    );
    // Smaller, and larger than before.
    const less = VIRTUAL_PARTITIONS.map((each) => (each.type === 0x104 ? { ...each, length: 2 } : each));
    const more = VIRTUAL_PARTITIONS.map((each) =>
      each.type === 0x104 ? { ...each, start: 0x290, length: 5 } : each,
    ).map((each) => (each.type === 0x10c ? { ...each, start: 0x295, length: 0x56b } : each));
    const fastboot = (blocks: number): MadeImage => ({ code: 0x104, size: blocks * NAND_BLOCK });
    await refused(report(boot(less), fastboot(3)), 'FIRMWARE_TOO_LARGE');
    assert.deepEqual((await report(boot(more), fastboot(5))).problems, []);
    await refused(report(boot(more), fastboot(6)), 'FIRMWARE_TOO_LARGE');
    await refused(report(fastboot(5), boot(more)), 'FIRMWARE_TOO_LARGE');
    // Without room for it, an image of the same firmware is refused.
    await refused(report(boot(shifted(1)), { code: 0x109, size: 1 }), 'FIRMWARE_TOO_LARGE');
    // A boot image without a table changes nothing.
    await refused(report({ code: 0x102 }, fastboot(4)), 'FIRMWARE_TOO_LARGE');
    await refused(report(boot(less), { code: 0x102 }, fastboot(3)), 'FIRMWARE_TOO_LARGE');
    // The next one counts then; one like the known table too.
    assert.deepEqual((await report(boot(less), boot(undefined), fastboot(3))).problems, []);
  });

  it('where no stick finds it does not count alone', async () => {
    const foreign = makeTable({ product: 'H6920CS_WINGLE' });
    await refused(report({ code: 0x102, data: Buffer.concat([noise(1), foreign]) }), 'FIRMWARE_WRONG_DEVICE', /WINGLE/);
    const larger = makeTable({
      partitions: shifted(5).map((each) => (each.type === 0x104 ? { ...each, start: 0x290, length: 5 } : each)),
    });
    const fastboot: MadeImage = { code: 0x104, size: 4 * NAND_BLOCK };
    assert.deepEqual((await report({ code: 0x102, data: larger }, fastboot)).problems, []);
    const image = { code: 0x102, data: Buffer.concat([noise(1), larger]) };
    await refused(report(image, fastboot), 'FIRMWARE_TOO_LARGE');
    assert.equal((await report(image)).tableChanges.length, 2);
  });

  it('in 100 counts from the next start on: what follows must fit both', async () => {
    const less = boot(partitionsWith(0x104, { length: 2 }), { code: 0x100 });
    const more = boot(
      partitionsWith(0x104, { start: 0x290, length: 5 }).map((each) =>
        each.type === 0x10c ? { ...each, start: 0x295, length: 0x56b } : each,
      ),
      { code: 0x100 },
    );
    const fastboot = (blocks: number): MadeImage => ({ code: 0x104, size: blocks * NAND_BLOCK });
    await refused(report(less, fastboot(3)), 'FIRMWARE_TOO_LARGE');
    await refused(report(more, fastboot(4)), 'FIRMWARE_TOO_LARGE');
    const found = await report(more, fastboot(3));
    assert.match(found.warnings.join(), /must fit both/);
    assert.equal(found.tableChanges.length, 2);
    // The same change by both kinds of image is one change.
    assert.equal((await report(more, { ...more, code: 0x102 })).tableChanges.length, 2);
  });

  it('counts for a file that is written behind it', async () => {
    const first = await report(boot(withWebui));
    const second = async (size: number) => {
      const { source, firmware } = await read(makeFirmware({ images: [{ code: 0x113, size }] }));
      return checkFirmware(firmware, source, { before: first });
    };
    assert.equal((await second(16 * NAND_BLOCK)).images[0]?.room, 16 * NAND_BLOCK);
    await refused(second(16 * NAND_BLOCK + 1), 'FIRMWARE_TOO_LARGE');
  });

  it('is looked for in a worker as well', async () => {
    // LZMA of this size is not unpacked in this thread.
    const big: MadeImage = { code: 0x107, size: 900_000, compression: 'lzma' };
    const found = await report(boot(withWebui), big, { code: 0x113, size: 100 });
    assert.equal(found.images[2]?.room, 16 * NAND_BLOCK);
    assert.equal(found.tableChanges.length, 2);
    await refused(report(boot(undefined, { table: { product: 'H6930' } }), big), 'FIRMWARE_WRONG_DEVICE');
  });

  it('is not judged where the image is damaged: that is what is wrong', async () => {
    const file = makeFirmware({ images: [boot(undefined, { table: { product: 'H6930' } })] });
    file[file.length - 1] = (file[file.length - 1] as number) ^ 1;
    await refused(check(file), 'FIRMWARE_CRC');
  });
});
