/** A web server of a stick for tests of the client: no sockets, answers by path, strict with sessions where it is told to. */

import type { Transport, WebAnswer, WebRequest } from '../../src/hilink/transport';

type Answer = Partial<Omit<WebAnswer, 'body'>> & { body?: string | Uint8Array };
export type Made = string | Uint8Array | Answer;
export type Route = Made | ((request: WebRequest, body: string) => Made | Promise<Made>);

/** Answers by `GET device/signal`; a list is for one request after the other, its last for all that follow. */
export type Routes = Record<string, Route | readonly Route[]>;

export const xml = (inner: string): string => `<?xml version="1.0" encoding="UTF-8"?><response>${inner}</response>`;
export const fault = (code: number, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><error><code>${code}</code><message></message>${more}</error>`;
export const OK = xml('OK');

export class TinyServer {
  /** `GET device/signal`, in the order in which they came. */
  readonly log: string[] = [];
  readonly requests: WebRequest[] = [];
  /** Requests under way at once, at most. */
  most = 0;
  routes: Routes;
  #now = 0;
  readonly #counts = new Map<string, number>();

  constructor(routes: Routes = {}) {
    this.routes = routes;
  }

  readonly transport: Transport = async (request) => {
    const name = `${request.method} ${request.path.replace(/^\/(api\/)?/, '')}`;
    this.log.push(name);
    this.requests.push(request);
    this.most = Math.max(this.most, ++this.#now);
    try {
      // A few turns, without the time that a virtual clock would see.
      for (let turn = 0; turn < 5; turn++) await undefined;
      const { status = 200, headers = {}, body = '' } = answerOf(await this.answer(name, request));
      return { status, headers, body: typeof body === 'string' ? Buffer.from(body) : body };
    } finally {
      this.#now--;
    }
  };

  /** Of `name` so many have come. */
  count(name: string): number {
    return this.log.filter((one) => one === name).length;
  }

  /** The body of the last `name`. */
  body(name: string): string {
    return Buffer.from(this.requests[this.log.lastIndexOf(name)]?.body ?? []).toString();
  }

  protected async answer(name: string, request: WebRequest): Promise<Made> {
    const found = this.routes[name];
    if (found === undefined) return fault(100002);
    const nth = this.#counts.get(name) ?? 0;
    this.#counts.set(name, nth + 1);
    const route = isList(found) ? (found[Math.min(nth, found.length - 1)] ?? '') : found;
    return typeof route === 'function' ? route(request, Buffer.from(request.body ?? []).toString()) : route;
  }
}

const answerOf = (made: Made): Answer =>
  typeof made === 'string' || made instanceof Uint8Array ? { body: made } : made;

const isList = (route: Route | readonly Route[]): route is readonly Route[] => Array.isArray(route);

/** Of the third generation: each token once, each session its own, nothing without a cookie. */
export class StrictServer extends TinyServer {
  /** Cookie by its tokens that are still good. */
  readonly sessions = new Map<string, Set<string>>();
  /** Sessions that are logged in. */
  readonly users = new Set<string>();
  #made = 0;

  /** As after a restart. */
  forget(): void {
    this.sessions.clear();
    this.users.clear();
  }

  begin(): { cookie: string; token: string } {
    const cookie = `SessionID=${this.#name('S')}`;
    this.sessions.set(cookie, new Set());
    return { cookie, token: this.token(cookie) };
  }

  token(cookie: string): string {
    const token = this.#name('T');
    this.sessions.get(cookie)?.add(token);
    return token;
  }

  #name(kind: string): string {
    return `${kind}${String(++this.#made).padStart(28, '0')}+/=`;
  }

  protected override async answer(name: string, request: WebRequest): Promise<Made> {
    const given = request.headers['Cookie'] ?? '';
    if (name === 'GET webserver/SesTokInfo') {
      const known = this.sessions.has(given);
      const { cookie, token } = known ? { cookie: given, token: this.token(given) } : this.begin();
      return xml(`<SesInfo>${cookie}</SesInfo><TokInfo>${token}</TokInfo>`);
    }
    const tokens = this.sessions.get(given);
    if (!tokens) return fault(125002);
    if (name === 'GET webserver/token') return xml(`<token>${'x'.repeat(32)}${this.token(given)}</token>`);
    if (request.method === 'GET') return super.answer(name, request);
    const token = request.headers['__RequestVerificationToken'] ?? '';
    if (!tokens.delete(token)) return fault(125003);
    const answer = answerOf(await super.answer(name, request));
    return { headers: { __requestverificationtoken: this.token(given) }, ...answer };
  }
}
