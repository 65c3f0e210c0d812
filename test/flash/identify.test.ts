/** Check 5: the loader is asked twice who the stick is, and both answers must name an E3272 or E3276. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import { upload, write } from '../../src/flash/upload-and-write';
import type { StickOptions } from '../../src/virtual/options';
import { onWrites } from '../support/bench';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };

const yes = { which: '1-1', confirm: () => true };

/** Each way to a loader, and the job that writes through it. */
const WAYS: Readonly<Record<string, (options: Partial<StickOptions>) => Promise<{ run: Journey; report: JobReport }>>> =
  {
    'that ran before the job': async (options) => {
      const run = journey(files, options);
      await run.plug({ bootPin: true });
      assert.equal((await run.run(upload(run.host, { ...yes, loader: files.loader }))).error, undefined);
      return { run, report: await run.run(write(run.host, { ...yes, firmware: files.firmware })) };
    },
    'that the job has uploaded': async (options) => {
      const run = journey(files, options);
      await run.plug({ bootPin: true });
      return { run, report: await run.convert() };
    },
    'that AT^GODLOAD has started': async (options) => {
      const run = journey(files, { firmware: 'stick', setport: 'FF;10,12', ...options });
      await run.plug();
      const report = await run.convert({ reflash: true });
      assert.equal(report.wayIn, 'godload');
      return { run, report };
    },
  };

for (const [way, convert] of Object.entries(WAYS)) {
  describe(`a loader ${way}`, () => {
    it('is written through when AT^DLOADINFO? and frame 45 both name the stick', async () => {
      for (const options of [{}, { product: 'E3276' }, { product: 'E3272', identity: 'HUAWEI E3276' }]) {
        const { report } = await convert(options);
        assert.equal(report.error, undefined);
        assert.equal(report.device?.identity, options.identity ?? `HUAWEI ${options.product ?? 'E3272'}`);
        assert.equal(report.checks.find((c) => c.id === 'device')?.result, 'passed');
      }
    });

    it('is not when frame 45 names another stick, or none: nothing is written', async () => {
      for (const identity of ['HUAWEI E3372', 'HUAWEI', '']) {
        const { run, report } = await convert({ product: 'E3272', identity });
        assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE', identity);
        assert.ok(report.error.message.includes(`"${identity}"`));
        assert.equal(report.checks.find((c) => c.id === 'device')?.result, 'failed');
        assert.deepEqual([...run.stick.flash.keys()], []);
      }
    });
  });
}

describe('the question who a loader is', () => {
  async function inLoader(options: Partial<StickOptions> = {}): Promise<Journey> {
    const run = journey(files, options);
    await run.plug({ bootPin: true });
    assert.equal((await run.run(upload(run.host, { ...yes, loader: files.loader }))).error, undefined);
    return run;
  }
  const writing = (run: Journey) => run.run(write(run.host, { ...yes, firmware: files.firmware }));

  it('is answered by AT^DLOADINFO? with another stick, by frame 45 with the right one: nothing is written', async () => {
    const run = await inLoader({ product: 'E3372', identity: 'HUAWEI E3272' });
    const report = await writing(run);
    assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
    assert.match(report.error.message, /"E3372"/);
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  it('is asked again after a silence, with a ping in between that tells a late answer from the new one', async () => {
    const run = await inLoader();
    const sent: string[] = [];
    onWrites(run.host, (data) => {
      sent.push(Buffer.from(data).toString('latin1'));
      return data;
    });
    run.stick.faults.order({ fault: 'lost', at: 'dloadinfo' });
    assert.equal((await writing(run)).error, undefined);
    const asked = sent.indexOf('AT^DLOADINFO?\r');
    assert.deepEqual(
      sent.slice(asked, asked + 3).map((words) => (words.startsWith('~:') ? 'ping' : words.trim())),
      ['AT^DLOADINFO?', 'ping', 'AT^DLOADINFO?'],
    );
  });

  it('is not answered: nothing is written', async () => {
    for (const at of ['dloadinfo', 'identify'] as const) {
      const run = await inLoader();
      run.stick.faults.order({ fault: 'silence', at, count: 99 });
      const report = await writing(run);
      assert.equal(report.error?.code, 'PROTOCOL', at);
      assert.match(report.error.message, /does not say what stick it is/);
      assert.deepEqual([...run.stick.flash.keys()], []);
    }
  });
});
