/** Nothing that somebody was given is shared: what one does to it reaches nobody else, and not the driver. */

import assert from 'node:assert/strict';
import { type AtEvent, openAt, type Urc } from '../../src/device/at/open-at';
import { openSms } from '../../src/device/sms/open-sms';
import { StatusWatch } from '../../src/device/status-watch';
import { listSticks, type Stick } from '../../src/stick/stick';
import { watchSticks } from '../../src/stick/watch';
import type { Status } from '../../src/values/status';
import { sessionBench, until } from '../support/at-bench';
import { FROM, opened } from './sms/sms-bench';

/** Writes over everything in it. */
function spoil(value: unknown): void {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  for (const key of Object.keys(value)) {
    spoil((value as Record<string, unknown>)[key]);
    (value as Record<string, unknown>)[key] = 'spoilt';
  }
}

describe('nothing is shared with whoever was told', () => {
  it('sticks on the bus', async () => {
    const bench = sessionBench();
    await bench.plug();
    const [before] = structuredClone(await listSticks(bench.host));
    spoil(await listSticks(bench.host));
    const seen: Stick[] = [];
    const watches = [
      watchSticks(bench.host, ({ stick }) => spoil(stick)),
      watchSticks(bench.host, ({ stick }) => seen.push(stick)),
    ];
    await bench.pass(1_000);
    for (const watch of watches) watch.stop();
    assert.deepEqual(seen, [before]);
    assert.deepEqual(await listSticks(bench.host), [before]);
  });

  it('states and URCs of a session', async () => {
    const bench = sessionBench();
    await bench.plug();
    const [one, other] = [openAt(bench.host, '1-1'), openAt(bench.host, '1-1')];
    const urcs: Urc[] = [];
    one.onState(spoil);
    one.onUrc(spoil);
    other.onUrc((urc) => urcs.push(urc));
    await bench.run(until(other, 'ready'));
    spoil(one.state);
    const outlook = { sim: 'ready', network: 'registered' };
    assert.deepEqual(other.state, { state: 'ready', stick: '1-1', mode: 'tty', ...outlook });
    assert.equal((await bench.run(one.run('AT'))).ok, true);
    bench.stick.urc('^RSSI: 20');
    await bench.pass(1_000);
    assert.deepEqual(urcs, [{ urc: '^RSSI', line: '^RSSI: 20' }]);
    await bench.run(Promise.all([one.release(), other.release()]));
  });

  it('events of a session, which all who listen know by being the same', async () => {
    const bench = sessionBench();
    await bench.plug();
    const [one, other] = [openAt(bench.host, '1-1'), openAt(bench.host, '1-1')];
    const events: AtEvent[] = [];
    one.onEvent((event) => events.push(event));
    one.onEvent((event) => {
      (event as { text: string }).text = 'spoilt';
    });
    other.onEvent((event) => events.push(event));
    await bench.run(until(other, 'ready'));
    await bench.run(one.releasePort());
    assert.equal(events.length, 2);
    assert.equal(events[0], events[1]);
    assert.match(events[1]?.text ?? '', /is left to another program/);
    await bench.run(Promise.all([one.release(), other.release()]));
  });

  it('messages, reports, storage and lists', async () => {
    const it = await opened();
    const spoiler = openSms(it.host, '1-1');
    spoiler.receive({
      onMessage: (message) => {
        spoil(message);
        return false;
      },
      onReport: (report) => {
        spoil(report);
        return false;
      },
      onStorage: spoil,
      incompleteAfter: 1_000,
    });
    // Told after the one that spoils.
    const last = openSms(it.host, '1-1');
    const heard: unknown[] = [];
    last.receive({
      onMessage: (message) => heard.push(message.text, message.missing) < 0,
      onReport: ({ reference }) => heard.push(reference) < 0,
      onStorage: (storage) => heard.push(storage.store),
    });
    await it.wait(2_000);
    assert.deepEqual(heard.splice(0), ['ME', 'SM']);
    it.stick.receiveSms({ from: FROM, text: `${'a'.repeat(153)}${'b'.repeat(153)}c`, order: [1, 3] });
    await it.wait(90_000);
    assert.deepEqual(heard.slice(-2), [`${'a'.repeat(153)}c`, [2]]);
    it.stick.receivePdu('0006020C91947110325476525032210043805250322101438000');
    await it.wait(2_000);
    assert.equal(heard.at(-1), 2);
    const before = await it.run(it.sms.list());
    const copy = structuredClone(before);
    spoil(before);
    assert.deepEqual(await it.run(it.sms.list()), copy);
    await it.run(Promise.all([it.sms.release(), spoiler.release(), last.release()]));
  });

  it('a status, which the next one is compared with', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    let told = 0;
    const watch = new StatusWatch(
      handle,
      bench.clock,
      { parts: ['signal', 'network'], everyMs: 10_000, changesOnly: true },
      {
        read: spoil,
        status: (status: Status) => {
          told++;
          spoil(status);
        },
        failed: (error) => assert.fail(String(error)),
      },
    );
    await bench.pass(60_000);
    assert.equal(told, 1, 'nothing has changed');
    spoil(await bench.run(watch.read()));
    await bench.pass(60_000);
    assert.equal(told, 1);
    watch.stop();
    await bench.run(handle.release());
  });
});
