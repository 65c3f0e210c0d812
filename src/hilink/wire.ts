/**
 * Requests as one session sends them: cookie, tokens, and how the firmware wants both, found by asking. Answers as trees.
 * What is cured here is what costs nothing: an expired token, a connection that is cut; sessions and logins see session.ts.
 */

import { type DriverError, failure, isDriverError } from '../errors';
import { type Clock, sleep } from '../host/host';
import { either } from '../signals';
import { TIMEOUTS } from '../timeouts';
import type { WebValues } from '../values/web';
import { SESSION_TOKEN, TOKEN } from './endpoints/session';
import { CODE, hilinkError } from './errors-table';
import { metaTokens } from './pages';
import { readAnswer, valuesIn } from './read';
import { type Item, requestBody } from './request';
import { decodeBody } from './text';
import { sessionCookie, Tokens } from './tokens';
import { isCut, type Transport, type WebAnswer, type WebRequest } from './transport';
import type { Element } from './xml';

/** Where tokens come from: nowhere, a path of the API, the pages, or a path that makes a session as well. */
export type Form = 'none' | 'token' | 'pages' | 'session';

export interface CallOptions {
  /** Milliseconds for the answer, default {@link TIMEOUTS.hilink.answer}. */
  timeout?: number;
  signal?: AbortSignal;
}

/** What a POST carries; may need the token of its own request. */
export type Content = Item[] | ((token: string) => Item[]);

export interface Post extends CallOptions {
  /** Instead of {@link requestBody}. */
  encode?: (items: readonly Item[]) => { body: Uint8Array; headers: Readonly<Record<string, string>> };
  /** A login: when it is answered, the tokens of before are no good any more. */
  endsTokens?: boolean;
}

/** Firmware that has not got the first one has the second. */
const PAGES = ['/html/index.html', '/'] as const;
export const FORM_TYPE = 'application/x-www-form-urlencoded; charset=UTF-8';

export class Wire {
  readonly #clock: Clock;
  readonly #transport: Transport;
  readonly #host: string;
  readonly #tokens = new Tokens();
  #cookie: string | undefined;
  #form: Form | undefined;
  /** Something but sessions was answered in this one. */
  #served = false;
  /** A session that a path has made was good for nothing: some firmware (E5573) takes only those that its start page begins. */
  #pageFirst = false;

  constructor({ clock, transport, host }: { clock: Clock; transport: Transport; host: string }) {
    this.#clock = clock;
    this.#transport = transport;
    this.#host = host;
  }

  /** Which form was found; undefined before a session has begun. */
  get form(): Form | undefined {
    return this.#form;
  }

