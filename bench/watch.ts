/**
 * The watcher: what it costs while nothing happens, and how soon it tells when something does; where the kernel keeps the
 * nodes in /dev, and beside it where they are copies and the bus has to be polled.
 */

import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Host } from '../src/host/host';
import { createLocalHost } from '../src/host/local';
import { TIMEOUTS } from '../src/timeouts';
import { FakeMachine, STICK_1F01, STICK_1506 } from '../test/host/tree';
import { median, time } from './pty';
import type { Row } from './row';

/** Two looks unasked. */
const IDLE_MS = 2 * TIMEOUTS.usb.unasked;
const CHANGES = 12;
const NODE = 'dev/bus/usb/001/006';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** CPU time of this process, in seconds, over `IDLE_MS`, scaled to an hour. */
async function cpuPerHour(): Promise<number> {
  const began = performance.now();
  const before = process.cpuUsage();
  await sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6 / ((performance.now() - began) / 1000)) * 3600;
}

/** Of a machine whose /dev is a file system of the type `dev`. */
function makeMachine(dev: string): FakeMachine {
  const machine = new FakeMachine();
  machine.file('proc/self/mountinfo', `24 27 0:6 / /dev rw - ${dev} ${dev} rw\n`);
  mkdirSync(join(machine.root, 'dev/bus/usb/001'), { recursive: true });
  for (let n = 1; n <= 8; n++) {
    machine.plug(`1-1.${n}`, { ...STICK_1506, address: n });
    for (const [i, face] of [0, 2, 3].entries()) machine.addTty(`1-1.${n}:1.${face}`, `ttyUSB${n * 3 + i}`);
  }
  return machine;
}

async function idle(host: Host): Promise<number> {
  const watch = host.watch(() => undefined);
  // The first looks are no idle watching.
  await sleep(2 * TIMEOUTS.modeswitch.ttys);
  const cost = await cpuPerHour();
  watch.stop();
  return cost;
}

/** From each of some changes, which come at any moment between two looks, to the call of the listener. */
async function delays(machine: FakeMachine, host: Host, eager: boolean): Promise<number[]> {
  const found: number[] = [];
  let told: () => void = () => undefined;
  const watch = host.watch(() => told(), { eager });
  for (let n = 0; n < CHANGES; n++) {
    await sleep((TIMEOUTS.usb.poll * n) / CHANGES);
    const heard = new Promise<void>((resolve) => {
      told = resolve;
    });
    if (n % 2 === 0) {
      machine.plug('1-2', STICK_1F01);
      writeFileSync(join(machine.root, NODE), '');
    } else {
      rmSync(join(machine.root, NODE));
      machine.unplug('1-2');
    }
    const began = performance.now();
    await heard;
    found.push(performance.now() - began);
  }
  watch.stop();
  return found;
}

/** How long it takes to read the bus as a whole, which each change needs. */
async function fullLook(host: Host): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < CHANGES; n++) times.push(await time(() => host.scan()));
  return median(times);
}

export async function bench(): Promise<Row[]> {
  const machines = { woken: makeMachine('devtmpfs'), polled: makeMachine('tmpfs') };
  const woken = createLocalHost({ root: machines.woken.root });
  const polled = createLocalHost({ root: machines.polled.root });
  try {
    const costs = { woken: await idle(woken), polled: await idle(polled), nothing: await cpuPerHour() };
    const [cost, before] = [costs.woken - costs.nothing, costs.polled - costs.nothing];
    const rows: Row[] = [
      { name: 'idle watching, 8 sticks', value: cost, unit: 'CPU s/h', aim: 'under 1' },
      { name: '  polled', value: before, unit: 'CPU s/h', ratio: before / cost },
    ];
    for (const eager of [false, true]) {
      const now = await delays(machines.woken, woken, eager);
      const look = await fullLook(woken);
      const slow = await delays(machines.polled, polled, eager);
      const name = `change seen, ${eager ? 'somebody waits' : 'watching'}`;
      rows.push(
        {
          name: `${name} (median)`,
          value: median(now),
          unit: 'ms',
          floor: look,
          ratio: median(now) / look,
          aim: 'under 30; floor: a full look',
        },
        { name: `${name} (slowest)`, value: Math.max(...now), unit: 'ms', aim: 'within 1000' },
        { name: '  polled (median)', value: median(slow), unit: 'ms' },
      );
    }
    return rows;
  } finally {
    for (const machine of Object.values(machines)) machine.remove();
  }
}
