import assert from 'node:assert/strict';
import { parseTime } from '../../../src/at/commands/clock';
import {
  ndisdupDown,
  ndisdupUp,
  parseCgatt,
  parseDhcp,
  parseDsflowqry,
  parseDsflowrpt,
  parseNdisstat,
  parseNdisstatqry,
} from '../../../src/at/commands/data';
import { isDriverError } from '../../../src/errors';

describe('data connection', () => {
  it('T45: reads the hex counters of ^DSFLOWQRY without loss', () => {
    assert.deepEqual(
      parseDsflowqry('0000002D,0000000000019A01,0000000000736A52,0000002E,0020000000000001,FFFFFFFFFFFFFFFF'),
      {
        seconds: 45,
        txBytes: 104_961,
        rxBytes: 7_563_858,
        totalSeconds: 46,
        totalTxBytes: '9007199254740993',
        totalRxBytes: '18446744073709551615',
      },
    );
    for (const value of ['', '2D,1', '2D,1,2,2D,1,X', '2D,1,2,2D,1,10000000000000000']) {
      assert.equal(parseDsflowqry(value), undefined, value);
    }
  });

  it('reads ^DSFLOWRPT in bytes per second: the totals grow by what the rates say', () => {
    const before = parseDsflowrpt('000054F2,00000000,00000000,00000000006FD555,00000000017D4579,0000BB80,0000FA00');
    const after = parseDsflowrpt('000054F4,0000001F,0000007B,00000000006FD594,00000000017D466F,0000BB80,0000FA00');
    assert.deepEqual(after, { seconds: 21_748, txRate: 31, rxRate: 123, txBytes: 7_329_172, rxBytes: 24_987_247 });
    assert.ok(before && after);
    assert.equal(Number(after.rxBytes) - Number(before.rxBytes), 123 * (after.seconds - before.seconds));
    assert.equal(parseDsflowrpt('1,2'), undefined);
  });

  it('reads +CGATT', () => {
    assert.deepEqual([parseCgatt('1'), parseCgatt('0')], [{ attached: true }, { attached: false }]);
    for (const value of ['', '2', 'x']) assert.equal(parseCgatt(value), undefined, value);
  });

  it('T10: reads ^NDISSTATQRY in one line, two lines and one field, in any case', () => {
    const both = { ipv4: { state: 'up' }, ipv6: { state: 'down', cause: 33 } };
    assert.deepEqual(parseNdisstatqry(['^NDISSTATQRY:1,,,"IPV4",0,33,,"IPV6"']), both);
    assert.deepEqual(parseNdisstatqry(['^NDISSTATQRY: 1,,,IPV4', '^NDISSTATQRY: 0,33,,IPV6']), both);
    assert.deepEqual(parseNdisstatqry(['^NDISSTATQry:1']), { ipv4: { state: 'up' } });
    assert.equal(parseNdisstatqry([]), undefined);
    assert.deepEqual(parseNdisstat('2,,,"IPV6"'), { ipv6: { state: 'connecting' } });
    assert.equal(parseNdisstat('4,,,"IPV4"'), undefined);
  });

  it('T44: turns the octets of ^DHCP round and puts dropped zeros back', () => {
    assert.deepEqual(parseDhcp('1010A0A,FCFFFFFF,2010A0A,2010A0A,0,0,150000000,150000000'), {
      ip: '10.10.1.1',
      mask: '255.255.255.252',
      gateway: '10.10.1.2',
      dhcp: '10.10.1.2',
      maxRx: 150_000_000,
      maxTx: 150_000_000,
    });
    assert.deepEqual(parseDhcp('0xCCDB080A,0XF8FFFFFF,C9DB080A,C9DB080A,E67B59C0,E77B59C0,85600,85600'), {
      ip: '10.8.219.204',
      mask: '255.255.255.248',
      gateway: '10.8.219.201',
      dhcp: '10.8.219.201',
      dns1: '192.89.123.230',
      dns2: '192.89.123.231',
      maxRx: 85_600,
      maxTx: 85_600,
    });
    assert.equal(parseDhcp('A,FF')?.ip, '10.0.0.0');
    for (const value of ['', '0,0', '1CCDB080A', 'XYZ']) assert.equal(parseDhcp(value), undefined, value);
  });

  it('T44: takes the order of the octets that makes a mask', () => {
    assert.equal(parseDhcp('CCDB080A,00FFFFFF')?.mask, '255.255.255.0');
    assert.equal(parseDhcp('CCDB080A,FFFFFF00')?.mask, '255.255.255.0');
    assert.equal(parseDhcp('CCDB080A,FF')?.mask, '255.0.0.0');
    assert.equal(parseDhcp('CCDB080A,FF0000FE')?.mask, undefined);
  });

  it('builds ^NDISDUP, short without a user', () => {
    assert.equal(ndisdupUp({ apn: 'online.telia.se' }), 'AT^NDISDUP=1,1,"online.telia.se"');
    assert.equal(ndisdupUp({ cid: 2, apn: '', user: '' }), 'AT^NDISDUP=2,1,""');
    assert.equal(
      ndisdupUp({ apn: 'a', user: 'me', password: 's3cret', auth: 'CHAP' }),
      'AT^NDISDUP=1,1,"a","me","s3cret",2',
    );
    assert.equal(ndisdupDown(), 'AT^NDISDUP=1,0');
    for (const build of [
      () => ndisdupUp({ apn: 'a"' }),
      () => ndisdupUp({ apn: 'a', user: 'x', password: 'b\rAT^RESET' }),
      () => ndisdupUp({ apn: 'ä' }),
      () => ndisdupUp({ apn: 'a', cid: 0 }),
      () => ndisdupUp({ apn: 'a', user: 'x', auth: 'MSCHAPv2' as 'PAP' }),
      () => ndisdupDown(1.5),
    ]) {
      assert.throws(build, (error) => isDriverError(error, 'BAD_ARGUMENT') && !/\^RESET/.test(error.message));
    }
  });
});

