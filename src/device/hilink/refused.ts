/** The password that a stick has refused: not sent again, until it is another one or the stick was plugged in anew. */

import { type DriverError, isDriverError } from '../../errors';
import type { Clock } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';

/** `address`: of the enumeration. */
interface Login {
  address: number;
  password: string | undefined;
}

export class RefusedLogin {
  readonly #clock: Clock;
  #last: (Login & { error: DriverError; until?: number }) | undefined;
  /** How often in a row it was locked: each time it is left alone for twice as long, an hour at most. */
  #locks = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Errors: LOGIN_REFUSED and LOGIN_LOCKED, as they were told, where this one is not to be tried (again yet). */
  require({ address, password }: Login): void {
    const last = this.#last;
    const same = last?.address === address && last.password === password;
    if (last && same && this.#clock.now() < (last.until ?? Number.POSITIVE_INFINITY)) throw last.error;
    this.#last = undefined;
  }

  /** What went wrong, whatever it was. */
  note(login: Login, error: DriverError): void {
    // Told again what it was told while nothing was sent.
    if (this.#last?.error === error) return;
    if (isDriverError(error, 'LOGIN_REFUSED')) this.#last = { ...login, error };
    if (!isDriverError(error, 'LOGIN_LOCKED')) return;
    const ms = Math.min(TIMEOUTS.hilink.locked * 2 ** this.#locks++, 3_600_000);
    this.#last = { ...login, error, until: this.#clock.now() + ms };
  }

  /** One was taken, or none is needed. */
  worked(): void {
    this.#locks = 0;
  }
}
