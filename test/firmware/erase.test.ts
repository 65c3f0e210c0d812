import assert from 'node:assert/strict';
import { eraseState } from '../../src/firmware/erase';

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
    assert.equal(state.patch?.offset, 0xdc4);
    assert.deepEqual(state.patch?.from, hex('49 4A 00 EB'));
    assert.deepEqual(state.patch?.to, hex('00 00 A0 E3'));
  });

  it('takes a sister of the same family, whose literal lies elsewhere', () => {
    const sister = usblsafe327x();
    sister[0xdb8] = 0x28;
    assert.equal(eraseState(sister).safe, true);
  });

  it('does not take the pattern in a neighbour for the called function', () => {
    const loader = usblsafe327x();
    // The call leads one function further: there is no such pattern there.
    hex('00 80 00 EB').copy(loader, 0xdc4);
    assert.equal(eraseState(loader).callee, 'unknown');
  });
});
