import type { Clock, Timer } from '../host/host';

interface Entry {
  due: number;
  order: number;
  fn: () => void;
}

/**
 * A clock that stands still until nothing else is left to do, then jumps to the next timer: a flow with minutes of
 * timeouts takes milliseconds. Time passes only inside {@link VirtualClock.run}.
 */
export class VirtualClock implements Clock {
  #now = 0;
  #order = 0;
  #held = 0;
  #timers: Entry[] = [];
  #date = Date.UTC(2024, 0, 1);

  now(): number {
    return this.#now;
  }

  /** Begins with the year 2024, wherever it runs. */
  date(): Date {
    return new Date(this.#date + this.#now);
  }

  /** Somebody sets it by so many ms; `now` and all timers go on as they are. */
  setDateBy(ms: number): void {
    this.#date += ms;
  }

  after(ms: number, fn: () => void): Timer {
    const entry = { due: this.#now + Math.max(0, ms), order: this.#order++, fn };
    this.#timers.push(entry);
    return {
      cancel: () => {
        const at = this.#timers.indexOf(entry);
        if (at >= 0) this.#timers.splice(at, 1);
      },
    };
  }

  async during<T>(work: Promise<T>): Promise<T> {
    this.#held++;
    try {
      return await work;
    } finally {
      this.#held--;
    }
  }

  /** Timers that are still set: a test can look for leaks. */
  get pending(): number {
    return this.#timers.length;
  }

  /** Lets time pass until `work` has settled. Throws when `work` waits although no timer is left, or past `limitMs`. */
  async run<T>(work: Promise<T>, limitMs = 24 * 3600_000): Promise<T> {
    let settled = false;
    const mark = () => {
      settled = true;
    };
    work.then(mark, mark);
    const end = this.#now + limitMs;
    let idle = 0;
    while (!settled) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      // A few turns: promises, nextTick and setImmediate chains of the code under test come first.
      if (settled || this.#held > 0 || ++idle < 4) continue;
      idle = 0;
      const next = this.#next();
      if (!next) throw new Error('virtual clock: the work waits for something, but no timer is set');
      if (next.due > end) throw new Error(`virtual clock: not settled within ${limitMs} ms`);
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = Math.max(this.#now, next.due);
      next.fn();
    }
    return work;
  }

  #next(): Entry | undefined {
    let best: Entry | undefined;
    for (const t of this.#timers) {
      if (!best || t.due < best.due || (t.due === best.due && t.order < best.order)) best = t;
    }
    return best;
  }
}
