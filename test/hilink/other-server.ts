/**
 * Another HiLink server, over HTTP: made from the facts alone, with nothing of the virtual stick's web face, and different in
 * whatever the facts leave open. It keeps count of what a client must not do.
 */

import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Answer, all, element, type Fields, fault, OK, OtherStick } from './other-stick';

export interface Habits {
  /** Where a session and its tokens come from. `root`: only the cookie that `/` sets is one. */
  gives: 'nothing' | 'page cookie' | 'token' | 'metas' | 'metas in /' | 'session' | 'session of root';
  /** How the next token comes back with the answer to a POST: not at all, one, a list, a pair. */
  next: 'none' | 'one' | 'list' | 'pair';
  /** What wants a login. */
  guards: 'nothing' | 'usual' | 'all';
  login: 'base64' | 'hash' | 'scram';
  passwordType: number;
  /** No user/state-login. */
  stateless?: boolean;
  /** How names of headers are written. */
  names: 'as Huawei' | 'lower' | 'upper';
  /** What stands behind the value of the cookie. */
  attributes: string;
  /** SesInfo without `SessionID=`. */
  bareSession?: boolean;
  /** Each look for a token makes another session. */
  newSessionEachTime?: boolean;
  /** Tokens of 64 characters, of which the last 32 count. */
  longToken?: boolean;
  /** How a path that is not there is told. */
  missing: 'number' | 'status' | 'redirect' | 'page' | 'empty';
  lacks?: readonly string[];
  /** Answers in pieces, to the end of the connection, or with their length. */
  framing: 'length' | 'chunked' | 'close';
  type: string | undefined;
  /** Wraps what stands in an answer. */
  xml: (root: string, inner: string) => string;
  /** Milliseconds until the first byte. */
  slow?: number;
}

export const PLAIN: Habits = {
  gives: 'nothing',
  next: 'none',
  guards: 'nothing',
  login: 'base64',
  passwordType: 0,
  names: 'as Huawei',
  attributes: ';path=/;HttpOnly;',
  missing: 'number',
  framing: 'length',
  type: 'text/xml',
  xml: (root, inner) => `<?xml version="1.0" encoding="UTF-8"?>\n<${root}>\n${inner}\n</${root}>\n`,
};

const USER = 'admin';
export const PASSWORD = 'secret1';

interface Visit {
  tokens: string[];
  in: boolean;
  challenge?: { client: string; server: string; salt: string };
}

const sha = (text: string | Buffer) => createHash('sha256').update(text);
const mac = (key: string | Buffer, text: string | Buffer) => createHmac('sha256', key).update(text).digest();
/** Elements of a request, in the order in which they must come. */
const ORDERS: Readonly<Record<string, string>> = {
  'user/login': 'Username Password password_type',
  'user/logout': 'Logout',
  'user/challenge_login': 'username firstnonce mode',
  'user/authentication_login': 'clientproof finalnonce',
  'sms/sms-list': 'PageIndex ReadCount BoxType SortType Ascending UnreadPreferred',
  'sms/send-sms': 'Index Phones Phone Sca Content Length Reserved Date',
  'sms/delete-sms': 'Index',
  'sms/set-read': 'Index',
  'ussd/send': 'content codeType timeout',
  'net/net-mode': 'NetworkMode NetworkBand LTEBand',
};

const USUALLY_GUARDED = ['device/information', 'sms/sms-list', 'sms/config', 'dialup/profiles'];

export class OtherServer {
  #habits: Habits;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #visits = new Map<string, Visit>();
  /** Of the form without cookies. */
  readonly #anybody: Visit = { tokens: [], in: false };
  readonly stick = new OtherStick();
  #busy = 0;
  /** What a client must not do, in words. */
  readonly faults: string[] = [];
  /** `GET device/signal`, in the order in which they came. */
  readonly log: string[] = [];
  logins = 0;

