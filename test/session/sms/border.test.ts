/** A character that is cut at the border of two parts, on its way from the virtual stick to a receiver. */

import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { assemble, type Piece } from '../../../src/session/sms/assemble';
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
});
