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
