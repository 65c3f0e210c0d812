/** Logging in and out. A password is sent once; what the stick does not take is not sent again. */

import { randomBytes } from 'node:crypto';
import { type DriverError, failure, isDriverError } from '../errors';
import type { Clock } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebLogin } from '../values/web';
import { AUTHENTICATION, CHALLENGE, LOGIN_STATE, PUBLIC_KEY } from './endpoints/session';
import { CODE, hilinkError } from './errors-table';
import { encrypted, hashProof, plainProof, sameHex, scramProof } from './proofs';
import { valuesIn } from './read';
import { type Item, requestXml } from './request';
import { type CallOptions, type Content, FORM_TYPE, type Post, type Wire } from './wire';
import type { Element } from './xml';

export interface Credentials {
  user: string;
  password: string;
}

const LOGIN = 'user/login';

export class Login {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #credentials: Credentials | undefined;
  /** Why this password is not sent again. */
  #refusal: DriverError | undefined;
  #lockedUntil = 0;
  /** Before that nothing is sent: somebody else has logged in at the same time. */
  #crossedUntil = 0;
  /** The last proof was taken, so the password is the right one. */
  #proven = false;
  #state: WebLogin = {};
  #in = false;

  constructor(wire: Wire, clock: Clock, credentials: Credentials | undefined) {
    this.#wire = wire;
    this.#clock = clock;
    this.#credentials = credentials;
  }

  get possible(): boolean {
    return this.#credentials !== undefined;
  }

  /** This session is logged in, by us. */
  get isIn(): boolean {
    return this.#in;
  }

  /** The session is gone. */
  lost(): void {
    this.#in = false;
  }

