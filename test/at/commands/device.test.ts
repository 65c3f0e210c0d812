import assert from 'node:assert/strict';
import { parseCfun, parseChiptemp, parseRfswitch } from '../../../src/at/commands/device';
import { parseBare, parseHwver, parseImei, parseVersion } from '../../../src/at/commands/identity';
import { parseGetportmode } from '../../../src/at/commands/ports';
import { parseCmti, parseSmmemfull } from '../../../src/at/commands/sms';
import { hottest } from '../../../src/values/temperature';

describe('the stick itself', () => {
  it('T5: reads identity lines without a prefix', () => {
    assert.equal(parseBare(['', 'huawei'], '+CGMI'), 'huawei');
    assert.equal(parseBare(['+CGMM: "E3272"'], '+CGMM'), 'E3272');
    assert.equal(parseBare([], '+CGMM'), undefined);
    assert.equal(parseImei(['359853033124388']), '359853033124388');
    assert.equal(parseImei(['+CGSN: "359853033124388"']), '359853033124388');
    assert.equal(parseImei(['3598530331243']), undefined);
    assert.equal(parseHwver('"CH2E353SM Ver.A"'), 'CH2E353SM Ver.A');
  });

  it('T6: reads ^VERSION? whose texts hold colons and commas, and leaves out what is empty', () => {
    const lines = [
      '^VERSION:BDT:Jul 4 2011, 21:33:25',
      '^VERSION:EXTS:21.131.00.00.00',
      '^VERSION:INTS:',
      '',
      '^VERSION: EXTD:PCSV22.001.04.00.03',
      '^version:exth:CH2E353SM',
      '^VERSION:EXTU:E353',
      '^VERSION:CFG:1004',
      '^VERSION:PRL:',
    ];
    assert.deepEqual(parseVersion(lines), {
      product: 'E353',
      software: '21.131.00.00.00',
      dashboard: 'PCSV22.001.04.00.03',
      hardware: 'CH2E353SM',
      built: 'Jul 4 2011, 21:33:25',
      all: {
        BDT: 'Jul 4 2011, 21:33:25',
        EXTS: '21.131.00.00.00',
        EXTD: 'PCSV22.001.04.00.03',
        EXTH: 'CH2E353SM',
        EXTU: 'E353',
        CFG: '1004',
      },
    });
    assert.equal(parseVersion(['^VERSION:']), undefined);
  });

  it('T46: 65535 is no temperature; amplifiers are in tenths, the SIM in degrees', () => {
    assert.deepEqual(parseChiptemp('431,431,65535,35,65535'), { gsmPa: 43.1, wcdmaPa: 43.1, sim: 35 });
    assert.deepEqual(parseChiptemp('390,391,-12,65535,270'), { gsmPa: 39, wcdmaPa: 39.1, ltePa: -1.2, battery: 27 });
    assert.deepEqual(parseChiptemp('27'), { gsmPa: 2.7 });
    assert.equal(parseChiptemp('65535,65535,65535,65535,65535'), undefined);
    assert.equal(hottest({ gsmPa: 39, ltePa: 41.5, sim: 50 }), 41.5);
    assert.equal(hottest({ sim: 31 }), 31);
    assert.equal(hottest({}), undefined);
  });

  it('reads ^GETPORTMODE with a vendor that has commas, and knows what the ports are for', () => {
    const names = (value: string) => parseGetportmode(value)?.ports.map(({ name }) => name);
    assert.deepEqual(parseGetportmode('TYPE: WCDMA: Huawei Technologies Co.,Ltd.,'), {
      vendor: 'Huawei Technologies Co.,Ltd.',
      ports: [],
    });
    assert.deepEqual(parseGetportmode('TYPE: WCDMA: huawei,PCUI:0,MDM:1,NDIS:2,CDROM:3,SD:4,'), {
      vendor: 'huawei',
      ports: [
        { name: 'PCUI', role: 'pcui', number: 0 },
        { name: 'MDM', role: 'modem', number: 1 },
        { name: 'NDIS', role: 'network', number: 2 },
        { name: 'CDROM', role: 'storage', number: 3 },
        { name: 'SD', role: 'storage', number: 4 },
      ],
    });
    assert.deepEqual(names('TYPE: WCDMA: ,pcui:1,modem:2,ncm:3,mass:4,mass_two:5,'), [
      'pcui',
      'modem',
      'ncm',
      'mass',
      'mass_two',
    ]);
    assert.deepEqual(
      parseGetportmode(
        'TYPE: WCDMA: huawei ,, rndis: 0, pcui: 1, c_shell: 2, a_shell: 3,3g_diag: 4, gps: 5, 4g_diag: 6, mass_two: 7',
      )?.ports.map(({ role }) => role),
      ['network', 'pcui', 'shell', 'shell', 'diag', 'gps', 'diag', 'storage'],
    );
    assert.deepEqual(names('type:WCDMA:Qualcomm,NDIS:0,PCVoice:5'), ['NDIS', 'PCVoice']);
    assert.equal(parseGetportmode(''), undefined);
  });

  it('reads +CFUN, ^RFSWITCH, ^SMMEMFULL and +CMTI', () => {
    assert.deepEqual(parseCfun('1'), { fun: 1, radio: true });
    assert.deepEqual(parseRfswitch('1,0'), { software: true, hardware: false });
    assert.deepEqual(parseSmmemfull('"SM"'), { store: 'SM' });
    assert.equal(parseSmmemfull('1'), undefined);
    assert.deepEqual(parseCmti('"SM",28'), { store: 'SM', index: 28 });
    assert.deepEqual(parseCmti('ME, 0'), { store: 'ME', index: 0 });
    assert.deepEqual(parseCmti('"SM",-1'), { store: 'SM' });
  });
});
