/** The partition table inside firmware, in whole jobs. */

import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileInput } from '../../src/firmware/source';
import type { CheckId } from '../../src/flash/checks';
import type { JobReport } from '../../src/flash/events';
import { loadFirmware } from '../../src/flash/files';
import { Job } from '../../src/flash/job';
import type { Plan } from '../../src/flash/job-types';
import type { Override } from '../../src/flash/overrides';
import type { CheckedFirmware } from '../../src/flash/plan';
import { imageData, type MadeImage, partitionsWith, VIRTUAL_PARTITIONS } from '../../src/virtual/make-files';
import { onWrites } from '../support/bench';
import { cliHint, nodeHint } from '../support/errors';
import { tempFolder } from '../support/temp-folder';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
const ALL: Override[] = ['unsafe-loader', 'other-device', 'signed-firmware', 'other-version'];

const check = ({ checks }: JobReport, id: CheckId) => {
  const found = checks.find((c) => c.id === id);
  assert.ok(found, id);
  return found;
};

/** Tables that would cost the stick its IMEI, or its boot. */
const foreign: [string, string, MadeImage['table'] & object][] = [
  ['another product', 'FIRMWARE_WRONG_DEVICE', { product: 'H6920CS_WINGLE' }],
  ['FastBoot where NV is', 'FIRMWARE_WRONG_DEVICE', { partitions: partitionsWith(0x104, { start: 0x135 }) }],
  ['NV elsewhere', 'FIRMWARE_WRONG_DEVICE', { partitions: partitionsWith(0x106, { start: 0x136, length: 0x5f }) }],
  ['a smaller NAND', 'FIRMWARE_WRONG_DEVICE', { partitions: partitionsWith(0x10c, { length: 0x170 }) }],
  ['no rows', 'FIRMWARE_INVALID', { partitions: [] }],
];

const images = (table: MadeImage['table'] & object, code = 0x102): MadeImage[] => [
  { code, table, compression: 'lzma' },
  { code: 0x104, size: 3000 },
  { code: 0x550103, size: 12_288 },
];

/** One block more for the pages of HiLink, out of those of cdromiso. */
const withPages = VIRTUAL_PARTITIONS.map((each) => {
  if (each.type === 0x10c) return { ...each, start: 0x291, length: 0x56f };
  return each.type === 0x113 ? { ...each, length: 1 } : each;
});

describe('a boot image with a foreign partition table', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('tables');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function refusedUnseen(firmware: FileInput, code: string, overrides: Override[]): Promise<void> {
    const run = journey(files);
    await run.plug({ bootPin: true });
    let bytes = 0;
    onWrites(run.host, (data) => {
      bytes += data.length;
      return data;
    });
    const report = await run.convert({ firmware, overrides });
    assert.equal(report.error?.code, code, report.error?.message);
    assert.equal(check(report, 'file').result, 'passed');
    assert.equal(check(report, 'fit').result, 'failed');
    assert.equal(bytes, 0);
    assert.deepEqual([...run.stick.flash.keys()], []);
    assert.equal(run.stick.nvErased, false);
  }

  for (const [name, code, table] of foreign) {
    it(`${name}: ${code}, check 2 says why, and not one byte is sent, whatever is overridden`, async () => {
      for (const kind of [0x102, 0x100]) {
        for (const overrides of [[], ALL]) {
          await refusedUnseen(makeFirmware({ images: images(table, kind) }), code, overrides);
        }
      }
    });
  }

  it('in an .EXE and in a folder as well', async () => {
    const [, code, table] = foreign[1] as (typeof foreign)[0];
    await refusedUnseen(makeFirmware({ images: images(table), exe: 701 }), code, ALL);
    images(table).forEach((image, i) => {
      const file = `0${i}-${image.code.toString(16).padStart(8, '0')}-E3272-VIRTUAL.bin`;
      writeFileSync(join(folder, file), imageData(image));
    });
    await refusedUnseen(folder, code, ALL);
  });

  it('in a file whose texts name another device, which is overridden: that does not cover its table', async () => {
    const [, code, table] = foreign[0] as (typeof foreign)[0];
    const [boot, ...rest] = images(table) as [MadeImage, ...MadeImage[]];
    const named = makeFirmware({ images: [boot, { code: 0x101, version: 'E3372 22.1' }, ...rest] });
    await refusedUnseen(named, code, ['other-device']);
  });
});

