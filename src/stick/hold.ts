import { failure } from '../errors';
import type { Host, StickLock } from '../host/host';
import { Listeners } from '../listeners';
import { TIMEOUTS } from '../timeouts';

/** What somebody does with a stick, in words for others: "convert job". */
export interface HoldOptions {
  purpose: string;
  /**
   * Set by a user that can step back for a while (AT polling): it must close its ports and release its hold. It may be
   * asked as soon as it has the stick, before it has seen its hold.
   * Users without it (jobs) are never asked.
   */
  stepBack?: () => Promise<void>;
  /** Other processes do not hear who holds it: nothing is written. */
  unnamed?: true;
}

/** The exclusive right to open ports of one stick, across re-enumerations. */
export interface Hold {
  readonly path: string;
  /** From now on the stick is being written: what is on record of its place is about this very stick. */
  writes(): void;
  /** Gives the stick back; twice is harmless. */
  release(): void;
}

interface Holder extends HoldOptions {
  /** Settled when other processes have been asked, well or ill: until then nobody can step back. Never rejects. */
  asked: Promise<void>;
  writes: boolean;
}

const told = new WeakMap<Host, Listeners<string>>();

const listenersOf = (host: Host): Listeners<string> => {
  const own = told.get(host) ?? new Listeners<string>();
  told.set(host, own);
  return own;
};

/** Calls `listener` with the place of a stick that somebody takes or gives back in this process. Returns how to stop. */
export const onHold = (host: Host, listener: (path: string) => void): (() => void) => listenersOf(host).add(listener);

/** What those who have been told still have to say to the stick, by its place. */
const farewells = new WeakMap<Host, Map<string, Set<Promise<void>>>>();

/**
 * For who leaves a stick that somebody takes: to be called when that is told ({@link onHold}). Whoever takes it has it when
 * `farewell` has settled, or after {@link TIMEOUTS.hilink.farewell}.
 */
export function leaveFirst(host: Host, path: string, farewell: Promise<unknown>): void {
  const map = mapOf(farewells, host);
  const all = map.get(path) ?? new Set();
  map.set(path, all);
  const own: Promise<void> = farewell.then(noMatter, noMatter).finally(() => {
    all.delete(own);
  });
  all.add(own);
}

const noMatter = (): void => undefined;

/** Never rejects. */
async function withoutVisitors(host: Host, path: string): Promise<void> {
  const all = mapOf(farewells, host).get(path);
  if (!all || all.size === 0) return;
  await new Promise<void>((resolve) => {
    const timer = host.clock.after(TIMEOUTS.hilink.farewell, resolve);
    void Promise.all(all).then(() => {
      timer.cancel();
      resolve();
    });
  });
}

/** Process-wide, so that it outlives whoever asked (a deploy in Node-RED destroys nodes, not jobs). */
const holders = new WeakMap<Host, Map<string, Holder>>();
const waiting = new WeakMap<Host, Map<string, Set<() => void>>>();
/** Jobs for which somebody is stepping back right now: nobody else may slip in between. */
const claims = new WeakMap<Host, Map<string, number>>();

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
  const present = mapOf(holders, host).get(path);
  if (present?.stepBack && !options.stepBack) {
    const claimed = mapOf(claims, host);
    claimed.set(path, (claimed.get(path) ?? 0) + 1);
    try {
      await present.asked;
      if (mapOf(holders, host).get(path) === present) await present.stepBack();
    } finally {
      const left = (claimed.get(path) ?? 1) - 1;
      if (left > 0) claimed.set(path, left);
      else claimed.delete(path);
    }
  }
  // In one turn with the end of the claim: nobody can be faster.
  try {
    return await take(host, path, options);
  } catch (error) {
    wakeIfFree(host, path);
    throw error;
  }
}

/** Within this process it is taken when this has been called, and given back if another process has it. */
async function take(host: Host, path: string, options: HoldOptions): Promise<Hold> {
  const held = mapOf(holders, host);
  const begins = options.stepBack && mapOf(claims, host).has(path) ? 'a job is about to begin' : undefined;
  const purpose = held.get(path)?.purpose ?? begins;
  if (purpose) throw failure('BUSY/held', { stick: path, purpose });
  const locking = host.lock(path, options.unnamed && { unnamed: true });
  const done = () => undefined;
  const holder: Holder = { ...options, asked: locking.then(done, done), writes: false };
  const change = (now: boolean) => {
    if (now) held.set(path, holder);
    else held.delete(path);
    listenersOf(host).tell(path);
  };
  change(true);
  let lock: StickLock;
  try {
    lock = await locking;
    await withoutVisitors(host, path);
  } catch (error) {
    change(false);
    throw error;
  }
  return {
    path,
    writes() {
      holder.writes = true;
    },
    release() {
      if (held.get(path) !== holder) return;
      change(false);
      lock.release();
      wakeIfFree(host, path);
    },
  };
}

const isFree = (host: Host, path: string): boolean => !mapOf(holders, host).has(path) && !mapOf(claims, host).has(path);

function wakeIfFree(host: Host, path: string): void {
  if (!isFree(host, path)) return;
  const waiters = mapOf(waiting, host).get(path);
  mapOf(waiting, host).delete(path);
  for (const wake of waiters ?? []) wake();
}

/** What the stick is in use for in this process, in words; undefined while nobody holds it. */
export const heldFor = (host: Host, path: string): string | undefined => mapOf(holders, host).get(path)?.purpose;

/** The same, but of those who step back for others only when asked nothing is said: a job, in words. */
export function workedOn(host: Host, path: string): string | undefined {
  const holder = mapOf(holders, host).get(path);
  return holder?.stepBack ? undefined : holder?.purpose;
}

/** Whether the stick is being written in this process, from the first START to the end of the job. */
export const isWritten = (host: Host, path: string): boolean => mapOf(holders, host).get(path)?.writes === true;

/** Resolves when nobody in this process holds the stick any more; at once if nobody does. */
export function whenFree(host: Host, path: string): Promise<void> {
  if (isFree(host, path)) return Promise.resolve();
  return new Promise((resolve) => {
    const map = mapOf(waiting, host);
    const set = map.get(path) ?? new Set();
    set.add(resolve);
    map.set(path, set);
  });
}
