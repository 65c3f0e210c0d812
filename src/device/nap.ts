import type { Clock } from '../host/host';

/** A pause that ends early: when somebody wakes the sleeper, or when all is over. One sleeper at a time. */
export class Nap {
  readonly #clock: Clock;
  #wake: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ends the pause, if there is one. One that takes place `until` something does not end by this. */
  wake(): void {
    this.#wake?.();
  }

  /** Resolves when it is woken or after `ms`; with `until` when that has settled; and when `stop` is aborted. */
  take(stop: AbortSignal, { ms, until }: { ms?: number; until?: Promise<void> } = {}): Promise<void> {
    return new Promise((resolve) => {
      if (stop.aborted) return resolve();
      const end = () => {
        timer?.cancel();
        stop.removeEventListener('abort', end);
        if (this.#wake === end) this.#wake = undefined;
        resolve();
      };
      const timer = ms === undefined ? undefined : this.#clock.after(ms, end);
      stop.addEventListener('abort', end, { once: true });
      if (until) void until.then(end, end);
      else this.#wake = end;
    });
  }
}
