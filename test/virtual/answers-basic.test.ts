/** What the virtual modem answers to the basic commands of V.250, and about USSD settings. */

import assert from 'node:assert/strict';
import { answers, compare, flat, onModem } from './answers';

describe('virtual stick: basic commands', () => {
  it(
    'registers hold what they are set to, CR and LF stay, others are refused',
    answers({}, [
      ['S7?', '050 | OK'],
      ['S7=30', 'OK'],
      ['S7?', '030 | OK'],
      ['S7=256', 'OK'],
      ['S7?', '030 | OK'],
      ['S3=7', 'OK'],
      ['S3?', '013 | OK'],
      ['S7', 'ERROR'],
      ['S12=1', 'ERROR'],
    ]),
  );

  it(
    'flags are 0 or 1, calls find nobody, and the profile tells of both',
    answers({}, [
      ['E2', 'ERROR'],
      ['X4', 'OK'],
      ['X5', 'ERROR'],
      ['A', 'NO CARRIER'],
      ['O', 'NO CARRIER'],
      ['&V', '&C1 &D2 E0 L0 M0 Q0 V1 X4 S0:000 | OK'],
      ['E1', 'OK'],
      ['&V', 'AT&V | &C1 &D2 E1 L0 M0 Q0 V1 X4 S0:000 | OK'],
    ]),
  );

  it(
    'Z and &F set the profile back: echo, error words, registers',
    onModem({}, async (line) => {
      for (const command of ['Z', '&F']) {
        await compare(line, [
          ['S7=30', 'OK'],
          ['+CREG=2', 'OK'],
          [command, 'OK'],
          ['S7?', 'ATS7? | 050 | OK'],
          ['+CREG?', 'AT+CREG? | +CREG: 0,1 | OK'],
          ['+CPIN="1"', 'AT+CPIN="1" | +CME ERROR: operation not allowed'],
          ['E0', 'ATE0 | OK'],
        ]);
      }
    }),
  );

  it(
    'Q1 takes the result codes away, Q0 gives them back',
    onModem({}, async (line, r) => {
      line.send('ATQ1\r');
      await r.pass(1_000);
      assert.equal(line.text(), '');
      line.send('AT&V\r');
      await r.pass(1_000);
      assert.equal(flat(line.text()), '&C1 &D2 E0 L0 M0 Q1 V1 X4 S0:000');
      await compare(line, [['Q0', 'OK']]);
    }),
  );

  it('a stick that refuses ATQ or ATE0 says so and stays as it is', async () => {
    await answers({ quirks: ['quiet-refused'] }, [
      ['Q0', 'ERROR'],
      ['Q1', 'ERROR'],
      ['', 'OK'],
    ])();
    await answers({ quirks: ['echo-stays'] }, [
      ['E0', 'ATE0 | ERROR'],
      ['E1', 'ATE1 | OK'],
    ])();
  });
});

describe('virtual stick: +CUSD and its settings', () => {
  it(
    'settings are told, and what is no request is refused',
    answers({}, [
      ['+CUSD=?', '+CUSD: (0-2) | OK'],
      ['+CUSD?', '+CUSD: 0 | OK'],
      ['+CUSD=1', 'OK'],
      ['+CUSD?', '+CUSD: 1 | OK'],
      ['+CUSD=3', '+CME ERROR: 50'],
      ['+CUSD=1,"*100#",999', '+CME ERROR: 50'],
      ['+CUSD=1,"AA",15,1', '+CME ERROR: 50'],
      ['+CUSD=1,"*100#",15', '+CME ERROR: 50'],
      ['^USSDMODE?', '^USSDMODE: 1 | OK'],
      ['^USSDMODE=0', 'OK'],
      ['^USSDMODE?', '^USSDMODE: 0 | OK'],
    ]),
  );

  it(
    'without a network nobody takes it',
    answers({ radio: { registration: 'searching' } }, [['+CUSD=1,"AA180C3602",15', '+CME ERROR: 30']]),
  );

  it(
    'some take plain text only',
    answers({ quirks: ['ussd-plain-only'] }, [
      ['+CUSD=1,"AA180C3602",15', '+CME ERROR: 304'],
      ['^USSDMODE=0', 'OK'],
      ['+CUSD=1,"*100#",15', 'OK'],
    ]),
  );

  it(
    'a request in UCS-2 is read in both forms, and some answer before OK',
    onModem({ quirks: ['cusd-first'] }, async (line) => {
      const asked = '002A0031003000310023';
      const menu = '+CUSD: 1,"1 Balance\n2 Tariff\n0 End",15';
      await compare(line, [
        ['^USSDMODE=0', 'OK'],
        ['+CUSD=1,"*101#"', flat(`${menu}\r\nOK`)],
        ['+CUSD=2', 'OK'],
        [`+CUSD=1,"${asked}",72`, flat(`${menu}\r\nOK`)],
        ['+CUSD=2', 'OK'],
        ['^USSDMODE=1', 'OK'],
      ]);
      line.send(`AT+CUSD=1,"${asked}",72\r`);
      assert.match(flat(await line.until((t) => t.endsWith('OK\r\n'))), /^\+CUSD: 1,"31[0-9A-F]+",15 \| OK$/);
    }),
  );
});
