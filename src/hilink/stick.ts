/** The stick at the other end, and that it is the right one. */

import { failure, isDriverError } from '../errors';
import type { Clock } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebIdentity, WebValues } from '../values/web';
import { BASIC, INFORMATION } from './endpoints/identity';
import { CODE } from './errors-table';
import { valuesIn } from './read';
import type { Item } from './request';
import type { PostOptions, Session } from './session';
import type { CallOptions } from './wire';
import type { Element } from './xml';

/** What is known of the stick that is meant: each that is given must be so. */
export interface Expected {
  imei?: string | undefined;
  serial?: string | undefined;
}

/** What the parts of the client share. */
export class WebStick {
  readonly session: Session;
  readonly clock: Clock;
  /** `192.168.8.1`, for messages. */
  readonly host: string;
  readonly #expected: Expected;
  /** The last answer to who it is, in which session. */
  #told: { identity: WebIdentity; at: number; session: number } | undefined;

  constructor(session: Session, clock: Clock, host: string, expected: Expected) {
    this.session = session;
    this.clock = clock;
    this.host = host;
    this.#expected = expected;
  }

  /**
   * The answer; undefined where the firmware has no such path, or keeps it behind a login that nobody gave. That a page came
   * instead says so only of a path that has never been answered.
   */
  async maybe(path: string, options: CallOptions): Promise<WebValues | undefined> {
    try {
      return await this.session.values(path, options);
    } catch (error) {
      if (isLeftOut(error) || (isNoAnswer(error) && !this.session.hasAnswered(path))) return undefined;
      throw error;
    }
  }

  /** The long form, or what is open to all. Errors: those of a request. */
  async identity(options: CallOptions = {}): Promise<WebValues> {
    const values = (await this.maybe(INFORMATION.path, options)) ?? (await this.session.values(BASIC.path, options));
    this.#told = { identity: values.identity ?? {}, at: this.clock.now(), session: this.session.serial };
    return values;
  }

  /**
   * To be called before each change: two sticks often have the same address, and another one may answer since the last
   * request. What it has told just now counts where each request belongs to the same session, which another stick would not
   * know. Errors: STICK_NOT_FOUND, HILINK_ERROR (it does not
   * tell), and those of a request.
   */
  async sure(options: CallOptions = {}): Promise<void> {
    if (this.#wanted.length === 0) return;
    const told = this.#told;
    const bound = this.session.form === 'session' || this.session.form === 'pages';
    const fresh = bound && told?.session === this.session.serial && this.clock.now() - told.at <= TIMEOUTS.hilink.sure;
    this.#compare(fresh ? told.identity : ((await this.identity(options)).identity ?? {}));
  }

  /**
   * A change: {@link sure} goes before it. Where the session was lost on the way, whoever makes a new one is asked who it is
   * before the request is repeated.
   */
  post(path: string, items: Item[], options: PostOptions = {}): Promise<Element> {
    if (this.#wanted.length === 0) return this.session.post(path, items, options);
    const renewed = async (get: (path: string) => Promise<Element>) =>
      this.#compare(valuesIn(INFORMATION.path, await get(INFORMATION.path)).identity ?? {});
    return this.session.post(path, items, { ...options, renewed });
  }

  get #wanted(): ['imei' | 'serial', string][] {
    const all = Object.entries(this.#expected) as ['imei' | 'serial', string | undefined][];
    return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  }

  #compare(told: WebIdentity): void {
    for (const [name, value] of this.#wanted) {
      const other = told[name];
      if (other === value) continue;
      const what = name === 'imei' ? 'IMEI' : 'serial number';
      if (other === undefined) throw failure('HILINK_ERROR/identity-not-told', { stick: this.host, what });
      const [found, meant] = [other.slice(-4), value.slice(-4)];
      throw failure('STICK_NOT_FOUND/other-at-address', { stick: this.host, what, found, meant });
    }
  }
}

/** Of firmware that has not got it, or keeps it to itself. */
export const isLeftOut = (error: unknown): boolean =>
  isDriverError(error, 'HILINK_ERROR') && error.number !== undefined && LEFT_OUT.includes(error.number);

/** How some firmware says that it has not got a path; others send everybody to a page while they have no connection. */
const isNoAnswer = (error: unknown): boolean =>
  isDriverError(error, 'HILINK_ERROR/empty', 'HILINK_ERROR/web-page', 'HILINK_ERROR/to-own-page');

const LEFT_OUT: readonly number[] = [
  CODE.NOT_SUPPORTED,
  CODE.LOGIN_NEEDED,
  CODE.FORMAT,
  CODE.PARAMETER,
  100008,
  100010,
];
