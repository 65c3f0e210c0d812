import assert from 'node:assert/strict';
import { parseCesq, parseCsq, parseHcsq } from '../../../src/at/commands/signal';
import { barsOf } from '../../../src/values/signal';

describe('signal', () => {
  it('reads ^HCSQ of each system, in dBm and dB', () => {
    for (const [value, signal] of [
      ['"LTE",61,51,66,20', { system: 'LTE', rssi: -60, rsrp: -90, sinr: -7, rsrq: -10 }],
      ['"LTE",46,34,111,16', { system: 'LTE', rssi: -75, rsrp: -107, sinr: 2, rsrq: -12 }],
      ['"LTE",60,52,106,24', { system: 'LTE', rssi: -61, rsrp: -89, sinr: 1, rsrq: -8 }],
      ['"LTE",0,0,0,0', { system: 'LTE', rssi: -121, rsrp: -141, sinr: -20.2, rsrq: -20 }],
      ['"LTE",96,97,251,34', { system: 'LTE', rssi: -25, rsrp: -44, sinr: 30, rsrq: -3 }],
      ['"LTE",50,50,101,20', { system: 'LTE', rssi: -71, rsrp: -91, sinr: 0, rsrq: -10 }],
      ['"WCDMA",30,30,58', { system: 'WCDMA', rssi: -91, rscp: -91, ecio: -3.5 }],
      ['"GSM",36,255', { system: 'GSM', rssi: -85 }],
      ['"GSM",36', { system: 'GSM', rssi: -85 }],
      ['"NOSERVICE"', { system: 'NOSERVICE' }],
    ] as const) {
      assert.deepEqual(parseHcsq(value), signal, value);
    }
  });

  it('T11: reads ^HCSQ without quotes, with blanks, in small letters', () => {
    const signal = { system: 'LTE', rssi: -60, rsrp: -90, sinr: -7, rsrq: -10 };
    for (const value of ['LTE,61,51,66,20', ' "LTE" , 61, 51 ,66,20 ', 'lte,61,51,66,20']) {
      assert.deepEqual(parseHcsq(value), signal, value);
    }
  });

  it('T46: 255, 99, numbers beyond the scale and empty fields are not known, and no numbers', () => {
    assert.deepEqual(parseHcsq('"LTE",255,255,255,255'), { system: 'LTE' });
    assert.deepEqual(parseHcsq('"LTE",97,98,252,35'), { system: 'LTE' });
    assert.deepEqual(parseHcsq('"LTE",61,,255'), { system: 'LTE', rssi: -60 });
    assert.deepEqual(parseHcsq('"WCDMA",255,97,66'), { system: 'WCDMA' });
    assert.deepEqual(parseCsq('99,99'), {});
    assert.deepEqual(parseCsq('32,8'), {});
    assert.equal(parseCesq('99,99,255,255,255,255'), undefined);
    for (const value of ['', '"",1', '61,51', 'LTE"61']) assert.equal(parseHcsq(value), undefined, value);
    assert.equal(parseCsq(''), undefined);
  });

  it('reads +CSQ and ^RSSI by the same scale', () => {
    for (const [value, rssi] of [
      ['0,99', -113],
      ['28,99', -57],
      ['31', -51],
      [' 4 ', -105],
    ] as const) {
      assert.deepEqual(parseCsq(value), { rssi }, value);
    }
    assert.deepEqual(parseCsq('10,0'), { rssi: -93, ber: 0 });
  });

  it('reads +CESQ, the lower end of each step', () => {
    assert.deepEqual(parseCesq('99,99,255,255,20,51'), { rsrq: -10, rsrp: -90 });
    assert.deepEqual(parseCesq('63,0,96,49,255,255'), { rssi: -48, ber: 0, rscp: -25, ecio: 0 });
  });

  it('makes 0 to 5 bars of the best figure', () => {
    assert.equal(barsOf({ system: 'LTE', rssi: -60, rsrp: -90 }), 4);
    assert.equal(barsOf({ system: 'LTE', rsrp: -88 }), 5);
    assert.equal(barsOf({ system: 'LTE', rsrp: -121 }), 0);
    assert.equal(barsOf({ system: 'WCDMA', rssi: -60, rscp: -106 }), 2);
    assert.equal(barsOf({ rssi: -93 }), 3);
    assert.equal(barsOf({ system: 'NOSERVICE' }), 0);
    assert.equal(barsOf({ system: 'LTE' }), undefined);
  });
});
