import assert from 'node:assert/strict';
import { fromSeptets, pack, septetsOf, toSeptets, unpack } from '../../../src/at/sms/alphabet';
import { random } from '../../support/random';

const packed = (text: string, fill = 0) =>
  pack(toSeptets(text) ?? [], fill)
    .toString('hex')
    .toUpperCase();

describe('GSM 7-bit alphabet', () => {
  it('packs as the standard does', () => {
    assert.equal(packed('hellohello'), 'E8329BFD4697D9EC37');
    assert.equal(packed('*100#'), 'AA180C3602');
    assert.equal(packed('Hello everyone!'), 'C8329BFD0695ED6579FEED2E8700');
    assert.equal(packed(''), '');
    assert.equal(packed('@'), '00');
    assert.equal(packed('à'), '7F');
  });

  it('puts characters of the extension table behind an ESC', () => {
    assert.deepEqual(septetsOf('€'), [0x1b, 0x65]);
    assert.deepEqual(toSeptets('[]{}~|^\\€\f')?.filter((code) => code === 0x1b).length, 10);
    assert.equal(packed('€'), '9B32');
    assert.equal(fromSeptets(toSeptets('[{€}]~|^\\\f') ?? []), '[{€}]~|^\\\f');
  });

  it('knows the section sign, and has no grave accent', () => {
    assert.deepEqual(septetsOf('§'), [0x5f]);
    assert.equal(fromSeptets([0x5f]), '§');
    assert.equal(septetsOf('`'), undefined);
    assert.equal(septetsOf('\u001b'), undefined);
  });

  it('has 127 characters of one septet and 10 of two', () => {
    const sizes = Array.from({ length: 0x20ad }, (_, code) => septetsOf(String.fromCharCode(code))?.length ?? 0);
    assert.equal(sizes.filter((size) => size === 1).length, 127);
    assert.equal(sizes.filter((size) => size === 2).length, 10);
  });

  it('shows an unknown code of the extension table as in the basic one', () => {
    assert.equal(fromSeptets([0x1b, 0x41]), 'A');
    assert.equal(fromSeptets([0x1b]), ' ');
    assert.equal(fromSeptets([0x1b, 0x1b, 0x41]), ' A');
  });

  it('gives back what was packed, whatever the fill bits', () => {
    const next = random(7);
    for (let i = 0; i < 500; i++) {
      const septets = Array.from({ length: next(161) }, () => next(128));
      const fill = i % 7;
      const octets = pack(septets, fill);
      assert.equal(octets.length, Math.ceil((septets.length * 7 + fill) / 8));
      assert.deepEqual(unpack(octets, septets.length, fill), septets);
    }
    for (const [octets, septets] of [
      [3, 3],
      [7, 8],
      [20, 22],
    ] as const) {
      assert.equal(unpack(Buffer.alloc(octets), 100).length, septets, 'no more than there are');
    }
  });
});
