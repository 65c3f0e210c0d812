import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { joinedText } from '../../../src/at/sms/message';
import { decodeMessage, decodePdu } from '../../../src/index';
import { gsm7Characters } from '../../../src/virtual/sms/gsm7';
import { deliver, NUMBER, octets, septets, TIME } from './deliver';

interface Row {
  id: string;
  pdu: string[];
  expect: Record<string, unknown>;
}

const rows = readFileSync(join(__dirname, '../../../../test/data/pdus.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Row);

const ESC = 0x1b;
const header = (sequence: number, total = 2, more = '') =>
  `${(5 + more.length / 2).toString(16).padStart(2, '0')}0003A5${[total, sequence].map((n) => n.toString(16).padStart(2, '0')).join('')}${more}`;
const part = (text: number[], sequence: number, total = 2, more = '') =>
  deliver({ first: '44', data: septets(text, header(sequence, total, more)) });
const wide = (hex: string, sequence: number, total = 2) =>
  deliver({ first: '44', coding: '08', data: octets(hex, header(sequence, total)) });
const text = (hexes: string[]) => {
  const message = decodeMessage(hexes);
  assert.ok(message.kind === 'deliver' || message.kind === 'submit', JSON.stringify(message));
  return message.text;
};
const code = (c: string): number => gsm7Characters(c)?.[0]?.[0] ?? 0;

describe('messages that were read wrongly', () => {
  for (const { id, pdu, expect } of rows) {
    it(id, () => {
      const message = decodeMessage(pdu) as unknown as Record<string, unknown>;
      const seen = Object.fromEntries(Object.keys(expect).map((key) => [key, message[key]]));
      assert.deepEqual(seen, expect);
      const [only = '', ...others] = pdu;
      if (others.length === 0) assert.deepEqual(decodePdu(only), message);
    });
  }
});

describe('parts of a message', () => {
  it('are put together in the order of their numbers, repeated ones once', () => {
    const [one, two, three] = ['a', 'b', 'c'].map((c, i) => part([code(c)], i + 1, 3));
    assert.ok(one && two && three);
    assert.deepEqual(decodeMessage([three, one, two, one]), {
      kind: 'deliver',
      from: '+491701234567',
      time: '2025-05-23T12:00:34+02:00',
      text: 'abc',
      alphabet: 'gsm7',
      parts: 3,
    });
  });

  it('that are missing are named', () => {
    const [one, , three] = ['a', 'b', 'c'].map((c, i) => part([code(c)], i + 1, 3));
    const message = decodeMessage([three ?? '', one ?? '']);
    assert.ok(message.kind === 'deliver');
    assert.deepEqual([message.text, message.parts, message.missing, message.part], ['ac', 3, [2], undefined]);
    const alone = decodeMessage([three ?? '']);
    assert.ok(alone.kind === 'deliver');
    assert.deepEqual([alone.text, alone.parts, alone.missing], ['c', 3, [1, 2]]);
  });

  it('without numbers are taken as they stand', () => {
    const [one, two] = ['a', 'b'].map((c) => deliver({ data: septets([code(c)]) }));
    assert.deepEqual(text([two ?? '', one ?? '']), 'ba');
    const message = decodeMessage([two ?? '', one ?? '']);
    assert.equal(message.kind === 'deliver' && message.parts, 2);
  });

  it('a character that is cut at the border is whole again', () => {
    const pair = (one: number[], two: number[], more = '') => text([part(one, 1, 2, more), part(two, 2, 2, more)]);
    assert.equal(pair([code('5'), ESC], [0x65, code('x')]), '5€x');
    assert.equal(pair([ESC], [0x3c]), '[');
    assert.equal(pair([code('a'), ESC], [ESC, 0x65]), 'a e', 'an escape of its own in each');
    assert.equal(pair([code('a'), ESC], [0x73, code('b')], '240101'), 'aşb', 'single shift');
    assert.equal(pair([0x1d, ESC], [0x73, 0x0c], '250101240101'), 'şşğ', 'locking and single shift');
    assert.equal(text([wide('0041D83D', 1), wide('DE000042', 2)]), 'A😀B', 'the halves of a UTF-16 pair');
    assert.equal(text([wide('004104', 1), wide('160042', 2)]), 'AЖB', 'the octets of a character');
    assert.equal(text([wide('004104', 1), wide('16', 2)]), 'AЖ');
    assert.equal(text([part([ESC], 1, 3), part([], 2, 3), part([0x65], 3, 3)]), '€', 'an empty part between');
  });

  it('nothing is joined across a part that is missing, nor with another alphabet', () => {
    assert.equal(text([part([code('5'), ESC], 1, 3), part([0x65], 3, 3)]), '5 e');
    assert.equal(text([part([code('5'), ESC], 1), wide('0041', 2)]), '5 A');
    assert.equal(text([part([ESC], 1), part([0x73], 2, 2, '240101')]), ' s');
    assert.equal(text([part([ESC], 1), part([0x1d], 2, 2, '250101')]), ' ş');
    // One octet too many, which the next part does not complete.
    assert.equal(text([wide('004100', 1), wide('004200430044', 2)]), 'ABCD');
  });

  it('keep what is no text, the class and the first time that there is', () => {
    const data = (hex: string, sequence: number, time?: string) =>
      deliver({ first: '44', coding: 'F4', data: octets(hex, header(sequence)), ...(time !== undefined && { time }) });
    assert.deepEqual(decodeMessage([data('01', 1, '00000000000000'), data('02', 2)]), {
      kind: 'deliver',
      from: '+491701234567',
      time: '2025-05-23T12:00:34+02:00',
      text: '',
      data: '0102',
      alphabet: '8bit',
      class: 0,
      parts: 2,
    });
  });

  it('of several messages are none', () => {
    const other = deliver({ first: '44', address: '05812229F2', data: septets([code('b')], header(2)) });
    const report = `000600${NUMBER}${TIME}${TIME}00`;
    const submit = `0041000C91947110325476${'0000'}${septets([code('b')], header(2))}`;
    const one = part([code('a')], 1);
    const several = 'the PDUs are of several messages';
    for (const [hexes, reason] of [
      [[one, other], several],
      [[one, submit], several],
      [[one, part([code('b')], 2, 3)], several],
      [[one, deliver({ data: septets([code('b')]) })], several],
      [[submit, submit.replace('91947110325476', '91947110325477')], several],
      [[one, part([code('b')], 2).replace('0003A5', '0003A6')], several],
      [[one, report], several],
      [[report, one], several],
      [[report, report], several],
      [[one, '00'], 'the PDU ends too early'],
      [[], 'there is no PDU'],
    ] as [string[], string][]) {
      assert.deepEqual(decodeMessage(hexes), { kind: 'undecodable', reason });
    }
    assert.deepEqual(decodeMessage([report]), decodePdu(report));
    assert.equal(text([submit]), 'b');
  });

  it('a text is joined around what can not be read', () => {
    assert.equal(joinedText([part([code('a')], 1, 3), 'XY', part([code('c')], 3, 3)]), 'ac');
    assert.equal(joinedText([undefined, `000600${NUMBER}${TIME}${TIME}00`]), '');
  });
});
