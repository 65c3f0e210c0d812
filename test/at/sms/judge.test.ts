/** Our PDU code and the virtual stick's, which were written apart: what one makes, the other must read. */

import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { decodeMessage } from '../../../src/at/sms/message';
import { encodeSubmit } from '../../../src/at/sms/submit';
import { LOCKING, SINGLE } from '../../../src/virtual/sms/national';
import * as theirs from '../../../src/virtual/sms/pdu';
import { random } from '../../support/random';

const GSM = [
  ...'abcdefghijklmnopqrstuvwxyz äöüßÄÖÜ§€[]{}~|^\\@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæÉ\n\r!"#¤%&\'()*+,-./0123456789:;<=>?¡¿Ññà',
];
const WIDE = [...GSM, '😀', 'Ж', '中', '`', 'ı', '\u{1f468}\u200d\u{1f469}'];

describe('PDUs, judged by the virtual stick', () => {
  it('our SUBMIT says there what was meant, for random texts and all options', () => {
    const next = random(21);
    for (let i = 0; i < 400; i++) {
      const letters = i % 2 ? GSM : WIDE;
      const text = Array.from({ length: 1 + next(600) }, () => letters[next(letters.length)]).join('');
      const to = ['+491701234567', '22922', '01701234567', '*100#', '+15550001'][next(5)] ?? '';
      const reference = next(2) ? next(256) : 256 + next(65_280);
      const flash = next(3) === 0;
      const report = next(3) === 0;
      const validity = next(2) ? { validity: 1 + next(100_000) } : {};
      const pdus = encodeSubmit({ to, text, reference, flash, report, ...validity });
      const read = pdus.map(({ hex }) => {
        const pdu = theirs.decodePdu(hex, 'to network');
        assert.ok(pdu.kind === 'submit');
        return pdu;
      });
      assert.equal(read.map((pdu) => pdu.text).join(''), text);
      read.forEach((pdu, n) => {
        assert.equal(pdu.to, to);
        assert.equal(pdu.report, report);
        assert.equal(pdu.class, flash ? 0 : undefined);
        const part = read.length > 1 ? { reference, total: read.length, sequence: n + 1 } : undefined;
        assert.deepEqual(pdu.part, part);
      });
    }
  });

  it('their DELIVER says here what was meant, with sender, zone and parts', () => {
    const next = random(22);
    for (let i = 0; i < 400; i++) {
      const letters = i % 2 ? GSM : WIDE;
      const text = Array.from({ length: next(500) }, () => letters[next(letters.length)]).join('');
      const from = ['+491701234567', '22922', 'Vodafone', 'A§B', '*100#', 'Derrick'][next(6)] ?? '';
      const zone = next(113) - 56;
      const time = Date.UTC(2000 + next(80), next(12), 1 + next(28), next(24), next(60), next(60));
      const wide = next(2) === 0;
      const reference = next(wide ? 65_536 : 256);
      const flash = next(4) === 0;
      const coded = theirs.encodeText(text, { reference, wide, flash });
      const parts = coded.data.map((data) => {
        const tpdu = theirs.encodeDeliver(from, { time, zone }, { ...coded, data });
        const decoded = decodePdu(`00${tpdu.toString('hex')}`);
        assert.ok(decoded.kind === 'deliver', JSON.stringify(decoded));
        return decoded;
      });
      assert.equal(parts.map((part) => part.text).join(''), text);
      parts.forEach((decoded, n) => {
        assert.equal(decoded.from, from);
        assert.equal(Date.parse(decoded.time ?? ''), time);
        if (zone % 4 === 0)
          assert.match(decoded.time ?? '', new RegExp(`[+-]${String(Math.abs(zone / 4)).padStart(2, '0')}:00$`));
        assert.equal(decoded.class, flash ? 0 : undefined);
        assert.deepEqual(
          decoded.part,
          parts.length > 1 ? { reference, total: parts.length, sequence: n + 1 } : undefined,
        );
      });
    }
  });

  it('our national tables say there what was meant, in any language and in few parts', () => {
    const next = random(23);
    const used = new Set<string>();
    for (const [language, table] of Object.entries(LOCKING)) {
      const own = [...table.values()].filter((c) => c !== '\x1b');
      const single = [...(SINGLE[Number(language)]?.values() ?? [])];
      for (let i = 0; i < 20; i++) {
        const letters = i % 2 ? own : [...own, ...own, ...single];
        const text = Array.from({ length: 71 + next(500) }, () => letters[next(letters.length)]).join('');
        const pdus = encodeSubmit({ to: '+491701234567', text, reference: next(65_536) }).map(({ hex }) => {
          const pdu = theirs.decodePdu(hex, 'to network');
          assert.ok(pdu.kind === 'submit');
          return pdu;
        });
        assert.equal(pdus.map((pdu) => pdu.text).join(''), text);
        assert.ok(pdus.length <= Math.ceil(text.length / 66), 'no more than UCS-2 takes');
        for (const { locking, single } of pdus) used.add(`${locking} ${single}`);
      }
    }
    for (const language of Object.keys(LOCKING)) {
      assert.ok(used.has(`${language} undefined`), language);
      // The Turkish single shift table has nothing that the locking one lacks.
      assert.equal(used.has(`${language} ${language}`), language !== '1', language);
    }
  });

  it('their national tables are read here, in parts too', () => {
    const next = random(24);
    for (let i = 0; i < 300; i++) {
      const locking = next(15);
      const single = next(15);
      const letters = [...(LOCKING[locking] ?? []), ...(SINGLE[single] ?? [])]
        .map(([, c]) => c)
        .filter((c) => c !== '\x1b');
      const text = Array.from({ length: 1 + next(400) }, () => letters[next(letters.length)] ?? 'a').join('');
      const reference = next(65_536);
      const coded = theirs.encodeText(text, { reference, wide: reference > 255, locking, single, alphabet: 'gsm7' });
      const pdus = coded.data.map((data) => {
        const tpdu = theirs.encodeDeliver('22922', { time: 0, zone: 0 }, { ...coded, data });
        return `00${tpdu.toString('hex')}`;
      });
      const decoded = decodeMessage(pdus);
      assert.ok(decoded.kind === 'deliver', JSON.stringify(decoded));
      assert.deepEqual([decoded.text, decoded.parts], [text, pdus.length]);
    }
  });

  it('their STATUS REPORT is read here', () => {
    const sent = { time: Date.UTC(2025, 4, 23, 10, 0, 34), zone: 8 };
    const discharged = { time: Date.UTC(2025, 4, 23, 10, 10, 34), zone: 8 };
    const report = theirs.encodeReport({ reference: 77, to: '+491701234567', sent, discharged, status: 0x46 });
    assert.deepEqual(decodePdu(`00${report.toString('hex')}`), {
      kind: 'report',
      reference: 77,
      to: '+491701234567',
      sent: '2025-05-23T12:00:34+02:00',
      time: '2025-05-23T12:10:34+02:00',
      status: 0x46,
      outcome: 'failed',
    });
  });
});
