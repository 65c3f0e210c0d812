import type { DriverError } from '../errors';
import type { Clock } from '../host/host';
import { Listeners } from '../listeners';

interface State {
  state: string;
  error?: DriverError;
}

/** Member by member; of errors the same one, told again, is no news. */
function same(a: State | undefined, b: State | undefined): boolean {
  if (!a || !b) return a === b;
  const { error: ours, ...here } = a;
  const { error: theirs, ...there } = b;
  if (ours?.code !== theirs?.code || ours?.message !== theirs?.message) return false;
  const all = new Map<string, unknown>(Object.entries(there));
  for (const [name, value] of Object.entries(here)) {
    if (all.get(name) !== value) return false;
    all.delete(name);
  }
  return [...all.values()].every((value) => value === undefined);
}

/** The present state of a source, and those who want to know of changes. */
export class States<S extends State | undefined> {
  #now: S;
  readonly #listeners = new Listeners<S>();

  constructor(first: S) {
    this.#now = first;
  }

  get now(): S {
    return this.#now;
  }

  /** Tells the listeners, unless nothing has changed: the same error is told once. */
  set(next: S): void {
    if (same(this.#now, next)) return;
    this.#now = next;
    this.#listeners.tell(next);
  }

  on(listener: (state: S) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** While `connecting`: resolves when that is over, or after `ms`; rejects with the signal's reason. */
  settled(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#now?.state !== 'connecting') return resolve();
      if (signal?.aborted) return reject(signal.reason);
      const end = () => {
        timer.cancel();
        off();
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        end();
        reject(signal?.reason);
      };
      const finish = () => {
        end();
        resolve();
      };
      const timer = clock.after(ms, finish);
      const off = this.on((now) => {
        if (now?.state !== 'connecting') finish();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }
}
