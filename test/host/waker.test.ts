/** A watcher that is woken: what it asks for when, and what it does where the signs are not to be relied upon. */

import assert from 'node:assert/strict';
import type { UsbDevice } from '../../src/host/host';
import type { Waker } from '../../src/host/waker';
import { Watcher } from '../../src/host/watcher';
import { TIMEOUTS } from '../../src/timeouts';
import { usbDevice } from '../support/devices';
import { FakeBus, HandClock, settle } from './fake-bus';

const { poll, eagerPoll, afterSign, unasked } = TIMEOUTS.usb;

const face = { number: 0, class: 0xff, subclass: 3, protocol: 1 };
/** Nothing more comes of it. */
const working = usbDevice({ portPath: '1-1', interfaces: [{ ...face, driver: 'option' }] });

class FakeWaker implements Waker {
  possible = true;
  starts = 0;
  running = false;
  ttys = false;
  sign: () => void = () => undefined;
  lose: () => void = () => undefined;

  start(onSign: () => void, onLost: () => void): boolean {
    this.starts++;
    this.running = this.possible;
    this.sign = onSign;
    this.lose = () => {
      this.running = false;
      onLost();
    };
    return this.possible;
  }

  hearTtys(wanted: boolean): void {
    this.ttys = wanted;
  }

  stop(): void {
    this.running = false;
  }
}

