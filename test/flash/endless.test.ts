/** Ports that talk without end, or say nothing: the job ends, and a cancel ends it at once. */

import assert from 'node:assert/strict';
import { waitForStick } from '../../src/stick/watch';
import { surveyStick } from '../../src/survey/survey';
import type { FaultOrder, Stage } from '../../src/virtual/faults';
import { made } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware() };
/** 55 at the boot ROM. */
const REJECTED = 'U';

async function inBootRom(...orders: FaultOrder[]): Promise<Journey> {
  const run = journey(files);
  await run.plug({ bootPin: true });
  for (const order of orders) run.stick.faults.order(order);
  return run;
}

/** Aborts `ms` after a fault has struck at `stage`. */
function cancelAfter(run: Journey, stage: Stage, ms: number) {
  const cancel = new AbortController();
  const reason = made('CANCELLED', 'The job was cancelled.');
  const at = { ms: Number.NaN };
  const off = run.stick.onEvent((event) => {
    if (event.what !== 'fault' || event.at !== stage) return;
    off();
    run.clock.after(ms, () => {
      at.ms = run.clock.now();
      cancel.abort(reason);
    });
  });
  return { signal: cancel.signal, at, reason };
}

describe('a boot ROM that says 55 for ever', () => {
  it('from the first packet on: the job ends with NAK', async () => {
    const run = await inBootRom({ fault: 'flood', at: 'head', text: REJECTED }, { fault: 'late', at: 'data' });
    assert.equal((await run.convert()).error?.code, 'NAK');
    assert.ok(run.ending().ms < 5_000);
  });

  // The second data packet is ignored and sent again: the line has to become quiet after that.
  const restless: FaultOrder[] = [
    { fault: 'silence', at: 'data', nth: 2 },
    { fault: 'flood', at: 'data', nth: 3, text: REJECTED },
  ];

  it('where the line should become quiet: the job ends with PROTOCOL', async () => {
    const run = await inBootRom(...restless);
    const report = await run.convert();
    assert.equal(report.error?.code, 'PROTOCOL');
    assert.match(report.error.message, /does not stop sending 55/);
    assert.ok(run.ending().ms < 10_000);
  });

  it('there, too: a cancel ends the job at once', async () => {
    const run = await inBootRom(...restless);
    const { signal, at } = cancelAfter(run, 'data', 3_500);
    const report = await run.convert({ signal });
    assert.equal(report.error?.code, 'CANCELLED');
    assert.equal(run.clock.now(), at.ms);
  });

  it('after a yes to its last packet: it starts its loader all the same', async () => {
    const run = await inBootRom({ fault: 'flood', at: 'end', nth: 2, text: REJECTED });
    assert.equal((await run.convert()).error, undefined);
  });
});

describe('a cancel', () => {
  it('ends the wait for an answer of the boot ROM at once', async () => {
    const run = await inBootRom({ fault: 'silence', at: 'data' });
    const { signal, at } = cancelAfter(run, 'data', 1_000);
    assert.equal((await run.convert({ signal })).error?.code, 'CANCELLED');
    assert.equal(run.clock.now(), at.ms);
  });

  it('ends the question who the loader is at once; the check was not made', async () => {
    const run = await inBootRom({ fault: 'silence', at: 'identify' });
    const { signal, at } = cancelAfter(run, 'identify', 1_000);
    const report = await run.convert({ signal });
    assert.equal(report.error?.code, 'CANCELLED');
    assert.equal(run.clock.now(), at.ms);
    assert.equal(report.checks.find((c) => c.id === 'device')?.result, 'not possible yet');
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  it('does not tear a write apart: the image is ended first', async () => {
    const run = await inBootRom({ fault: 'silence', at: 'block' });
    const { signal, at } = cancelAfter(run, 'block', 1_000);
    const report = await run.convert({ signal });
    assert.equal(report.error?.code, 'CANCELLED');
    assert.ok(run.clock.now() > at.ms);
    assert.ok(report.images[0]?.complete);
  });

  it('ends the survey of a silent port at once, and closes it', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await run.plug();
    run.stick.faults.order({ fault: 'silence', at: 'at', count: 99 });
    const { signal, at, reason } = cancelAfter(run, 'at', 700);
    const stick = (await run.run(waitForStick(run.host, '1-1', (s) => s !== undefined, { timeoutMs: 1_000 })))?.stick;
    assert.ok(stick);
    await assert.rejects(run.run(surveyStick(run.host, stick, signal)), (e) => e === reason);
    assert.equal(run.clock.now(), at.ms);
    assert.ok(run.stick.ttys.every((tty) => !tty.isOpen));
  });
});
