import type { Clock, Timer } from '../host/host';

/** Timers of one thing that can vanish: all of them stop with it. */
export class Timers {
  readonly #clock: Clock;
  readonly #running = new Set<Timer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  after(ms: number, fn: () => void): void {
    const timer = this.#clock.after(ms, () => {
      this.#running.delete(timer);
      fn();
    });
    this.#running.add(timer);
  }

  clear(): void {
    for (const timer of this.#running) timer.cancel();
    this.#running.clear();
  }
}
