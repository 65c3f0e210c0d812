import assert from 'node:assert/strict';
import { isTimed, pduKey } from '../../../src/at/sms/key';
import { deliver, NUMBER, TIME } from './deliver';

const UNTIMED = '00000000000000';
const DATA = { data: '0141' };

describe('key of a PDU', () => {
  it('is of its octets, and stays what it is: it stands in notes', () => {
    const pdu = `07919471016000F004${NUMBER}0000${TIME}0141`;
    assert.equal(pduKey(pdu), 'db85ef1776a23d07');
    assert.equal(pduKey(pdu.toLowerCase()), pduKey(pdu));
    assert.equal(pduKey(deliver({ ...DATA, time: UNTIMED }), 'SM 3'), '489ecc779e6e112d');
    assert.equal(pduKey('XY', 'SM 3'), '485a0538bc9599c1');
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
    ].map((pdu) => pduKey(pdu));
    assert.equal(new Set(keys).size, keys.length);
    assert.notEqual(pduKey(deliver({ ...DATA, first: '07' })), keys[0]);
    for (const key of keys) assert.match(key, /^[0-9a-f]{16}$/);
  });

  it('is the same for a message that comes again, by another centre and with other words about what waits', () => {
    const [once, again] = ['04', '00'].map((first) => `07919471016000F0${first}${NUMBER}0000${TIME}0141`);
    assert.equal(pduKey(once ?? ''), pduKey(again ?? ''));
    assert.equal(pduKey(once ?? ''), pduKey(deliver({ ...DATA, first: '0C' })));
    const report = (first: string) => `00${first}05${NUMBER}${TIME}${TIME}00`;
    assert.equal(pduKey(report('06')), pduKey(report('02')));
    const submit = (first: string) => `00${first}00${NUMBER}00000141`;
    assert.notEqual(pduKey(submit('01')), pduKey(submit('05')), 'of a SUBMIT these bits say something else');
  });

  it('takes the place into account only where the stamp does not tell messages apart', () => {
    const timed = deliver(DATA);
    assert.equal(pduKey(timed, 'SM 1'), pduKey(timed, 'SM 2'));
    assert.ok(isTimed(timed));
    const submit = `000100${NUMBER}00000141`;
    const untimed = [
      deliver({ ...DATA, time: UNTIMED }),
      deliver({ ...DATA, time: 'FFFFFFFFFFFFFF' }),
      `000605${NUMBER}${UNTIMED}${UNTIMED}00`,
      submit,
      deliver({ data: '0A41' }),
      'XY',
      '',
    ];
    for (const pdu of untimed) {
      const places = ['SM 0', 'SM 1', 'SM 2', 'ME 0'].map((place) => pduKey(pdu, place));
      assert.equal(new Set(places).size, 4, 'an alarm that comes four times is four alarms');
      assert.equal(pduKey(pdu, 'SM 0'), places[0]);
      assert.ok(!isTimed(pdu));
    }
    for (const half of [`${TIME}${UNTIMED}`, `${UNTIMED}${TIME}`]) assert.ok(isTimed(`000605${NUMBER}${half}00`), half);
  });
});
