/** What the virtual modem answers where a change is announced too: with ^CURC=0, so that the answers stand alone. */

import { answers, type Row } from './answers';

const BAD = '+CME ERROR: 50';
const QUIET: Row = ['^CURC=0', 'OK'];

describe('virtual stick: answers without announcements', () => {
  it(
    '^SYSCFGEX takes lists that it has, keeps what the field says to keep, and refuses others',
    answers({}, [
      QUIET,
      ['^SYSCFGEX?', '^SYSCFGEX:"00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF | OK'],
      ['^SYSCFG?', '^SYSCFG:2,0,3FFFFFFF,1,2 | OK'],
      ['^SYSCFGEX="02",80000,0,3,1,,,', 'TOO MANY PARAMETERS'],
      ['^SYSCFGEX="0202",40000000,0,3,1,,', BAD],
      ['^SYSCFGEX="02",XYZ,0,3,1,,', BAD],
      ['^SYSCFGEX="02",0,0,3,1,,', BAD],
      ['^SYSCFGEX="03",40000000,2,0,40000000,,', BAD],
      ['^SYSCFGEX="02",80000,0,1,5,,', 'OK'],
      ['^SYSCFGEX?', '^SYSCFGEX:"02",80000,0,1,5 | OK'],
      ['^SYSCFG?', '^SYSCFG:14,0,80000,0,1 | OK'],
      ['^SYSCFGEX="99",40000000,2,4,40000000,,', 'OK'],
      ['^SYSCFGEX?', '^SYSCFGEX:"02",80000,0,1,5 | OK'],
    ]),
  );

  it(
    'networks are chosen by hand, by itself, or not at all',
    answers({}, [
      QUIET,
      ['+COPS=5', BAD],
      ['+COPS=3,2', 'OK'],
      ['+COPS?', '+COPS: 0,2,"00101",7 | OK'],
      ['+COPS=1,2,"00102"', '+CME ERROR: 30'],
      ['+COPS=1,2,"00101"', 'OK'],
      ['+COPS?', '+COPS: 1,2,"00101",7 | OK'],
      ['+COPS=2', 'OK'],
      ['+COPS?', '+COPS: 2 | OK'],
    ]),
  );
});
