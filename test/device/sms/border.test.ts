/** Parts that are put together for a receiver: a character that is cut at their border, stamps that are no time. */

import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { assemble, type Piece } from '../../../src/device/sms/assemble';
import { deliver, octets, septets } from '../../at/sms/deliver';

const header = (sequence: number, total = 2) => `050003A50${total}0${sequence}`;

function texts(hexes: string[]): string[] {
  const pieces = hexes.map((hex, n): Piece => {
    const decoded = decodePdu(hex);
    assert.ok(decoded.kind === 'deliver');
    return { key: String(n), hex, decoded, since: 0 };
  });
  return assemble(pieces).map(({ message }) => message.text);
}

describe('SMS in parts', () => {
  it('a character that begins in one part and ends in the next is whole, in whatever order they came', () => {
    const euro = [septets([0x35, 0x1b], header(1)), septets([0x65, 0x20, 0x78], header(2))];
    const pair = [octets('0041D83D', header(1)), octets('DE000042', header(2))];
    for (const [data, coding, text] of [
      [euro, '00', '5€ x'],
      [pair, '08', 'A😀B'],
    ] as const) {
      const hexes = data.map((part) => deliver({ first: '44', coding, data: part }));
      assert.deepEqual(texts(hexes), [text]);
      assert.deepEqual(texts(hexes.toReversed()), [text]);
    }
  });

  it('and is no other one where the part between is missing', () => {
    const hexes = [septets([0x35, 0x1b], header(1, 3)), septets([0x65], header(3, 3))];
    assert.deepEqual(texts(hexes.map((data) => deliver({ first: '44', data }))), ['5 e']);
  });

  it('of which one has no valid time are one message; with a time that is far off they are two', () => {
    const part = (sequence: number, time?: string) =>
      deliver({ first: '44', data: septets([0x60 + sequence], header(sequence)), ...(time !== undefined && { time }) });
    for (const untimed of ['00000000000000', 'FFFFFFFFFFFFFF']) {
      assert.deepEqual(texts([part(1), part(2, untimed)]), ['ab'], untimed);
      assert.deepEqual(texts([part(2), part(1, untimed)]), ['ab'], untimed);
      assert.deepEqual(texts([part(1, untimed), part(2, untimed)]), ['ab'], untimed);
      // What is near in time goes first: the part without one is left over.
      assert.deepEqual(texts([part(1, untimed), part(2), part(1)]), ['a', 'ab'], untimed);
    }
    assert.deepEqual(texts([part(1), part(2, '52504221004380')]), ['a', 'b'], 'a day later');
  });
});
