import assert from 'node:assert/strict';
import { type DriverError, failure, isDriverError } from '../../src/errors';
import { systemClock } from '../../src/host/clock';
import { heldFor, holdStick, whenFree } from '../../src/stick/hold';
import { findStick } from '../../src/stick/stick';
import { waitForStick, waitForTtys, watchSticks } from '../../src/stick/watch';
import { VirtualHost } from '../../src/virtual/host';
import { VirtualStick } from '../../src/virtual/stick';
import { virtualBench } from '../support/bench';

describe('finding a stick', () => {
  it('auto takes the only one, refuses none and more than one, and a port path always tells', async () => {
    const sticks = ['1-1', '1-1.4'].map(
      (portPath) => new VirtualStick({ clock: systemClock, portPath, timing: { plug: 0 } }),
    );
    const host = new VirtualHost({ sticks, clock: systemClock });
    await assert.rejects(findStick(host, 'auto'), (e) => isDriverError(e, 'STICK_NOT_FOUND'));
    for (const stick of sticks) {
      stick.plug();
      await waitForStick(host, stick.portPath, (s) => s !== undefined, { timeoutMs: 5_000 });
      if (stick === sticks[0]) assert.equal((await findStick(host, 'auto')).path, '1-1');
    }
    await assert.rejects(findStick(host, 'auto'), (e) => {
      assert.ok(isDriverError(e, 'STICK_AMBIGUOUS'));
      assert.match(e.message, /1-1 .*1-1\.4/);
      return true;
    });
    assert.equal((await findStick(host, '1-1.4')).path, '1-1.4');
    await assert.rejects(
      findStick(host, '2-1'),
      (e) => isDriverError(e, 'STICK_NOT_FOUND/place') && String(e.params['others']) === '1-1,1-1.4',
    );
    for (const stick of sticks) stick.unplug();
  });
});

describe('watching sticks', () => {
  it('tells presence, the switch as vanished and appeared with the mode before, and each tty', async () => {
    const bench = virtualBench({ firmware: 'stick' });
    const seen: string[] = [];
    const watch = watchSticks(bench.host, ({ event, stick, from }) =>
      seen.push(`${event} ${stick.mode} ${stick.ttys.length}${from ? ` from ${from}` : ''}`),
    );
    const stick = await bench.plug();
    const { switchStick } = await import('../../src/modeswitch/switch.js');
    const now = (await bench.run(switchStick(bench.host, stick))).stick;
    assert.equal((await bench.run(waitForTtys(bench.host, now))).ttys.length, 2);
    await bench.run(new Promise<void>((resolve) => setImmediate(resolve)));
    assert.deepEqual(seen, [
      'appeared storage 0',
      'vanished storage 0 from storage',
      'appeared tty 0 from storage',
      'changed tty 1 from tty',
      'changed tty 2 from tty',
    ]);
    watch.stop();
    bench.stick.unplug();
    await bench.run(new Promise<void>((resolve) => setImmediate(resolve)));
    assert.equal(seen.length, 5, 'nothing after stop');
  });

  it('a stick whose first tty comes late is waited for, also for its others; one that leaves meanwhile is not', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
    const slow = async () => {
      bench.stick.faults.order({ fault: 'slowtty', at: 'enumerate', ms: 10_000 });
      bench.stick.plug();
      await bench.run(waitForStick(bench.host, '1-1', (s) => s !== undefined, { timeoutMs: 60_000 }));
      return findStick(bench.host, '1-1');
    };
    assert.equal((await bench.run(waitForTtys(bench.host, await slow()))).ttys.length, 2);
    bench.stick.unplug();
    for (const back of [false, true]) {
      const stick = await slow();
      const began = bench.clock.now();
      bench.clock.after(5_000, () => bench.stick.unplug());
      if (back) bench.clock.after(5_050, () => bench.stick.plug());
      await assert.rejects(bench.run(waitForTtys(bench.host, stick)), (e) => isDriverError(e, 'STICK_GONE'));
      assert.ok(bench.clock.now() - began < 8_000);
      bench.stick.unplug();
    }
  });

  it('a stick whose ttys never come is DRIVER_MISSING, one that leaves meanwhile STICK_GONE', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
    const appear = () =>
      waitForStick(bench.host, '1-1', (s) => s !== undefined, { timeoutMs: 5_000 }).then(() =>
        findStick(bench.host, '1-1'),
      );
    bench.stick.faults.order({ fault: 'nodriver', at: 'enumerate' });
    bench.stick.plug();
    const bare = await bench.run(appear());
    await assert.rejects(bench.run(waitForTtys(bench.host, bare)), (e) => isDriverError(e, 'DRIVER_MISSING'));
    bench.stick.plug();
    const fresh = await bench.run(appear());
    bench.clock.after(100, () => bench.stick.unplug());
    await assert.rejects(bench.run(waitForTtys(bench.host, fresh)), (e) => isDriverError(e, 'STICK_GONE'));
  });
});

