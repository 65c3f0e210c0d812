import { failure } from '../errors';

/** One piece of work at a time, in the order of the calls. */
export class Serial {
  readonly #most: number;
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  /** `most` may wait. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Nothing is at work and nothing waits. */
  get idle(): boolean {
    return !this.#busy;
  }

  /** Does `work` when its turn has come. Errors: QUEUE_FULL, the signal's reason while it waits, and those of `work`. */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.#busy) await this.#turn(signal);
    this.#busy = true;
    try {
      return await work();
    } finally {
      // Whoever is next has the place at once: nobody gets in between.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#busy = false;
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    if (this.#waiting.length >= this.#most) {
      throw failure('QUEUE_FULL/turn', { waiting: this.#waiting.length, what: 'requests to the stick' });
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', stop);
        resolve();
      };
      const stop = () => {
        this.#waiting.splice(this.#waiting.indexOf(start), 1);
        reject(signal?.reason);
      };
      this.#waiting.push(start);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}
