import assert from 'node:assert/strict';
import { Ladder } from '../../../src/device/at/health';
import { openAt } from '../../../src/device/at/open-at';
import { isDriverError } from '../../../src/errors';
import { TIMEOUTS } from '../../../src/timeouts';
import { briefly, deafen, eventsOf, sessionBench, until } from '../../support/at-bench';

const { health } = TIMEOUTS;
const never = () => false;
const always = () => true;

describe('health of a stick', () => {
  it('T35: is an answered AT: URCs go on, the command processor is dead, and the stick is restarted', async () => {
    const bench = sessionBench({ timing: { urcEvery: 5_000 } });
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    const urcs: string[] = [];
    handle.onUrc(({ urc }) => urcs.push(urc));
    deafen(bench, (line) => line.startsWith('AT^RESET'), always);
    const { step } = await bench.run(until(handle, 'recovering'));
    assert.equal(step, 'reopen');
    // They are no sign of life.
    assert.ok(urcs.length > 5, `${urcs.length} URCs`);
    await assert.rejects(bench.run(handle.run('AT+CSQ')), { code: 'TIMEOUT' });
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(briefly(events), [
      'unanswered',
      'recovering resync',
      'recovering reopen',
      'recovering cfun',
      'recovering reset',
      'recovered reset',
    ]);
    assert.equal((await bench.run(handle.run('AT+CSQ'))).ok, true);
    await bench.run(handle.release());
  });

  it('T35: is not recovered with its radio off: what was lost of the step is made up for', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    let off = false;
    let lost = 0;
    deafen(
      bench,
      (line) => {
        if (line.startsWith('AT+CFUN=0')) off = true;
        return off && !(line.startsWith('AT+CFUN=1') && lost++ < 2);
      },
      never,
    );
    await bench.run(until(handle, 'recovering'));
    await bench.run(until(handle, 'ready'));
    assert.equal(briefly(events).at(-1), 'recovered cfun');
    assert.deepEqual((await bench.run(handle.run('AT+CFUN?'))).lines, ['+CFUN: 1']);
    await bench.run(handle.release());
  });

  it('T35: firmware that never tells its radio state is believed when it says OK', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    let heard = false;
    deafen(
      bench,
      (line) => {
        if (line.startsWith('AT+CFUN=0')) heard = true;
        return heard && !line.startsWith('AT+CFUN?');
      },
      never,
    );
    await bench.run(until(handle, 'recovering'));
    await bench.run(until(handle, 'ready'));
    assert.equal(briefly(events).at(-1), 'recovered cfun');
    await bench.run(handle.release());
  });

  it('T35: steps go on although the port takes no byte any more, and the session ends', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    deafen(bench, never, never);
    const open = bench.host.openTty.bind(bench.host);
    bench.host.openTty = async (path) => {
      const port = await open(path);
      const close = port.close.bind(port);
      port.write = () =>
        new Promise((_, reject) => {
          port.close = () => {
            reject(new Error('closed'));
            return close();
          };
        });
      return port;
    };
    await bench.pass(60 * 60_000);
    const steps = briefly(events);
    for (const step of ['reopen', 'cfun', 'reset', 'reauthorize'])
      assert.ok(steps.includes(`recovering ${step}`), step);
    await bench.run(handle.release());
  });

  it('T35: a command without an answer has the stick asked at once, and a prompt left by it is left', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    // As if it sat in a text prompt: it hears ESC only, and everything from then on.
    let prompt = true;
    deafen(
      bench,
      (line) => {
        if (line.startsWith('\u001b')) prompt = false;
        return !prompt;
      },
      always,
    );
    const before = bench.clock.now();
    await assert.rejects(bench.run(handle.run('AT+CSQ')), { code: 'TIMEOUT' });
    assert.equal((await bench.run(handle.run('AT+CSQ'))).ok, true);
    assert.ok(bench.clock.now() - before < health.idle / 2);
    assert.equal(handle.state.state, 'ready');
    assert.deepEqual(events, []);
    await bench.run(handle.release());
  });

  it('takes the stick off the bus where nothing else helps and the system allows it', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    deafen(bench, never, always);
    await bench.run(until(handle, 'recovering'));
    await bench.run(until(handle, 'ready'));
    assert.deepEqual(briefly(events).slice(-3), [
      'recovering reset',
      'recovering reauthorize',
      'recovered reauthorize',
    ]);
    await bench.run(handle.release());
  });

  it('never loops: a day of a dead stick sees few rounds, at growing distances', async () => {
    const bench = sessionBench();
    await bench.plug();
    bench.host.reauthorizes = false;
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    const resets: number[] = [];
    deafen(
      bench,
      (line) => {
        // Both ports are asked in a round.
        if (line.startsWith('AT^RESET') && bench.clock.now() - (resets.at(-1) ?? -health.rest) > 60_000) {
          resets.push(bench.clock.now());
        }
        return false;
      },
      never,
    );
    await bench.pass(24 * 3600_000);
    assert.ok(resets.length >= 10 && resets.length <= 30, `${resets.length} rounds in a day`);
    const gaps = resets.slice(1).map((at, i) => at - (resets[i] ?? 0));
    for (const [i, gap] of gaps.entries()) assert.ok(gap >= Math.min(health.rest * 2 ** i, health.restMax), `${gap}`);
    assert.equal(briefly(events).filter((e) => e === 'resting').length, resets.length);
    assert.equal(handle.state.state, 'error');
    await assert.rejects(bench.run(handle.run('AT')), { code: 'TIMEOUT' });
    // And it is found when it lives again, in between the rounds.
    bench.stick.plug();
    await bench.run(handle.release());
    assert.equal(bench.stick.ttys.filter((tty) => tty.isOpen).length, 0);
  });

  it('a stick that comes back by itself is used again, whatever the round', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const hear = deafen(bench, never, never);
    await bench.run(until(handle, 'error'));
    hear();
    await bench.run(until(handle, 'ready'));
    assert.equal((await bench.run(handle.run('AT'))).ok, true);
    await bench.run(handle.release());
  });

  it('a stick that never answered is given time, and never taken off the bus', async () => {
    const bench = sessionBench();
    await bench.plug();
    deafen(bench, never, never);
    let taken = 0;
    bench.host.reauthorize = async () => {
      taken++;
      return true;
    };
    const began = bench.clock.now();
    const handle = openAt(bench.host, '1-1');
    const events = eventsOf(handle);
    await bench.run(until(handle, 'recovering'));
    assert.ok(bench.clock.now() - began >= health.patience);
    await bench.pass(2 * 3600_000);
    assert.equal(taken, 0);
    assert.ok(briefly(events).includes('recovering reset'));
    await bench.run(handle.release());
  });

  it('a job gets the stick at once, in the middle of a step too', async () => {
    const { holdStick } = await import('../../../src/stick/hold.js');
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const hear = deafen(bench, never, never);
    for (const step of ['reopen', 'cfun', 'reset', 'reauthorize'] as const) {
      await bench.run(
        new Promise<void>((resolve) => {
          const off = handle.onState((state) => {
            if (state.step !== step) return;
            off();
            resolve();
          });
        }),
      );
      await bench.pass(health.pause + 500);
      const before = bench.clock.now();
      const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'test job' }));
      // What is under way on a port ends with its own time: a question takes 2 s, twice.
      const took = bench.clock.now() - before;
      assert.ok(took <= TIMEOUTS.session.finish + 2 * TIMEOUTS.loader.at, `${step}: ${took} ms`);
      assert.equal(bench.stick.ttys.filter((tty) => tty.isOpen).length, 0, step);
      hold.release();
    }
    hear();
    await bench.run(until(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('an idle stick is asked once a minute, a busy one never, and none when that is switched off', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    bench.commands.length = 0;
    await bench.pass(10.5 * health.idle);
    assert.deepEqual(bench.commands, Array(10).fill('AT'));
    bench.commands.length = 0;
    for (let i = 0; i < 20; i++) {
      await bench.run(handle.run('AT+CSQ'));
      await bench.pass(health.idle / 2);
    }
    assert.ok(!bench.commands.includes('AT'));
    await bench.run(handle.release());
    const quiet = openAt(bench.host, '1-1', { pulseMs: 0 });
    await bench.run(until(quiet, 'ready'));
    bench.commands.length = 0;
    await bench.pass(3600_000);
    assert.deepEqual(bench.commands, []);
    await bench.run(quiet.release());
    assert.equal(bench.clock.pending, 0);
  });

  it('a command that takes minutes is no reason to ask', async () => {
    const bench = sessionBench();
    await bench.plug();
    const handle = openAt(bench.host, '1-1');
    await bench.run(until(handle, 'ready'));
    const events = eventsOf(handle);
    bench.stick.faults.order({ fault: 'late', at: 'at', ms: 280_000 });
    assert.equal(isDriverError(await bench.run(handle.run('AT+COPS=?').catch((e: unknown) => e))), false);
    assert.deepEqual(events, []);
    await bench.run(handle.release());
  });
});

describe('the steps that bring a stick back', () => {
  it('begin again with the gentle ones after it was healthy for a while, and go on with stronger ones before', () => {
    const ladder = new Ladder();
    assert.equal(ladder.strike(0), 'reopen');
    assert.equal(ladder.answers(1_000), 'reopen');
    assert.equal(ladder.strike(2_000), 'cfun');
    assert.equal(ladder.answers(3_000), 'cfun');
    assert.equal(ladder.answers(4_000), undefined);
    assert.equal(ladder.strike(3_000 + health.steady), 'reopen');
  });

  it('rest after the last one, longer each time, an hour at most', () => {
    const ladder = new Ladder();
    let now = 0;
    for (const rest of [1, 2, 4, 8, 12, 12].map((times) => times * health.rest)) {
      for (const step of ['reopen', 'cfun', 'reset', 'reauthorize', 'rest']) assert.equal(ladder.strike(now), step);
      assert.equal(ladder.strike(now + rest - 1), undefined);
      assert.equal(ladder.step, undefined);
      now += rest;
    }
    assert.equal(12 * health.rest, health.restMax);
  });
});
