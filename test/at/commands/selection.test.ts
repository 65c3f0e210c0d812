import assert from 'node:assert/strict';
import { parseSyscfg, parseSyscfgex, parseSyscfgexTest, syscfgexCommand } from '../../../src/at/commands/selection';
import { setSystemSelection } from '../../../src/at/selection';
import { isDriverError } from '../../../src/errors';
import { bandMask, bandNames, lteBandMask, lteBandNames } from '../../../src/values/bands';
import { random } from '../../support/random';
import { OK, openBench, settled } from '../port';

const OFFER =
  '^SYSCFGEX: ("00","03","02","01","99"),((2000004e80380,"GSM850/GSM900/GSM1800/GSM1900/WCDMA850/WCDMA900/WCDMA1900/' +
  'WCDMA2100"),(3fffffff,"All Bands")),(0-3),(0-4),((800c5,"LTE2100/LTE1800/LTE2600/LTE900/LTE800"),' +
  '(7fffffffffffffff,"All bands"))';

describe('bands', () => {
  it('T45: have names both ways, up to bit 63', () => {
    assert.deepEqual(bandNames(0x400380n), ['GSM1800', 'GSM900', 'W2100']);
    assert.deepEqual(bandNames(0x2000000000000n), ['W900']);
    assert.deepEqual(bandNames(0x3fffffffn), ['any']);
    assert.deepEqual(bandNames(0x8100n), ['EGSM900', '0x8000']);
    assert.deepEqual(lteBandNames(0x800c5n), ['B1', 'B3', 'B7', 'B8', 'B20']);
    assert.deepEqual(lteBandNames(0x8000011041n), ['B1', 'B7', 'B13', 'B17', 'B40']);
    assert.deepEqual(lteBandNames(0x7fffffffffffffffn), ['any']);
    assert.equal(lteBandMask(['b38', 'B40', 'B28']), 0xa008000000n);
    assert.equal(bandMask(['w2100', ' GSM900 ']), 0x400300n);
    for (const names of [['B3'], ['W99'], ['any', 'W900'], ['']])
      assert.equal(bandMask(names), undefined, names.join());
    for (const names of [['B0'], ['B65'], ['3'], ['W900']]) assert.equal(lteBandMask(names), undefined, names.join());
  });

  it('T45: no mask loses a bit on its way through the names', () => {
    const next = random(45);
    for (let i = 0; i < 2_000; i++) {
      const mask = (BigInt(next(2 ** 31)) << 33n) ^ (BigInt(next(2 ** 31)) << 16n) ^ BigInt(next(2 ** 16));
      assert.equal(bandMask(bandNames(mask)), mask);
      assert.equal(lteBandMask(lteBandNames(mask)), mask);
    }
  });
});

