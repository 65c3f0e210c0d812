/**
 * Sessions of the web server and their tokens. A token is good for one POST of its own session; a session that nobody uses for
 * five minutes is over; there is room for a few, of which one can be logged in.
 */

import { createHash } from 'node:crypto';
import type { Clock } from '../../host/host';

/** Milliseconds without a request after which a session is over. */
const IDLE = 300_000;
/** Sessions at a time: the oldest one that is not logged in makes room. */
const MOST_SESSIONS = 8;
/** Tokens that a session has at a time: the oldest are forgotten. */
const MOST_TOKENS = 64;
const COOKIE_LENGTH = 128;
const TOKEN_LENGTH = 32;

export interface Session {
  /** Value of the cookie SessionID; '' where the firmware looks at none. */
  readonly id: string;
  readonly tokens: Set<string>;
  /** When it was used last. */
  used: number;
}

export class Sessions {
  readonly #clock: Clock;
  readonly #seed: string;
  #made = 0;
  /** By id, the oldest first. */
  readonly #open = new Map<string, Session>();
  #loggedIn: Session | undefined;

  /** `seed`: the same one gives the same sessions and tokens, different ones do not. */
  constructor(clock: Clock, seed: string) {
    this.#clock = clock;
    this.#seed = seed;
  }

  get size(): number {
    this.#expire();
    return this.#open.size;
  }

  /** Base64 characters, `+` and `/` among them. */
  secret(length: number): string {
    let text = '';
    while (text.length < length) {
      text += createHash('sha512')
        .update(`${this.#seed} ${this.#made++}`)
        .digest('base64')
        .slice(0, 80);
    }
    return text.slice(0, length);
  }

  open(id = this.secret(COOKIE_LENGTH)): Session {
    this.#expire();
    if (this.#open.size >= MOST_SESSIONS) {
      const oldest = [...this.#open.values()].find((session) => session !== this.#loggedIn);
      if (oldest) this.#open.delete(oldest.id);
    }
    const session = { id, tokens: new Set<string>(), used: this.#clock.now() };
    this.#open.set(id, session);
    return session;
  }

  /** The one that `id` belongs to, which is in use again. */
  find(id: string): Session | undefined {
    this.#expire();
    const session = this.#open.get(id);
    if (session) session.used = this.#clock.now();
    return session;
  }

  /** A new token. */
  token({ tokens }: Session): string {
    const token = this.secret(TOKEN_LENGTH);
    tokens.add(token);
    const [oldest] = tokens;
    if (tokens.size > MOST_TOKENS && oldest !== undefined) tokens.delete(oldest);
    return token;
  }

  /** The session that is logged in, if any. */
  get loggedIn(): Session | undefined {
    this.#expire();
    return this.#loggedIn;
  }

  /** Another session, or the same one where there is but one, takes the place of `session` and is logged in. */
  logIn(session: Session): Session {
    if (this.#loggedIn) this.end(this.#loggedIn);
    this.end(session);
    this.#loggedIn = session.id === '' ? this.open('') : this.open();
    return this.#loggedIn;
  }

  end(session: Session): void {
    this.#open.delete(session.id);
    if (this.#loggedIn === session) this.#loggedIn = undefined;
  }

  clear(): void {
    this.#open.clear();
    this.#loggedIn = undefined;
  }

  #expire(): void {
    const least = this.#clock.now() - IDLE;
    for (const session of [...this.#open.values()]) if (session.used < least) this.end(session);
  }
}
