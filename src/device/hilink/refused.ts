/**
 * The password that a stick has refused: not sent again, also by the next process, until it is another one or the stick was
 * plugged in anew.
 */

import { type DriverError, isDriverError } from '../../errors';
import { hilinkError } from '../../hilink/errors-table';
import type { Host } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import { refusalOf, remember } from './password-note';

/** `address`: of the enumeration. */
interface Login {
  address: number;
  password: string | undefined;
}

export class RefusedLogin {
  readonly #host: Host;
  readonly #path: string;
  #last: (Login & { error: DriverError; until?: number }) | undefined;
  /** How often in a row it was locked: each time it is left alone for twice as long, an hour at most. */
  #locks = 0;
  /** Settles when what was refused is noted for the next process. */
  #noted: Promise<void> = Promise.resolve();

  /** `path`: port path of the stick. */
  constructor(host: Host, path: string) {
    this.#host = host;
    this.#path = path;
  }

  /** Whoever ends waits for it. Never rejects. */
  get noted(): Promise<void> {
    return this.#noted;
  }

  /** Errors: LOGIN_REFUSED and LOGIN_LOCKED, as they were told, where this one is not to be tried (again yet). */
  async require({ address, password }: Login): Promise<void> {
    const last = this.#last;
    const same = last?.address === address && last.password === password;
    if (last && same && this.#host.clock.now() < (last.until ?? Number.POSITIVE_INFINITY)) throw last.error;
    this.#last = undefined;
    if (password === undefined) return;
    await this.#noted;
    const number = await refusalOf(this.#host, { path: this.#path, address }, password);
    if (number === undefined) return;
    const error = hilinkError(number);
    this.#last = { address, password, error };
    throw error;
  }

  /** What went wrong, whatever it was. */
  note(login: Login, error: DriverError): void {
    // Told again what it was told while nothing was sent.
    if (this.#last?.error === error) return;
    if (isDriverError(error, 'LOGIN_REFUSED')) {
      this.#last = { ...login, error };
      this.#keep(login, error);
    }
    if (!isDriverError(error, 'LOGIN_LOCKED')) return;
    const ms = Math.min(TIMEOUTS.hilink.locked * 2 ** this.#locks++, 3_600_000);
    this.#last = { ...login, error, until: this.#host.clock.now() + ms };
  }

  #keep({ address, password }: Login, { number }: DriverError): void {
    if (password === undefined || number === undefined) return;
    const work = () => remember(this.#host, { path: this.#path, address }, password, number);
    this.#noted = this.#noted.then(work).catch(() => undefined);
  }

  /** One was taken, or none is needed. */
  worked(): void {
    this.#locks = 0;
  }
}
