/**
 * One conversation with the web API of a stick: one request at a time, a session when one is needed, a login when the stick
 * asks for one, logged out when there is nothing to do. What the stick forgets is made anew once.
 */

import { failure, isDriverError } from '../errors';
import { type Clock, sleep, type Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebValues } from '../values/web';
import { CODE, hilinkError } from './errors-table';
import { type Credentials, Login } from './login';
import { valuesIn } from './read';
import type { Item } from './request';
import { Serial } from './serial';
import type { Transport, WebAnswer } from './transport';
import { type CallOptions, type Form, Wire } from './wire';
import type { Element } from './xml';

export interface SessionOptions {
  clock: Clock;
  transport: Transport;
  /** As people write it, for messages: `192.168.8.1`. */
  host: string;
  credentials?: Credentials;
  /** Told what each answer tells. */
  told?: (values: WebValues) => void;
}

export interface PostOptions extends CallOptions {
  /** Firmware that encrypts some requests is given this one so, when it does not take it plain. */
  mayEncrypt?: boolean;
  /** Asks by `get` who it is, before the request is repeated in a new session. What it throws is thrown instead. */
  renewed?: (get: (path: string) => Promise<Element>) => Promise<void>;
}

const MOST_WAITING = 200;
/** A busy stick is asked so often. */
const BUSY_TRIES = 4;
/** So often within {@link TIMEOUTS.hilink.rival} the session may be lost before somebody else is believed to want it. */
const RIVALS = 3;

export class Session {
  readonly #clock: Clock;
  readonly #wire: Wire;
  readonly #login: Login;
  readonly #serial = new Serial(MOST_WAITING);
  /** What this firmware does not have, for as long as it is there. */
  readonly #unknown = new Set<string>();
  /** What it has answered, and so has. */
  readonly #answered = new Set<string>();
  /** What it has wanted a login for: the next time that goes first. */
  readonly #guarded = new Set<string>();
  /** When the login was taken away lately, and until when it is left to whoever did it. */
  #lost: number[] = [];
  #heldUntil = Number.NEGATIVE_INFINITY;
  readonly #told: (values: WebValues) => void;
  #idle: Timer | undefined;
  #closed = false;
  #sessions = 0;

  constructor({ clock, transport, host, credentials, told = () => undefined }: SessionOptions) {
    this.#clock = clock;
    this.#told = told;
    this.#wire = new Wire({ clock, transport, host });
    this.#login = new Login(this.#wire, clock, credentials);
  }

  hasAnswered(path: string): boolean {
    return this.#answered.has(path);
  }

  get form(): Form | undefined {
    return this.#wire.form;
  }

  /** Another one with each session: what was true of the stick in the last one need not be of this. */
  get serial(): number {
    return this.#sessions;
  }

  async values(path: string, options: CallOptions = {}): Promise<WebValues> {
    const values = valuesIn(path, await this.get(path, options));
    this.#told(values);
    return values;
  }

  /** Errors: HILINK_ERROR, LOGIN_REFUSED, LOGIN_LOCKED, TIMEOUT, STICK_GONE, QUEUE_FULL, the signal's reason. */
  get(path: string, options: CallOptions = {}): Promise<Element> {
    return this.#call(path, options, () => this.#wire.get(path, options));
  }

  /** The same. Not repeated where its answer did not come: it may have been done (`mayBeDone`). */
  post(path: string, items: Item[], { mayEncrypt, renewed, ...options }: PostOptions = {}): Promise<Element> {
    const work = () =>
      mayEncrypt ? this.#login.plainOrEncrypted(path, items, options) : this.#wire.post(path, items, options);
    return this.#call(path, options, work, renewed);
  }