describe('^SYSCFGEX', () => {
  it('is read with names', () => {
    assert.deepEqual(parseSyscfgex('"00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF'), {
      order: ['auto'],
      bands: ['any'],
      lteBands: ['any'],
      roam: 1,
      domain: 'CS+PS',
    });
    assert.deepEqual(parseSyscfgex(' 030201, 4C00000 ,0,2,8000011041'), {
      order: ['LTE', 'WCDMA', 'GSM'],
      bands: ['W2100', 'W1900', 'W850'],
      lteBands: ['B1', 'B7', 'B13', 'B17', 'B40'],
      roam: 0,
      domain: 'CS+PS',
    });
    assert.deepEqual(parseSyscfgex('"0201",2000000400180,1,1,'), {
      order: ['WCDMA', 'GSM'],
      bands: ['GSM1800', 'EGSM900', 'W2100', 'W900'],
      roam: 1,
      domain: 'PS',
    });
    for (const value of ['', '"0",3FFFFFFF', '"00",XYZ']) assert.equal(parseSyscfgex(value), undefined, value);
  });

  it('is read in its older form, in a combination that no list holds', () => {
    assert.deepEqual(parseSyscfg('14,2,400380,1,2'), {
      mode: 'WCDMA',
      bands: ['GSM1800', 'GSM900', 'W2100'],
      roam: 1,
      domain: 'CS+PS',
    });
  });

  it('tells what the stick offers, also cut into lines, without LTE, and in any case', () => {
    const all = { bands: ['any'], name: 'All Bands' };
    const offer = parseSyscfgexTest([OFFER]);
    assert.deepEqual(offer?.orders, [['auto'], ['LTE'], ['WCDMA'], ['GSM'], ['unchanged']]);
    assert.deepEqual(offer?.bands[1], all);
    assert.deepEqual(offer?.lteBands[0], {
      bands: ['B1', 'B3', 'B7', 'B8', 'B20'],
      name: 'LTE2100/LTE1800/LTE2600/LTE900/LTE800',
    });
    assert.deepEqual(
      [offer?.roam, offer?.domain],
      [
        [0, 1, 2, 3],
        [0, 1, 2, 3, 4],
      ],
    );
    assert.deepEqual(parseSyscfgexTest([OFFER.slice(0, 60), OFFER.slice(60, 140), OFFER.slice(140)]), offer);
    const old = parseSyscfgexTest([
      '^SYSCFGEX: ("00","01","02","0102","0201"),((3fffffff,"All Bands"),(6A80000,"GSM850/GSM1900/WCDMA850/AWS/WCDMA1900")),(0-2),(0-4),,',
    ]);
    assert.deepEqual(old?.orders[4], ['WCDMA', 'GSM']);
    assert.deepEqual(old?.bands[1]?.bands, ['GSM850', 'GSM1900', 'W1900', 'W1700', 'W850']);
    assert.deepEqual(old?.lteBands, []);
    assert.equal(parseSyscfgexTest(['OK']), undefined);
  });

  const now = { order: ['auto'], bands: ['any'], lteBands: ['any'], roam: 1, domain: 'CS+PS' as const };

  it('is set by name, with everything else as it is', () => {
    assert.equal(
      syscfgexCommand(now, { order: ['LTE', 'wcdma'], lteBands: ['B3', 'B20'] }),
      'AT^SYSCFGEX="0302",3FFFFFFF,1,2,80004,,',
    );
    assert.equal(syscfgexCommand(now, {}), 'AT^SYSCFGEX="00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF,,');
    assert.equal(
      syscfgexCommand({ order: ['WCDMA'], bands: ['0x8000', 'W900'] }, { domain: 'PS' }),
      'AT^SYSCFGEX="02",2000000008000,1,1,,,',
    );
  });

  it('knows that roaming has other numbers where the stick offers four', () => {
    const four = parseSyscfgexTest([OFFER]);
    const three = four && { ...four, roam: [0, 1, 2] };
    const roam = (roaming: boolean, offer = four) => syscfgexCommand(now, { roaming }, offer).split(',')[2];
    assert.deepEqual([roam(true), roam(false), roam(true, three), roam(false, three)], ['0', '1', '1', '0']);
  });

  it('refuses what is no name, and what the stick does not offer', () => {
    const offer = parseSyscfgexTest([OFFER]);
    for (const wish of [
      { order: [] },
      { order: ['LTE', 'LTE'] },
      { order: ['auto', 'LTE'] },
      { order: ['5G'] },
      { order: ['unchanged'] },
      { bands: [] },
      { bands: ['W1700'] },
      { bands: ['0x40000000'] },
      { lteBands: ['B2'] },
      { lteBands: ['LTE'] },
      { lteBands: [] },
      { domain: 'XS' as 'CS' },
    ]) {
      assert.throws(
        () => syscfgexCommand(now, wish, offer),
        (error) => isDriverError(error, 'BAD_ARGUMENT'),
        JSON.stringify(wish),
      );
    }
  });

  it('T41: is read, checked and then set, since the stick keeps it', async () => {
    const { clock, port, channel, answer } = await openBench({ space: 'never' });
    answer((command) => {
      if (command === 'AT^SYSCFGEX?') return `\r\n^SYSCFGEX:"00",3FFFFFFF,1,2,7FFFFFFFFFFFFFFF\r\n${OK}`;
      return command === 'AT^SYSCFGEX=?' ? `\r\n${OFFER}\r\n${OK}` : OK;
    });
    assert.deepEqual(await clock.run(setSystemSelection(channel, { lteBands: ['B20'], order: ['LTE'] })), now);
    assert.equal(port.written.at(-1), 'AT^SYSCFGEX="03",3FFFFFFF,1,2,80000,,\r');
    port.written.length = 0;
    assert.ok(
      isDriverError(await clock.run(settled(setSystemSelection(channel, { lteBands: ['B2'] }))), 'BAD_ARGUMENT'),
    );
    assert.deepEqual(port.written, ['AT^SYSCFGEX?\r', 'AT^SYSCFGEX=?\r']);
    answer(() => OK);
    assert.ok(isDriverError(await clock.run(settled(setSystemSelection(channel, {}))), 'PROTOCOL'));
  });
});
