/** What the virtual modem answers about networks, systems and bands, time, and the data connection. */

import assert from 'node:assert/strict';
import { answerOf, answers, compare, onModem } from './answers';

const BAD = '+CME ERROR: 50';
const OTHER = '(3,"Other Network","Other","00102",2),,(0,1,2,3,4),(0,1,2)';

describe('virtual stick: answers about the network', () => {
  it(
    'on LTE at home',
    answers({}, [
      ['+CREG=3', BAD],
      ['^SYSINFO', '^SYSINFO:2,3,0,17,1,,17 | OK'],
      ['^MONSC', '^MONSC: LTE,001,01,1300,0000C001,1A,0001,-90,-10,-60 | OK'],
      ['+COPS=?', `+COPS: (2,"Virtual LTE","Virtual","00101",7),${OTHER} | OK`],
    ]),
  );

  it(
    'roaming in a network of the older kind',
    answers({ radio: { system: 'WCDMA', registration: 'roaming' } }, [
      ['^SYSINFO', '^SYSINFO:2,3,1,5,1,,9 | OK'],
      ['^MONSC', 'ERROR'],
    ]),
  );

  it(
    'cells whose levels the stick does not know have empty fields',
    answers({ radio: { rsrp: null, rsrq: null, rssi: null } }, [
      ['^MONSC', '^MONSC: LTE,001,01,1300,0000C001,1A,0001,,, | OK'],
    ]),
  );

  for (const command of ['+CFUN=6', '+CFUN=1,1'])
    it(
      `AT${command} restarts the stick, and what was set is gone`,
      onModem({}, async (line, r) => {
        await compare(line, [
          ['+CREG=2', 'OK'],
          [command, 'OK'],
        ]);
        await r.pass(60_000);
        assert.equal(r.stick.enumerations, 2);
        await r.settle('tty', 2);
        assert.equal(await answerOf(r.open(1), '+CREG?'), 'AT+CREG? | +CREG: 0,1 | OK');
      }),
    );

  it('the clock is the network’s until it is set, with a zone or in the stick’s own', async () => {
    const epoch = Date.UTC(2025, 4, 6, 7, 8, 9);
    await onModem({ epoch, zone: 8 }, async (line) => {
      assert.match(await answerOf(line, '+CCLK?'), /^\+CCLK: "25\/05\/06,09:08:\d\d\+08" \| OK$/);
      assert.match(await answerOf(line, '^NWTIME?'), /^\^NWTIME: 25\/05\/06,09:08:\d\d\+08,00 \| OK$/);
      assert.match(await answerOf(line, '^TIME?'), /^\^TIME: 2025\/05\/06 09:08:\d\d \| OK$/);
      await compare(line, [
        ['+CCLK="25/5/6"', BAD],
        ['+CCLK="2031/02/03,04:05:06"', 'OK'],
      ]);
      assert.match(await answerOf(line, '+CCLK?'), /^\+CCLK: "31\/02\/03,04:05:\d\d\+08" \| OK$/);
      await compare(line, [['+CCLK="31/02/03,04:05:06+00"', 'OK']]);
      assert.match(await answerOf(line, '+CCLK?'), /^\+CCLK: "31\/02\/03,06:05:\d\d\+08" \| OK$/);
    })();
    await onModem({ epoch, zone: 8, quirks: ['long-years'] }, async (line) => {
      assert.match(await answerOf(line, '+CCLK?'), /^\+CCLK: "2025\/05\/06,/);
      assert.match(await answerOf(line, '^NWTIME?'), /^\^NWTIME: 2025\/05\/06,/);
    })();
  });
});

describe('virtual stick: ^SYSCFGEX', () => {
  it(
    'tells the lists that it has',
    onModem({}, async (line) => {
      const told = await answerOf(line, '^SYSCFGEX=?');
      assert.match(told, /^\^SYSCFGEX: \("00","03","02","01","99"\),\(\(2000004e80380,"GSM850/);
      assert.match(told, /\(0-3\),\(0-4\),\(\(800c5,"LTE2100\/LTE1800\/LTE2600\/LTE900\/LTE800"\),/);
    }),
  );
});

describe('virtual stick: answers about the data connection', () => {
  it(
    '^NDISDUP wants a context, a state and a kind of password that exist',
    answers({}, [
      ['^NDISDUP?', 'OK'],
      ['^NDISDUP=?', '^NDISDUP: (1-16),(0-2) | OK'],
      ['^NDISDUP=0,1', BAD],
      ['^NDISDUP=1,3', BAD],
      ['^NDISDUP=1,1,"a","u","p",3', BAD],
      ['^NDISDUP=1,1,"a","u","p",4', BAD],
    ]),
  );

  it('some refuse user and password without a kind', () =>
    answers({ quirks: ['ndisdup-short'] }, [
      ['^NDISDUP=1,1,"a","u","p",0', BAD],
      ['^NDISDUP=1,1,"a","u","p",1', 'OK'],
    ])());

  it(
    'contexts are set, told and deleted',
    answers({}, [
      ['+CGDCONT=17,"IP"', BAD],
      ['+CGDCONT=2,"X25"', BAD],
      ['+CGDCONT=2,"ipv6"', 'OK'],
      ['+CGDCONT=3,"IP","net"', 'OK'],
      ['+CGDCONT=1', 'OK'],
      ['+CGDCONT?', '+CGDCONT: 2,"IPV6","","0.0.0.0",0,0 | +CGDCONT: 3,"IP","net","0.0.0.0",0,0 | OK'],
      ['+CGACT?', '+CGACT: 2,0 | +CGACT: 3,0 | OK'],
      ['+CGATT?', '+CGATT: 1 | OK'],
      ['+CGATT=1', 'OK'],
      ['+CGATT=2', BAD],
    ]),
  );
});
