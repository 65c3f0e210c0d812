import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { isPlaceKey, isTimeless, KEY_LENGTH, pduKey, placeKey } from '../../../src/device/sms/keys';
import { deliver, NUMBER, TIME } from '../../at/sms/deliver';

const UNTIMED = '00000000000000';
const DATA = { data: '0141' };

describe('key of a PDU', () => {
  it('is of its octets, and stays what it is: it stands in notes', () => {
    const pdu = `07919471016000F004${NUMBER}0000${TIME}0141`;
    assert.equal(pduKey(pdu), '2df0d386b06d6765');
    assert.equal(pduKey(pdu.toLowerCase()), pduKey(pdu));
    assert.equal(placeKey(pdu, 'SM 3'), '@5b5dc444aa7edf6');
    assert.equal(placeKey(pdu, 'SM 3').length, KEY_LENGTH);
    for (const broken of ['', 'XY', '00']) assert.match(pduKey(broken), /^[0-9a-f]{16}$/);
  });

  it('differs for each other octet of sender, time, text and header', () => {
    const keys = [
      deliver(DATA),
      deliver({ ...DATA, address: '0C91947110325477' }),
      deliver({ ...DATA, time: '52503221004480' }),
      deliver({ ...DATA, coding: '10' }),
      deliver({ data: '0142' }),
      deliver({ first: '44', data: '08050003A502018A' }),
      deliver({ first: '44', data: '08050003A502028A' }),
      `000600${NUMBER}${TIME}${TIME}00`,
      `000601${NUMBER}${TIME}${TIME}00`,
      `000601${NUMBER}${TIME}${TIME}30`,
    ].map(pduKey);
    assert.equal(new Set(keys).size, keys.length);
  });

  it('is the same for a message that comes again, by another centre and with other words about what waits', () => {
    const again = `07919471016000F000${NUMBER}0000${TIME}0141`;
    for (const first of ['04', '00', '08', '0C']) {
      assert.equal(pduKey(deliver({ ...DATA, first })), pduKey(again), first);
    }
    const report = (first: string) => `00${first}05${NUMBER}${TIME}${TIME}00`;
    assert.equal(pduKey(report('06')), pduKey(report('02')));
  });

  it('is of its place only where nothing tells it from the next one like it', () => {
    const timeless = [
      deliver({ ...DATA, time: UNTIMED }),
      deliver({ ...DATA, time: 'FFFFFFFFFFFFFF' }),
      `000605${NUMBER}${UNTIMED}${UNTIMED}00`,
      'XY',
    ];
    for (const hex of timeless) assert.ok(isTimeless(decodePdu(hex)), hex);
    const told = [
      deliver(DATA),
      deliver({ first: '44', data: '08050003A502018A', time: UNTIMED }),
      `000605${NUMBER}${TIME}${UNTIMED}00`,
      `000605${NUMBER}${UNTIMED}${TIME}00`,
    ];
    for (const hex of told) assert.ok(!isTimeless(decodePdu(hex)), hex);
    const places = ['SM 0', 'SM 1', 'ME 0'].map((place) => placeKey('00', place));
    assert.equal(new Set(places).size, 3);
    assert.ok(places.every(isPlaceKey));
    assert.ok(!isPlaceKey(pduKey('00')));
  });
});
