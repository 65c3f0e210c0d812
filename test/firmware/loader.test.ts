import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loaderComponents, readLoader } from '../../src/firmware/loader';
import { openSource } from '../../src/firmware/source';
import {
  makeFirmware,
  makeLoader,
  makeTable,
  partitionsWith,
  VIRTUAL_PARTITIONS,
  type VirtualPartition,
} from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { tempFolder } from '../support/temp-folder';
import { refused } from './help';

const PROPER = 0x54 + 876;
/** In component 2. */
const COUNT = 0x202c;
const NO_CALL = [0x00, 0x00, 0xa0, 0xe3];

const load = async (file: Uint8Array, allowUnsafe = false) => readLoader(await openSource(file), { allowUnsafe });

/** A copy of a good loader with some bytes changed. */
function changed(change: (file: Buffer) => void): Buffer {
  const file = makeLoader();
  change(file);
  return file;
}

/** Offset in the file of the call of the erase function. */
function callAt(file: Buffer): number {
  const at = file.indexOf(Buffer.from([0x0c, 0x00, 0x5e, 0xe1, 0x00, 0x00, 0x00, 0x0a]));
  assert.ok(at > 0);
  return at + 8;
}

describe('firmware/loader', () => {
  it('reads components, table and texts', async () => {
    const file = makeLoader();
    const loader = await load(file);
    assert.deepEqual(loader.components, [
      { mode: 1, address: 0x2ffe4000, offset: 0x54, size: 876 },
      { mode: 2, address: 0x30004000, offset: PROPER, size: file.length - PROPER },
    ]);
    assert.equal(loader.table.product, 'H6920-VIRTUAL');
    assert.equal(loader.table.version, 'BOOTROM_V01.02');
    assert.deepEqual(
      loader.table.rows.map((row) => [row.name, row.start, row.length, row.type]),
      VIRTUAL_PARTITIONS.map((row) => [row.name, row.start * 0x20000, row.length * 0x20000, row.type]),
    );
    assert.equal(loader.synthetic, true);
    assert.equal(loader.known, undefined);
    assert.equal(loader.sha256.length, 64);
  });

  it('is for an E3272 and for no other product; names what it is for', async () => {
    const genuine = await load(makeLoader({ product: 'H6920CS_STICK' }), true);
    assert.equal(genuine.synthetic, false);
    const bad: [string, RegExp][] = [
      [
        'H6920CS_WINGLE',
        /is for "H6920CS_WINGLE", another product with the chip of the E3272, whose flash memory is divided otherwise\.$/,
      ],
      ['H6920CS_STICK2', /another product with the chip/],
      ['H6930CS_STICK', /is for "H6930CS_STICK", a product with another chip/],
      ['', /does not say for which product/],
    ];
    // No override leads past it.
    for (const [product, text] of bad) await refused(load(makeLoader({ product }), true), 'LOADER_INVALID', text);
  });

  it('must bring the partition table of an E3272, row by row', async () => {
    const other = (change: Partial<VirtualPartition>, type = 0x104) =>
      load(makeLoader({ partitions: partitionsWith(type, change) }), true);
    for (const change of [{ start: 0x135 }, { length: 4 }, { name: 'FastBoot2' }, { type: 0x114 }, { flags: 1 }]) {
      const error = await refused(other(change), 'LOADER_INVALID', /partition table is not that of an E3272/);
      assert.match(
        error.message,
        /an E3272 has FastBoot \(type 0x104\) at block 0x195 \(byte 53084160\), 0x3 blocks \(393216 bytes\)/,
      );
    }
    for (const [i, { name }] of VIRTUAL_PARTITIONS.entries()) {
      const partitions = VIRTUAL_PARTITIONS.map((each, at) => (at === i ? { ...each, flags: 2 } : each));
      const text = new RegExp(`not that of an E3272: ${name} .*, flags 0x2, where`);
      await refused(load(makeLoader({ partitions }), true), 'LOADER_INVALID', text);
    }
    await refused(
      other({ start: 0x135 }),
      'LOADER_INVALID',
      /: FastBoot \(type 0x104\) at block 0x135 .*, where an E3272/,
    );
    await refused(other({ flags: 0x4000 }, 0x109), 'LOADER_INVALID', /flags 0x4000, where .* 0x4001 or 0x4401/);
    const rows = [...VIRTUAL_PARTITIONS];
    await refused(load(makeLoader({ partitions: rows.slice(0, -1) }), true), 'LOADER_INVALID', /no further row, where/);
    const more = [...rows, { name: 'more', start: 0x800, length: 0, type: 0x120, flags: 0 }];
    await refused(
      load(makeLoader({ partitions: more }), true),
      'LOADER_INVALID',
      /more .* where .* has no further row/,
    );
    const swapped = [...rows.slice(0, 3), ...rows.slice(5, 6), ...rows.slice(3, 5), ...rows.slice(6)];
    await refused(load(makeLoader({ partitions: swapped }), true), 'LOADER_INVALID', /: VxWorks .* has BootRom/);
  });

  it('must bring no second table that is another one, wherever it lies', async () => {
    const second = (table: Buffer, at: number) =>
      load(
        changed((file) => table.copy(file, at)),
        true,
      );
    assert.equal((await second(makeTable(), 0x9000)).table.rows.length, 17);
    for (const at of [0x2f00, 0x9000, 0x9001]) {
      await refused(second(makeTable({ product: 'H6920CS_WINGLE' }), at), 'LOADER_INVALID', /WINGLE/);
      await refused(
        second(makeTable({ partitions: partitionsWith(0x10c, { start: 0x291 }) }), at),
        'LOADER_INVALID',
        /cdromiso/,
      );
      await refused(second(makeTable().subarray(0, 0x100), at), 'LOADER_INVALID', /does not end/);
    }
    const many = changed((file) => {
      for (let at = 0x5000; at < 0x9000; at += 0x400) makeTable().copy(file, at);
    });
    await refused(load(many), 'LOADER_INVALID', /more partition tables than/);
  });

  it('sends a live call and a live count taken out, and leaves the file alone', async () => {
    for (const erase of ['safe', 'live', 'patched'] as const) {
      const file = makeLoader({ erase });
      const before = Buffer.from(file);
      const loader = await load(file);
      assert.equal(loader.callSite, erase === 'patched' ? 'patched' : 'live');
      assert.equal(loader.callee, erase === 'safe' ? 'stopped' : 'live');
      const [raminit, proper] = loaderComponents(loader);
      assert.deepEqual([raminit.mode, proper.mode], [1, 2]);
      assert.deepEqual(raminit.data, file.subarray(0x54, PROPER));
      const differing = [...proper.data.keys()].filter((i) => proper.data[i] !== file[PROPER + i]);
      const words = [callAt(file) - PROPER, COUNT];
      assert.ok(differing.length > 0 && differing.every((i) => words.some((at) => i >= at && i < at + 4)));
      for (const at of words) assert.deepEqual([...proper.data.subarray(at, at + 4)], NO_CALL);
      assert.deepEqual(
        [...loader.found, ...loader.patches].map(({ offset }) => offset).sort((a, b) => a - b),
        words,
      );
      assert.deepEqual(file, before);
      assert.deepEqual(loader.data, before);
    }
  });

  it('with other parts is named by its product all the same', async () => {
    for (const [at, value] of [
      [0x24, 3],
      [0x44, 1],
    ] as const) {
      const file = makeLoader({ product: 'H6930CS_STICK' });
      file.writeUInt32LE(value, at);
      await refused(
        load(file),
        'LOADER_INVALID',
        /component.*; it is for "H6930CS_STICK", a product with another chip/,
      );
    }
    // The first of several tables, also where it does not say for which product it is.
    const two = makeLoader({ product: '' });
    makeTable({ product: 'H6930CS_STICK' }).copy(two, 0x9000);
    two.writeUInt32LE(3, 0x24);
    await refused(
      load(two),
      'LOADER_INVALID',
      /instead of 1; its partition table does not say for which product it is\.$/,
    );
    const ours = await refused(load(changed((f) => f.writeUInt32LE(1, 0x44))), 'LOADER_INVALID');
    assert.doesNotMatch(ours.message, /product/);
  });

  it('may have its components in any order, one right behind the other', async () => {
    const file = makeLoader();
    const swapped = Buffer.concat([file.subarray(0, 0x54), file.subarray(PROPER), file.subarray(0x54, PROPER)]);
    swapped.writeUInt32LE(file.length - 876, 0x30);
    swapped.writeUInt32LE(0x54, 0x40);
    assert.deepEqual(loaderComponents(await load(swapped)), loaderComponents(await load(file)));
  });

  it('has at most 4 MiB', async () => {
    const most = 4 * 1024 * 1024;
    assert.equal((await load(makeLoader({ size: most - PROPER }), true)).size, most);
    const text = new RegExp(`has ${most + 1} bytes, more than any loader`);
    await refused(load(makeLoader({ size: most - PROPER + 1 }), true), 'LOADER_INVALID', text);
  });

  it('is no folder, whatever lies in it', async () => {
    const folder = tempFolder('loader');
    try {
      writeFileSync(join(folder, '00-00000104-Fastboot_R1.bin'), makeLoader());
      const source = await openSource(folder);
      await refused(readLoader(source), 'LOADER_INVALID', /it is a folder of firmware images/);
      await source.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that is made up is no damaged copy of a known one, although it has the shape', async () => {
    const { text, standIn } = await load(makeLoader({ shape: 'real', hostile: 'pointer' }), true);
    assert.equal(standIn, false);
    assert.match(text, /^It is none of the loaders that are known/);
    const genuine = await load(makeLoader({ shape: 'real', product: 'H6920CS_STICK' }), true);
    assert.match(genuine.text, /^It is a damaged or altered copy of usblsafe-327x\.bin: .* block 1 of 429 /);
  });

  it('names what is wrong with a file', async () => {
    const bad: [Uint8Array, RegExp][] = [
      [noise(83), /only 83 bytes/],
      [noise(84), /does not begin like one/],
      [Buffer.from([0, 0, 2, 0]), /only 4 bytes/],
      [noise(3000), /does not begin like one/],
      ...[0, 1, 2, 3].map((at): [Uint8Array, RegExp] => [
        changed((f) => f.writeUInt8(9, at)),
        /does not begin like one/,
      ]),
      [makeFirmware(), /is a firmware file/],
      [new Uint8Array(17 * 1024 * 1024).fill(1), /more than any loader/],
      [changed((f) => f.writeUInt32LE(2, 0x24)), /: component 1 has mode 2 instead of 1\.$/],
      [changed((f) => f.writeUInt32LE(0, 0x34)), /component 2 has mode 0 instead of 2/],
      [changed((f) => f.writeUInt32LE(1, 0x44)), /more than two components/],
      [changed((f) => f.writeUInt32LE(0, 0x28)), /component 1 is empty/],
      [changed((f) => f.writeUInt32LE(0x50, 0x30)), /header/],
      [changed((f) => f.writeUInt32LE(0x30004002, 0x3c)), /odd address/],
      [changed((f) => f.writeUInt32LE(877, 0x28)), /overlap/],
      [changed((f) => f.writeUInt32LE(0xffffffff, 0x38)), /file was cut/],
      [makeLoader().subarray(0, -1), /file was cut/],
      [changed((f) => f.fill(0, f.indexOf('pTableHead'), f.indexOf('pTableHead') + 4)), /no partition table/],
      [changed((f) => f.fill(0, f.indexOf('pTableTail'), f.indexOf('pTableTail') + 4)), /does not end/],
      [changed((f) => f.fill(0, f.indexOf('BootLoad'), f.indexOf('BootLoad') + 4)), /is empty/],
      [changed((f) => f.writeUInt32LE(5, f.indexOf('BootLoad') + 24)), /row 0 \(BootLoad\)/],
    ];
    for (const [file, text] of bad) await refused(load(file), 'LOADER_INVALID', text);
  });
});
