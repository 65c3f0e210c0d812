import { failure } from '../errors';

/** How many may wait for one thing: what waits without a limit is a leak. */
export class Queue {
  readonly #most: number;
  readonly #what: string;
  #waiting = 0;

  /** `what` waits, in words: "AT commands". */
  constructor(what: string, most: number) {
    this.#what = what;
    this.#most = most;
  }

  /** Does `work`, unless too many do already. Errors: QUEUE_FULL, and those of `work`. */
  async take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#most) {
      throw failure('QUEUE_FULL/turn', { waiting: this.#waiting, what: this.#what });
    }
    this.#waiting++;
    try {
      return await work();
    } finally {
      this.#waiting--;
    }
  }
}
