import assert from 'node:assert/strict';
import { encodeTime, PduError } from '../../src/virtual/sms/fields';
import { gsm7Characters, gsm7Text, pack, unpack } from '../../src/virtual/sms/gsm7';
import { decodePdu, encodeDeliver, encodeReport, encodeText } from '../../src/virtual/sms/pdu';
import { hex, unhex } from './rig';

const septets = (text: string): number[] => gsm7Characters(text)?.flat() ?? assert.fail(`not GSM-7: ${text}`);
const AT = { time: Date.UTC(2024, 0, 31, 22, 5, 9), zone: 4 };

describe('virtual stick: GSM-7', () => {
  it('packs as 3GPP 23.038 and the recorded USSD show', () => {
    assert.equal(hex(pack(septets('hellohello'))), 'e8329bfd4697d9ec37');
    assert.equal(hex(pack(septets('*100#'))), 'aa180c3602');
    const guthaben = unhex('A0E09A5E2FB3D9E539E858A7A3C3E2B25B07CAB9723150B12A7501');
    assert.equal(gsm7Text(unpack(guthaben, 30)), ' Aktuelles Guthaben: 9.91 EUR.');
  });

  it('has every character of both tables, twice the septets for those of the extension', () => {
    const all = Array.from({ length: 128 }, (_, n) => n).filter((n) => n !== 0x1b);
    const text = gsm7Text(all);
    assert.equal(new Set(text).size, 127);
    assert.deepEqual(septets(text), all);
    assert.equal(gsm7Text(septets('[€]{^}|~\\\f')), '[€]{^}|~\\\f');
    assert.deepEqual(septets('€'), [0x1b, 0x65]);
    assert.equal(gsm7Characters('ç'), undefined);
  });

  it('unpacks what it packed, at any length and fill', () => {
    for (let length = 0; length <= 160; length++) {
      const text = Array.from({ length }, (_, n) => (n * 37 + length) % 128);
      for (const fill of [0, 1, 6]) assert.deepEqual(unpack(pack(text, fill), length, fill), text);
    }
  });
});

