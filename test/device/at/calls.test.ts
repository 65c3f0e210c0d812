/** After an incoming call the stick has to prove that it is alive, and messages go on. */

import assert from 'node:assert/strict';
import { openAt } from '../../../src/device/at/open-at';
import { TIMEOUTS } from '../../../src/timeouts';
import { Hang } from '../../../src/virtual/modem/hang';
import { briefly, eventsOf, sessionBench, until } from '../../support/at-bench';
import { FROM, opened } from '../sms/sms-bench';

/** Nobody looks or asks by himself. */
const IDLE = 86_400_000;

describe('after an incoming call', () => {
  it('the stick is asked at once, also where an idle one is never asked', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1', { pulseMs: 0 });
    await bench.run(until(handle, 'ready'));
    bench.commands.length = 0;
    bench.stick.world.call({ rings: 3 });
    await bench.pass(11_000);
    assert.deepEqual(bench.commands, [], 'not while it rings');
    await bench.pass(2_000);
    assert.deepEqual(bench.commands, ['AT']);
    await bench.run(handle.release());
  });

  it('one that has gone mute is brought back', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1', { pulseMs: 0 });
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    bench.stick.world.call({ rings: 1 });
    bench.stick.world.hang(new Hang('reopen'));
    await bench.run(until(handle, 'recovering'));
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(briefly(events).slice(0, 1), ['call']);
    assert.equal(briefly(events).at(-1), 'recovered reopen');
    assert.ok(bench.clock.now() < 120_000);
    await bench.run(handle.release());
  });

  it('of which only the rings are heard, too, and after one that the network ends', async () => {
    for (const urcs of [['RING'], ['+CRING: VOICE', '+CLIP: "",129,,,,1'], ['^CEND: 1,0,104,31']]) {
      const bench = sessionBench();
      await bench.plug();
      const handle = openAt(bench.host, '1-1', { pulseMs: 0 });
      await bench.run(until(handle, 'ready'));
      bench.commands.length = 0;
      for (const urc of urcs) bench.stick.urc(urc);
      await bench.pass(TIMEOUTS.health.ring + 1_000);
      assert.deepEqual(bench.commands, ['AT'], urcs.join());
      await bench.run(handle.release());
      assert.equal(bench.clock.pending, 0);
    }
  });

  it('that ends with the port leaves nothing behind', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1', { pulseMs: 0 });
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    bench.stick.urc('RING');
    await bench.pass(1_000);
    bench.stick.unplug();
    await bench.pass(60_000);
    assert.deepEqual(events, []);
    await bench.run(handle.release());
    assert.equal(bench.clock.pending, 0);
  });

  it('messages are announced again by firmware that has forgotten to', async () => {
    const it = await opened({ poll: IDLE }, { quirks: ['call-mutes'] });
    await it.wait(2_000);
    it.stick.world.call({ rings: 2 });
    await it.wait(7_900);
    it.stick.world.call({ rings: 1 });
    await it.wait(6_000);
    const before = it.clock.now();
    it.stick.receiveSms({ from: FROM, text: 'after the call' });
    await it.until(() => it.got.length > 0);
    assert.ok(it.clock.now() - before < 2_000);
    await it.run(it.sms.release());
  });

  it('messages that came unheard meanwhile are found', async () => {
    const it = await opened({ poll: IDLE });
    await it.wait(2_000);
    it.stick.world.storePdu('SM', '0791947107160000040C919471103254760000421010100000400AE8329BFD4697D9EC37', 0);
    it.stick.world.call({ rings: 1 });
    await it.until(() => it.got.length > 0);
    assert.deepEqual(it.texts(), ['hellohello']);
    await it.run(it.sms.release());
  });
});
