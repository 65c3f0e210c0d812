import assert from 'node:assert/strict';
import {
  parseMode,
  parseMonsc,
  parseSimst,
  parseSrvst,
  parseSysinfo,
  parseSysinfoex,
} from '../../../src/at/commands/network';
import { parseCops, parseCopsTest, parseRegistration } from '../../../src/at/commands/registration';

describe('network', () => {
  it('reads ^SYSINFOEX, quoted or not', () => {
    const lte = {
      service: 'valid',
      domain: 'CS+PS',
      roaming: false,
      sim: 'valid',
      system: 'LTE',
      systemCode: 6,
      submode: 'LTE',
      submodeCode: 101,
    };
    for (const value of ['2,3,0,1,,6,"LTE",101,"LTE"', '2, 3, 0, 1, , 6, LTE, 101, LTE', '2,3,0,1,,6,,101,']) {
      assert.deepEqual(parseSysinfoex(value), lte, value);
    }
    assert.deepEqual(parseSysinfoex('2,3,1,1,0,6,"LTE",101,"LTE"'), { ...lte, roaming: true, locked: false });
  });

  it("takes the stick's own name of the submode, whatever the table says", () => {
    const info = parseSysinfoex('2,3,0,1,,3,"WCDMA",41,"HSPA+"');
    assert.deepEqual([info?.submode, info?.submodeCode], ['HSPA+', 41]);
    assert.equal(parseSysinfoex('2,3,0,1,,3,"WCDMA",46')?.submode, 'DC-HSPA+');
    assert.equal(parseSysinfoex('2,3,0,1,,3,"WCDMA",77')?.submode, undefined);
  });

  it('T46: roaming 2, an unknown code and no service leave the value out', () => {
    assert.deepEqual(parseSysinfoex('0,0,2,255,,0,"NO SERVICE",0,"NO SERVICE"'), {
      service: 'none',
      domain: 'none',
      sim: 'absent',
    });
    assert.deepEqual(parseSysinfoex('2,9,0,17,,6,"LTE",101,"LTE"')?.domain, undefined);
    assert.equal(parseSysinfoex('2,3'), undefined);
    assert.equal(parseSysinfoex(''), undefined);
  });

  it('reads the older ^SYSINFO, with blanks in it', () => {
    assert.deepEqual(parseSysinfo('2,4,5,3,1'), {
      service: 'valid',
      domain: 'searching',
      sim: 'valid',
      system: 'GSM',
      systemCode: 3,
    });
    assert.deepEqual(parseSysinfo(' 2 , 3, 0,5 ,1,, 5'), {
      service: 'valid',
      domain: 'CS+PS',
      roaming: false,
      sim: 'valid',
      system: 'WCDMA',
      systemCode: 5,
      submode: 'HSDPA',
      submodeCode: 5,
    });
  });

  it('T48: ^MODE has the old numbers and a name of its own, so ^SYSINFOEX decides what the system is', () => {
    assert.deepEqual(parseMode('5,4'), { system: 'WCDMA', systemCode: 5, submode: 'WCDMA', submodeCode: 4 });
    assert.deepEqual(parseMode('0,0'), {});
    assert.equal(parseMode('x'), undefined);
  });

  it('reads ^SRVST, with 4 too, and ^SIMST with and without the lock', () => {
    assert.deepEqual(parseSrvst('0'), { service: 'none' });
    assert.deepEqual(parseSrvst('4'), { service: 'power save' });
    assert.deepEqual(parseSimst(' 255,1'), { sim: 'absent', locked: true });
    assert.deepEqual(parseSimst('1'), { sim: 'valid' });
    assert.equal(parseSimst('99'), undefined);
  });

  it('reads ^MONSC of LTE, and what is not measured yet as not known', () => {
    assert.deepEqual(parseMonsc('LTE,262,01,1300,1A2B3C4,12F,5C3A,-90,-10,-60'), {
      system: 'LTE',
      mcc: '262',
      mnc: '01',
      earfcn: 1300,
      cellId: 0x1a2b3c4,
      pci: 0x12f,
      tac: 0x5c3a,
      rsrp: -90,
      rsrq: -10,
      rssi: -60,
    });
    assert.deepEqual(parseMonsc('LTE,262,01,1300,,,FFFF,,,'), { system: 'LTE', mcc: '262', mnc: '01', earfcn: 1300 });
    assert.deepEqual(parseMonsc('WCDMA,262,02,3000'), { system: 'WCDMA', mcc: '262', mnc: '02' });
    assert.equal(parseMonsc('NONE'), undefined);
  });
});

