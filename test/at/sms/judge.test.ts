/** Our PDU code and the virtual stick's, which were written apart: what one makes, the other must read. */

import assert from 'node:assert/strict';
import { decodePdu } from '../../../src/at/sms/decode';
import { encodeSubmit } from '../../../src/at/sms/submit';
import * as theirs from '../../../src/virtual/sms/pdu';
import { random } from '../../random';

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
    });
  });
});
