/** The watcher: what it costs while nothing happens, and how soon it tells when something does. */

import { createLocalHost } from '../src/host/local';
import { TIMEOUTS } from '../src/timeouts';
import { FakeMachine, STICK_1F01, STICK_1506 } from '../test/host/tree';
import { median } from './pty';
import type { Row } from './row';

const IDLE_MS = 8_000;
const CHANGES = 12;

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** CPU time of this process, in seconds, over `IDLE_MS`, scaled to an hour. */
async function cpuPerHour(): Promise<number> {
  const began = performance.now();
  const before = process.cpuUsage();
  await sleep(IDLE_MS);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6 / ((performance.now() - began) / 1000)) * 3600;
}

export async function bench(): Promise<Row[]> {
  const machine = new FakeMachine();
  try {
    for (let n = 1; n <= 8; n++) {
      machine.plug(`1-1.${n}`, { ...STICK_1506, address: n });
      for (const [i, face] of [0, 2, 3].entries()) machine.addTty(`1-1.${n}:1.${face}`, `ttyUSB${n * 3 + i}`);
    }
    const host = createLocalHost({ root: machine.root });
    const floor = await cpuPerHour();
    const idle = host.watch(() => undefined);
    // The first, full looks are no idle watching.
    await sleep(3 * TIMEOUTS.usb.poll);
    const watching = await cpuPerHour();
    idle.stop();

    const delays = async (eager: boolean): Promise<number[]> => {
      const found: number[] = [];
      let told: () => void = () => undefined;
      const watch = host.watch(() => told(), { eager });
      for (let n = 0; n < CHANGES; n++) {
        // Changes come at any moment between two looks.
        await sleep((TIMEOUTS.usb.poll * n) / CHANGES);
        const heard = new Promise<void>((resolve) => {
          told = resolve;
        });
        const began = performance.now();
        if (n % 2 === 0) machine.plug('1-2', STICK_1F01);
        else machine.unplug('1-2');
        await heard;
        found.push(performance.now() - began);
      }
      watch.stop();
      return found;
    };
    const plain = await delays(false);
    const eager = await delays(true);
    return [
      { name: 'idle watching, 8 sticks', value: watching - floor, unit: 'CPU s/h', aim: 'a few seconds' },
      { name: 'change seen, watching (slowest)', value: Math.max(...plain), unit: 'ms', aim: 'within 1000' },
      { name: 'change seen, watching (median)', value: median(plain), unit: 'ms' },
      { name: 'change seen, somebody waits (slowest)', value: Math.max(...eager), unit: 'ms' },
      { name: 'change seen, somebody waits (median)', value: median(eager), unit: 'ms' },
    ];
  } finally {
    machine.remove();
  }
}
