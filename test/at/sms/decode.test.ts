import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodePdu, reportOutcome } from '../../../src/at/sms/decode';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { random } from '../../support/random';
import { NUMBER, septets, TIME } from './deliver';

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
      parts: 1,
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
      parts: 1,
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
      outcome: 'delivered',
    });
    assert.deepEqual([0, 2, 0x1f, 0x20, 0x30, 0x3f, 0x40, 0x63, 0xff].map(reportOutcome), [
      'delivered',
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

  it('reads a report with all that may follow its status, and without a recipient or times', () => {
    const report = (address: string, rest: string, times = `${TIME}${TIME}`) => {
      const decoded = decodePdu(`000605${address}${times}${rest}`);
      assert.ok(decoded.kind === 'report', JSON.stringify(decoded));
      return decoded;
    };
    // TP-PI with everything: PID, DCS, user data; one with an extension; one that promises what does not come.
    for (const more of ['', '070000' + '0141', '8100', '07']) {
      const { status, outcome, to } = report(NUMBER, `25${more}`);
      assert.deepEqual([status, outcome, to], [0x25, 'pending', '+491701234567'], more);
    }
    assert.deepEqual(report('0081', '00').to, '');
    assert.deepEqual(report('0ED0D637396C7EBBCB', '46').to, 'Vodafone');
    const untimed = report('0081', '00', '00000000000000FFFFFFFFFFFFFF');
    assert.deepEqual(untimed, { kind: 'report', reference: 5, to: '', status: 0, outcome: 'delivered' });
    assert.deepEqual(decodePdu(`000605${NUMBER}${TIME}${TIME}`), {
      kind: 'undecodable',
      reason: 'the PDU ends too early',
    });
  });

  it('reads a SUBMIT with every form of validity', () => {
    const submit = (first: string, validity: string) => decodePdu(`00${first}07${NUMBER}0000${validity}0141`);
    const plain = { kind: 'submit', to: '+491701234567', text: 'A', alphabet: 'gsm7', parts: 1 };
    assert.deepEqual(submit('01', ''), plain, 'none');
    assert.deepEqual(submit('11', 'AA'), plain, 'relative');
    assert.deepEqual(submit('09', '01020304050607'), plain, 'enhanced');
    assert.deepEqual(submit('19', TIME), plain, 'absolute');
  });

  it('passes over the service centre, however long its address is', () => {
    for (const centre of ['00', '0191', '07919471016000F0', `0C91${'11'.repeat(11)}`]) {
      const decoded = decodePdu(`${centre}04${NUMBER}0000${TIME}0141`);
      assert.equal(decoded.kind === 'deliver' && decoded.text, 'A', centre);
    }
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
    // No digits at all, a name without letters, a filler where a digit should be.
    for (const none of ['0091', '0081', '00D0', '00B0', '0191FF', '0281FF']) assert.equal(from(none), '', none);
    assert.equal(from('0391' + '21F3'), '+123');
    assert.equal(from('0491' + '21F3'), '+123', 'the filler counted');
    assert.equal(from('06B1' + '214365'), '123456', 'network specific');
    assert.equal(from('06A1' + '214365'), '123456', 'national');
    assert.equal(from('0581' + 'CADEFB'), '*acb#');
    assert.equal(from('02D0' + '41'), 'A');
    assert.equal(from('0ED1D637396C7EBBCB'), 'Vodafone', 'of any numbering plan');
    assert.equal(from('0DD0D637396C7EBBCB'), 'Vodafon', 'as many letters as the length says');
    assert.equal(from('049021F3'), '+123');
    assert.equal(from('14D0' + '41F1985C369FD169F51A'), 'Abcdefghijk', 'the longest');
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
    const gsm7 = ['00', '01', '03', '0C', '40', '80', '84', '88', 'A8', 'B4', 'C8', 'D0', 'D8', 'F0', 'F1', 'F3', 'F9'];
    for (const coding of gsm7) assert.equal(text(coding, '0141'), 'A', coding);
    for (const coding of ['04', '14', '44', 'F4', 'F7', 'FD']) assert.equal(text(coding, '0141'), '', coding);
    for (const coding of ['08', '18', 'E0', 'E8', '48']) assert.equal(text(coding, '020416'), 'Ж', coding);
    assert.equal(class_('10', '0141'), 0);
    assert.equal(class_('18', '020416'), 0);
    assert.equal(class_('F1', '0141'), 1);
    assert.equal(class_('00', '0141'), undefined);
    assert.deepEqual(deliver('20', '0141'), { kind: 'undecodable', reason: 'the text is compressed' });
    // That a message waits (voice mail, fax), with a text or without one.
    assert.equal(text('C8', '00'), '');
    assert.equal(text('E0', '00'), '');
    for (const [coding, cls] of [
      ['F0', 0],
      ['F3', 3],
      ['12', 2],
      ['52', 2],
      ['02', undefined],
      ['D1', undefined],
    ] as const) {
      assert.equal(class_(coding, '0141'), cls, coding);
    }
    assert.equal(text('0C', '0141'), 'A', 'reserved bits');
    assert.deepEqual(deliver('60', '0141'), { kind: 'undecodable', reason: 'the text is compressed' });
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

  it('reads national tables, behind the fill bits of any header', () => {
    assert.equal(text('00', '0D0325010138' + '74184030E8BD06', '44'), 'ışğİç ok');
    // The same letters behind headers of 4 to 10 octets: each leaves other fill bits.
    for (let more = 0; more < 7; more++) {
      const header = `${(3 + (more ? more + 2 : 0)).toString(16).padStart(2, '0')}250101${more ? `70${more.toString(16).padStart(2, '0')}${'AA'.repeat(more)}` : ''}`;
      assert.equal(text('00', septets([0x07, 0x1d, 0x0c, 0x40, 0x60], header), '44'), 'ışğİç', header);
    }
  });

  it('reads what is left where lengths lie', () => {
    // A header that would end behind the text is none; one that fills it leaves no text.
    assert.equal(text('00', '05' + 'D0B45E1F06', '44'), 'Pizza');
    assert.equal(text('00', '06050003A50201', '44'), '');
    assert.equal(text('08', '06050003A50201', '44'), '');
    // An odd octet of UCS-2.
    assert.equal(text('08', '03041600'), 'Ж');
    assert.deepEqual(deliver('00', '0AC834'), { kind: 'undecodable', reason: 'the PDU ends too early' });
  });

  it('tells the application that a message is for', () => {
    const decoded = deliver('F5', '08' + '0605040B8423F0' + '01', '44');
    assert.ok(decoded.kind === 'deliver');
    assert.deepEqual([decoded.ports, decoded.data], [{ to: 2948, from: 9200 }, '01']);
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
    for (const odd of ['0', '000', 'XY', `${good}${'0'.repeat(706 - good.length)}`]) {
      assert.deepEqual(decodePdu(odd), { kind: 'undecodable', reason: 'no hex of a PDU' });
    }
    assert.equal(decodePdu(`${good}${'0'.repeat(704 - good.length)}`).kind, 'deliver', 'what follows is passed over');
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