describe('a boot image with a partition table that an E3272 can take', () => {
  it('like the present one: check 2 passes and says so', async () => {
    const run = journey({ ...files, firmware: makeFirmware({ images: images({}) }) });
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assert.equal(check(report, 'fit').result, 'passed');
    assert.match(check(report, 'fit').compared, /partition tables in it: 1, held against the known one/);
    assert.ok(!report.warnings.some((w) => /anew/.test(w)));
  });

  it('that divides the flash memory anew: check 2 is warned, each change is named, NV stays', async () => {
    const firmware = makeFirmware({ images: images({ partitions: withPages }) });
    const run = journey({ ...files, firmware });
    await run.plug();
    const report = await run.convert();
    assert.equal(check(report, 'fit').result, 'warned');
    assert.match(check(report, 'fit').compared, /and those that the firmware brings.*It divides the flash memory anew/);
    const warning = report.warnings.find((w) => /divides the flash memory of the stick anew/.test(w)) ?? '';
    assert.match(warning, /\/yaffs6 \(type 0x113\) .* 0x0 blocks .* becomes block 0x290 .*0x1 blocks \(131072 bytes\)/);
    assert.match(warning, /cdromiso .* becomes block 0x291/);
    assert.equal(run.stick.nvErased, false);
  });

  it('takes a yes of its own: the yes to the write is none to it, and nothing is sent without it', async () => {
    const firmware = makeFirmware({ images: images({ partitions: withPages }) });
    const asked: Plan[] = [];
    for (const yes of [false, true]) {
      const run = journey({ ...files, firmware });
      await run.plug({ bootPin: true });
      let bytes = 0;
      onWrites(run.host, (data) => {
        bytes += data.length;
        return data;
      });
      const report = await run.convert({
        confirm: (plan) => {
          asked.push(plan);
          return plan.change !== 'partition-table' || yes;
        },
      });
      assert.equal(report.error?.code, yes ? undefined : 'NOT_CONFIRMED');
      if (!yes) {
        assert.equal(bytes, 0);
        assert.match(cliHint(report.error), /cdromiso .* becomes .*--new-table/);
        assert.match(nodeHint(report.error), /cdromiso .* becomes .*msg\.newTable/);
        assert.equal(check(report, 'plan').result, 'failed');
      }
      assert.equal(report.tableChanges?.length, 2);
    }
    assert.deepEqual(
      asked.map(({ change }) => change),
      ['flash', 'partition-table', 'flash', 'partition-table'],
    );
    assert.match(asked[1]?.steps.join(' ') ?? '', /cdromiso .* becomes block 0x291/);
  });

  /** What a job finds in firmware and web UI, loaded as they would be written. */
  async function loaded(run: Journey, firmware: Uint8Array, webui: Uint8Array) {
    const found: CheckedFirmware[] = [];
    const report = await run.run(
      new Job(run.host, { which: '1-1' }).run(async (job) => {
        job.checks.begin();
        const first = await loadFirmware(job, firmware);
        found.push(first);
        found.push(await loadFirmware(job, webui, 'webui', first));
      }),
    );
    for (const { source } of found) await source.close();
    return { found, report };
  }

  it('counts for the web UI that is written behind it', async () => {
    const run = journey(files);
    const pages = (size: number) => makeFirmware({ images: [{ code: 0x113, size }] });
    const firmware = makeFirmware({ images: images({ partitions: withPages }) });
    const good = await loaded(run, firmware, pages(0x20000));
    assert.equal(good.report.error, undefined);
    assert.deepEqual(
      good.found.map(({ tableChanges }) => tableChanges.length),
      [2, 0],
    );
    const large = await loaded(run, firmware, pages(0x20001));
    assert.equal(large.report.error?.code, 'FIRMWARE_TOO_LARGE');
    assert.match(check(large.report, 'fit').compared, /131073 bytes; the partition it is for takes 131072/);
    // Without a new table the known one has no room, and only the stick can say more.
    const plain = await loaded(run, files.firmware, pages(0x20001));
    assert.equal(plain.report.error, undefined);
    assert.ok(plain.report.warnings.some((w) => /no room for WEBUI_R1/.test(w)));
  });
});