describe('registration', () => {
  it('T9: tells the reply from the URC by its shape', () => {
    for (const [value, expected] of [
      ['2,0,00,0', { status: 'idle', registered: false, n: 2, lac: 0, ci: 0 }],
      ['2,1,8BE3,2BAF', { status: 'home', registered: true, n: 2, lac: 0x8be3, ci: 0x2baf }],
      ['1,8BE3,2BAF', { status: 'home', registered: true, lac: 0x8be3, ci: 0x2baf }],
      ['2,5, 1607, 14DB', { status: 'roaming', registered: true, n: 2, lac: 0x1607, ci: 0x14db }],
      ['1,7,14DB', { status: 'home', registered: true, lac: 7, ci: 0x14db }],
      ['2', { status: 'searching', registered: false }],
      ['1,5', { status: 'roaming', registered: true, n: 1 }],
      ['0,1', { status: 'home', registered: true, n: 0 }],
      ['1,"1607","14DB",7', { status: 'home', registered: true, lac: 0x1607, ci: 0x14db, act: 'LTE' }],
      ['2,1,"1607","14DB5A1",7', { status: 'home', registered: true, n: 2, lac: 0x1607, ci: 0x14db5a1, act: 'LTE' }],
      ['5, 01607, 014DB5A', { status: 'roaming', registered: true, lac: 0x1607, ci: 0x14db5a }],
      ['0,10', { status: 'no CSFB, roaming', registered: true, n: 0 }],
      ['0,8', { status: 'emergency only', registered: false, n: 0 }],
    ] as const) {
      assert.deepEqual(parseRegistration(value), expected, value);
    }
  });

  it('T46, T48: all F is no place, and a missing technology none', () => {
    assert.deepEqual(parseRegistration('2,1,"FFFF","FFFFFFFF",9'), { status: 'home', registered: true, n: 2 });
    for (const value of ['', 'x', '11', '(0-2)']) assert.equal(parseRegistration(value), undefined, value);
  });
});

describe('operator', () => {
  it('reads +COPS with a name, a number and nothing', () => {
    assert.deepEqual(parseCops('0,0,"Operator",7'), { mode: 'automatic', operator: 'Operator', act: 'LTE' });
    assert.deepEqual(parseCops('0,2,"29370",2'), { mode: 'automatic', plmn: '29370', act: 'WCDMA' });
    assert.deepEqual(parseCops('0,2,"28310",7'), { mode: 'automatic', plmn: '28310', act: 'LTE' });
    assert.deepEqual(parseCops('0'), { mode: 'automatic' });
    assert.deepEqual(parseCops('2'), { mode: 'deregistered' });
    assert.deepEqual(parseCops('1,0,"O, Inc."'), { mode: 'manual', operator: 'O, Inc.' });
    assert.equal(parseCops(''), undefined);
  });

  it('reads +COPS=? with modes and formats that look like networks', () => {
    assert.deepEqual(
      parseCopsTest('(2,"T-Mobile","TMO","31026",0),(1,"AT&T","AT&T","310410",0),,(0,1,2,3,4),(0,1,2)'),
      {
        networks: [
          { status: 'current', name: 'T-Mobile', short: 'TMO', plmn: '31026', act: 'GSM' },
          { status: 'available', name: 'AT&T', short: 'AT&T', plmn: '310410', act: 'GSM' },
        ],
        modes: [0, 1, 2, 3, 4],
        formats: [0, 1, 2],
      },
    );
    const odd = parseCopsTest('(1,"","","310410",2),(3,"A (B), C","","31041",7),,(0-4),(0,2)');
    assert.deepEqual(odd, {
      networks: [
        { status: 'available', plmn: '310410', act: 'WCDMA' },
        { status: 'forbidden', name: 'A (B), C', plmn: '31041', act: 'LTE' },
      ],
      modes: [0, 1, 2, 3, 4],
      formats: [0, 2],
    });
    assert.equal(parseCopsTest('nothing'), undefined);
  });
});
