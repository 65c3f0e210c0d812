import assert from 'node:assert/strict';
import { eraseState } from '../../src/firmware/erase';
import { knownLoader } from '../../src/firmware/known';

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
    const state = eraseState(usblsafe327x());
    assert.equal(state.callSite, 'live');
    assert.equal(state.callee, 'safe');
    assert.equal(state.safe, true);
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
    assert.deepEqual(eraseState(loader).found[0]?.original, hex('37 B6 FF EB'));
    assert.equal(0x1371c + 8 + ((0xb637 << 16) >> 16) * 4, 0x1000);
    neighbour(0x13d00, 'BD B4 FF EB');
    assert.equal(eraseState(loader).found[0]?.original, undefined);
  });

  it('takes a sister of the same family, whose literal lies elsewhere', () => {
    const sister = usblsafe327x();
    sister[0xdb8] = 0x28;
    assert.equal(eraseState(sister).safe, true);
  });

  it('takes the count out as well where the function still divides, so that it does not matter who else calls it', () => {
    const vendor = usblsafe327x();
    const divide = hex('37 B6 FF EB');
    divide.copy(vendor, 0x1371c);
    const state = eraseState(vendor);
    assert.deepEqual([state.callSite, state.callee, state.safe], ['live', 'live', true]);
    assert.deepEqual(state.patches, [
      { place: 'call', offset: 0xdc4, from: hex('49 4A 00 EB'), to: hex('00 00 A0 E3') },
      { place: 'count', offset: 0x1371c, from: divide, to: hex('00 00 A0 E3') },
    ]);
    assert.deepEqual(state.found, []);
  });

  it('does not trust a call that was taken out when a function like the erase function is called elsewhere', () => {
    const loader = usblsafe327x();
    hex('00 00 A0 E3').copy(loader, 0xdc4);
    hex('37 B6 FF EB').copy(loader, 0x1371c);
    // stmfd sp!, {r4-r10, lr}
    hex('F0 47 2D E9').copy(loader, 0x136f0);
    const alone = eraseState(loader);
    // A call through a pointer is not seen: it would erase nothing either.
    assert.deepEqual(alone.patches, [
      { place: 'count', offset: 0x1371c, from: hex('37 B6 FF EB'), to: hex('00 00 A0 E3') },
    ]);
    assert.deepEqual([alone.callSite, alone.safe], ['patched', true]);
    assert.deepEqual(alone.found, [{ place: 'call', offset: 0xdc4, now: hex('00 00 A0 E3') }]);
    // From 0x2000 to 0x136f0: BL, BLNE, B.
    for (const branch of ['BA 45 00 EB', 'BA 45 00 1B', 'BA 45 00 EA']) {
      hex(branch).copy(loader, 0x2000);
      const state = eraseState(loader);
      assert.equal(state.safe, false, branch);
      assert.match(state.text, /called at 0x2000/);
    }
    // A forced count makes it harmless again.
    hex('00 00 A0 E3').copy(loader, 0x1371c);
    assert.equal(eraseState(loader).safe, true);
  });

  it('does not trust a call that was taken out when it is not known where the function that counts begins', () => {
    const loader = usblsafe327x();
    hex('00 00 A0 E3').copy(loader, 0xdc4);
    hex('37 B6 FF EB').copy(loader, 0x1371c);
    const state = eraseState(loader);
    assert.equal(state.safe, false);
    assert.match(state.text, /not proven safe: .* who calls a function like the erase function at 0x1371c/);
  });

  it('sees a call of a function that begins with mov ip, sp', () => {
    const loader = usblsafe327x();
    hex('00 00 A0 E3').copy(loader, 0xdc4);
    hex('37 B6 FF EB').copy(loader, 0x1371c);
    // mov ip, sp; stmfd sp!, {fp, ip, lr, pc}
    hex('0D C0 A0 E1 00 D8 2D E9').copy(loader, 0x136f0);
    assert.equal(eraseState(loader).safe, true);
    hex('BA 45 00 EB').copy(loader, 0x2000);
    assert.match(eraseState(loader).text, /called at 0x2000/);
  });

  it('does not take the pattern in a neighbour for the called function', () => {
    const loader = usblsafe327x();
    // The call leads one function further: there is no such pattern there.
    hex('00 80 00 EB').copy(loader, 0xdc4);
    assert.equal(eraseState(loader).callee, 'unknown');
  });
});

describe('loaders that are known', () => {
  const FILE = '8e0939823f26ca09ba95335df32a8d830c8898b0a1b566c9d153237a8f346805';
  const RAMINIT = 'f116a8c7e3c2e5dfb5cca04d5549c56713f13433e6591dc1e85b5a97c6647513';
  const SENT = 'fdde8211cd6d166872ea0708670bf3f1e3e664ccf83d94081d0ad8b89e48537a';

  it('are known by the file, or by both components as sent', () => {
    assert.equal(knownLoader(FILE, ['', '']), 'usblsafe-327x.bin');
    assert.equal(knownLoader('', [RAMINIT, SENT]), 'usblsafe-327x.bin');
    assert.equal(knownLoader('', [RAMINIT, '']), undefined);
    assert.equal(knownLoader('', ['', SENT]), undefined);
  });
});
