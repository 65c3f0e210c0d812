/** The tokens of a session: each is good for one request that changes something, and its answer brings the next. */

import type { WebAnswer } from './transport';

const NAME = '__requestverificationtoken';
/** After a login sticks hand out 30. */
const MOST = 64;
/** They go into a header: nothing else may get there. */
const FORM = /^[\x21-\x7e]{1,512}$/;

export class Tokens {
  #list: string[] = [];

  /** The only one, if there is just one: firmware with one token wants to see it with questions too. */
  get single(): string | undefined {
    return this.#list.length === 1 ? this.#list[0] : undefined;
  }

  take(): string | undefined {
    return this.#list.shift();
  }

  set(tokens: readonly string[]): void {
    this.#list = tokens.filter((token) => FORM.test(token)).slice(0, MOST);
  }

  clear(): void {
    this.#list = [];
  }

  /** What an answer brings, that of an error too. Of a pair that is named one and two the plain header is a copy. */
  learn({ headers }: WebAnswer): void {
    const pair = [`${NAME}one`, `${NAME}two`].flatMap((name) => headerText(headers[name]) ?? []);
    const plain = pair.length > 0 ? pair : (headerText(headers[NAME]) ?? '').split('#');
    const fresh = plain.map((token) => token.trim()).filter((token) => token !== '');
    // A whole list is all that counts; a single one is added to what is left.
    this.set(pair.length === 0 && fresh.length > 1 ? fresh : [...this.#list, ...fresh]);
  }
}

const headerText = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : value?.[0];

/** The session cookie that an answer sets; others are not ours to send back. */
export function sessionCookie({ headers }: WebAnswer): string | undefined {
  const set = headers['set-cookie'];
  for (const text of typeof set === 'string' ? [set] : (set ?? [])) {
    const [, name, value] = /^\s*(SessionID(?:_\w{1,8})?)\s*=\s*"?([^;"\s,]{1,512})"?\s*(?:;|$)/i.exec(text) ?? [];
    if (name !== undefined && value !== undefined && FORM.test(value)) return `${name}=${value}`;
  }
  return undefined;
}
