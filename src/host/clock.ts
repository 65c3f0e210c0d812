import { performance } from 'node:perf_hooks';
import type { Clock } from './host';

/** The real clock of this machine. */
export const systemClock: Clock = {
  now: () => performance.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return { cancel: () => clearTimeout(timer) };
  },
  during: (work) => work,
};
