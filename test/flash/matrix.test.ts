/**
 * Every fault of the virtual stick at every stage, at its first, a middle and its last occurrence in a whole conversion.
 * Each run ends as the table says (`ok` = recovered, or an error with its code), within the time of its stage, never as a
 * wrong success; and the same job run again afterwards succeeds.
 */

import assert from 'node:assert/strict';
import type { JobReport, Stage as JobStage } from '../../src/flash/events';
import { TIMEOUTS } from '../../src/timeouts';
import { sha256 } from '../../src/virtual/events';
import { FAULTS_AT, type Fault, STAGES, type Stage } from '../../src/virtual/faults';
import { cliHint, nodeHint } from '../support/errors';
import { type Files, type Journey, journey, makeFirmware, makeLoader } from './journey';
import { EXPECTED, type MetStage } from './matrix-table';

const { bootrom, loader, modeswitch, at, usb, person } = TIMEOUTS;

/** Survey of a stick with three silent ports, and the wait for new firmware to answer. */
const SURVEY =
  usb.openRetry + 2 * modeswitch.ttys + modeswitch.firstTty + 3 * (4 * at.probe + 4 * loader.at) + at.ready;
/** One frame: its answer, then three times ping and repeat. */
const FRAME = loader.slowBlock + 3 * (3 * loader.slowBlock + loader.slowBlock);

/** How long a job may stay in a stage after which it has failed. */
const LIMITS: Readonly<Record<JobStage, number>> = {
  files: 1_000,
  switch: modeswitch.reenumerate + usb.openRetry + 2 * usb.bulk + SURVEY,
  save: 8 * (at.command + at.resync),
  godload: at.command + at.resync + at.reset + SURVEY,
  'boot-pin': person.act + SURVEY,
  upload: 4 * bootrom.answer + bootrom.settle,
  loader: bootrom.reenumerate + SURVEY,
  identify: 2 * loader.command + 3 * loader.slowBlock + 4 * loader.command + loader.at,
  write: FRAME + 3 * loader.slowBlock,
  reset: FRAME + loader.reenumerate + SURVEY,
  at: 10 * at.probe + 8 * (at.command + at.resync),
  setport: 4 * (at.command + at.resync) + at.reset + SURVEY,
};

const files: Files = {
  loader: makeLoader({ size: 20_000 }),
  firmware: makeFirmware({
    images: [
      { code: 0x100, size: 2_048 },
      { code: 0x550103, size: 9_000, compression: 'zlib' },
      { code: 0x107, size: 9_000 },
    ],
  }),
};

async function occurrences(): Promise<Map<Stage, number>> {
  const clean = journey(files);
  const counts = new Map<Stage, number>();
  const { faults } = clean.stick;
  const take = faults.take.bind(faults);
  faults.take = (stage) => {
    counts.set(stage, (counts.get(stage) ?? 0) + 1);
    return take(stage);
  };
  await clean.plug();
  counts.clear();
  await succeeds(clean);
  return counts;
}

/** The job, and the proof that the stick has what the file holds. */
async function succeeds(run: Journey): Promise<JobReport> {
  const report = await run.convert();
  assert.equal(report.error, undefined);
  assertConverted(run, report);
  return report;
}

function assertConverted(run: Journey, report: JobReport): void {
  assert.equal(report.mode, 'tty');
  assert.equal(report.modem?.at, 'OK');
  assert.equal(report.modem?.setport, 'FF;10,12');
  assert.equal(run.stick.setport, 'FF;10,12');
  assert.ok(!run.stick.nvErased);
  for (const image of report.images) {
    assert.equal(sha256(run.stick.flash.get(image.code) ?? new Uint8Array()), image.sha256, image.name);
  }
}

const MET = (Object.keys(STAGES) as Stage[]).filter((stage): stage is MetStage => stage !== 'sms');

describe('fault matrix of the conversion', function () {
  this.timeout(300_000);
  let counts: Map<Stage, number>;
  before(async () => {
    counts = await occurrences();
  });

  it('meets every stage that has a fault', () => {
    assert.deepEqual([...counts.keys()].sort(), [...MET].sort());
  });

  for (const stage of MET) {
    for (const fault of FAULTS_AT[stage]) {
      it(`${fault} at ${stage}: ${[EXPECTED[stage][fault] ?? 'unlisted'].flat().join(', ')}`, async () => {
        const count = counts.get(stage) ?? 0;
        const outcomes: string[] = [];
        const nths = [...new Set([1, Math.ceil(count / 2), count])];
        for (const nth of nths) outcomes.push(await strike(stage, fault, nth));
        const same = outcomes.every((o) => o === outcomes[0]);
        assert.deepEqual(same ? outcomes[0] : outcomes, EXPECTED[stage][fault]);
      });
    }
  }
});

async function strike(stage: Stage, fault: Fault, nth: number): Promise<string> {
  const run = journey(files);
  await run.plug();
  run.stick.faults.order({ fault, at: stage, nth });
  const report = await run.convert();
  assert.equal(run.stick.faults.open, 0, `the fault has struck (occurrence ${nth})`);
  const { stage: last, ms } = run.ending();
  assert.ok(last && ms <= LIMITS[last], `ended in ${last} after ${ms} ms`);
  assert.equal(report.ok, report.error === undefined);
  if (report.ok) {
    assertConverted(run, report);
    assert.ok(report.images.every((i) => i.complete));
  } else {
    const wrong = report.images.find((i) => i.complete && run.stick.flash.get(i.code)?.length !== i.size);
    assert.equal(wrong, undefined, 'an image that is called complete is in the flash');
    assert.ok(cliHint(report.error) && nodeHint(report.error), 'the error says what to do');
  }
  run.stick.faults.clear();
  // What the hint says where the same call cannot take up by itself.
  const { appearance, device } = run.stick;
  const bare = device?.interfaces.some((i) => i.class === 0xff && i.protocol !== 0x16 && i.tty === undefined);
  if (!device || bare || appearance === 'fastboot' || fault === 'flood') await run.plug();
  await succeeds(run);
  return report.error?.code ?? 'ok';
}
