/** Whole kinds of messages, field by field: every value that a field can have, and what it means. */

import assert from 'node:assert/strict';
import { decodeMessage, decodePdu } from '../../../src/index';
import { encodeAddress } from '../../../src/virtual/sms/fields';
import { gsm7Characters } from '../../../src/virtual/sms/gsm7';
import { SINGLE } from '../../../src/virtual/sms/national';
import { random } from '../../support/random';
import { deliver, NUMBER, octets, septets, TIME } from './deliver';

const octet = (value: number): string => value.toString(16).padStart(2, '0').toUpperCase();
const hex = (...values: number[]): string => values.map(octet).join('');
const codes = (text: string): number[] => (gsm7Characters(text) ?? []).flat();

function text(...hexes: string[]): string {
  const message = decodeMessage(hexes);
  assert.ok(message.kind === 'deliver', JSON.stringify(message));
  return message.text;
}

describe('kinds of PDUs', () => {
  it('an address without digits, of every type, in a DELIVER, a SUBMIT and a report', () => {
    for (let type = 0; type < 256; type++) {
      const address = `00${octet(type)}`;
      const gsm7 = decodePdu(deliver({ address, data: septets(codes('test')) }));
      assert.deepEqual(gsm7, {
        kind: 'deliver',
        from: '',
        time: '2025-05-23T12:00:34+02:00',
        text: 'test',
        alphabet: 'gsm7',
        parts: 1,
      });
      assert.equal(text(deliver({ address, coding: '08', data: octets('00740416') })), 'tЖ');
      const submit = decodePdu(`00110C${address}0008AA020416`);
      assert.deepEqual(submit, { kind: 'submit', to: '', text: 'Ж', alphabet: 'ucs2', parts: 1 });
      const report = decodePdu(`0006FF${address}${TIME}${TIME}01`);
      assert.ok(report.kind === 'report', octet(type));
      assert.deepEqual([report.reference, report.to, report.status, report.outcome], [255, '', 1, 'delivered']);
    }
  });

  it('names of one to eleven characters, of all letters', () => {
    const letters = [...'abcXYZ019 äÖß§ñÇ_&.-@£€[]'];
    const next = random(41);
    for (let i = 0; i < 300; i++) {
      const own = Array.from({ length: 1 + (i % 11) }, () => letters[next(letters.length)] ?? 'a');
      while (codes(own.join('')).length > 11) own.pop();
      // No letter that is 0 at the end, which can not be told from filling.
      const name = `${own.join('').slice(0, -1)}Z`;
      const address = encodeAddress(name).toString('hex');
      const decoded = decodePdu(deliver({ address, data: '0141' }));
      assert.ok(decoded.kind === 'deliver', address);
      assert.equal(decoded.from, name, address);
    }
  });

  it('a reserved message type, with all other bits of the first octet', () => {
    for (let first = 0; first < 256; first += 4) {
      const data = first & 0x40 ? septets(codes('test'), '050003A50201') : septets(codes('test'));
      const [usual, reserved] = [0, 3].map((type) => decodePdu(deliver({ first: octet(first | type), data })));
      assert.equal(usual?.kind, 'deliver');
      assert.deepEqual(reserved, usual, octet(first));
    }
  });

  it('a header whose last element is too long or too short: ignored as a whole, the text stays', () => {
    const elements = [
      [0, 3, 7, 2, 1],
      [8, 4, 1, 7, 2, 1],
      [5, 4, 11, 132, 35, 240],
      [0x24, 1, 1],
      [0x25, 1, 1],
      [0x70, 0],
    ];
    for (const last of elements) {
      for (const before of [[], ...elements]) {
        for (const wrong of [1, 2, 0x1b, 0x7f, 0xff - (last[1] ?? 0)]) {
          const header = [...before, ...last];
          header[before.length + 1] = (last[1] ?? 0) + wrong;
          const pdu = deliver({ first: '44', data: septets(codes('abcdefg €'), hex(header.length, ...header)) });
          assert.equal(text(pdu), 'abcdefg €', pdu);
          const decoded = decodePdu(pdu);
          assert.ok(decoded.kind === 'deliver');
          assert.deepEqual([decoded.part, decoded.ports, decoded.parts], [undefined, undefined, 1], pdu);
          // An octet that is the type of nothing.
          const short = [...before, ...last, 0x24];
          assert.equal(text(deliver({ first: '44', data: septets(codes('ab'), hex(short.length, ...short)) })), 'ab');
        }
      }
    }
  });

  it('an escape at the border of two parts, before every letter of every table', () => {
    for (let language = 0; language < 14; language++) {
      const shifts = `2401${octet(language)}2501${octet(language)}`;
      for (let code = 0; code < 128; code++) {
        const [one, two] = [
          [0x41, 0x1b],
          [code, 0x42],
        ].map((part, i) => deliver({ first: '44', data: septets(part, `0B0003A502${octet(i + 1)}${shifts}`) }));
        const whole = deliver({ first: '44', data: septets([0x41, 0x1b, code, 0x42], `06${shifts}`) });
        assert.equal(text(two ?? '', one ?? ''), text(whole), `${language} ${octet(code)}`);
        const single = SINGLE[language]?.get(code);
        if (single !== undefined && code !== 0x1b)
          assert.ok(text(whole).includes(single), `${language} ${octet(code)}`);
      }
    }
  });

  it('a text of UCS-2, cut at any octet into two parts or three', () => {
    const words = 'Жa😀\u{1f468}\u200d\u{1f469}中';
    const all = Buffer.from(words, 'utf16le').swap16().toString('hex');
    const parts = (...pieces: string[]) =>
      pieces.map((piece, i) =>
        deliver({ first: '44', coding: '08', data: octets(piece, `06080412${hex(0x34, pieces.length, i + 1)}`) }),
      );
    for (let cut = 0; cut <= all.length; cut += 2) {
      assert.equal(text(...parts(all.slice(0, cut), all.slice(cut))), words, `${cut}`);
      for (let again = cut; again <= all.length; again += 2) {
        const three = parts(all.slice(0, cut), all.slice(cut, again), all.slice(again));
        assert.equal(text(...three.reverse()), words, `${cut} ${again}`);
      }
    }
  });

  it('all coding schemes', () => {
    // Rows: upper digit; columns: lower one. 7 = GSM 7-bit, 8 = octets, u = UCS-2, c = compressed.
    const plain = '77778888uuuu7777';
    const compressed = 'c'.repeat(16);
    const rows = [plain, plain, compressed, compressed, plain, plain, compressed, compressed];
    rows.push(...Array<string>(6).fill('7'.repeat(16)), 'u'.repeat(16), '7777888877778888');
    rows.forEach((row, group) => {
      [...row].forEach((alphabet, low) => {
        const coding = octet(group * 16 + low);
        const decoded = decodePdu(deliver({ coding, data: '04C8379B0C' }));
        if (alphabet === 'c') {
          assert.deepEqual(decoded, { kind: 'undecodable', reason: 'the text is compressed' }, coding);
          return;
        }
        assert.ok(decoded.kind === 'deliver', coding);
        const expected = { 7: ['gsm7', 'Hold'], 8: ['8bit', ''], u: ['ucs2', '\uc837\u9b0c'] }[alphabet];
        assert.deepEqual([decoded.alphabet, decoded.text], expected, coding);
        assert.equal(decoded.data, alphabet === '8' ? 'C8379B0C' : undefined, coding);
        assert.equal(decoded.class, [1, 5, 15].includes(group) ? low % 4 : undefined, coding);
      });
    });
  });

  it('all states of a report; reserved ones mean that the message was rejected', () => {
    const outcomes = Array.from({ length: 256 }, (_, status) => {
      const decoded = decodePdu(`000605${NUMBER}${TIME}${TIME}${octet(status)}`);
      assert.ok(decoded.kind === 'report');
      assert.equal(decoded.status, status);
      return decoded.outcome;
    });
    const runs = outcomes.flatMap((outcome, status) =>
      outcome === outcomes[status - 1] ? [] : [`${octet(status)} ${outcome}`],
    );
    assert.deepEqual(runs, [
      '00 delivered',
      '03 failed',
      '10 delivered',
      '20 pending',
      '26 failed',
      '30 pending',
      '40 failed',
    ]);
  });

  it('all zones of a time stamp, and all octets that are none', () => {
    for (let zone = 0; zone < 256; zone++) {
      const decoded = decodePdu(deliver({ time: `525032210043${octet(zone)}`, data: '0141' }));
      assert.ok(decoded.kind === 'deliver');
      const [tens, ones] = [zone & 7, zone >> 4];
      const quarters = ones > 9 ? 99 : tens * 10 + ones;
      const minutes = quarters * 15 * (zone & 8 ? -1 : 1);
      if (quarters > 56) assert.equal(decoded.time, undefined, octet(zone));
      else assert.equal(Date.parse(decoded.time ?? ''), Date.UTC(2025, 4, 23, 12, 0, 34) - minutes * 60_000);
      assert.ok(!decoded.time?.endsWith('-00:00'), octet(zone));
    }
    for (let at = 0; at < 6; at++) {
      for (const wrong of ['A0', '0A', 'FF', '99']) {
        const time = `${TIME.slice(0, 2 * at)}${wrong}${TIME.slice(2 * at + 2)}`;
        const decoded = decodePdu(deliver({ time, data: '0141' }));
        assert.ok(decoded.kind === 'deliver');
        // 99 is a year.
        assert.equal(decoded.time, at === 0 && wrong === '99' ? '1999-05-23T12:00:34+02:00' : undefined, time);
        assert.equal(decoded.text, 'A');
      }
    }
  });

  it('hex as people write it: in either case, with blanks and line ends', () => {
    const pdu = deliver({ coding: '08', data: octets('00E4D83DDE00') });
    const expected = decodePdu(pdu);
    assert.equal(expected.kind, 'deliver');
    const spaced = pdu.replaceAll(/../g, '$& ');
    for (const form of [pdu.toLowerCase(), `  ${pdu}\r\n`, spaced, spaced.replaceAll(' ', '\n')]) {
      assert.deepEqual(decodePdu(form), expected, form);
    }
    for (const none of [' ', `${pdu}0`, `${pdu};`, `0x${pdu}`]) {
      assert.deepEqual(decodePdu(none), { kind: 'undecodable', reason: 'no hex of a PDU' }, none);
    }
  });
});
