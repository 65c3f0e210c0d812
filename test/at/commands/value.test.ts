import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { valuesPage } from '../../../scripts/values-page';
import type { Entry } from '../../../src/at/commands/entry';
import { COMMANDS } from '../../../src/at/commands/table';
import { replyValue, urcValue } from '../../../src/at/commands/value';
import type { Member } from '../../../src/values/shape';
import { fits } from '../../support/fits';
import { random } from '../../support/random';

/** Those whose value is read. */
const READERS: ReadonlyMap<string, Entry> = new Map([...COMMANDS].filter(([, { value }]) => value));

/** Lines of each kind as sticks send them. */
const LINES: Record<string, string[]> = {
  I: ['Manufacturer: huawei', 'Model: E3272', 'Revision: 21.436.11.00.372', 'IMEI: 863781014954441', '+GCAP: +CGSM'],
  '+CGMI': ['huawei'],
  '+CGMM': ['E3272'],
  '+CGMR': ['21.436.11.00.372'],
  '+CGSN': ['863781014954441'],
  '^FHVER': ['^FHVER:"E3272 21.436.11.00.372,CH1E3272SM Ver.A"'],
  '^HWVER': ['^HWVER:"CH1E3272SM"'],
  '^VERSION': ['^VERSION:BDT:Jul 4 2011, 21:33:25', '^VERSION:EXTS:21.131.00.00.00', '^VERSION:INTS:'],
  '^SETPORT': ['^SETPORT:A1,A2;10,12,16,A1,A2'],
  '^GETPORTMODE': ['^GETPORTMODE: TYPE: WCDMA: huawei,,pcui:0,3g_modem:1,ncm:2'],
  '^CHIPTEMP': ['^CHIPTEMP: 431,431,65535,35,65535'],
  '+CFUN': ['+CFUN: 1'],
  '+CGATT': ['+CGATT: 1'],
  '^RFSWITCH': ['^RFSWITCH:1,1'],
  '+CPIN': ['+CPIN: READY'],
  '^CPIN': ['^CPIN: SIM PIN,3,10,3,10,3'],
  '^ICCID': ['^ICCID: 983351509062559841F4'],
  '+CIMI': ['208150123456789'],
  '+CNUM': ['+CNUM: "Me","+33606487754",145', '+CNUM: "Fax","",0'],
  '^CARDMODE': ['^CARDMODE: 2'],
  '^CARDLOCK': ['^CARDLOCK: 2,10,0'],
  '^SIMST': ['^SIMST: 255,1'],
  '+CSQ': ['+CSQ: 20,99'],
  '^RSSI': ['^RSSI:19'],
  '^HCSQ': ['^HCSQ:"LTE",61,51,66,20'],
  '+CESQ': ['+CESQ: 99,99,255,255,20,51'],
  '^SYSINFO': ['^SYSINFO:2,3,0,5,1,,4'],
  '^SYSINFOEX': ['^SYSINFOEX:2,3,0,1,,6,"LTE",101,"LTE"'],
  '^MODE': ['^MODE:5,4'],
  '^SRVST': ['^SRVST:2'],
  '^MONSC': ['^MONSC: LTE,262,01,1300,1A2B3C4,12F,5C3A,-90,-10,-60'],
  '+CREG': ['+CREG: 2,1,"1607","14DB",7'],
  '+CGREG': ['+CGREG: 0,1'],
  '+CEREG': ['+CEREG: 0,5'],
  '+COPS': ['+COPS: 0,0,"Operator",7'],
  '^SYSCFG': ['^SYSCFG:14,2,400380,1,2'],
  '^SYSCFGEX': ['^SYSCFGEX:"0302",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF'],
  '^DSFLOWQRY': ['^DSFLOWQRY: 0000002D,0000000000019A01,0000000000736A52,0000002D,0020000000000001,FFFFFFFFFFFFFFFF'],
  '^DSFLOWRPT': ['^DSFLOWRPT:000054F0,00000622,00000D89,00000000006FD555,00000000017D4579,0000BB80,0000FA00'],
  '^NDISSTATQRY': ['^NDISSTATQRY:1,,,"IPV4",0,33,,"IPV6"'],
  '^NDISSTAT': ['^NDISSTAT:1,,,"IPV4"'],
  '^DHCP': ['^DHCP: 1010A0A,FCFFFFFF,2010A0A,2010A0A,0,0,150000000,150000000'],
  '+CCLK': ['+CCLK: "15/12/22,14:39:55+01"'],
  '^NWTIME': ['^NWTIME: 15/12/22,14:39:55+08,1'],
  '^TIME': ['^TIME: 2015/12/22 14:39:55'],
  '^SMMEMFULL': ['^SMMEMFULL: "SM"'],
  '+CMTI': ['+CMTI: "SM",28'],
  '+CDSI': ['+CDSI: "SM",3'],
};

const TEST_FORMS = [
  ['^SYSCFGEX', '^SYSCFGEX: ("00","03"),((400380,"x"),(3fffffff,"All Bands")),(0-3),(0-4),((800c5,"y"))'],
  ['+COPS', '+COPS: (2,"T-Mobile","TMO","31026",0),(1,"A","A","310410",2),,(0,1,2,3,4),(0,1,2)'],
  ['^SETPORT', '^SETPORT:12: 4G PCUI'],
] as const;