  constructor(habits: Habits) {
    this.#habits = habits;
    this.#server = createServer((request, response) => void this.#serve(request, response));
    this.#server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Sessions that are logged in. */
  get open(): number {
    return [...this.#visits.values(), this.#anybody].filter((visit) => visit.in).length;
  }

  /** Another firmware is there, of which nobody has been told. */
  become(habits: Habits): void {
    this.#habits = habits;
    this.forget();
  }

  /** As after a restart. */
  forget(): void {
    this.#visits.clear();
    this.#anybody.tokens = [];
    this.#anybody.in = false;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (++this.#busy > 1) this.faults.push('two requests at once');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    if (this.#habits.slow) await new Promise((resolve) => setTimeout(resolve, this.#habits.slow));
    const headers: [string, string][] = [];
    const url = new URL(request.url ?? '', 'http://x');
    const name = url.pathname.replace(/^\/(?:api\/)?/, '');
    this.log.push(`${request.method} ${name}`);
    const answer = this.#answer(name, request, Buffer.concat(chunks).toString(), headers);
    this.#busy--;
    this.#write(response, answer, headers);
  }

  #write(response: ServerResponse, answer: Answer, headers: [string, string][]): void {
    const { xml, framing, names, type, missing } = this.#habits;
    const named = (name: string) =>
      names === 'as Huawei' ? name : name[names === 'lower' ? 'toLowerCase' : 'toUpperCase']();
    response.sendDate = false;
    let status = 200;
    let body: string;
    if ('page' in answer) body = answer.page;
    else if ('inner' in answer) body = xml('response', answer.inner);
    else if (answer.fault === 100_002 && missing !== 'number') {
      body = missing === 'empty' ? '' : '<html><head><title>x</title></head><body>1 < 2</body></html>';
      if (missing === 'status') status = 404;
      if (missing === 'redirect') {
        status = 302;
        headers.push(['Location', '/html/index.html']);
      }
    } else body = xml('error', `${element('code', answer.fault)}${element('message', '')}`);
    const bytes = Buffer.from(body);
    if (type) headers.push(['Content-Type', 'page' in answer ? 'text/html' : type]);
    if (framing === 'length') headers.push(['Content-Length', String(bytes.length)]);
    if (framing === 'chunked') headers.push(['Transfer-Encoding', 'chunked']);
    if (framing !== 'chunked') headers.push(['Connection', 'close']);
    response.useChunkedEncodingByDefault = framing === 'chunked';
    response.writeHead(
      status,
      headers.flatMap(([name, value]) => [named(name), value]),
    );
    const half = bytes.length >> 1;
    if (framing === 'chunked' && half > 0) response.write(bytes.subarray(0, half));
    response.end(framing === 'chunked' ? bytes.subarray(half) : bytes);
  }

  #name(): string {
    return `${randomBytes(18).toString('base64')}+/aaa+/=`;
  }

