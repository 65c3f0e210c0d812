/** What tests of sticks in HiLink mode share: one that has left its CD-ROM mode, with its web server up, on a virtual clock. */

import type { AtHandle, AtState } from '../../../src/device/at/open-at';
import type { StickEvent } from '../../../src/virtual/events';
import type { VirtualStick } from '../../../src/virtual/stick';
import { type Bench, type BenchStick, virtualBench } from '../../support/bench';
import { NEW_MODE } from '../../virtual/web/rig';

export interface WebBench extends Bench {
  /** Paths that were asked for so far. */
  readonly requests: string[];
  /** Lets virtual time pass. */
  pass(ms: number): Promise<void>;
  /** Takes the stick, as a CD-ROM or plugged in anew, to HiLink mode. */
  toHilink(which?: VirtualStick): Promise<void>;
}

export async function webBench(options: BenchStick = {}, more: readonly BenchStick[] = []): Promise<WebBench> {
  const bench = virtualBench({ firmware: 'hilink', ...options }, more);
  const requests: string[] = [];
  bench.stick.onEvent((event) => {
    if (event.what === 'request') requests.push(event.path);
  });
  const toHilink = async (which = bench.stick) => {
    if (!which.device) which.plug();
    await bench.run(next(which, () => which.appearance === 'cdrom-hilink'));
    which.storage(0)?.bulkOut(NEW_MODE);
    await bench.run(next(which, () => which.web?.up === true));
  };
  const pass = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
  await toHilink();
  return { ...bench, requests, pass, toHilink };
}

/** Resolves when `ready`, looked at now and at each event of the stick. */
function next(stick: VirtualStick, ready: (event?: StickEvent) => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (ready()) return resolve();
    const off = stick.onEvent((event) => {
      if (!ready(event)) return;
      off();
      resolve();
    });
  });
}

/** Resolves when the web API is at `state`. */
export const untilWeb = (handle: AtHandle, state: NonNullable<AtState['web']>['state'] | undefined): Promise<AtState> =>
  new Promise((resolve) => {
    if (handle.state.web?.state === state) return resolve(handle.state);
    const off = handle.onState((now) => {
      if (now.web?.state !== state) return;
      off();
      resolve(now);
    });
  });
