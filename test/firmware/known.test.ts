import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { FLASH } from '../../src/family/family';
import type { KnownLoader } from '../../src/family/profile';
import { inspectLoader, loaderComponents, readLoader } from '../../src/firmware/loader';
import { openSource } from '../../src/firmware/source';
import { makeLoader, makeTable, partitionsWith } from '../../src/virtual/make-files';
import { KNOWN_AT, knownAs, refused } from './help';

const { CALL, COUNT, PROPER } = KNOWN_AT;

describe('loaders that are known', () => {
  it('is one, with the sizes, places and words that the facts name', () => {
    const [loader, ...more] = FLASH.loaders;
    assert.ok(loader && more.length === 0);
    assert.equal(loader.name, 'usblsafe-327x.bin');
    assert.equal(loader.size, 1_754_444);
    assert.deepEqual(
      loader.components.map(({ address, offset, size, sha256 }) => [address, offset, size, sha256]),
      [
        [0x2ffe4000, 0x54, 876, 'f116a8c7e3c2e5dfb5cca04d5549c56713f13433e6591dc1e85b5a97c6647513'],
        [0x30004000, 0x3c0, 1_753_484, 'fdde8211cd6d166872ea0708670bf3f1e3e664ccf83d94081d0ad8b89e48537a'],
      ],
    );
    assert.deepEqual(loader.words, [
      { place: 'call', offset: 0xdc4, unpatched: '494a00eb', sent: '0000a0e3', published: 'unpatched' },
      { place: 'count', offset: 0x1371c, unpatched: '2ca802eb', sent: '0000a0e3', published: 'sent' },
    ]);
    assert.equal(loader.blocks.length, Math.ceil(1_754_444 / 4096));
    assert.ok(loader.blocks.every((block) => /^[0-9a-f]{16}$/.test(block)));
    const sum = createHash('sha256').update(loader.blocks.join()).digest('hex');
    assert.equal(sum.slice(0, 16), '3f0f20f6443c9785');
  });
});

