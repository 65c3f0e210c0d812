/** Tries to log in, and how long nobody can after too many of them. */

import type { Clock } from '../../host/host';
import type { Challenge } from './scram';

/** Wrong passwords until it is locked. */
const TRIES = 3;
const MINUTE = 60_000;
/** Of the first lock, in minutes; each next one is twice as long, a day at most. */
const FIRST_LOCK = 1;
const LONGEST_LOCK = 1440;

/** A start forgets them. */
export class Tries {
  readonly #clock: Clock;
  #wrong = 0;
  #locks = 0;
  #lockedTo = 0;
  challenge: Challenge | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whole minutes that are left. */
  get lockedFor(): number {
    return Math.max(0, Math.ceil((this.#lockedTo - this.#clock.now()) / MINUTE));
  }

  lock(ms = Math.min(FIRST_LOCK * 2 ** this.#locks, LONGEST_LOCK) * MINUTE): void {
    this.#locks++;
    this.#wrong = 0;
    this.#lockedTo = this.#clock.now() + ms;
  }

  failed(): void {
    if (++this.#wrong >= TRIES) this.lock();
  }

  succeeded(): void {
    this.#wrong = 0;
    this.#locks = 0;
  }
}