  /** Forgets the session: the next {@link begin} makes a new one. */
  forget(): void {
    if (this.#form === 'session' && !this.#served) this.#pageFirst = !this.#pageFirst;
    this.#served = false;
    this.#cookie = undefined;
    this.#form = undefined;
    this.#tokens.clear();
  }

  /** Finds out how this firmware wants sessions, unless that is known. Errors: those of a request. */
  async begin(options: CallOptions): Promise<void> {
    if (this.#form !== undefined) return;
    if (this.#pageFirst) await this.#page(options);
    const session = await this.#maybe(() => this.get(SESSION_TOKEN.path, options), SESSION_TOKEN.path);
    if (session?.token !== undefined) {
      this.#cookie = session.cookie ?? this.#cookie;
      this.#tokens.set([session.token]);
      this.#form = 'session';
      return;
    }
    const metas = await this.#page(options);
    if (metas.length > 0) {
      this.#tokens.set(metas);
      this.#form = 'pages';
      return;
    }
    const token = (await this.#maybe(() => this.get(TOKEN.path, options), TOKEN.path))?.token;
    this.#tokens.set(token === undefined ? [] : [token]);
    this.#form = token === undefined ? 'none' : 'token';
  }

  async get(path: string, options: CallOptions = {}): Promise<Element> {
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.#send({ method: 'GET', path: pathOf(path), headers: this.#headers() }, options);
        const read = this.#read(path, answer);
        this.#served ||= !path.startsWith('webserver/');
        return read;
      } catch (error) {
        if (!isCut(error) || tries >= CUT_TRIES) throw error;
        await sleep(this.#clock, TIMEOUTS.hilink.cut * tries, options.signal);
      }
    }
  }

  /**
   * A token that is not taken is replaced once. Never repeated when the
   * answer does not come: the request may have been done.
   */
  async post(path: string, content: Content, options: Post = {}): Promise<Element> {
    for (let tries = 1; ; tries++) {
      const token = await this.#token(options);
      const items = typeof content === 'function' ? content(token ?? '') : content;
      const encoded = options.encode?.(items);
      const body = encoded?.body ?? requestBody(items);
      const headers = {
        ...this.#headers(),
        'Content-Type': FORM_TYPE,
        ...(token !== undefined && { __RequestVerificationToken: token }),
        ...encoded?.headers,
      };
      const answer = await lostFor(path, this.#send({ method: 'POST', path: pathOf(path), headers, body }, options));
      if (options.endsTokens) this.#tokens.clear();
      this.#tokens.learn(answer);
      try {
        const read = this.#read(path, answer);
        this.#served = true;
        return read;
      } catch (error) {
        if (isDriverError(error) && error.number === undefined && answer.status === 200) lost.set(error, path);
        if (tries > 1 || !isDriverError(error) || !isTokenRefused(error.number)) throw error;
        this.#tokens.clear();
      }
    }
  }

  /** See {@link Session.knock}. */
  async knock(method: 'GET' | 'POST', path: string, options: CallOptions, body?: Uint8Array): Promise<WebAnswer> {
    const token = method === 'POST' ? await this.#token(options) : undefined;
    const headers = {
      ...this.#headers(),
      ...(body && { 'Content-Type': FORM_TYPE }),
      ...(token !== undefined && { __RequestVerificationToken: token }),
    };
    const answer = await this.#send({ method, path, headers, ...(body && { body }) }, options);
    this.#tokens.learn(answer);
    return answer;
  }

  /** The next token; fetched where none is left. */
  async #token(options: CallOptions): Promise<string | undefined> {
    const token = this.#tokens.take();
    if (token !== undefined || this.#form === 'none' || this.#form === undefined) return token;
    if (this.#form === 'pages') this.#tokens.set(await this.#page(options));
    else {
      const paths = this.#form === 'token' ? [TOKEN.path] : [TOKEN.path, SESSION_TOKEN.path];
      for (const path of paths) {
        const fetched = await this.#maybe(() => this.get(path, options), path);
        if (fetched?.token === undefined) continue;
        this.#tokens.set([fetched.token]);
        break;
      }
    }
    return this.#tokens.take();
  }

  /** What a path of sessions tells; undefined where the firmware has it not, or has it not like this. */
  async #maybe(work: () => Promise<Element>, path: string): Promise<WebValues['session']> {
    try {
      return valuesIn(path, await work()).session;
    } catch (error) {
      if (isCut(error) || !isDriverError(error, 'HILINK_ERROR')) throw error;
      return undefined;
    }
  }

  /** The tokens in the start page, which sets the cookie as well; one hop to another page of the same server. */
  async #page(options: CallOptions): Promise<string[]> {
    for (const start of PAGES) {
      let path: string | undefined = start;
      for (let hops = 0; path !== undefined && hops < 3; hops++) {
        const answer: WebAnswer = await this.#send({ method: 'GET', path, headers: this.#headers() }, options);
        const page = answer.status === 200 ? decodeBody(answer.body) : '';
        if (/<html/i.test(page)) return metaTokens(page);
        if (!isRedirect(answer)) break;
        path = this.#sameServer(answer, path);
        // It sends elsewhere: whoever is there is asked nothing.
        if (path === undefined) return [];
      }
    }
    return [];
  }

  #sameServer({ headers }: WebAnswer, from: string): string | undefined {
    const location = headers['location'];
    if (typeof location !== 'string') return undefined;
    const base = `http://${this.#host}`;
    const target = URL.canParse(location, base + from) ? new URL(location, base + from) : undefined;
    return target?.origin === new URL(base).origin ? target.pathname : undefined;
  }

  #headers(): Record<string, string> {
    const single = this.#form === 'token' ? this.#tokens.single : undefined;
    return {
      Accept: '*/*',
      'X-Requested-With': 'XMLHttpRequest',
      ...(this.#cookie !== undefined && { Cookie: this.#cookie }),
      ...(single !== undefined && { __RequestVerificationToken: single }),
    };
  }

  async #send(request: WebRequest, { timeout = TIMEOUTS.hilink.answer, signal }: CallOptions): Promise<WebAnswer> {
    const over = new AbortController();
    const stop = either(over.signal, signal);
    const timer = this.#clock.after(timeout, () => {
      over.abort(failure('TIMEOUT/web', { stick: this.#host, seconds: timeout / 1000 }));
    });
    try {
      // Another implementation of the seam may not heed the signal.
      const answer = await Promise.race([this.#transport(request, stop.signal), aborted(stop.signal)]);
      this.#cookie = sessionCookie(answer) ?? this.#cookie;
      return answer;
    } finally {
      timer.cancel();
      stop.off();
    }
  }

  #read(path: string, answer: WebAnswer): Element {
    if (isRedirect(answer)) throw redirected(answer, this.#sameServer(answer, '/') !== undefined);
    if (answer.status === 404 || answer.status === 501) throw hilinkError(CODE.NOT_SUPPORTED);
    if (answer.status === 401 || answer.status === 403) throw hilinkError(CODE.LOGIN_NEEDED);
    if (answer.status !== 200) throw failure('HILINK_ERROR/http-status', { status: answer.status });
    return readAnswer(path, answer.body);
  }
}

/** A token of another session may be an old one of this: a new one costs less than a session, and keeps a login. */
const isTokenRefused = (number: number | undefined): boolean => number === CODE.TOKEN || number === CODE.OTHER_SESSION;

/** Errors after which nobody knows whether the request to this path was done: its answer did not come, or is none. */
const lost = new WeakMap<object, string>();

async function lostFor<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (isCut(error) || isDriverError(error, 'TIMEOUT')) lost.set(error as object, path);
    throw error;
  }
}

/** True for the error of a POST to `path` that may have been done all the same. */
export const mayBeDone = (error: unknown, path: string): boolean =>
  typeof error === 'object' && error !== null && lost.get(error) === path;

/** Some firmware cuts the first connection of a session, up to five times. */
const CUT_TRIES = 5;

const pathOf = (path: string): string => `/api/${path}`;

const isRedirect = ({ status }: WebAnswer): boolean => status >= 300 && status < 400;

/** Never followed: what a page says is no answer, and another server is not the stick. */
function redirected({ headers, status }: WebAnswer, own: boolean): DriverError {
  if (/^https:/i.test(String(headers['location'] ?? ''))) return failure('HILINK_ERROR/to-https', { status });
  return failure(own ? 'HILINK_ERROR/to-own-page' : 'HILINK_ERROR/to-elsewhere', { status });
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