describe('time', () => {
  it('T49: reads years of two and four digits, with a comma or a blank', () => {
    for (const [value, time] of [
      ['"15/12/22,14:39:55+01"', { iso: '2015-12-22T14:39:55+00:15', offset: 15 }],
      ['2015/12/22 14:39:55', { iso: '2015-12-22T14:39:55' }],
      ['2015/12/22,14:39:55', { iso: '2015-12-22T14:39:55' }],
      ['15/12/22,14:39:55+08,1', { iso: '2015-12-22T14:39:55+02:00', offset: 120, dst: 1 }],
      ['25/05/23,12:00:34+08,01', { iso: '2025-05-23T12:00:34+02:00', offset: 120, dst: 1 }],
      ['2025/05/23,12:00:34+08, 00', { iso: '2025-05-23T12:00:34+02:00', offset: 120, dst: 0 }],
      ['25/05/23,12:00:34+08,3', { iso: '2025-05-23T12:00:34+02:00', offset: 120 }],
      ['"80/01/06,00:00:07"', { iso: '1980-01-06T00:00:07' }],
      ['69/12/31,23:59:59-14,0', { iso: '2069-12-31T23:59:59-03:30', offset: -210, dst: 0 }],
      ['24/2/29,1:02:03+00', { iso: '2024-02-29T01:02:03+00:00', offset: 0 }],
    ] as const) {
      assert.deepEqual(parseTime(value), time, value);
    }
  });

  it('reads no time that cannot be', () => {
    for (const value of [
      '',
      '15/13/01,00:00:00',
      '15/02/29,00:00:00',
      '15/01/01,24:00:00',
      '15/01/01,00:60:00',
      '15/01/01',
      '015/01/01,00:00:00',
    ]) {
      assert.equal(parseTime(value), undefined, value);
    }
  });
});