  /**
   * One request beside the API, once, as the session would send it; its answer as it is. Errors: HILINK_ERROR (no HTTP, or
   * cut), TIMEOUT, STICK_GONE, QUEUE_FULL, the signal's reason.
   */
  knock(method: 'GET' | 'POST', path: string, options: CallOptions, body?: Uint8Array): Promise<WebAnswer> {
    if (this.#closed) return Promise.reject(failure('CANCELLED/web-closed', {}));
    return this.#serial.run(async () => {
      await this.#wire.begin(options);
      return this.#wire.knock(method, path, options, body);
    }, options.signal);
  }

  /** Another stick or firmware may be there now, or the same one after a restart. */
  forget(): void {
    this.#sessions++;
    this.#wire.forget();
    this.#login.lost();
    this.#unknown.clear();
    this.#answered.clear();
    this.#guarded.clear();
    this.#lost = [];
    this.#heldUntil = Number.NEGATIVE_INFINITY;
  }

  /** Logs out when the work under way has ended. No request goes out afterwards. Never rejects. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#idle?.cancel();
    await this.#serial.run(() => this.#logOut({ timeout: TIMEOUTS.hilink.farewell })).catch(() => undefined);
  }

  async #call(
    path: string,
    options: CallOptions,
    work: () => Promise<Element>,
    renewed?: PostOptions['renewed'],
  ): Promise<Element> {
    if (this.#closed) throw failure('CANCELLED/web-closed', {});
    if (this.#unknown.has(path)) throw hilinkError(CODE.NOT_SUPPORTED);
    this.#idle?.cancel();
    try {
      const answer = await this.#serial.run(() => this.#cured(path, options, work, renewed), options.signal);
      this.#answered.add(path);
      return answer;
    } catch (error) {
      if (isDriverError(error) && error.number === CODE.NOT_SUPPORTED) this.#unknown.add(path);
      throw error;
    } finally {
      this.#logOutLater();
    }
  }

  /** Each cure once: a login, a new session; busy a few times. */
  async #cured(
    path: string,
    options: CallOptions,
    work: () => Promise<Element>,
    renewed: PostOptions['renewed'] = async () => undefined,
  ): Promise<Element> {
    await this.#wire.begin(options);
    let mayLogIn = this.#login.possible;
    let mayRenew = path !== BLOCKED_PATH;
    if (mayLogIn && this.#guarded.has(path) && !this.#login.isIn) {
      mayLogIn = false;
      await this.#logIn(options);
    }
    for (let busy = 1; ; ) {
      try {
        return await work();
      } catch (error) {
        const number = isDriverError(error) ? error.number : undefined;
        if (number === CODE.BUSY && busy < BUSY_TRIES) {
          busy++;
          await sleep(this.#clock, TIMEOUTS.hilink.busy, options.signal);
        } else if (number === CODE.LOGIN_NEEDED && mayLogIn) {
          mayLogIn = false;
          this.#guarded.add(path);
          // Logged in and asked again: the login was taken away.
          if (this.#login.isIn) {
            await this.#renew(path, options);
            await renewed((asked) => this.#ask(asked, options));
          } else await this.#logIn(options);
        } else if (isSessionLost(number) && mayRenew) {
          mayRenew = false;
          await this.#renew(path, options);
          await renewed((asked) => this.#ask(asked, options));
        } else throw error;
      }
    }
  }

  /**
   * A new session, logged in where the old one was and `path` wants it: else a login would take the token that has come with
   * the session, and some firmware hands out no other for it. Left to somebody else who takes it again and again.
   */
  async #renew(path: string, options: CallOptions): Promise<void> {
    const was = this.#login.isIn;
    const guarded = this.#guarded.has(path);
    this.#sessions++;
    this.#wire.forget();
    this.#login.lost();
    // It may have restarted with another firmware.
    this.#unknown.clear();
    this.#guarded.clear();
    if (was) {
      const now = this.#clock.now();
      this.#lost = [...this.#lost.filter((at) => now - at < TIMEOUTS.hilink.rival), now].slice(-RIVALS);
      if (this.#lost.length >= RIVALS) this.#heldUntil = now + TIMEOUTS.hilink.rival;
    }
    await this.#wire.begin(options);
    if (was && guarded) await this.#logIn(options);
  }

  /** Within the turn of another request. */
  async #ask(path: string, options: CallOptions): Promise<Element> {
    try {
      return await this.#wire.get(path, options);
    } catch (error) {
      const needed = isDriverError(error) && error.number === CODE.LOGIN_NEEDED;
      if (!needed || this.#login.isIn || !this.#login.possible) throw error;
      await this.#logIn(options);
      return this.#wire.get(path, options);
    }
  }

  async #logIn(options: CallOptions): Promise<void> {
    if (this.#clock.now() < this.#heldUntil) throw hilinkError(CODE.LOGGED_IN_ELSEWHERE);
    try {
      await this.#login.in(options);
    } catch (error) {
      // A session that is lost in the middle of it says nothing of the password.
      if (!isDriverError(error) || !isSessionLost(error.number)) throw error;
      this.#wire.forget();
      await this.#wire.begin(options);
      await this.#login.in(options);
    }
  }

  async #logOut(options: CallOptions = {}): Promise<void> {
    if (!this.#login.isIn) return;
    await this.#login.out(options);
    this.#wire.forget();
  }

  #logOutLater(): void {
    if (!this.#serial.idle || !this.#login.isIn || this.#closed) return;
    this.#idle?.cancel();
    this.#idle = this.#clock.after(TIMEOUTS.hilink.logout, () => {
      if (this.#serial.idle) void this.#serial.run(() => this.#logOut()).catch(() => undefined);
    });
  }
}

/** There 125002 says that this firmware does not allow it (facts of E8372H-153). */
const BLOCKED_PATH = 'device/mode';

const isSessionLost = (number: number | undefined): boolean =>
  number === CODE.TOKEN || number === CODE.SESSION || number === CODE.OTHER_SESSION;