describe('a watcher that is woken', () => {
  let clock: HandClock;
  let bus: FakeBus;
  let waker: FakeWaker;
  let watcher: Watcher;
  let seen: UsbDevice[][];
  const paths = () => seen.map((devices) => devices.map((d) => d.portPath).join());
  const watch = (eager = false) => watcher.watch((devices) => seen.push(devices), { eager });
  /** Looks until the pause before one is `ms`. */
  const until = async (ms: number): Promise<number[]> => {
    const pauses: number[] = [];
    while (pauses.at(-1) !== ms) {
      pauses.push(await clock.fire());
      assert.ok(pauses.length < 100, `no pause of ${ms} ms among ${pauses.join()}`);
    }
    return pauses;
  };
  beforeEach(() => {
    clock = new HandClock();
    bus = new FakeBus();
    waker = new FakeWaker();
    watcher = new Watcher(bus, clock, waker);
    seen = [];
  });

  it('looks less and less often, and then hardly at all', async () => {
    const handle = watch();
    const pauses = await until(unasked);
    assert.deepEqual(pauses.slice(0, 4), [0, afterSign, 2 * afterSign, 4 * afterSign]);
    assert.ok(
      pauses.slice(1, -1).every((ms) => ms <= poll),
      `${pauses}`,
    );
    const lively = pauses.slice(0, -1).reduce((sum, ms) => sum + ms, 0);
    assert.ok(lively >= TIMEOUTS.modeswitch.ttys, `${lively}`);
    assert.deepEqual([await clock.fire(), await clock.fire()], [unasked, unasked]);
    assert.equal(bus.looks, 1);
    handle.stop();
  });

  it('looks at once after a sign, and soon again', async () => {
    const handle = watch();
    await until(unasked);
    bus.change([working]);
    waker.sign();
    assert.equal(await clock.fire(), 0);
    assert.deepEqual(paths(), ['', '1-1']);
    assert.equal(await clock.fire(), afterSign);
    handle.stop();
  });

  it('looks again at once when a sign has come during a look', async () => {
    const handle = watch();
    await until(unasked);
    let release: () => void = () => undefined;
    bus.hold = new Promise((resolve) => {
      release = resolve;
    });
    bus.mark++;
    waker.sign();
    await clock.fire();
    waker.sign();
    assert.equal(clock.pending.length, 0, 'one look at a time');
    release();
    await settle();
    assert.equal(await clock.fire(), 0);
    handle.stop();
  });

  it('looks at once when strings have come late', async () => {
    const handle = watch();
    await until(unasked);
    watcher.invalidate();
    assert.equal(await clock.fire(), 0);
    assert.equal(bus.looks, 2);
    handle.stop();
  });

  it('looks often while somebody waits, whatever the signs', async () => {
    const slow = watch();
    await until(unasked);
    const eager = watch(true);
    assert.equal(await clock.fire(), 0);
    assert.equal(await clock.fire(), eagerPoll);
    eager.stop();
    await clock.fire();
    assert.equal(await clock.fire(), unasked);
    slow.stop();
  });

  it('goes on looking while something is coming up that gives no sign, and after a look that has failed', async () => {
    bus.change([working]);
    const handle = watch();
    const coming: [string, () => void][] = [
      ['a tty without a node', () => bus.awaited.push('/dev/ttyUSB0')],
      ['no interfaces', () => bus.change([usbDevice({ portPath: '1-1', interfaces: [] })])],
      ['no driver', () => bus.change([usbDevice({ portPath: '1-1', interfaces: [face] })])],
    ];
    for (const [what, come] of coming) {
      await until(unasked);
      come();
      bus.mark++;
      waker.sign();
      for (let i = 0; i < 60; i++) await clock.fire();
      assert.equal(await clock.fire(), poll, what);
      bus.awaited = [];
      bus.change([working]);
    }
    await until(unasked);
    bus.failure = new Error('EMFILE');
    bus.mark++;
    await clock.fire();
    assert.equal(await clock.fire(), poll);
    handle.stop();
  });

  it('hears of ttys after a sign for as long as they may come, and while somebody waits', async () => {
    const handle = watch();
    await clock.fire();
    assert.equal(waker.ttys, true);
    await until(unasked);
    assert.equal(waker.ttys, false);
    waker.sign();
    await clock.fire();
    assert.equal(waker.ttys, true);
    await until(unasked);
    const eager = watch(true);
    await clock.fire();
    assert.equal(waker.ttys, true);
    eager.stop();
    handle.stop();
  });

  it('has its waker from the first watch to the last', async () => {
    const one = watch();
    const two = watch();
    await clock.fire();
    assert.equal(waker.starts, 1);
    one.stop();
    assert.equal(waker.running, true);
    two.stop();
    assert.equal(waker.running, false);
    assert.equal(clock.pending.length, 0);
    // What has changed meanwhile gave no sign, of course.
    bus.change([working]);
    watch();
    await until(unasked);
    assert.equal(waker.starts, 2);
  });

  it('does not start it again when the last watch is stopped during a look', async () => {
    waker.possible = false;
    let release: () => void = () => undefined;
    bus.hold = new Promise((resolve) => {
      release = resolve;
    });
    const handle = watch();
    await clock.fire();
    handle.stop();
    waker.possible = true;
    release();
    await settle();
    assert.equal(waker.running, false);
  });

  describe('where there are no signs', () => {
    it('polls, and tries again when it has found a change', async () => {
      waker.possible = false;
      const handle = watch();
      assert.deepEqual([await clock.fire(), await clock.fire(), await clock.fire()], [0, poll, poll]);
      waker.possible = true;
      const { starts } = waker;
      await clock.fire();
      assert.equal(waker.starts, starts);
      bus.change([working]);
      await clock.fire();
      assert.equal(waker.running, true);
      await until(unasked);
      handle.stop();
    });

    it('polls as soon as no more will come', async () => {
      const handle = watch();
      await until(unasked);
      waker.possible = false;
      waker.lose();
      assert.deepEqual([await clock.fire(), await clock.fire(), await clock.fire()], [0, poll, poll]);
      handle.stop();
    });

    it('polls for good once a device has come or gone without one', async () => {
      bus.change([working]);
      const handle = watch();
      await until(unasked);
      bus.change([]);
      await clock.fire();
      assert.equal(await clock.fire(), afterSign);
      assert.equal(waker.running, false);
      bus.change([working]);
      assert.deepEqual([await clock.fire(), await clock.fire()], [poll, poll]);
      assert.equal(waker.starts, 1);
      handle.stop();
    });

    it('does not when the sign comes after the look that found it, or when only ttys have changed', async () => {
      const handle = watch();
      await until(unasked);
      bus.change([working]);
      await clock.fire();
      waker.sign();
      await until(unasked);
      bus.change([]);
      await clock.fire();
      // Nor when it comes during the look after that.
      let release: () => void = () => undefined;
      bus.hold = new Promise((resolve) => {
        release = resolve;
      });
      bus.mark++;
      await clock.fire();
      waker.sign();
      release();
      await settle();
      await until(unasked);
      waker.sign();
      bus.change([working]);
      await until(unasked);
      bus.change([{ ...working, product: 'other' }]);
      await clock.fire();
      await until(unasked);
      assert.equal(waker.running, true);
      handle.stop();
    });
  });
});