/** No NaN, no infinite number, nothing undefined, nothing that JSON would lose, and what its shape says. */
function sound(value: unknown, of: string, shape?: Member): void {
  assert.deepEqual(JSON.parse(JSON.stringify({ value })), value === undefined ? {} : { value }, of);
  if (value !== undefined && shape) fits(value, shape, of);
}

const MORE = [
  '',
  ',',
  '"',
  '(',
  ')',
  '-1',
  '255',
  '65535',
  '99999999999999999999',
  '0x',
  'FFFFFFFFFFFFFFFF',
  ' ',
  ':',
  '\0',
  'ü',
];

/** `line` with some characters changed, taken out or put in. */
function mutate(line: string, next: (n: number) => number): string {
  let text = line;
  for (let times = 1 + next(4); times > 0; times--) {
    const at = next(text.length + 1);
    const cut = next(3);
    const put = next(3) === 0 ? String.fromCharCode(32 + next(95)) : (MORE[next(MORE.length)] ?? '');
    text = text.slice(0, at) + put + text.slice(at + cut);
  }
  return text;
}

describe('values', () => {
  it('has an example of every kind, and all of them have a value that survives JSON', () => {
    assert.deepEqual(Object.keys(LINES).sort(), [...READERS.keys()].sort());
    for (const [name, lines] of Object.entries(LINES)) {
      for (const form of ['', '?']) {
        const value = replyValue(`AT${name}${form}`, lines);
        assert.notEqual(value, undefined, name);
        sound(value, name, READERS.get(name)?.value);
      }
    }
  });

  it('T9: reads a URC and the reply of the same kind by the same reader', () => {
    for (const [name, [line = '']] of Object.entries(LINES)) {
      if (READERS.get(name)?.line) assert.deepEqual(urcValue(line), replyValue(`AT${name}?`, [line]), name);
    }
    assert.deepEqual(urcValue('^HCSQ:"LTE",61,51,66,20'), { system: 'LTE', rssi: -60, rsrp: -90, sinr: -7, rsrq: -10 });
  });

  it('T10, T11: does not mind the case and blanks of command and line', () => {
    assert.deepEqual(replyValue('at ^ cardlock?', ['^cardlock : 2,10,0']), { lock: 'free', tries: 10 });
    assert.deepEqual(replyValue('AT^NDISSTATQRY?', ['^NDISSTATQry:1']), { ipv4: { state: 'up' } });
    assert.deepEqual(urcValue('^rssi: 19'), { rssi: -75 });
  });

  it('T45: gives counters as numbers, and as digits where a number would not be exact', () => {
    assert.deepEqual(replyValue('AT^DSFLOWQRY', LINES['^DSFLOWQRY'] ?? []), {
      seconds: 45,
      txBytes: 104_961,
      rxBytes: 7_563_858,
      totalSeconds: 45,
      totalTxBytes: '9007199254740993',
      totalRxBytes: '18446744073709551615',
    });
  });

  it('has none for what it does not know, for joined commands and for settings', () => {
    assert.equal(replyValue('AT', ['OK']), undefined);
    assert.equal(replyValue('AT+CSQ', []), undefined);
    assert.equal(replyValue('AT+CSQ', ['+CREG: 1']), undefined);
    assert.equal(replyValue('AT+CSQ;+CREG?', ['+CSQ: 1,99', '+CREG: 0,1']), undefined);
    assert.equal(replyValue('AT+CFUN=1', ['+CFUN: 1']), undefined);
    assert.equal(replyValue('AT+CSQ=?', ['+CSQ: (0-31,99),(0-7,99)']), undefined);
    for (const line of ['', 'RING', '^BOOT:33124388,0,0,0,26', '+CSQ', 'nonsense: 1'])
      assert.equal(urcValue(line), undefined);
  });

  it('T46: never throws and never gives NaN, whatever a line has become', () => {
    const next = random(3272);
    for (const [name, lines] of Object.entries(LINES)) {
      const shape = READERS.get(name)?.value;
      for (let i = 0; i < 800; i++) {
        const broken = lines.map((line) => mutate(line, next));
        sound(replyValue(`AT${name}?`, broken), broken.join('|'), shape);
        for (const line of broken) {
          sound(urcValue(line), line);
          sound(urcValue(line, name), line, shape);
        }
        // Another kind's line behind this prefix.
        const other = Object.values(LINES)[next(READERS.size)]?.[0] ?? '';
        sound(urcValue(`${name}:${other.slice(other.indexOf(':') + 1)}`), `${name} ${other}`);
      }
    }
    for (const [name, line] of TEST_FORMS) {
      for (let i = 0; i < 3_000; i++) {
        const broken = mutate(line, next);
        sound(replyValue(`AT${name}=?`, [broken]), broken, READERS.get(name)?.testValue);
      }
    }
  });

  it('does not choke on what is long or deep', () => {
    for (const text of [
      '('.repeat(50_000),
      '(,'.repeat(50_000),
      ','.repeat(100_000),
      '9'.repeat(100_000),
      '"'.repeat(50_001),
    ]) {
      for (const name of READERS.keys()) {
        sound(replyValue(`AT${name}?`, [`${name}:${text}`]), name);
        sound(replyValue(`AT${name}=?`, [`${name}:${text}`]), name);
      }
    }
  });

  it('are documented as they are: node build/scripts/values-page.js writes docs/values.md', () => {
    assert.equal(readFileSync('docs/values.md', 'utf8'), valuesPage());
  });
});
