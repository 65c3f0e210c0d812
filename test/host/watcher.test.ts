import assert from 'node:assert/strict';
import type { UsbDevice } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { Watcher } from '../../src/host/watcher';
import { TIMEOUTS } from '../../src/timeouts';
import { usbDevice } from '../support/devices';
import { FakeBus, HandClock, settle } from './fake-bus';
import { FakeMachine, STICK_1F01, STICK_1506 } from './tree';

describe('the watcher', () => {
  let clock: HandClock;
  let bus: FakeBus;
  let watcher: Watcher;
  const paths = (seen: UsbDevice[][]) => seen.map((devices) => devices.map((d) => d.portPath).join());
  beforeEach(() => {
    clock = new HandClock();
    bus = new FakeBus();
    watcher = new Watcher(bus, clock);
  });

  it('tells a new listener at once, then each change and nothing else', async () => {
    const seen: UsbDevice[][] = [];
    const watch = watcher.watch((devices) => seen.push(devices));
    assert.equal(seen.length, 0, 'not within the call');
    assert.equal(await clock.fire(), 0);
    assert.equal(await clock.fire(), TIMEOUTS.usb.poll);
    bus.change([usbDevice({ portPath: '1-1' })]);
    await clock.fire();
    await clock.fire();
    bus.mark++; // Something that makes no difference to the list.
    await clock.fire();
    bus.change([usbDevice({ portPath: '1-1', address: 9 })]);
    await clock.fire();
    bus.change([]);
    await clock.fire();
    assert.deepEqual(paths(seen), ['', '1-1', '1-1', '']);
    watch.stop();
    assert.equal(clock.pending.length, 0);
  });

  it('reads the bus only when the signature has changed', async () => {
    const watch = watcher.watch(() => undefined);
    for (let i = 0; i < 5; i++) await clock.fire();
    assert.equal(bus.looks, 1);
    bus.mark++;
    for (let i = 0; i < 5; i++) await clock.fire();
    assert.equal(bus.looks, 2);
    watcher.invalidate();
    for (let i = 0; i < 5; i++) await clock.fire();
    assert.equal(bus.looks, 3);
    watch.stop();
  });

  it('looks again until what was coming up has come', async () => {
    bus.awaited = ['/dev/ttyUSB0'];
    const watch = watcher.watch(() => undefined);
    await clock.fire();
    await clock.fire();
    assert.equal(bus.looks, 2, 'the first signature did not cover it');
    await clock.fire();
    assert.equal(bus.looks, 2);
    watch.stop();
  });

  it('has one timer for all listeners, faster while one of them is eager', async () => {
    const slow = watcher.watch(() => undefined);
    await clock.fire();
    const eager = watcher.watch(() => undefined, { eager: true });
    assert.equal(await clock.fire(), 0);
    assert.equal(await clock.fire(), TIMEOUTS.usb.eagerPoll);
    eager.stop();
    assert.equal(await clock.fire(), TIMEOUTS.usb.eagerPoll, 'was set before');
    assert.equal(await clock.fire(), TIMEOUTS.usb.poll);
    slow.stop();
    slow.stop();
    assert.equal(clock.pending.length, 0);
  });

  it('never looks twice at a time, and shows a newcomer only what was read after it came', async () => {
    let release: () => void = () => undefined;
    bus.change([usbDevice({ portPath: '1-1' })]);
    bus.hold = new Promise((resolve) => {
      release = resolve;
    });
    const first: UsbDevice[][] = [];
    const second: UsbDevice[][] = [];
    const a = watcher.watch((devices) => first.push(devices));
    await clock.fire();
    bus.change([]);
    const b = watcher.watch((devices) => second.push(devices));
    assert.equal(clock.pending.length, 0, 'a look is going on');
    release();
    await settle();
    assert.deepEqual(paths(first), ['1-1']);
    assert.deepEqual(paths(second), []);
    assert.equal(await clock.fire(), 0);
    assert.deepEqual(paths(first), ['1-1', '']);
    assert.deepEqual(paths(second), ['']);
    assert.equal(bus.most, 1);
    a.stop();
    b.stop();
  });

  it('sets no timer when the last watch is stopped during a look', async () => {
    let release: () => void = () => undefined;
    bus.hold = new Promise((resolve) => {
      release = resolve;
    });
    let told = 0;
    const watch = watcher.watch(() => told++);
    await clock.fire();
    watch.stop();
    release();
    await settle();
    assert.equal(told, 0);
    assert.equal(clock.pending.length, 0);
  });

  it('lets no listener disturb another: one throws, one spoils the list, one stops the third', async () => {
    bus.change([usbDevice({ portPath: '1-1' })]);
    let third = 0;
    const watches = [
      watcher.watch(() => {
        throw new Error('listener');
      }),
      watcher.watch((devices) => {
        for (const device of devices) Object.assign(device, { portPath: 'spoilt' });
        devices.length = 0;
        watches[2]?.stop();
      }),
      watcher.watch(() => third++),
    ];
    const last: UsbDevice[][] = [];
    watches.push(watcher.watch((devices) => last.push(devices)));
    await clock.fire();
    assert.equal(third, 0);
    assert.deepEqual(paths(last), ['1-1']);
    for (const watch of watches) watch.stop();
    assert.equal(clock.pending.length, 0);
  });

  it('does not call sticks gone because a look has failed, and goes on', async () => {
    bus.change([usbDevice({ portPath: '1-1' })]);
    const seen: UsbDevice[][] = [];
    const watch = watcher.watch((devices) => seen.push(devices));
    await clock.fire();
    bus.failure = new Error('EACCES');
    bus.mark++;
    await clock.fire();
    await clock.fire();
    bus.failure = undefined;
    bus.change([usbDevice({ portPath: '1-2' })]);
    await clock.fire();
    assert.deepEqual(paths(seen), ['1-1', '1-2']);
    watch.stop();
  });
});

describe('watching this machine', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  it('sees a switch and the ttys that come one after another', async () => {
    const host = createLocalHost({ root: machine.root });
    const steps = [
      () => machine.plug('1-1.4', STICK_1F01),
      () => machine.unplug('1-1.4'),
      () => machine.plug('1-1.4', STICK_1506),
      () => machine.addTty('1-1.4:1.0', 'ttyUSB0'),
      () => machine.addTty('1-1.4:1.2', 'ttyUSB1', { node: false }),
      () => machine.addNode('ttyUSB1'),
      () => machine.unplug('1-1.4'),
    ];
    const expected = ['', '1f01 0', '', '1506 0', '1506 1', '1506 2', ''];
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      const watch = host.watch(
        (devices) => {
          const text = devices.map(
            (d) => `${d.productId.toString(16)} ${d.interfaces.filter((i) => i.tty !== undefined).length}`,
          );
          seen.push(text.join());
          // The tty without a device node makes no difference yet: its two steps are taken together.
          if (text.join() === '1506 1') steps.shift()?.();
          const step = steps.shift();
          if (step) return step();
          watch.stop();
          resolve();
        },
        { eager: true },
      );
    });
    assert.deepEqual(seen, expected);
  });
});
