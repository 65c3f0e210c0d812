/** Somebody pulls the stick in the middle of a conversion: at every stage, and at random moments. */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { JobReport } from '../../../src/flash/events';
import type { Stage } from '../../../src/virtual/faults';
import { random } from '../../support/random';
import { BusStick, QUICK } from '../bus-stick';
import { figure } from '../guest';
import {
  assertConverted,
  assertNothingLeft,
  claimedInterfaces,
  convertOnBus,
  openDescriptors,
  openPorts,
  virtualMachine,
} from '../journey';

/** How a run may end whose stick was pulled: what is said is true of a stick that has gone, or come back as it was. */
const HONEST = ['STICK_GONE', 'STICK_NOT_FOUND', 'NOT_SWITCHED', 'TIMEOUT', 'PROTOCOL', 'DRIVER_MISSING', 'WRONG_MODE'];

function assertHonest({ ok, error }: JobReport, when: string): void {
  assert.equal(ok, error === undefined);
  if (error) assert.ok(HONEST.includes(error.code), `${when}: ${error.stack}`);
}

/** A whole run takes about this long in here. */
const RUN_MS = 9_000;

const STAGES: readonly Stage[] = ['cbw', 'data', 'identify', 'block', 'reset', 'at'];
const bare = process.env['E3272_PROFILE'] === 'bare';

describe('a stick that is pulled', () => {
  const host = virtualMachine();
  const count = Number(process.env['E3272_UNPLUGS'] ?? 10);
  const seed = Number(process.env['E3272_SEED'] ?? 1);
  const next = random(seed);
  const ends = new Map<string, number>();
  let stick: BusStick;
  let descriptors: string[] = [];
  before(async () => {
    stick = BusStick.start();
    // The first run loads native modules, which open descriptors for good.
    await stick.fresh({ timing: QUICK });
    await stick.plugged();
    await assertConverted(stick, (await convertOnBus(stick, host)).report);
    await assertNothingLeft(stick);
    descriptors = openDescriptors();
  });
  after(async () => {
    const all = [...ends].map(([end, times]) => `${end} ${times}`).join(', ');
    if (!bare) figure(`${count} unplugs at random moments (seed ${seed}): ${all}`);
    await stick.stop();
  });

  /** Whatever the run before has led to: the same call succeeds, after a plug where the stick is out. */
  async function assertNextRunSucceeds(when: string): Promise<void> {
    assert.deepEqual(openPorts(), [], `${when}: no port is left open`);
    assert.deepEqual(claimedInterfaces(), [], `${when}: no interface is left claimed`);
    await stick.plugged();
    const { report } = await convertOnBus(stick, host);
    await assertConverted(stick, report);
    await assertNothingLeft(stick);
    const open = openDescriptors();
    assert.ok(open.length <= descriptors.length, `${when}: open ${open.join(', ')}; before ${descriptors.join(', ')}`);
  }

  // One moment of each stage of the job in one profile, random moments in the other: a run takes some 10 s in here.
  if (bare) {
    for (const stage of STAGES) {
      it(`at ${stage}: the job ends, and the next run succeeds`, async () => {
        await stick.fresh({ timing: QUICK });
        await stick.plugged();
        stick.order({ fault: 'unplug', at: stage });
        const { report } = await convertOnBus(stick, host);
        assert.equal((await stick.state()).openFaults, 0, 'the stick was pulled');
        assertHonest(report, stage);
        await assertNextRunSucceeds(stage);
      });
    }
  }

  for (let n = 1; n <= (bare ? 0 : count); n++) {
    const [after, out] = [next(RUN_MS), next(1_000)];
    it(`after ${after} ms, for ${out} ms (seed ${seed}, ${n}): the job ends, and the next run succeeds`, async () => {
      await stick.fresh({ timing: QUICK });
      await stick.plugged();
      const pulled = pause(after).then(async () => {
        stick.unplug();
        await pause(out);
        stick.plug();
      });
      const { report } = await convertOnBus(stick, host);
      await pulled;
      assertHonest(report, `unplug ${n}`);
      const end = report.error?.code ?? 'ok';
      ends.set(end, (ends.get(end) ?? 0) + 1);
      await assertNextRunSucceeds(`unplug ${n}`);
    });
  }
});
