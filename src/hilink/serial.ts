import { DriverError } from '../errors';

/** One piece of work at a time, in the order of the calls. */
export class Serial {
  readonly #most: number;
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(most: number) {
    this.#most = most;
  }

  /** Nothing is at work and nothing waits. */
  get idle(): boolean {
    return this.#waiting === 0;
  }

  /** Does `work` when its turn has come. Errors: QUEUE_FULL, and those of `work`. */
  run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= this.#most) {
      const message = `${this.#waiting} requests to the stick wait for their turn: no more are taken.`;
      return Promise.reject(
        new DriverError('QUEUE_FULL', message, { hint: 'Wait for an answer before the next one.' }),
      );
    }
    this.#waiting++;
    const turn = this.#last.then(work).finally(() => {
      this.#waiting--;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}
