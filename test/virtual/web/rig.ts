/** Helpers of the web face's tests: a stick in HiLink mode on a virtual clock, and a small client of its own. */

import assert from 'node:assert/strict';
import type { StickOptions } from '../../../src/virtual/options';
import { obey } from '../../../src/virtual/orders';
import type { WebAnswer, WebOutcome } from '../../../src/virtual/web/http';
import { type Rig, rig, unhex } from '../rig';

/** usb_modeswitch -J. */
export const NEW_MODE = unhex('55534243123456780000000000000011062000000101000100000000000000');

export const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/** A request as sticks want it: `tags` one after another. */
export const request = (...tags: [name: string, value: string | number][]): string =>
  `${DECLARATION}<request>${tags.map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</request>`;

export const textOf = (answer: WebAnswer): string => Buffer.from(answer.body).toString('utf8');

/** The text of the first element `name`. */
export function tag(answer: WebAnswer, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(textOf(answer))?.[1];
}

export const header = (answer: WebAnswer, name: string): string | undefined =>
  answer.headers.find(([own]) => own.toLowerCase() === name.toLowerCase())?.[1];

/** A client that takes what it is given and repeats nothing. */
export class Client {
  readonly #rig: Rig;
  cookie = '';
  tokens: string[] = [];

  constructor(r: Rig) {
    this.#rig = r;
  }

  async raw(method: string, path: string, body = '', headers: Record<string, string> = {}): Promise<WebOutcome> {
    const { web } = this.#rig.stick;
    assert.ok(web, 'the stick is in no HiLink mode');
    const cookie = this.cookie === '' ? {} : { cookie: `SessionID=${this.cookie}` };
    const outcome = await web.handle({ method, path, headers: { ...cookie, ...headers }, body: Buffer.from(body) });
    if (outcome) this.#keep(outcome);
    return outcome;
  }

  #keep(answer: WebAnswer): void {
    const [, cookie] = /SessionID=([^;]*)/.exec(header(answer, 'Set-Cookie') ?? '') ?? [];
    const tokens = header(answer, '__RequestVerificationToken')?.split('#') ?? [];
    if (cookie !== undefined) Object.assign(this, { cookie, tokens: [] });
    this.tokens.push(...tokens);
  }

  async get(path: string): Promise<WebAnswer> {
    const answer = await this.raw('GET', `/api/${path}`);
    assert.ok(answer, `GET ${path} was closed`);
    return answer;
  }

  async post(path: string, body: string, token = this.tokens.shift()): Promise<WebAnswer> {
    const headers: Record<string, string> = token === undefined ? {} : { __requestverificationtoken: token };
    const answer = await this.raw('POST', `/api/${path}`, body, headers);
    assert.ok(answer, `POST ${path} was closed`);
    return answer;
  }

  /** A cookie and tokens from the page. */
  async openPage(): Promise<WebAnswer> {
    const answer = await this.raw('GET', '/html/index.html');
    assert.ok(answer);
    this.tokens.push(
      ...[...textOf(answer).matchAll(/name="csrf_token" content="([^"]{32})"\/>/g)].map((m) => m[1] ?? ''),
    );
    return answer;
  }

  /** A session and a token by SesTokInfo. */
  async openSession(): Promise<void> {
    const answer = await this.get('webserver/SesTokInfo');
    this.cookie = tag(answer, 'SesInfo')?.replace('SessionID=', '') ?? '';
    this.tokens = [tag(answer, 'TokInfo') ?? ''];
  }

  /** A new token of the session, by webserver/token. */
  async fetchToken(): Promise<void> {
    this.tokens = [tag(await this.get('webserver/token'), 'token')?.slice(-32) ?? ''];
  }
}

/** The error code of an answer; undefined for a good one. */
export const codeOf = (answer: WebAnswer): number | undefined => {
  const code = tag(answer, 'code');
  return textOf(answer).includes('<error>') ? Number(code) : undefined;
};

export interface WebRig extends Rig {
  client: Client;
  /** Brings the stick, plugged in anew, to HiLink mode; resolves when its web server is up. */
  toHilink(): Promise<void>;
  /** Once more, after it has come back as a CD-ROM by itself. */
  switchAgain(): Promise<void>;
  order(order: object): void;
}

export function webRig(options: Partial<StickOptions> = {}): WebRig {
  const r = rig(options);
  const switchAgain = async () => {
    await r.settle('cdrom-hilink', 0);
    assert.equal(r.stick.storage(0)?.bulkOut(NEW_MODE), 'ok');
    await r.event('web');
  };
  return {
    ...r,
    client: new Client(r),
    toHilink: () => {
      r.stick.plug();
      return switchAgain();
    },
    switchAgain,
    order: (order) => obey(r.stick, JSON.stringify(order)),
  };
}

/** A test on a stick that is in HiLink mode, with a session of the kind that its firmware has. */
export function inHilink(options: Partial<StickOptions>, work: (r: WebRig) => Promise<void>): () => Promise<void> {
  return () => {
    const r = webRig(options);
    return r.run(async () => {
      await r.toHilink();
      const { hilink = 'metas' } = options;
      if (hilink === 'metas') await r.client.openPage();
      if (hilink === 'sestok' || hilink === 'scram') await r.client.openSession();
      if (hilink === 'token') await r.client.fetchToken();
      await work(r);
    });
  };
}

/** Of sms/send-sms. */
export const sms = (phones: string[], text: string, date = '2024-01-01 12:00:00'): string =>
  `${DECLARATION}<request><Index>-1</Index><Phones>${phones.map((p) => `<Phone>${p}</Phone>`).join('')}</Phones><Sca></Sca><Content>${text}</Content><Length>${text.length}</Length><Reserved>1</Reserved><Date>${date}</Date></request>`;

/** Of sms/sms-list. */
export const listOf = (box: number, page = 1, read = 20, extra: { sort?: number; ascending?: number } = {}): string =>
  request(
    ['PageIndex', page],
    ['ReadCount', read],
    ['BoxType', box],
    ['SortType', extra.sort ?? 0],
    ['Ascending', extra.ascending ?? 0],
    ['UnreadPreferred', 0],
  );

export interface Shown {
  state: number;
  index: number;
  phone: string;
  text: string;
  date: string;
  type: number;
}

/** The messages of a page of a box. */
export const messagesOf = (answer: WebAnswer): Shown[] =>
  [...textOf(answer).matchAll(/<Message>(.*?)<\/Message>/gs)].map(([, inner = '']) => {
    const of = (name: string) => new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(inner)?.[1] ?? '';
    return {
      state: Number(of('Smstat')),
      index: Number(of('Index')),
      phone: of('Phone'),
      text: of('Content'),
      date: of('Date'),
      type: Number(of('SmsType')),
    };
  });
