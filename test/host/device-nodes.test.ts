/** Signs from the nodes of /dev, on a folder of the real file system that stands for it. */

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { type FSWatcher, type watch as fsWatch, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UsbDevice } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { DeviceNodes } from '../../src/host/waker';
import { HandClock } from './fake-bus';
import { FakeMachine, STICK_1F01 } from './tree';

const DEVTMPFS = '24 27 0:6 / /dev rw,relatime shared:2 - devtmpfs devtmpfs rw,mode=755\n';
const OWN_COPIES = '40 30 0:40 / /dev rw,nosuid - tmpfs tmpfs rw,mode=755\n';

describe('device nodes as signs', () => {
  let machine: FakeMachine;
  let nodes: DeviceNodes;
  let signs: number;
  let lost: number;
  let wake: () => void;
  let barriers = 0;
  const node = (path: string) => join(machine.root, 'dev', path);
  const touch = (path: string) => writeFileSync(node(path), '');
  const start = () =>
    nodes.start(
      () => {
        signs++;
        wake();
      },
      () => {
        lost++;
        wake();
      },
    );
  /** What `act` does is told of; resolves then. */
  const sign = async (act: () => void): Promise<void> => {
    const told = new Promise<void>((resolve) => {
      wake = resolve;
    });
    act();
    await told;
  };
  beforeEach(() => {
    machine = new FakeMachine();
    machine.file('proc/self/mountinfo', DEVTMPFS);
    mkdirSync(node('bus/usb/001'), { recursive: true });
    touch('bus/usb/001/001');
    nodes = new DeviceNodes(machine.root);
    [signs, lost] = [0, 0];
    wake = () => undefined;
  });
  afterEach(() => {
    nodes.stop();
    machine.remove();
  });

  it('a device that comes, and one that goes', async () => {
    assert.equal(start(), true);
    await sign(() => touch('bus/usb/001/007'));
    await sign(() => rmSync(node('bus/usb/001/007')));
    assert.equal(signs, 2);
  });

  it('a bus that comes, and a device on it; a bus that goes takes nothing with it', async () => {
    start();
    await sign(() => mkdirSync(node('bus/usb/002')));
    await sign(() => touch('bus/usb/002/001'));
    await sign(() => rmSync(node('bus/usb/002'), { recursive: true }));
    await sign(() => touch('bus/usb/001/008'));
    assert.equal(lost, 0);
  });

  /** Until the system has told of everything so far: it tells in turn. What it takes is a sign, too. */
  const all = async (): Promise<void> => {
    const other = new DeviceNodes(machine.root);
    await new Promise<void>((resolve) => {
      assert.ok(other.start(resolve, resolve));
      touch(`bus/usb/001/${100 + barriers++}`);
    });
    other.stop();
  };

  it('a tty, while ttys are expected, and nothing else in /dev', async () => {
    start();
    touch('ttyUSB0');
    await all();
    assert.equal(signs, 1);
    nodes.hearTtys(true);
    touch('null');
    // Written to, which is no news.
    writeFileSync(node('ttyUSB0'), 'AT');
    await all();
    assert.equal(signs, 2);
    touch('ttyUSB1');
    rmSync(node('ttyUSB1'));
    touch('ttyACM0');
    await all();
    assert.equal(signs, 6);
    nodes.hearTtys(false);
    touch('ttyACM1');
    await all();
    assert.equal(signs, 7);
  });

  it('none after it was stopped', async () => {
    start();
    nodes.hearTtys(true);
    nodes.stop();
    touch('bus/usb/001/007');
    touch('ttyUSB0');
    await all();
    assert.equal(signs, 0);
  });

  it('are none where the nodes are copies, or nobody tells what they are', () => {
    const mounts: [string, boolean][] = [
      [DEVTMPFS, true],
      [OWN_COPIES, false],
      // A container with the folder of the machine in it.
      [`${OWN_COPIES}41 40 0:6 /bus/usb /dev/bus/usb rw - devtmpfs udev rw\n`, true],
      [`${DEVTMPFS}41 24 0:41 / /dev/bus/usb rw - tmpfs tmpfs rw\n`, false],
      [DEVTMPFS + OWN_COPIES, false],
      ['', false],
    ];
    for (const [text, expected] of mounts) {
      machine.file('proc/self/mountinfo', text);
      assert.equal(start(), expected, text);
    }
    rmSync(join(machine.root, 'proc/self/mountinfo'));
    assert.equal(start(), false);
  });

  it('are none where there is no bus, and come with one', () => {
    rmSync(node('bus'), { recursive: true });
    assert.equal(start(), false);
    mkdirSync(node('bus/usb/001'), { recursive: true });
    assert.equal(start(), true);
  });

  describe('where the system allows no more watches', () => {
    const open = new Map<string, EventEmitter>();
    let allowed: number;
    const watch = ((path: string) => {
      if (open.size === allowed) throw Object.assign(new Error(`ENOSPC ${path}`), { code: 'ENOSPC' });
      const watcher = Object.assign(new EventEmitter(), { close: () => void open.delete(path) });
      open.set(path, watcher);
      return watcher as unknown as FSWatcher;
    }) as typeof fsWatch;
    beforeEach(() => {
      open.clear();
      nodes = new DeviceNodes(machine.root, watch);
    });

    it('are none, and nothing is left behind', () => {
      for (allowed = 0; allowed < 2; allowed++) {
        assert.equal(start(), false);
        assert.equal(open.size, 0);
      }
      assert.equal(start(), true);
      assert.equal(lost, 0);
    });

    it('are lost, once, when there are none for ttys', () => {
      allowed = 2;
      start();
      nodes.hearTtys(true);
      assert.deepEqual([lost, open.size], [1, 0]);
    });

    it('are lost, once, when a watch ends with an error', () => {
      allowed = 9;
      start();
      const [first, second] = open.values();
      first?.emit('error', Object.assign(new Error('EMFILE'), { code: 'EMFILE' }));
      second?.emit('error', Object.assign(new Error('EMFILE'), { code: 'EMFILE' }));
      assert.deepEqual([lost, open.size], [1, 0]);
    });
  });

  it('leaves no watch behind: of a bus that has gone, nor when it was stopped before', () => {
    const open = new Map<string, (type: string, name: string) => void>();
    nodes = new DeviceNodes(machine.root, ((path: string, _options: object, heard: () => void) => {
      open.set(path, heard);
      return Object.assign(new EventEmitter(), { close: () => void open.delete(path) });
    }) as unknown as typeof fsWatch);
    start();
    assert.deepEqual([...open.keys()], [node('bus/usb'), node('bus/usb/001')]);
    rmSync(node('bus/usb/001'), { recursive: true });
    open.get(node('bus/usb'))?.('rename', '001');
    assert.deepEqual([...open.keys()], [node('bus/usb')]);
    nodes.stop();
    nodes.hearTtys(true);
    assert.equal(open.size, 0);
  });

  it('wake the watch of this machine: no timer has to pass', async () => {
    const clock = new HandClock();
    clock.atOnce = true;
    const host = createLocalHost({ root: machine.root, clock });
    const seen: UsbDevice[][] = [];
    let told: () => void = () => undefined;
    const next = () =>
      new Promise<void>((resolve) => {
        told = resolve;
      });
    const first = next();
    const watch = host.watch((devices) => {
      seen.push(devices);
      told();
    });
    await first;
    const second = next();
    machine.plug('1-1.4', STICK_1F01);
    touch('bus/usb/001/006');
    await second;
    assert.deepEqual(
      seen.map((devices) => devices.map((d) => d.portPath).join()),
      ['', '1-1.4'],
    );
    watch.stop();
  });
});