describe('the hold on a stick', () => {
  it('is exclusive: a second job is BUSY and hears who holds it; afterwards it is free', async () => {
    const { host } = virtualBench();
    const first = await holdStick(host, '1-1', { purpose: 'convert job' });
    await assert.rejects(
      holdStick(host, '1-1', { purpose: 'another' }),
      (e) => isDriverError(e, 'BUSY') && /convert job/.test(e.message),
    );
    const other = await holdStick(host, '1-2', { purpose: 'another stick' });
    let free = false;
    const waited = whenFree(host, '1-1').then(() => {
      free = true;
    });
    await Promise.resolve();
    assert.equal(free, false);
    first.release();
    first.release();
    await waited;
    (await holdStick(host, '1-1', { purpose: 'the next' })).release();
    other.release();
  });

  it('lets a job take the stick from somebody who can step back', async () => {
    const { host } = virtualBench();
    const polling = await holdStick(host, '1-1', {
      purpose: 'AT polling',
      stepBack: async () => polling.release(),
    });
    const job = await holdStick(host, '1-1', { purpose: 'convert job' });
    await assert.rejects(holdStick(host, '1-1', { purpose: 'AT polling', stepBack: async () => undefined }), (e) =>
      isDriverError(e, 'BUSY'),
    );
    job.release();
  });

  it('nobody who was told that the stick is free slips in before the job it was freed for', async () => {
    const { host } = virtualBench();
    const stepBack = async () => {
      polling.release();
      // Whoever waits for the stick wants it back at once.
      void whenFree(host, '1-1').then(() => order.push('free'));
      await assert.rejects(holdStick(host, '1-1', { purpose: 'polling', stepBack }), (e) => isDriverError(e, 'BUSY'));
      await new Promise((resolve) => setImmediate(resolve));
    };
    const order: string[] = [];
    const polling = await holdStick(host, '1-1', { purpose: 'polling', stepBack });
    const job = await holdStick(host, '1-1', { purpose: 'convert job' });
    order.push('job');
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(order, ['job']);
    job.release();
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(order, ['job', 'free']);
  });

  describe('while other processes are asked', () => {
    /** A host whose lock is granted or refused when the test says so. */
    function slowLock() {
      const { host } = virtualBench();
      const lock = host.lock.bind(host);
      const asked: (() => void)[] = [];
      let refusal: DriverError | undefined;
      host.lock = async (path) => {
        await new Promise<void>((resolve) => asked.push(resolve));
        if (refusal) throw refusal;
        return lock(path);
      };
      return {
        host,
        asked,
        refuse: () => {
          refusal = failure('BUSY/program', { stick: '1-1', holder: 'process 4711' });
        },
      };
    }
    const turn = () => new Promise((resolve) => setImmediate(resolve));

    it("is nobody else's in this process", async () => {
      const { host, asked } = slowLock();
      const first = holdStick(host, '1-1', { purpose: 'convert job' });
      assert.equal(heldFor(host, '1-1'), 'convert job');
      await assert.rejects(
        holdStick(host, '1-1', { purpose: 'another' }),
        (e) => isDriverError(e, 'BUSY') && /convert job/.test(e.message),
      );
      assert.equal(asked.length, 1);
      asked[0]?.();
      (await first).release();
    });

    it('is free again where another process has it, and who waits is told', async () => {
      const { host, asked, refuse } = slowLock();
      const first = holdStick(host, '1-1', { purpose: 'convert job' });
      const free = whenFree(host, '1-1');
      refuse();
      asked[0]?.();
      await assert.rejects(first, (e) => isDriverError(e, 'BUSY') && /4711/.test(e.message));
      await free;
      assert.equal(heldFor(host, '1-1'), undefined);
    });

    it('a job waits until who steps back has the stick, and takes it then', async () => {
      const { host, asked } = slowLock();
      const order: string[] = [];
      const polling = holdStick(host, '1-1', {
        purpose: 'polling',
        stepBack: async () => {
          order.push('asked to step back');
          (await polling).release();
        },
      });
      const job = holdStick(host, '1-1', { purpose: 'convert job' });
      await turn();
      assert.deepEqual(order, []);
      asked[0]?.();
      await polling;
      await turn();
      assert.deepEqual(order, ['asked to step back']);
      asked[1]?.();
      (await job).release();
    });

    it('who did not get the stick is not asked to step back', async () => {
      const { host, asked, refuse } = slowLock();
      const stepBack = () => assert.fail('it has nothing to give');
      const polling = holdStick(host, '1-1', { purpose: 'polling', stepBack });
      const job = holdStick(host, '1-1', { purpose: 'convert job' });
      refuse();
      asked[0]?.();
      await assert.rejects(polling, (e) => isDriverError(e, 'BUSY'));
      await turn();
      asked[1]?.();
      await assert.rejects(job, (e) => isDriverError(e, 'BUSY') && /4711/.test(e.message));
    });
  });
});
