/** What the virtual modem answers about the SIM: codes, files, numbers, phone book. */

import assert from 'node:assert/strict';
import { answerOf, answers, compare, onModem } from './answers';

const BAD = '+CME ERROR: 50';
const ABSENT = '+CME ERROR: 10';

describe('virtual stick: answers about the SIM', () => {
  it(
    'without a SIM, each command that needs one says so',
    answers({ sim: { state: 'absent' } }, [
      ['+CPIN="1234"', ABSENT],
      ['+CLCK="SC",2', ABSENT],
      ['+CPWD="SC","1234","4321"', ABSENT],
      ['+CPBS?', ABSENT],
      ['+COPS=?', ABSENT],
      ['+COPS=0', ABSENT],
      ['^CARDMODE', '^CARDMODE: 0 | OK'],
      ['^SIMSQ?', '^SIMSQ: 0,0 | OK'],
      ['^NDISDUP=1,1', 'ERROR'],
      ['+CGATT?', '+CGATT: 0 | OK'],
    ]),
  );

  it(
    'a SIM that waits for its PIN takes one code, and no new one',
    answers({ sim: { state: 'pin', pin: '4711' } }, [
      ['+CPIN=?', 'OK'],
      ['^SIMSQ?', '^SIMSQ: 0,2 | OK'],
      ['^CARDMODE', '^CARDMODE: 2 | OK'],
      ['+CPIN="4711","1234"', BAD],
      ['+CLCK="SC",2', '+CME ERROR: 11'],
    ]),
  );

  it(
    'a SIM that waits for its PUK wants a new PIN with it, and is broken after ten wrong ones',
    answers({ sim: { state: 'puk', puk: '87654321' } }, [
      ['+CPIN="87654321"', '+CME ERROR: 12'],
      ['+CPIN="87654321","12"', BAD],
      ...Array.from({ length: 9 }, () => ['+CPIN="11111111","1234"', '+CME ERROR: 16'] as const),
      ['^SIMSQ?', '^SIMSQ: 0,2 | OK'],
      ['+CPIN="11111111","1234"', '+CME ERROR: 13'],
      ['+CPIN="87654321","1234"', '+CME ERROR: 13'],
      ['^SIMSQ?', '^SIMSQ: 0,98 | OK'],
    ]),
  );

  it(
    'the lock is asked for, set with the right PIN, and other facilities are off',
    answers({ sim: { pin: '4711' } }, [
      ['+CLCK="SC",7', BAD],
      ['+CLCK="PN",2', '+CLCK: 0 | OK'],
      ['+CLCK="PN",1,"4711"', '+CME ERROR: 4'],
      ['+CLCK="SC",2', '+CLCK: 0 | OK'],
      ['+CLCK="SC",1,"4711"', 'OK'],
      ['+CLCK="SC",2', '+CLCK: 1 | OK'],
      ['+CPWD="P2","4711","1234"', BAD],
      ['+CPWD="SC","4711","12"', BAD],
      ['+CPWD="SC","0000","1234"', '+CME ERROR: 16'],
      ['+CPWD="SC","4711","1234"', 'OK'],
      ['+CLCK="SC",0,"4711"', '+CME ERROR: 16'],
      ['+CLCK="SC",0,"1234"', 'OK'],
      ['+CLCK="SC",2', '+CLCK: 0 | OK'],
    ]),
  );

  it(
    'files are read whole and in part, with their size, and unknown ones have their status words',
    onModem({}, async (line) => {
      const imsi = (await answerOf(line, '+CIMI')).split(' | ')[0] ?? '';
      assert.match(imsi, /^00101\d{10}$/);
      const nibbles = `9${imsi}`.replace(/(.)(.)/g, '$2$1');
      await compare(line, [
        ['+CRSM=x', BAD],
        ['+CRSM=214,28589,0,0,4', '+CRSM: 109,0,"" | OK'],
        ['+CRSM=176,1,0,0,4', '+CRSM: 106,130,"" | OK'],
        ['+CRSM=176,28589,0,0,0', '+CRSM: 144,0,"00000002" | OK'],
        ['+CRSM=176,28589,0,0,2', '+CRSM: 144,0,"0000" | OK'],
        ['+CRSM=176,28486,0,0,0', '+CRSM: 144,0,"015669727475616C204C5445FFFFFFFFFF" | OK'],
        ['+CRSM=176,28423,0,0,0', `+CRSM: 144,0,"08${nibbles}" | OK`],
        ['+CRSM=176,28599,0,0,6', '+CRSM: 144,0,"11F2FF19F1FF" | OK'],
        ['+CRSM=176,28478,0,0,0', '+CRSM: 144,0,"FF" | OK'],
        ['+CRSM=176,28479,0,0,0', '+CRSM: 144,0,"FF" | OK'],
        ['+CRSM=192,12258,0,0,15', '+CRSM: 144,0,"0000000A2FE204000000000000" | OK'],
      ]);
    }),
  );

  it('own numbers: none, one, and the error in the midst of them', async () => {
    await answers({ sim: { number: '' } }, [
      ['+CNUM=?', 'OK'],
      ['+CNUM', 'OK'],
    ])();
    await answers({ sim: { number: '+491710123456' }, quirks: ['cnum-cme'] }, [
      ['+CNUM', '+CNUM: "","+491710123456",145 | +CME ERROR: 25+CNUM: "Fax","+491710123459",145 | OK'],
    ])();
  });

  it(
    'an unlock code is wrong in any case, and only what could be one costs a try',
    answers({}, [
      ['^CARDLOCK="1"', 'ERROR'],
      ['^CARDLOCK?', '^CARDLOCK: 2,10,0 | OK'],
      ['^CARDLOCK="12345678"', 'ERROR'],
      ['^CARDLOCK?', '^CARDLOCK: 2,9,0 | OK'],
    ]),
  );
});