describe('a loader of the known shape', () => {
  const file = makeLoader({ shape: 'real', erase: 'safe', product: 'H6920CS_STICK' });
  const known = [knownAs(file)];
  const look = async (change: (copy: Buffer) => void, list: readonly KnownLoader[] = known) => {
    const copy = Buffer.from(file);
    change(copy);
    return inspectLoader(await openSource(copy), list);
  };
  const put = (at: number, hex: string) => (copy: Buffer) => void copy.write(hex, PROPER + at, 'hex');
  const all =
    (...changes: ((copy: Buffer) => void)[]) =>
    (copy: Buffer) => {
      for (const change of changes) change(copy);
    };
  const end = (copy: Buffer) => void copy.fill(0xff, copy.length - 1);
  const sent = Buffer.from(file.subarray(PROPER));
  sent.write('0000a0e3', CALL, 'hex');

  const live = Buffer.from(
    makeLoader({ shape: 'real', erase: 'live' }).subarray(PROPER + COUNT, PROPER + COUNT + 4),
  ).toString('hex');
  for (const [name, call, count] of [
    ['as published', undefined, undefined],
    ['as the vendor built it', undefined, live],
    ['as a tool has patched it', '0000a0e3', undefined],
    ['with other words at both places', 'ffffffea', '12345678'],
  ] as const) {
    it(`is known ${name}, and is sent with both words as mov r0, #0`, async () => {
      const loader = await look((copy) => {
        if (call) put(CALL, call)(copy);
        if (count) put(COUNT, count)(copy);
      });
      assert.deepEqual([loader.verdict, loader.known, loader.standIn], ['known', 'made.bin', false]);
      assert.match(loader.text, /^It is made\.bin, .* at 0xdc4 and 0x1371c of component 2, is sent as mov r0, #0\.$/);
      assert.deepEqual(loaderComponents(loader)[1].data, sent);
      assert.deepEqual(loaderComponents(loader)[0].data, file.subarray(0x54, PROPER));
      assert.deepEqual(
        loader.found.map(({ place, original }) => [place, original?.toString('hex')]),
        [
          ...(call === '0000a0e3' ? [['call', known[0]?.words[0]?.unpatched]] : []),
          ...(count ? [] : [['count', known[0]?.words[1]?.unpatched]]),
        ],
      );
      assert.equal(loader.callSite, { undefined: 'live', '0000a0e3': 'patched' }[String(call)] ?? 'unknown');
      assert.equal(loader.callee, { undefined: 'stopped', [live]: 'live' }[String(count)] ?? 'unknown');
    });
  }

  it('is known wherever in the file its components lie, and whatever else is in it', async () => {
    const moved = Buffer.concat([file.subarray(0, 0x54), Buffer.alloc(0x100, 7), file.subarray(0x54)]);
    for (const at of [0x30, 0x40]) moved.writeUInt32LE(moved.readUInt32LE(at) + 0x100, at);
    assert.equal((await readLoader(await openSource(moved), { known })).known, 'made.bin');
  });

  it('is not judged as machine code, and its partition table is as known as the rest', async () => {
    const odd = makeLoader({ erase: 'live', hostile: 'middle', partitions: partitionsWith(0x104, { flags: 4 }) });
    const loader = await inspectLoader(await openSource(odd), [knownAs(odd)]);
    assert.equal(loader.verdict, 'known');
  });

  it('has a table that is read, past what is none', async () => {
    const two = Buffer.from(file);
    makeTable().copy(two, PROPER + 0x5000, 0, 0x100);
    const loader = await inspectLoader(await openSource(two), [knownAs(two)]);
    assert.deepEqual([loader.table.offset, loader.table.rows.length], [0x17bfdc, 17]);
    const none = Buffer.from(file).fill(0, PROPER + 0x17bfdc, PROPER + 0x17bfdc + 4);
    await refused(inspectLoader(await openSource(none), [knownAs(none)]), 'LOADER_INVALID', /no partition table/);
  });

  it('is not known with another byte in a component, another load address, or by the sha256 of the file', async () => {
    for (const change of [
      (copy: Buffer) => copy.fill(0xff, 0x54, 0x55),
      end,
      put(CALL - 4, '0000000b'),
      put(COUNT + 4, '0be0a0e0'),
      (copy: Buffer) => copy.writeUInt32LE(0x2ffe4004, 0x2c),
      (copy: Buffer) => copy.writeUInt32LE(0x30004004, 0x3c),
    ]) {
      const loader = await look(change);
      assert.deepEqual([loader.verdict, loader.known], ['unknown', undefined]);
    }
    // Its own hash in place of the hashes of what is sent.
    const own = createHash('sha256').update(file).digest('hex');
    const [first] = known;
    assert.ok(first);
    const components = first.components.map((c) => ({ ...c, sha256: own })) as unknown as KnownLoader['components'];
    const other = await look(() => {}, [{ ...first, components }]);
    assert.equal(other.verdict, 'unknown');
    // Nor is it a copy of which a block differs: none does.
    assert.doesNotMatch(other.text, /copy/);
  });

  it('with another hash is named as a damaged or altered copy, with the first block that differs', async () => {
    const block = (n: number) =>
      `block ${n} of 429 \\(bytes ${(n - 1) * 4096} to ${n * 4096 - 1}, 0x${((n - 1) * 4096).toString(16)}`;
    const last = /block 429 of 429 \(bytes 1753088 to 1754443, /;
    const cases: [(copy: Buffer) => void, RegExp][] = [
      [(copy) => copy.fill(0xff, 100_000, 100_001), new RegExp(block(25))],
      [(copy) => copy.fill(0xff, 100_000, 300_000), new RegExp(block(25))],
      [(copy) => copy.fill(0xff, 0x60, 0x61), new RegExp(block(1))],
      [end, last],
      // What a tool has patched, or put back, is no difference.
      [all(put(CALL, '0000a0e3'), put(COUNT, live), end), last],
      // Another word there is one.
      [all(put(CALL, '0000a0e1'), end), new RegExp(block(2))],
    ];
    for (const [change, text] of cases) {
      const { verdict, text: finding } = await look(change);
      assert.equal(verdict, 'unknown');
      assert.match(finding, /^It is a damaged or altered copy of made\.bin: /);
      assert.match(finding, text);
    }
    // Also where the table is hit, which refuses the file before all else.
    await refused(
      look((copy) => copy.fill(0xff, PROPER + 0x17bfdc + 0x20, PROPER + 0x17bfdc + 0x22)),
      'LOADER_INVALID',
      /damaged or altered copy of made\.bin: .* block 381 of 429/,
    );
    // Another size, another place of a component: another file.
    const [first, second] = known[0]?.components ?? [];
    assert.ok(known[0] && first && second);
    for (const change of [{ offset: 0x3c4 }, { size: 1_753_480 }, { address: 0x30004004 }]) {
      const others: KnownLoader = { ...known[0], components: [first, { ...second, ...change }] };
      assert.doesNotMatch((await look(end, [others])).text, /copy/);
    }
    const altered = Buffer.concat([file.subarray(0, -1), Buffer.from([0xff, 0])]);
    const longer = await inspectLoader(await openSource(altered), known);
    assert.doesNotMatch(longer.text, /copy/);
  });
});