describe('virtual stick: PDUs', () => {
  it('reads DELIVERs that sticks have shown', () => {
    const short = decodePdu('07913306092011F0040B913336157675F000007120600040234007783C994C26E301', 'to host');
    assert.equal(short.kind, 'deliver');
    assert.deepEqual(
      { ...short, raw: undefined },
      {
        kind: 'deliver',
        centre: '+33609002110',
        length: 26,
        from: '+33635167570',
        pid: 0,
        dcs: 0,
        alphabet: 'gsm7',
        time: '17/02/06,00:04:32+04',
        text: 'xxddddx',
        raw: undefined,
        header: false,
      },
    );
    const part = decodePdu(
      '07913306091093F0400B913336157675F00008712060004003408C050003640D0C00610020006C006F006E00670020006D006500730073006100670065002100201F600031000A00490020006200750069006C0064002000610020006C006F006E00670020006D006500730073006100670065002100201F600031000A00490020006200750069006C0064002000610020006C006F006E00670020006D00650073007300610067',
      'to host',
    );
    assert.ok(part.kind === 'deliver');
    assert.equal(part.length, 159);
    assert.deepEqual(part.part, { reference: 0x64, total: 13, sequence: 12 });
    assert.match(part.text, /^a long message! \u{1f60}1\nI build a long message/u);
  });

  it('makes a DELIVER and reads it again, with numbers and names of all kinds', () => {
    for (const from of ['+491701234567', '+49170123456', '110', '22000', 'INFO', 'Vodafone', 'Netzklub AG', '*100#']) {
      const coded = encodeText('Grüße {1} €', { reference: 1 });
      const [data = Buffer.alloc(0)] = coded.data;
      const pdu = decodePdu(`00${hex(encodeDeliver(from, AT, { ...coded, data }))}`, 'to host');
      assert.ok(pdu.kind === 'deliver');
      assert.deepEqual([pdu.from, pdu.text, pdu.time], [from, 'Grüße {1} €', '24/01/31,23:05:09+04']);
    }
    assert.equal(hex(encodeTime(AT)), '42101332509040');
    assert.equal(hex(encodeTime({ ...AT, zone: -14 })), '42101381539049', '3.5 hours west: 18:35');
  });

  it('cuts long texts where the standard does, and never inside a character', () => {
    const parts = (text: string, wide = false) => {
      const coded = encodeText(text, { reference: 0x1234, wide });
      return coded.data.map((data) => {
        const pdu = decodePdu(`00${hex(encodeDeliver('1', AT, { ...coded, data }))}`, 'to host');
        assert.ok(pdu.kind === 'deliver');
        assert.equal(pdu.part?.reference, coded.header ? (wide ? 0x1234 : 0x34) : undefined);
        return pdu.text;
      });
    };
    assert.deepEqual(
      parts('a'.repeat(160)).map((p) => p.length),
      [160],
    );
    assert.deepEqual(
      parts('a'.repeat(161)).map((p) => p.length),
      [153, 8],
    );
    assert.deepEqual(
      parts('a'.repeat(161), true).map((p) => p.length),
      [152, 9],
    );
    assert.deepEqual(
      parts('ж'.repeat(70)).map((p) => p.length),
      [70],
    );
    assert.deepEqual(
      parts('ж'.repeat(71)).map((p) => p.length),
      [67, 4],
    );
    assert.deepEqual(parts(`${'a'.repeat(152)}€b${'c'.repeat(20)}`), ['a'.repeat(152), `€b${'c'.repeat(20)}`]);
    assert.deepEqual(parts(`${'ж'.repeat(66)}😀${'ж'.repeat(9)}`), ['ж'.repeat(66), `😀${'ж'.repeat(9)}`]);
  });

  it('writes and reads with national tables where they are asked for, and names them in each part', () => {
    const parts = (text: string, options: object) => {
      const coded = encodeText(text, { reference: 1, ...options });
      return coded.data.map((data) => {
        const pdu = decodePdu(`00${hex(encodeDeliver('1', AT, { ...coded, data }))}`, 'to host');
        assert.ok(pdu.kind === 'deliver');
        const { text: read, locking, single, dcs, header } = pdu;
        return { read, locking, single, dcs, header };
      });
    };
    const [turkish] = parts('ışğİç ok', { locking: 1 });
    assert.deepEqual(turkish, { read: 'ışğİç ok', locking: 1, single: undefined, dcs: 0, header: true });
    assert.equal(
      hex(encodeText('ışğİç ok', { reference: 1, locking: 1 }).data[0] ?? unhex('')),
      '0d032501013874184030e8bd06',
    );
    const long = parts('áç'.repeat(100), { single: 2 });
    assert.deepEqual(
      long.map(({ read, single }) => [read.length, single]),
      [74, 74, 52].map((length) => [length, 2]),
    );
    // A text that the tables do not hold goes as UCS-2, without them.
    assert.deepEqual(parts('Ж', { locking: 1, single: 1 })[0]?.header, false);
    assert.equal(parts('ş', { alphabet: 'ucs2', locking: 1 })[0]?.locking, undefined);
    assert.throws(() => parts('Ж', { alphabet: 'gsm7', locking: 1 }), PduError);
  });

  it('takes a reserved type for a DELIVER, and a header that does not fit for nothing', () => {
    const [data = Buffer.alloc(0)] = encodeText('abc', { reference: 1 }).data;
    const deliver = hex(encodeDeliver('1', AT, { dcs: 0, header: false, data }));
    const reserved = decodePdu(`00${deliver.replace(/^04/, '07')}`, 'to host');
    assert.equal(reserved.kind === 'deliver' && reserved.text, 'abc');
    const broken = unhex('0E05C01BF40201C2E231B96C3E03');
    const read = decodePdu(`00${hex(encodeDeliver('1', AT, { dcs: 0, header: true, data: broken }))}`, 'to host');
    assert.ok(read.kind === 'deliver');
    assert.deepEqual([read.text, read.part], ['abcdefg', undefined]);
    assert.throws(() => decodePdu('0005', 'to host'), PduError);
  });

  it('a status report names the message, when it was sent, and what became of it', () => {
    const report = encodeReport({
      reference: 7,
      to: '+491',
      sent: AT,
      discharged: { ...AT, time: AT.time + 5000 },
      status: 0,
    });
    assert.equal(hex(report), '0607039194f1421013325090404210133250414000');
    const read = decodePdu(`00${hex(report)}`, 'to host');
    assert.ok(read.kind === 'report');
    assert.deepEqual([read.reference, read.to, read.status], [7, '+491', 0]);
  });

  it('refuses what is no SUBMIT', () => {
    const good = '0031000C919471012143650000AA0AE8329BFD4697D9EC37';
    const read = decodePdu(good, 'to network');
    assert.ok(read.kind === 'submit');
    assert.deepEqual([read.to, read.text, read.report, read.length], ['+491710123456', 'hellohello', true, 23]);
    for (const bad of [
      '',
      '0',
      'zz',
      good.slice(0, -2),
      `${good}00`,
      good.replace('0031', '0030'),
      '00',
      '0031000Cff',
    ]) {
      assert.throws(() => decodePdu(bad, 'to network'), PduError, bad);
    }
  });
});
