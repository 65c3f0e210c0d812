import { existsSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import type { Clock } from './host';

/** What a timer can take, about 24 days; more would end at once. */
const LONGEST = 0x7fffffff;

/** The real clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  date: () => new Date(),
  after(ms, fn) {
    const timer = setTimeout(fn, Math.min(ms, LONGEST));
    return { cancel: () => clearTimeout(timer) };
  },
  during: (work) => work,
};

/** Files of those who set the clock by the network, once they have: systemd-timesyncd. */
const SET = ['/run/systemd/timesync/synchronized'];

/** Whether the wall clock was set by the network since the machine was started; false where nobody can tell. */
export const isClockSet = (): boolean => SET.some((file) => existsSync(file));
