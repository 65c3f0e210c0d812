import assert from 'node:assert/strict';
import { eraseState } from '../../src/firmware/erase';
import { loaderComponents, readLoader } from '../../src/firmware/loader';
import { openSource } from '../../src/firmware/source';
import { makeFirmware, makeLoader, VIRTUAL_PARTITIONS } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { refused } from './help';

const PROPER = 0x54 + 876;
const NO_CALL = [0x00, 0x00, 0xa0, 0xe3];

const load = async (file: Uint8Array, allowUnsafe = false) => readLoader(await openSource(file), { allowUnsafe });

/** A copy of a good loader with some bytes changed. */
function changed(change: (file: Buffer) => void, erase: 'safe' | 'live' = 'safe'): Buffer {
  const file = makeLoader({ erase });
  change(file);
  return file;
}

/** Offset in the file of the call of the erase function. */
function callAt(file: Buffer): number {
  const at = file.indexOf(Buffer.from([0x0c, 0x00, 0x5e, 0xe1, 0x00, 0x00, 0x00, 0x0a]));
  assert.ok(at > 0);
  return at + 8;
}

/** Offset in the file of the division in the erase function. */
const countAt = (file: Buffer): number => file.indexOf(Buffer.from('0c009de504109de5', 'hex')) + 8;

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

  it('knows genuine products from made-up ones', async () => {
    assert.equal((await load(makeLoader({ product: 'H6920CS_STICK' }))).synthetic, false);
    await refused(load(makeLoader({ product: 'H6930' })), 'LOADER_INVALID', /is for "H6930"/);
  });

  it('sends a live call taken out, and leaves the file alone', async () => {
    for (const erase of ['safe', 'live'] as const) {
      const file = makeLoader({ erase });
      const before = Buffer.from(file);
      const loader = await load(file);
      assert.equal(loader.erase.callSite, 'live');
      assert.equal(loader.erase.callee, erase);
      assert.equal(loader.erase.safe, true);
      const [raminit, proper] = loaderComponents(loader);
      assert.deepEqual([raminit.mode, proper.mode], [1, 2]);
      assert.deepEqual(raminit.data, file.subarray(0x54, PROPER));
      const differing = [...proper.data.keys()].filter((i) => proper.data[i] !== file[PROPER + i]);
      const call = callAt(file) - PROPER;
      const words = [call, ...(erase === 'live' ? [countAt(file) - PROPER] : [])];
      assert.ok(differing.length > 0 && differing.every((i) => words.some((at) => i >= at && i < at + 4)));
      for (const at of words) assert.deepEqual([...proper.data.subarray(at, at + 4)], NO_CALL);
      assert.deepEqual(file, before);
      assert.deepEqual(loader.data, before);
    }
  });

  it('takes a loader whose call is taken out already, and sends it without its count as well', async () => {
    const file = makeLoader({ erase: 'patched' });
    const loader = await load(file);
    assert.equal(loader.erase.callSite, 'patched');
    assert.deepEqual(loader.erase.found, [{ place: 'call', offset: callAt(file) - PROPER, now: Buffer.from(NO_CALL) }]);
    const [count, ...more] = loader.erase.patches;
    assert.ok(count?.place === 'count' && more.length === 0);
    const expected = Buffer.from(file.subarray(PROPER));
    expected.set(NO_CALL, count.offset);
    assert.deepEqual(loaderComponents(loader)[1].data, expected);
  });

  it('recognises the call with another literal offset', async () => {
    const other = changed((file) => {
      file[callAt(file) - 12] = 0x28;
    });
    assert.equal((await load(other)).erase.callee, 'safe');
    const wrong = changed((file) => {
      file[callAt(file) - 11] = 0xb3;
    });
    await refused(load(wrong), 'LOADER_UNSAFE');
  });

  it('refuses a loader that is not proven safe, unless told otherwise', async () => {
    const none = makeLoader({ erase: 'none' });
    await refused(load(none), 'LOADER_UNSAFE', /no known call/);
    assert.equal((await load(none, true)).erase.safe, false);

    const odd = changed((file) => file.writeUInt32LE(0xe1a00000, callAt(file)));
    await refused(load(odd), 'LOADER_UNSAFE', /not understood/);
    const outside = changed((file) => file.writeUInt32LE(0xeb7fffff, callAt(file)));
    await refused(load(outside), 'LOADER_UNSAFE', /not understood/);
    const backwards = changed((file) => file.writeUInt32LE(0xeb800000, callAt(file)));
    await refused(load(backwards), 'LOADER_UNSAFE', /not understood/);

    const twice = changed((file) => file.copy(file, callAt(file) + 0x100, callAt(file) - 20, callAt(file) + 4));
    await refused(load(twice), 'LOADER_UNSAFE', /2 places/);

    // A second caller of a function that is not understood: taking out one call is not enough. BL counts in words.
    const second = (file: Buffer) => {
      const at = callAt(file);
      file.writeUInt32LE(file.readUInt32LE(at) - 4, at + 16);
    };
    const strange = changed((file) => {
      second(file);
      file.writeUInt32LE(0xe1a00000, countAt(file) + 4);
    }, 'live');
    await refused(load(strange), 'LOADER_UNSAFE', /more than one place/);
    // One that is understood erases nothing any more, whoever calls it.
    const understood = await load(changed(second, 'live'));
    assert.equal(understood.erase.safe, true);
    assert.equal(understood.erase.patches.length, 2);
  });

  it('does not take the pattern of another function for the erase function', () => {
    // Behind the return of the erase function: its neighbour counts to zero, it does not.
    const file = makeLoader({ erase: 'live' });
    const component = file.subarray(PROPER);
    const count = component.indexOf(Buffer.from([0x0c, 0x00, 0x9d, 0xe5, 0x04, 0x10, 0x9d, 0xe5]));
    const neighbour = count + 0x100;
    component.copy(component, neighbour, count, count + 20);
    component.writeUInt32LE(0xe3a00000, neighbour + 8);
    assert.equal(eraseState(component).callee, 'live');
    component.fill(0, count, count + 20);
    assert.equal(eraseState(component).callee, 'unknown');
  });

  it('names what is wrong with a file', async () => {
    const bad: [Uint8Array, RegExp][] = [
      [noise(83), /only 83 bytes/],
      [noise(3000), /does not begin like one/],
      [makeFirmware(), /is a firmware file/],
      [new Uint8Array(17 * 1024 * 1024).fill(1), /more than any loader/],
      [changed((f) => f.writeUInt32LE(2, 0x24)), /component 1 has mode 2 instead of 1/],
      [changed((f) => f.writeUInt32LE(0, 0x34)), /component 2 has mode 0 instead of 2/],
      [changed((f) => f.writeUInt32LE(1, 0x44)), /more than two components/],
      [changed((f) => f.writeUInt32LE(0, 0x28)), /component 1 is empty/],
      [changed((f) => f.writeUInt32LE(0x50, 0x30)), /header/],
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
