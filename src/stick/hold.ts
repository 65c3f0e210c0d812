import { DriverError } from '../errors';
import type { Host, StickLock } from '../host/host';

/** What somebody does with a stick, in words for others: "convert job". */
export interface HoldOptions {
  purpose: string;
  /**
   * Set by a user that can step back for a while (AT polling): it must close its ports and release its hold.
   * Users without it (jobs) are never asked.
   */
  stepBack?: () => Promise<void>;
}

/** The exclusive right to open ports of one stick, across re-enumerations. */
export interface Hold {
  readonly path: string;
  /** Gives the stick back; twice is harmless. */
  release(): void;
}

interface Holder extends HoldOptions {
  lock: StickLock;
}

/** Process-wide, so that it outlives whoever asked (a deploy in Node-RED destroys nodes, not jobs). */
const holders = new WeakMap<Host, Map<string, Holder>>();
const waiting = new WeakMap<Host, Map<string, Set<() => void>>>();

function mapOf<V>(maps: WeakMap<Host, Map<string, V>>, host: Host): Map<string, V> {
  let map = maps.get(host);
  if (!map) {
    map = new Map();
    maps.set(host, map);
  }
  return map;
}

/**
 * Takes the stick at `path` for `purpose`. A holder that can step back is asked to; any other means BUSY.
 * Another process that holds it means BUSY too. Must be released in every case.
 */
export async function holdStick(host: Host, path: string, options: HoldOptions): Promise<Hold> {
  const held = mapOf(holders, host);
  const present = held.get(path);
  if (present?.stepBack && !options.stepBack) await present.stepBack();
  const still = held.get(path);
  if (still) {
    throw new DriverError('BUSY', `The stick at ${path} is in use: ${still.purpose}.`, {
      stick: path,
      hint: 'Wait until that has ended, or cancel it.',
    });
  }
  const holder: Holder = { ...options, lock: host.lock(path) };
  held.set(path, holder);
  return {
    path,
    release() {
      if (held.get(path) !== holder) return;
      held.delete(path);
      holder.lock.release();
      const waiters = mapOf(waiting, host).get(path);
      mapOf(waiting, host).delete(path);
      for (const wake of waiters ?? []) wake();
    },
  };
}

/** Resolves when nobody in this process holds the stick any more; at once if nobody does. */
export function whenFree(host: Host, path: string): Promise<void> {
  if (!mapOf(holders, host).has(path)) return Promise.resolve();
  return new Promise((resolve) => {
    const map = mapOf(waiting, host);
    const set = map.get(path) ?? new Set();
    set.add(resolve);
    map.set(path, set);
  });
}
