/** Whatever waits for its turn: so much of it, and no more. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { openSms } from '../../src/device/sms/open-sms';
import { StatusWatch } from '../../src/device/status-watch';
import { isDriverError } from '../../src/errors';
import { sessionBench, until } from '../support/at-bench';

/** How many of `count` are refused at once, and that all others end well. */
async function refused(count: number, run: (work: Promise<unknown>) => Promise<unknown>, one: () => Promise<unknown>) {
  const outcomes = Promise.allSettled(Array.from({ length: count }, one));
  await run(outcomes);
  const reasons = (await outcomes).flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  for (const reason of reasons) {
    assert.ok(isDriverError(reason, 'QUEUE_FULL'), String(reason));
    assert.match(reason.message, /wait for their turn/);
  }
  return reasons.length;
}

describe('a queue has an end', () => {
  it('of AT commands: 1000 for all users of a stick', async () => {
    const bench = sessionBench();
    await bench.plug();
    const [one, other] = [openAt(bench.host, '1-1'), openAt(bench.host, '1-1')];
    await bench.run(until(one, 'ready'));
    let turn = 0;
    const next = () => (turn++ % 2 === 0 ? one : other).run('AT');
    assert.equal(await refused(1_010, bench.run, next), 10);
    assert.equal(await refused(1_000, bench.run, next), 0, 'it is free again');
    await bench.run(Promise.all([one.release(), other.release()]));
  });

  it('of reads of the status, of lists and deletions: 100', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    const sms = openSms(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = { status: () => undefined, failed: () => undefined };
    const watch = new StatusWatch(handle, bench.clock, { parts: ['signal'] }, events);
    assert.equal(await refused(103, bench.run, () => watch.read()), 3);
    assert.equal(await refused(103, bench.run, () => sms.list()), 3);
    assert.equal(await refused(103, bench.run, () => sms.clear()), 3);
    assert.equal(await refused(100, bench.run, () => sms.list()), 0);
    watch.stop();
    await bench.run(Promise.all([handle.release(), sms.release()]));
  });
});