  /**
   * Logs in. Errors: LOGIN_REFUSED (the same one for ever after: nothing is sent), LOGIN_LOCKED (nothing is sent until it is
   * over), HILINK_ERROR (no password was given; somebody else is logged in), and those of a request.
   */
  async in(options: CallOptions): Promise<void> {
    if (this.#refusal) throw this.#refusal;
    if (!this.#credentials) throw hilinkError(CODE.LOGIN_NEEDED);
    const wait = this.#lockedUntil - this.#clock.now();
    if (wait > 0) throw locked(wait);
    if (this.#clock.now() < this.#crossedUntil) throw hilinkError(CODE.LOGGED_IN_ELSEWHERE);
    await this.#look(options);
    if (this.#state.loggedIn) {
      this.#in = true;
      return;
    }
    if (this.#state.locked) throw this.#lock(this.#state.wait);
    if (this.#state.other) throw hilinkError(CODE.LOGGED_IN_ELSEWHERE);
    try {
      await this.#send(this.#credentials, options);
      this.#in = true;
      this.#proven = true;
    } catch (error) {
      // A stick knows one challenge: that of whoever asked last. A password that it has taken is given one more try, later.
      if (isDriverError(error, 'LOGIN_REFUSED') && this.#state.method === 'scram' && this.#proven) {
        this.#proven = false;
        this.#crossedUntil = this.#clock.now() + TIMEOUTS.hilink.locked;
        throw hilinkError(CODE.LOGGED_IN_ELSEWHERE);
      }
      if (isDriverError(error, 'LOGIN_REFUSED')) this.#refusal = error;
      if (isDriverError(error, 'LOGIN_LOCKED')) throw this.#lock(await this.#waitTold(options));
      throw error;
    }
  }

  /** Never rejects: a stick that is gone has logged us out. */
  async out(options: CallOptions = {}): Promise<void> {
    if (!this.#in) return;
    this.#in = false;
    await this.#wire.post('user/logout', [['Logout', 1]], options).catch(() => undefined);
  }

  /**
   * A POST of a kind that some firmware wants encrypted: the first that is not taken plain (for its form or a value: nothing
   * was done) is sent so. Without a key of the stick it fails as it did.
   */
  async plainOrEncrypted(path: string, content: Content, options: Post): Promise<Element> {
    try {
      return await this.#wire.post(path, content, options);
    } catch (error) {
      const form = isDriverError(error) && (error.number === CODE.FORMAT || error.number === CODE.PARAMETER);
      const encode = form ? await this.#encoder(options) : undefined;
      if (!encode) throw error;
      return this.#wire.post(path, content, { ...options, encode });
    }
  }

  async #encoder(options: CallOptions): Promise<Post['encode']> {
    try {
      const { key } = valuesIn(PUBLIC_KEY.path, await this.#wire.get(PUBLIC_KEY.path, options));
      const { modulus, exponent } = key ?? {};
      if (modulus === undefined || exponent === undefined) return undefined;
      return (items) => ({
        body: encrypted(requestXml(items), { modulus, exponent }, this.#state.padding ?? 'pkcs1'),
        headers: { 'Content-Type': `${FORM_TYPE};enc`, encrypt_transmit: 'encrypt_transmit' },
      });
    } catch (error) {
      if (isDriverError(error, 'HILINK_ERROR')) return undefined;
      throw error;
    }
  }

  async #look(options: CallOptions): Promise<void> {
    try {
      this.#state = valuesIn(LOGIN_STATE.path, await this.#wire.get(LOGIN_STATE.path, options)).login ?? {};
    } catch (error) {
      // Older firmware has no such path, but a login.
      if (!isDriverError(error, 'HILINK_ERROR') || error.number !== CODE.NOT_SUPPORTED) throw error;
      this.#state = {};
    }
  }

  async #send({ user, password }: Credentials, options: CallOptions): Promise<void> {
    const { method = 'base64', type = 0 } = this.#state;
    if (method === 'scram') return this.#scram({ user, password }, options);
    const items = (token: string): Item[] => [
      ['Username', user],
      ['Password', method === 'sha256' ? hashProof(user, password, token) : plainProof(password)],
      ['password_type', type],
    ];
    await this.#step(LOGIN, items, options);
  }

  async #scram({ user, password }: Credentials, options: CallOptions): Promise<void> {
    const firstNonce = randomBytes(32).toString('hex');
    const first: Item[] = [
      ['username', user],
      ['firstnonce', firstNonce],
      ['mode', 1],
    ];
    const { challenge } = valuesIn(CHALLENGE.path, await this.#step(CHALLENGE.path, first, options));
    const { salt, iterations, nonce: serverNonce } = challenge ?? {};
    if (salt === undefined || iterations === undefined || !serverNonce?.startsWith(firstNonce)) throw noProof();
    const proof = await this.#clock.during(scramProof({ password, salt, iterations, firstNonce, serverNonce }));
    const second: Item[] = [
      ['clientproof', proof.clientProof],
      ['finalnonce', serverNonce],
    ];
    const { key } = valuesIn(AUTHENTICATION.path, await this.#step(AUTHENTICATION.path, second, options));
    if (!sameHex(key?.signature ?? '', proof.serverSignature)) throw noProof();
    if (key?.modulus !== undefined && !sameHex(key.keySignature ?? '', proof.keySignature(key.modulus)))
      throw noProof();
  }

  /** Each step of a login ends the tokens of before. */
  #step(path: string, content: Content, options: CallOptions) {
    return this.plainOrEncrypted(path, content, { ...options, endsTokens: true });
  }

  #lock(minutes: number | undefined): DriverError {
    const wait = minutes ? minutes * 60_000 : TIMEOUTS.hilink.locked;
    this.#lockedUntil = this.#clock.now() + wait;
    return locked(wait);
  }

  /** How long it stays locked, where the stick tells it. */
  async #waitTold(options: CallOptions): Promise<number | undefined> {
    await this.#look(options).catch(() => undefined);
    return this.#state.wait;
  }
}

/** Before that none is tried. */
const locked = (ms: number): DriverError => hilinkError(CODE.TOO_OFTEN, Math.ceil(ms / 60_000));

const noProof = (): DriverError => failure('HILINK_ERROR/no-proof', {});
