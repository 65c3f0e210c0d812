import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePdu, reportOutcome } from '../../../src/at/sms/decode';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { random } from '../../random';

interface Recorded {
  id: string;
  expect: {
    exchanges?: { values?: { messages?: { pdu: string; decoded: Record<string, unknown> & { text?: string } }[] } }[];
  };
}

const recorded = readFileSync(join(__dirname, '../../../../test/data/transcripts.jsonl'), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as Recorded);

describe('PDU decoding', () => {
  it('reads a DELIVER: sender, text, time with its zone', () => {
    assert.deepEqual(decodePdu('07919730071111F1000B919746121611F10000811170021222230DC8329BFD6681EE6F399B1C02'), {
      kind: 'deliver',
      from: '+79642161111',
      time: '2018-11-07T20:21:22+08:00',
      text: 'Hello, world!',
      alphabet: 'gsm7',
    });
  });

  it('reads every PDU of the recorded sessions as its note says', () => {
    let seen = 0;
    for (const { id, expect } of recorded) {
      for (const { pdu, decoded } of (expect.exchanges ?? []).flatMap((e) => e.values?.messages ?? [])) {
        if (!pdu || decoded?.['text'] === undefined || decoded['ud_complete'] === false) continue;
        seen++;
        const ours = decodePdu(pdu);
        assert.ok(ours.kind === 'deliver' || ours.kind === 'submit', id);
        assert.equal(ours.text, decoded.text, id);
        if (ours.kind === 'deliver') {
          assert.equal(ours.from, decoded['from'], id);
          const scts = String(decoded['scts']).replace(' ', 'T').replace(' ', '');
          if (decoded['scts'] !== undefined) assert.equal(ours.time, scts, id);
        }
      }
    }
    assert.ok(seen >= 10, `${seen} PDUs`);
  });

  it('reads a stored SUBMIT, which has neither service centre nor time', () => {
    const [pdu] = encodeSubmit({ to: '+491701234567', text: 'Grüße §', reference: 1 });
    assert.deepEqual(decodePdu(pdu?.hex ?? ''), {
      kind: 'submit',
      to: '+491701234567',
      text: 'Grüße §',
      alphabet: 'gsm7',
    });
  });

  it('reads a status report', () => {
    const pdu = '079194710600403406020C91947110325476525032210043805250322101438000';
    assert.deepEqual(decodePdu(pdu), {
      kind: 'report',
      reference: 2,
      to: '+491701234567',
      sent: '2025-05-23T12:00:34+02:00',
      time: '2025-05-23T12:10:34+02:00',
      status: 0,
    });
    assert.deepEqual([0, 2, 0x20, 0x25, 0x30, 0x40, 0x46, 0x63].map(reportOutcome), [
      'delivered',
      'delivered',
      'pending',
      'pending',
      'pending',
      'failed',
      'failed',
      'failed',
    ]);
  });

  it('reads names of senders, short codes, stars and hashes', () => {
    const from = (address: string) => {
      const decoded = decodePdu(`0004${address}0000525032210043000141`);
      return decoded.kind === 'deliver' ? decoded.from : decoded;
    };
    assert.equal(from('0ED0D637396C7EBBCB'), 'Vodafone');
    // Seven septets in seven octets leave room for an eighth, which is 0.
    assert.equal(from('0DD0C4B25C9E1EAF01'), 'Derrick');
    assert.equal(from('0ED0C4B25C9E1EAF01'), 'Derrick');
    assert.equal(from('05812229F2'), '22922');
    assert.equal(from('05811A00FB'), '*100#');
    assert.equal(from('0091'), '');
  });

  const deliver = (coding: string, userData: string, first = '04', time = '52503221004300') =>
    decodePdu(`00${first}0C9194711032547600${coding}${time}${userData}`);
  const text = (...args: Parameters<typeof deliver>) => {
    const decoded = deliver(...args);
    return decoded.kind === 'deliver' ? decoded.text : decoded;
  };

  it('knows all groups of the coding scheme', () => {
    const class_ = (coding: string, userData: string) => {
      const decoded = deliver(coding, userData);
      return decoded.kind === 'deliver' ? decoded.class : decoded;
    };
    for (const coding of ['00', '40', '80', 'C8', 'D0', 'D8', 'F0']) assert.equal(text(coding, '0141'), 'A', coding);
    for (const coding of ['08', '18', 'E0', 'E8', '48']) assert.equal(text(coding, '020416'), 'Ж', coding);
    assert.equal(class_('10', '0141'), 0);
    assert.equal(class_('18', '020416'), 0);
    assert.equal(class_('F1', '0141'), 1);
    assert.equal(class_('00', '0141'), undefined);
    assert.deepEqual(deliver('20', '0141'), { kind: 'undecodable', reason: 'the text is compressed' });
    const binary = deliver('F5', '03DEAD01');
    assert.ok(binary.kind === 'deliver');
    assert.deepEqual([binary.text, binary.data, binary.alphabet, binary.class], ['', 'DEAD01', '8bit', 1]);
  });

  it('reads the section sign, the extension table and emoji', () => {
    assert.equal(text('00', '015F'), '§');
    assert.equal(text('00', '029B32'), '€');
    assert.equal(text('08', '04D83DDE00'), '😀');
  });

  it('reads both kinds of concatenation, among other elements', () => {
    const part = (header: string) => {
      const octets = header.length / 2;
      const length = (octets + 2).toString(16).padStart(2, '0');
      const decoded = deliver('08', `${length}${header}0416`, '44');
      return decoded.kind === 'deliver' ? [decoded.part, decoded.text] : decoded;
    };
    assert.deepEqual(part('050003A50201'), [{ reference: 0xa5, total: 2, sequence: 1 }, 'Ж']);
    assert.deepEqual(part('06080412340302'), [{ reference: 0x1234, total: 3, sequence: 2 }, 'Ж']);
    assert.deepEqual(part('0B05040B8423F00003A50202'), [{ reference: 0xa5, total: 2, sequence: 2 }, 'Ж']);
    // What makes no sense is ignored, as the standard wants.
    for (const odd of ['050003A50200', '050003A50203', '050003A50001', '050003A50101', '0400020102']) {
      assert.deepEqual(part(odd), [undefined, 'Ж'], odd);
    }
  });

  it('T49: takes two digits of a year for this century, and no nonsense for a time', () => {
    const time = (stamp: string) => {
      const decoded = deliver('00', '0141', '04', stamp);
      return decoded.kind === 'deliver' ? decoded.time : decoded;
    };
    assert.equal(time('52503221004300'), '2025-05-23T12:00:34+00:00');
    assert.equal(time('98215291959522'), '2089-12-25T19:59:59+05:30');
    assert.equal(time('09215291959522'), '1990-12-25T19:59:59+05:30');
    assert.equal(time('52503221004328'), '2025-05-23T12:00:34-00:30');
    assert.equal(time('5250322100430A'), '2025-05-23T12:00:34-05:00');
    for (const odd of ['00000000000000', '52133221004300', '52500421004300', '5250322100FF00', 'FFFFFFFFFFFFFF']) {
      assert.equal(time(odd), undefined, odd);
    }
    assert.equal(time('52202003004300'), undefined, 'February the 30th');
  });

  it('keeps what can not be read, and never throws', () => {
    const good = '07919730071111F1440B919746121611F100008111700212222312050003A50201C8329BFD6681EE6F399B';
    assert.equal(decodePdu(good).kind, 'deliver');
    for (let end = 0; end < good.length; end++)
      assert.equal(decodePdu(good.slice(0, end)).kind, 'undecodable', `${end}`);
    for (const odd of ['', '0', 'XY', '00', '0003', `00${'04'.repeat(400)}`]) {
      assert.equal(decodePdu(odd).kind, 'undecodable', odd);
    }
    const next = random(3);
    for (let i = 0; i < 5_000; i++) {
      const octets = Buffer.from(good, 'hex');
      for (let k = 0; k <= next(4); k++) octets[next(octets.length)] = next(256);
      decodePdu(octets.toString('hex'));
      decodePdu(Buffer.from(Array.from({ length: next(180) }, () => next(256))).toString('hex'));
    }
  });

  it('gives back what the encoder made of random texts, part by part', () => {
    const next = random(11);
    const gsm = [...'abcdefghijklmnopqrstuvwxyzäöüßÄÖÜ §€[]{}~|^\\@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæÉ\n\r!"#¤%&'];
    const wide = [...gsm, '😀', 'Ж', '中', '`', 'ı', '\u{1f468}\u200d\u{1f469}'];
    for (let i = 0; i < 400; i++) {
      const letters = i % 2 ? gsm : wide;
      const words = Array.from({ length: next(700) }, () => letters[next(letters.length)]).join('');
      const reference = next(65_536);
      const parts = encodeSubmit({ to: '+491701234567', text: words, reference }).map(({ hex, length }) => {
        assert.ok(length <= 164 && hex.length === 2 * length + 2);
        const decoded = decodePdu(hex);
        assert.ok(decoded.kind === 'submit');
        return decoded;
      });
      assert.equal(parts.map((part) => part.text).join(''), words);
      parts.forEach(({ part }, k) => {
        assert.deepEqual(part, parts.length > 1 ? { reference, total: parts.length, sequence: k + 1 } : undefined);
      });
    }
  });
});
