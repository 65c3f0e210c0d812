import assert from 'node:assert/strict';
import { callSites, counts, findErase } from '../../src/firmware/erase';

const hex = (text: string) => Buffer.from(text.replace(/ /g, ''), 'hex');

/** The places that the facts name of the one loader that everybody uses; all else is empty. */
function usblsafe327x(): Buffer {
  const component = Buffer.alloc(0x14000);
  hex('3D E2 E0 E3 00 E0 9E E5 5C C3 9F E5 0C 00 5E E1 00 00 00 0A 49 4A 00 EB').copy(component, 0xdb0);
  hex('0C 00 9D E5 04 10 9D E5 00 00 A0 E3 0B E0 A0 E1 0E 00 50 E1').copy(component, 0x13714);
  return component;
}

describe('the erase function of a loader, at the offsets of a real one', () => {
  it('follows the live call from image offset DC4 to the function at 136F0, whose count is forced to 0', () => {
    const state = findErase(usblsafe327x());
    assert.equal(state.callSite, 'live');
    assert.equal(state.callee, 'stopped');
    assert.deepEqual(state.targets, [0x136f0]);
    assert.deepEqual(state.doubts, []);
    assert.deepEqual(state.patches, [
      { place: 'call', offset: 0xdc4, from: hex('49 4A 00 EB'), to: hex('00 00 A0 E3') },
    ]);
    assert.deepEqual(state.found, [{ place: 'count', offset: 0x1371c, now: hex('00 00 A0 E3') }]);
  });

  it('tells what stood where the count was forced, from the neighbours that divide as well', () => {
    const loader = usblsafe327x();
    const neighbour = (at: number, bl: string) =>
      hex(`0C 00 9D E5 04 10 9D E5 ${bl} 0B E0 A0 E1 0E 00 50 E1`).copy(loader, at);
    // Both call 0x1000: from 0x13c08 and from 0x13d08.
    neighbour(0x13c00, 'FC B4 FF EB');
    neighbour(0x13d00, 'BC B4 FF EB');
    assert.deepEqual(findErase(loader).found[0]?.original, hex('37 B6 FF EB'));
    assert.equal(0x1371c + 8 + ((0xb637 << 16) >> 16) * 4, 0x1000);
    neighbour(0x13d00, 'BD B4 FF EB');
    assert.equal(findErase(loader).found[0]?.original, undefined);
  });

  it('takes a sister of the same family, whose literal lies elsewhere, and no other register', () => {
    const sister = usblsafe327x();
    sister[0xdb8] = 0x28;
    assert.equal(findErase(sister).callSite, 'live');
    sister[0xdb9] = 0xb3;
    assert.deepEqual(findErase(sister).patches, []);
    assert.match(findErase(sister).doubts.join(), /comparison .* not understood/);
  });

  it('takes the count out as well where the function still divides', () => {
    const vendor = usblsafe327x();
    const divide = hex('37 B6 FF EB');
    divide.copy(vendor, 0x1371c);
    const state = findErase(vendor);
    assert.deepEqual([state.callSite, state.callee, state.doubts], ['live', 'live', []]);
    assert.deepEqual(state.patches, [
      { place: 'call', offset: 0xdc4, from: hex('49 4A 00 EB'), to: hex('00 00 A0 E3') },
      { place: 'count', offset: 0x1371c, from: divide, to: hex('00 00 A0 E3') },
    ]);
    assert.deepEqual(state.found, []);
  });

  it('takes the count out where the call was taken out before', () => {
    const loader = usblsafe327x();
    hex('00 00 A0 E3').copy(loader, 0xdc4);
    const stopped = findErase(loader);
    assert.deepEqual([stopped.callSite, stopped.callee, stopped.patches], ['patched', 'stopped', []]);
    assert.deepEqual(
      stopped.found.map(({ place, offset }) => [place, offset]),
      [
        ['call', 0xdc4],
        ['count', 0x1371c],
      ],
    );
    hex('37 B6 FF EB').copy(loader, 0x1371c);
    const live = findErase(loader);
    assert.deepEqual([live.callSite, live.callee], ['patched', 'live']);
    assert.deepEqual(live.patches, [
      { place: 'count', offset: 0x1371c, from: hex('37 B6 FF EB'), to: hex('00 00 A0 E3') },
    ]);
    loader.fill(0, 0x13714, 0x13728);
    const none = findErase(loader);
    assert.deepEqual([none.callee, none.patches], ['unknown', []]);
    assert.match(none.doubts.join(), /0 functions count blocks/);
  });

  it('does not take the pattern in a neighbour for the called function', () => {
    const loader = usblsafe327x();
    // The call leads one function further: there is no such pattern there.
    hex('00 40 00 EB').copy(loader, 0xdc4);
    assert.equal(findErase(loader).callee, 'unknown');
    assert.deepEqual(findErase(loader).targets, [0x10dcc]);
    assert.deepEqual(findErase(loader).doubts, ['the erase function is not understood']);
    // Two of them in the function that is called: neither is taken.
    const twice = usblsafe327x();
    twice.copy(twice, 0x13740, 0x13714, 0x13728);
    assert.equal(findErase(twice).callee, 'unknown');
    assert.equal(findErase(twice).patches.length, 1);
  });

  it('knows the call by all of its words, on a multiple of 4, with the word behind', () => {
    const at = 0x2000;
    const copy = (length: number, to: number, size?: number) => {
      const loader = usblsafe327x();
      loader.copy(loader, to, 0xdb0, 0xdb0 + length);
      return findErase(size === undefined ? loader : loader.subarray(0, size));
    };
    assert.match(copy(20, at).doubts.join(), /2 places/);
    // Its begin alone, another place, no room for the word.
    for (const state of [copy(8, at), copy(20, at + 2), copy(20, 0x13fec), copy(20, 0x13fe8, 0x13ffe)]) {
      assert.deepEqual([state.callSite, state.doubts], ['live', []]);
    }
    assert.match(copy(20, 0x13fe8).doubts.join(), /2 places/);
    // A byte that is 0 in it.
    const other = usblsafe327x();
    other[0xdbd] = 1;
    assert.match(findErase(other).doubts.join(), /no known call/);
  });

  it('knows call and count from the first byte of a component to the last', () => {
    const loader = usblsafe327x();
    const [site, count] = [loader.subarray(0xdb0, 0xdc8), loader.subarray(0x13714, 0x13728)];
    assert.deepEqual([callSites(site), callSites(site.subarray(0, -1))], [[0], []]);
    assert.deepEqual([counts(count), counts(count.subarray(0, -1))], [[8], []]);
    assert.deepEqual(counts(loader, 0x13714, 0x13728), [0x1371c]);
    assert.deepEqual([counts(loader, 0x13715), counts(loader, 0, 0x13727)], [[], []]);
    const two = Buffer.concat([count, count]);
    assert.deepEqual(counts(two), [8, 28]);
    assert.deepEqual(callSites(Buffer.concat([site, site])), [0, 24]);
    // Any other byte is another instruction; but where the literal lies, which register takes it, and the word itself.
    for (const [i] of site.entries()) {
      const other = Buffer.from(site);
      other[i] = (other[i] as number) ^ 0x10;
      assert.deepEqual(callSites(other), i === 8 || i === 9 || i >= 20 ? [0] : [], `byte ${i}`);
    }
    for (const [i] of count.entries()) {
      const other = Buffer.from(count);
      other[i] = (other[i] as number) ^ 0x10;
      assert.deepEqual(counts(other), i >= 8 && i < 12 ? [8] : [], `byte ${i}`);
    }
  });

  it('takes nothing out that it does not understand', () => {
    for (const [word, targets] of [
      ['00 00 A0 E1', []],
      // Conditional, without a way back, and out of the component.
      ['49 4A 00 1B', [0x136f0]],
      ['49 4A 00 EA', [0x136f0]],
      ['FF FF 7F EB', [0x2000dc8]],
      ['00 00 80 EB', [0xdc4 + 8 - 0x2000000]],
    ] as const) {
      const loader = usblsafe327x();
      hex(word).copy(loader, 0xdc4);
      const state = findErase(loader);
      assert.deepEqual([state.callSite, state.patches, state.targets], ['unknown', [], targets], word);
      assert.match(state.doubts.join(), /in place of the erase call is not understood/);
    }
    const twice = usblsafe327x();
    twice.copy(twice, 0xe00, 0xdb0, 0xdc8);
    assert.deepEqual(findErase(twice).patches, []);
    assert.match(findErase(twice).doubts.join(), /2 places look like/);
    assert.match(findErase(Buffer.alloc(0x1000)).doubts.join(), /no known call/);
  });
});