describe('virtual stick: answers about the phone book', () => {
  it(
    'contacts are written to the first free place, read in order and deleted',
    answers({}, [
      ['+CPBR=0', '+CME ERROR: 21'],
      ['+CPBR=1,251', '+CME ERROR: 21'],
      ['+CPBW=251', '+CME ERROR: 21'],
      ['+CPBW=1', 'OK'],
      ['+CPBW=2', 'OK'],
      ['+CPBW=2,"+4917",145,"B"', 'OK'],
      ['+CPBW=,"0171",129', 'OK'],
      ['+CPBW=,"0172",129,"C"', 'OK'],
      ['+CPBW=4,"0x1",129,"D"', BAD],
      ['+CPBR=1,250', '+CPBR: 1,"0171",129,"" | +CPBR: 2,"+4917",145,"B" | +CPBR: 3,"0172",129,"C" | OK'],
      ['+CPBW=2', 'OK'],
      ['+CPBR=1,3', '+CPBR: 1,"0171",129,"" | +CPBR: 3,"0172",129,"C" | OK'],
      ['+CPBS?', '+CPBS: "SM",2,250 | OK'],
    ]),
  );

  it(
    'a full book has no place for one more',
    onModem({}, async (line) => {
      for (const n of [1, 2]) assert.equal(await answerOf(line, `+CPBW=${n}`), 'OK');
      for (let n = 1; n <= 250; n++) assert.equal(await answerOf(line, `+CPBW=,"${n}",129,"N"`), 'OK', `place ${n}`);
      await compare(line, [
        ['+CPBW=,"1",129,"N"', '+CME ERROR: 20'],
        ['+CPBR=250', '+CPBR: 250,"250",129,"N" | OK'],
      ]);
    }),
  );

  it('own numbers are a book of two places that nobody writes to', async () => {
    await answers({ sim: { number: '+491710123456' } }, [
      ['+CPBS="XX"', BAD],
      ['+CPBS="ON"', 'OK'],
      ['+CPBS?', '+CPBS: "ON",1,2 | OK'],
      ['+CPBR=1,2', '+CPBR: 1,"+491710123456",145,"" | OK'],
      ['+CPBR=3', '+CME ERROR: 21'],
      ['+CPBW=1,"0171",129,"A"', '+CME ERROR: 3'],
    ])();
    await answers({ sim: { number: '' } }, [
      ['+CPBS="ON"', 'OK'],
      ['+CPBS?', '+CPBS: "ON",0,2 | OK'],
    ])();
  });
});
