import assert from 'node:assert/strict';
import { encodeHeader, headerOf } from '../../../src/at/sms/header';

const read = (hex: string) => headerOf(Buffer.from(hex, 'hex'));

describe('user data header', () => {
  it('tells parts, ports and tables, whatever else stands in it', () => {
    assert.deepEqual(read('050003A50201'), {
      size: 6,
      part: { reference: 0xa5, total: 2, sequence: 1 },
      tables: {},
    });
    assert.deepEqual(read('06080412340302'), {
      size: 7,
      part: { reference: 0x1234, total: 3, sequence: 2 },
      tables: {},
    });
    assert.deepEqual(read('0605040B8423F0'), { size: 7, ports: { to: 2948, from: 9200 }, tables: {} });
    assert.deepEqual(read('040402F1F2'), { size: 5, ports: { to: 0xf1, from: 0xf2 }, tables: {} });
    assert.deepEqual(read('06250106240107'), { size: 7, tables: { locking: 6, single: 7 } });
    // An unknown element of three octets, an empty one, then a part.
    assert.deepEqual(read('0C7003010203' + '7100' + '0003070202'), {
      size: 13,
      part: { reference: 7, total: 2, sequence: 2 },
      tables: {},
    });
    // An empty one at the end fits.
    assert.equal(read('07' + '0003A50201' + '7100').part?.total, 2);
    assert.deepEqual(read('00'), { size: 1, tables: {} });
  });

  it('of two that say the same the last one counts, if it says anything', () => {
    assert.deepEqual(read('0B0003010201' + '080400020302').part, { reference: 2, total: 3, sequence: 2 });
    assert.deepEqual(read('0A0003010201' + '0003020200').part, { reference: 1, total: 2, sequence: 1 });
    assert.equal(read('06240101' + '240102').tables.single, 2);
  });

  it('knows elements of the right length only', () => {
    for (const odd of [
      '040002A502',
      '06000400A50201',
      '050803A50201',
      '0304010B',
      '0504030B8423',
      '0424020101',
      '022500',
    ]) {
      assert.deepEqual(read(odd), { size: odd.length / 2, tables: {} }, odd);
    }
  });

  it('ignores a part whose numbers make no sense', () => {
    for (const odd of ['050003A50200', '050003A50203', '050003A50001', '050003A50101', '050003A50000']) {
      assert.equal(read(odd).part, undefined, odd);
    }
    assert.deepEqual(read('050003A5FFFF').part, { reference: 0xa5, total: 255, sequence: 255 });
  });

  it('says nothing at all where the last element is too long, or has no length', () => {
    for (const odd of ['05' + 'C01BF40201', '08' + '0003A50201' + '240201', '06' + '0003A50201' + '24', '01' + '00']) {
      assert.deepEqual(read(odd), { size: odd.length / 2, tables: {} }, odd);
    }
    // The octets behind it are text, and none of it.
    assert.deepEqual(read('05' + 'C006F40201' + '0041'), { size: 6, tables: {} });
  });

  it('is none where it would end behind the data', () => {
    assert.deepEqual(read('050003A502'), { size: 0, tables: {} });
    assert.deepEqual(read(''), { size: 0, tables: {} });
  });

  it('is written as it is read, and not at all where it would say nothing', () => {
    const hex = (...args: Parameters<typeof encodeHeader>) =>
      encodeHeader(...args)
        .toString('hex')
        .toUpperCase();
    const part = { reference: 0xa5, total: 2, sequence: 1 };
    assert.equal(hex(undefined, {}), '');
    assert.equal(hex(part, {}), '050003A50201');
    assert.equal(hex({ ...part, reference: 0x100 }, {}), '06080401000201');
    assert.equal(hex({ ...part, reference: 0xff }, {}), '050003FF0201');
    assert.equal(hex(undefined, { single: 2 }), '03240102');
    assert.equal(hex(part, { locking: 1, single: 1 }), '0B0003A50201250101240101');
    assert.deepEqual(read(hex(part, { locking: 3, single: 3 })), { size: 12, part, tables: { locking: 3, single: 3 } });
  });
});