  #begin(headers?: [string, string][]): string {
    const cookie = `SessionID=${this.#name()}`;
    this.#visits.set(cookie, { tokens: [], in: false });
    headers?.push(['Set-Cookie', `lang=en; path=/`], ['Set-Cookie', `${cookie}${this.#habits.attributes}`]);
    return cookie;
  }

  #token(visit: Visit): string {
    const token = this.#name();
    visit.tokens.push(token);
    return this.#habits.longToken ? `${randomBytes(16).toString('hex')}${token}` : token;
  }

  get #hasCookies(): boolean {
    return !['nothing', 'token'].includes(this.#habits.gives);
  }

  #answer(name: string, request: IncomingMessage, body: string, headers: [string, string][]): Answer {
    const { gives, next, newSessionEachTime, bareSession } = this.#habits;
    const given = request.headers.cookie ?? '';
    if (/^$|^html\//.test(name)) return this.#page(name, given, headers);
    if (name === 'webserver/SesTokInfo') {
      if (gives !== 'session' && gives !== 'session of root') return fault(100_002);
      let cookie = given;
      if (newSessionEachTime || !this.#visits.has(given)) cookie = this.#begin();
      const token = this.#token(this.#visits.get(cookie) ?? this.#anybody);
      // Whoever has not been at the start page is given one that nothing is done for.
      if (gives === 'session of root' && cookie !== given) this.#visits.delete(cookie);
      return all({ SesInfo: bareSession ? cookie.replace('SessionID=', '') : cookie, TokInfo: token });
    }
    const visit = this.#hasCookies ? this.#visits.get(given) : this.#anybody;
    if (!visit) return fault(125_002);
    if (name === 'webserver/token') {
      return gives === 'token' ? all({ token: this.#token(visit) }) : fault(gives === 'session' ? 125_002 : 100_002);
    }
    if (request.method === 'POST' && gives !== 'nothing' && gives !== 'page cookie') {
      const token = String(request.headers['__requestverificationtoken'] ?? '');
      if (!visit.tokens.includes(token)) return fault(token === '' ? 125_001 : 125_003);
      visit.tokens = visit.tokens.filter((one) => one !== token);
    }
    const answer = this.#work(name, request, body, visit, headers);
    if (request.method !== 'POST' || gives === 'nothing' || gives === 'page cookie') return answer;
    const now = this.#visits.get(this.#cookieSet(headers) ?? given) ?? visit;
    const one = () => this.#token(now).slice(-32);
    const NAME = '__RequestVerificationToken';
    if (next === 'one') headers.push([NAME, one()]);
    if (next === 'list') headers.push([NAME, `${one()}#${one()}#${one()}`]);
    if (next === 'pair') {
      const [first, second] = [one(), one()];
      headers.push([NAME, `${first}#${second}#${one()}`], [`${NAME}one`, first], [`${NAME}two`, second]);
    }
    return answer;
  }

  #cookieSet(headers: readonly [string, string][]): string | undefined {
    return headers.map(([, value]) => /^SessionID=[^;]+/.exec(value)?.[0]).find((one) => one !== undefined);
  }

  #page(name: string, given: string, headers: [string, string][]): Answer {
    const { gives } = this.#habits;
    const inRoot = gives === 'metas in /' || gives === 'session of root';
    if (inRoot && name !== '') return fault(100_002);
    if (gives === 'nothing' || gives === 'token' || gives === 'session') {
      return { page: '<!DOCTYPE html><html><body>Home</body></html>' };
    }
    const cookie = this.#visits.has(given) ? given : this.#begin(headers);
    if (!gives.startsWith('metas')) return { page: '<html><body/></html>' };
    const visit = this.#visits.get(cookie) ?? this.#anybody;
    const metas = [1, 2].map(() => `<meta content="${this.#token(visit)}" name="csrf_token">`);
    return { page: `<!DOCTYPE html>\n<html><head>${metas.join('\n')}</head></html>` };
  }

  #work(name: string, request: IncomingMessage, body: string, visit: Visit, headers: [string, string][]): Answer {
    const { guards, lacks } = this.#habits;
    if (lacks?.includes(name)) return fault(100_002);
    const found = [...body.matchAll(/<(\w+)>/g)].map(([, one]) => one).filter((one) => one !== 'request');
    if (request.method === 'POST') {
      if (!/^<\?xml version="1\.0" encoding="UTF-8"\?><request>.*<\/request>$/s.test(body) || />\s+</.test(body)) {
        this.faults.push(`a body of another form to ${name}`);
        return fault(100_005);
      }
      const order = ORDERS[name];
      if (order !== undefined && found.join(' ') !== order) {
        this.faults.push(`elements ${found.join(' ')} to ${name}`);
        return fault(100_005);
      }
    }
    const fields: Fields = Object.fromEntries(
      [...body.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, key = '', value = '']) => [key, value]),
    );
    if (name.startsWith('user/')) return this.#user(name, fields, request, visit, headers);
    const guarded = guards === 'all' || (guards === 'usual' && USUALLY_GUARDED.includes(name));
    if (guarded && !visit.in) return fault(100_003);
    return this.stick.told(name, request.method === 'POST' ? fields : undefined);
  }

  #user(name: string, fields: Fields, request: IncomingMessage, visit: Visit, headers: [string, string][]): Answer {
    const { login, passwordType, stateless } = this.#habits;
    if (name === 'user/state-login' && !stateless) {
      return all({
        State: visit.in ? 0 : -1,
        username: visit.in ? USER : '',
        password_type: passwordType,
        ...(login === 'scram' && { extern_password_type: 1 }),
      });
    }
    if (name === 'user/login' && login !== 'scram') {
      this.logins++;
      const hex = (text: string) => sha(text).digest('hex');
      const base = (text: string) => Buffer.from(text).toString('base64');
      const token = String(request.headers['__requestverificationtoken'] ?? '');
      const right = login === 'hash' ? base(hex(USER + base(hex(PASSWORD)) + token)) : base(PASSWORD);
      if (fields['Username'] !== USER || fields['Password'] !== right) return fault(108_006);
      return this.#enter(visit, headers, OK);
    }
    if (name === 'user/challenge_login' && login === 'scram') {
      const client = fields['firstnonce'] ?? '';
      if (!/^[0-9a-f]{64}$/.test(client)) return fault(100_006);
      const server = `${client}${randomBytes(16).toString('hex')}`;
      visit.challenge = { client, server, salt: randomBytes(32).toString('hex') };
      return all({ salt: visit.challenge.salt, modeselected: 1, servernonce: server, newType: 0, iterations: 100 });
    }
    if (name === 'user/authentication_login' && visit.challenge) {
      this.logins++;
      const { client, server, salt } = visit.challenge;
      const text = [client, server, server].join(',');
      const salted = pbkdf2Sync(PASSWORD, Buffer.from(salt, 'hex'), 100, 32, 'sha256');
      const key = mac('Client Key', salted);
      const signature = mac(text, sha(key).digest());
      const proof = Buffer.from(key.map((byte, at) => byte ^ (signature[at] ?? 0))).toString('hex');
      if (fields['clientproof'] !== proof || fields['finalnonce'] !== server) return fault(108_006);
      const modulus = 'e1'.repeat(128);
      const own = mac('Server Key', salted);
      return this.#enter(
        visit,
        headers,
        all({
          serversignature: mac(text, own).toString('hex'),
          rsapubkeysignature: mac(own, Buffer.from(modulus, 'hex')).toString('hex'),
          rsan: modulus,
          rsae: '010001',
        }),
      );
    }
    if (name === 'user/logout') {
      visit.in = false;
      return OK;
    }
    return fault(100_002);
  }

  /** Logged in with a new cookie, and none of the tokens of before. */
  #enter(visit: Visit, headers: [string, string][], answer: Answer): Answer {
    visit.tokens = [];
    if (!this.#hasCookies) visit.in = true;
    else {
      for (const [cookie, one] of this.#visits) if (one === visit) this.#visits.delete(cookie);
      const now = this.#visits.get(this.#begin(headers));
      if (now) now.in = true;
    }
    return answer;
  }
}
