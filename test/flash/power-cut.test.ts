/** A machine that loses its power, or whose disk fills, at any step of a write: a half-written stick is never called done. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import type { Plan } from '../../src/flash/job-types';
import { Marks } from '../../src/host/marks';
import { Notes } from '../../src/host/notes';
import { stateMembers } from '../../src/host/state';
import { imageData } from '../../src/virtual/make-files';
import { CutDisk, REMAINS } from '../host/cut-disk';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const FOLDER = '/home/state/e3272';
const images = [
  { code: 0x101, size: 5_000 },
  { code: 0x550103, size: 9_000 },
  { code: 0x107, size: 6_000 },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };
const none = { loader: undefined, firmware: undefined };
/** What a flow says. */
const confirm = ({ change }: Plan): boolean => change === 'flash' || change === 'setport';

/** The machine with this disk: what the driver keeps is on it. */
function boot(run: Journey, disk: CutDisk): void {
  const { keepFile, ...state } = stateMembers(new Notes([FOLDER], disk), new Marks('', disk));
  Object.assign(run.host, state);
}

async function inBootRom(disk: CutDisk): Promise<Journey> {
  const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
  boot(run, disk);
  await run.plug({ bootPin: true });
  return run;
}

const isWhole = (run: Journey): boolean =>
  images.every((image) => imageData(image).equals(run.stick.flash.get(image.code) ?? Buffer.alloc(0)));
const isUntouched = (run: Journey): boolean => run.stick.flash.size === 0;

/** The next start of the machine: the stick runs again, and somebody has it converted without naming files. */
async function afterwards(run: Journey, disk: CutDisk): Promise<JobReport> {
  boot(run, disk);
  await run.plug();
  return run.convert({ ...none, confirm });
}

/** Steps of the disk in a conversion that nothing disturbs. */
async function stepsOfAll(): Promise<number> {
  const disk = new CutDisk();
  const run = await inBootRom(disk);
  assert.equal((await run.convert({ confirm })).error, undefined);
  assert.ok(isWhole(run));
  return disk.steps;
}

describe('a write whose machine loses its power', () => {
  it('at any step of its record, whatever is left on the disk: half-written is known, untouched or whole is not blocked', async () => {
    const steps = await stepsOfAll();
    assert.ok(steps > 20, `${steps} steps`);
    const seen = { half: 0, whole: 0, untouched: 0 };
    for (let at = 1; at <= steps; at++) {
      for (const remains of REMAINS) {
        const disk = Object.assign(new CutDisk(), { failAt: at, failure: 'cut' });
        const run = await inBootRom(disk);
        // The stick lives on the machine's power: nothing more reaches it.
        const stop = run.stick.onEvent(() => disk.dead && run.stick.unplug());
        const write = run.host.openTty.bind(run.host);
        run.host.openTty = async (path) => {
          const port = await write(path);
          const send = port.write.bind(port);
          port.write = (data) => {
            if (disk.dead) run.stick.unplug();
            return send(data);
          };
          return port;
        };
        await run.convert({ confirm });
        assert.ok(disk.dead, `step ${at} was reached`);
        stop();
        run.host.openTty = write;
        const [whole, untouched] = [isWhole(run), isUntouched(run)];
        const { error } = await afterwards(run, disk.restart(remains()));
        const when = `power cut at step ${at} of ${steps}`;
        if (!whole && !untouched) {
          seen.half++;
          assert.notEqual(error, undefined, `${when}: half-written and called done`);
          assert.match(error?.message ?? '', /not completed/, when);
        } else if (untouched) seen.untouched++;
        else seen.whole++;
        // No stick is blocked without a way out.
        if (error) assert.equal((await run.convert({ ...none, confirm, asIs: '1-1' })).error, undefined, when);
      }
    }
    assert.ok(seen.half > 0 && seen.untouched > 0 && seen.whole > 0, JSON.stringify(seen));
  });
});

describe('a write whose disk is full', () => {
  it('from any step on: nothing is written without a record, and half-written is known', async () => {
    const steps = await stepsOfAll();
    const seen = { refused: 0, half: 0, whole: 0 };
    for (let at = 1; at <= steps; at++) {
      for (const [failure, lasting] of [
        ['ENOSPC', true],
        ['ENOSPC', false],
        ['EIO', true],
      ] as const) {
        const disk = Object.assign(new CutDisk(), { failAt: at, failure, lasting });
        const run = await inBootRom(disk);
        // It is pulled before the last image.
        run.stick.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
        await run.convert({ confirm });
        const half = !isUntouched(run) && !isWhole(run);
        const when = `${failure} ${lasting ? 'from' : 'at'} step ${at}`;
        const { error } = await afterwards(run, disk.restart({ name: () => true, data: () => 'all' }));
        if (!half) {
          seen.refused++;
          assert.ok(isUntouched(run), when);
        } else {
          seen.half++;
          assert.match(error?.message ?? '', /not completed/, `${when}: half-written and called done`);
        }
      }
    }
    assert.ok(seen.refused > 0 && seen.half > 0, JSON.stringify(seen));
  });
});
