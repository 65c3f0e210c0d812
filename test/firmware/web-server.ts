/** A web server for the tests of fetching, and a clock that stands still. */

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../src/host/host';
import { makeFirmware } from '../../src/virtual/make-files';

export const FILE = makeFirmware();
export const SHA = createHash('sha256').update(FILE).digest('hex');

/** Time that passes only when told to. */
export class StillClock implements Clock {
  readonly #timers = new Map<object, { ms: number; fn: () => void }>();
  now = () => 0;
  date = () => new Date(0);
  during = <T>(work: Promise<T>) => work;
  after(ms: number, fn: () => void) {
    const timer = { cancel: () => this.#timers.delete(timer) };
    this.#timers.set(timer, { ms, fn });
    return timer;
  }
  /** Timers of this length end now. */
  end(ms: number): void {
    for (const timer of [...this.#timers.values()]) if (timer.ms === ms) timer.fn();
  }
  /** What ends each timer of this length, if it has not been called off by then. */
  endings(ms: number): (() => void)[] {
    return [...this.#timers]
      .filter(([, timer]) => timer.ms === ms)
      .map(([key, { fn }]) => () => {
        if (this.#timers.has(key)) fn();
      });
  }
  get waiting(): number {
    return this.#timers.size;
  }
}

export interface Web {
  /** `http://127.0.0.1:port` */
  base: string;
  /** What the server does; it hands out FILE at the beginning of each test. */
  answer: RequestListener;
  /** What it was asked for in this test. */
  seen: string[];
  url(path?: string, sha?: string): string;
}

/** To be called within `describe`. */
export function webServer(): Web {
  const web: Web = {
    base: '',
    answer: () => undefined,
    seen: [],
    url: (path = '/fw.bin', sha = SHA) => `${web.base}${path}#sha256=${sha}`,
  };
  const server = createServer((request, response) => {
    web.seen.push(request.url ?? '');
    web.answer(request, response);
  });
  before(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    web.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  beforeEach(() => {
    web.seen.length = 0;
    web.answer = (_request, response) => response.end(FILE);
  });
  return web;
}
