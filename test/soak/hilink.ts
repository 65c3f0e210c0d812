/**
 * A week of a stick in HiLink mode, in virtual time: polled every minute, SMS in both directions, users that come and go,
 * sessions, tokens and answers that are lost, restarts, replugs, somebody else who logs in, a password that is changed.
 * Nothing is lost, nothing comes twice, nobody is locked out, and what is held and asked does not grow.
 *
 * `node build/test/soak/hilink.js DAYS SEED` runs it for each firmware and prints the figures (`npm run slow:hilink`).
 */

import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type AtHandle, openAt } from '../../src/device/at/open-at';
import { openSms, type SmsHandle } from '../../src/device/sms/open-sms';
import { isDriverError } from '../../src/errors';
import { openHilink } from '../../src/hilink/client';
import type { FaultOrder } from '../../src/virtual/faults';
import { HILINK_NAMES, type HilinkFirmware } from '../../src/virtual/web/firmware';
import { webTransport } from '../../src/virtual/web/transport';
import { type WebBench, webBench } from '../device/hilink/bench';
import { random } from '../support/random';

export interface WeekReport {
  firmware: HilinkFirmware;
  seed: number;
  days: number;
  received: number;
  /** By what became of them. */
  sent: Record<string, number>;
  /** What happened, by name. */
  events: Record<string, number>;
  requests: number;
  requestsPerMinute: number;
  /** Of them logins, and logins that were refused for the password. */
  logins: number;
  refused: number;
  polls: number;
  pollsFailed: number;
  /** Sessions on the stick, at most. */
  sessions: number;
  timers: number;
  /** Bytes after a collection: after the first quarter of the time, and at its end. */
  heap: [early: number, late: number];
}

const NUMBER = '+491713920000';
const MINUTE = 60_000;
const STEP = 10;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

function heap(): number {
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

class Week {
  readonly #bench: WebBench;
  readonly #next: (n: number) => number;
  readonly #got = new Map<string, number>();
  readonly #outcomes = new Map<string, string>();
  readonly #whole = new Map<string, number>();
  readonly #events: Record<string, number> = {};
  #password = 'admin';
  #made = 0;
  #arrived = 0;
  #users: { sms: SmsHandle; at: AtHandle } | undefined;
  readonly #sending = new Set<Promise<unknown>>();
  readonly figures = { requests: 0, logins: 0, refused: 0, sessions: 0, polls: 0, pollsFailed: 0, wrong: 0 };

  /** By challenge a password that was right before may be refused because another login crossed it: it is tried once more. */
  readonly #tries: number;

  constructor(bench: WebBench, next: (n: number) => number, firmware: HilinkFirmware) {
    this.#tries = firmware === 'scram' ? 2 : 1;
    this.#bench = bench;
    this.#next = next;
    bench.stick.onEvent((event) => {
      if (event.what === 'sms' && event.whole !== undefined) this.#count(this.#whole, event.whole);
      if (event.what !== 'request') return;
      this.figures.requests++;
      if (/user\/(?:login|authentication_login)$/.test(event.path)) {
        this.figures.logins++;
        if (event.result === '108006') this.figures.refused++;
        assert.notEqual(event.result, '108007', 'locked out');
      }
      this.figures.sessions = Math.max(this.figures.sessions, bench.stick.web?.sessions ?? 0);
    });
  }

  #count(counts: Map<string, number>, key: string): void {
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  open(password = this.#password): void {
    const { host } = this.#bench;
    const options = { web: { password } };
    const sms = openSms(host, '1-1', options);
    // Who keeps all has more and more of it to be read.
    const remove = this.#next(8) > 0;
    sms.receive({
      onMessage: ({ text = '' }) => {
        this.#count(this.#got, text);
        return remove;
      },
    });
    this.#users = { sms, at: openAt(host, '1-1', options) };
  }

  async close(): Promise<void> {
    const users = this.#users;
    this.#users = undefined;
    await this.#bench.run(Promise.all([users?.sms.release(), users?.at.release()]));
  }

  async poll(): Promise<void> {
    this.figures.polls++;
    try {
      await this.#users?.at.webStatus({ parts: ['signal', 'network', 'sim', 'data'] });
    } catch (error) {
      assert.ok(isDriverError(error), String(error));
      this.figures.pollsFailed++;
    }
  }

  arrive(): void {
    const long = this.#next(4) === 0 ? ` ${'long '.repeat(50)}` : '';
    this.#bench.stick.receiveSms({ from: NUMBER, text: `in ${this.#arrived++}${long}.` });
  }

  send(): void {
    const text = `out ${this.#made++}`;
    const work = this.#users?.sms.send({ to: NUMBER, text }).then(
      () => this.#outcomes.set(text, 'sent'),
      (error: unknown) => this.#outcomes.set(text, isDriverError(error) ? `${error.code}/${error.reason}` : `${error}`),
    );
    if (!work) return;
    this.#sending.add(work);
    void work.finally(() => this.#sending.delete(work));
  }

  /** Something that happens to sticks. */
  async happen(): Promise<void> {
    const { stick, pass } = this.#bench;
    const hard = (order: FaultOrder) => stick.faults.order(order);
    const happenings: Record<string, () => unknown> = {
      'token eaten': () => hard({ fault: 'usedtoken', at: 'web', count: 1 + this.#next(3) }),
      'session gone': () => hard({ fault: 'nosession', at: 'web' }),
      'in use elsewhere': () =>
        hard({ fault: 'nak', at: 'web', path: 'user/login', code: this.#next(2) ? 108_009 : 108_003, count: 3 }),
      busy: () => hard({ fault: 'nak', at: 'web', code: 100_004, count: 2 }),
      'answer lost': () => hard({ fault: 'lost', at: 'web' }),
      'answer cut': () => hard({ fault: 'cut', at: 'web' }),
      'answer spoilt': () => hard({ fault: 'garbage', at: 'web' }),
      silence: () => hard({ fault: 'silence', at: 'web' }),
      redirect: () => hard({ fault: 'redirect', at: 'web', count: 2 }),
      restart: async () => {
        hard({ fault: 'reboot', at: 'web' });
        await pass(2 * MINUTE);
        await this.#back();
      },
      replug: async () => {
        stick.unplug();
        await pass(this.#next(60) * 1_000);
        await this.#back();
      },
      'users restart': async () => {
        await this.close();
        await pass(this.#next(120) * 1_000);
        this.open();
      },
      'somebody else': () => this.#rival(),
      'another password': async () => {
        await this.close();
        stick.changeWeb({ password: `secret${this.#next(1_000)}` });
        this.figures.wrong++;
        this.open();
        await pass(30 * MINUTE);
        await this.close();
        this.#password = `secret${this.figures.wrong}`;
        stick.changeWeb({ password: this.#password });
        this.open();
      },
    };
    const names = Object.keys(happenings);
    const name = names[this.#next(names.length)] ?? '';
    this.#events[name] = (this.#events[name] ?? 0) + 1;
    await happenings[name]?.();
  }

  async #back(): Promise<void> {
    const { stick, toHilink } = this.#bench;
    if (stick.web?.up !== true) await toHilink();
  }

  /** A person at the web page, or a gateway of another make, for a few minutes. */
  async #rival(): Promise<void> {
    const { stick, clock, run, pass } = this.#bench;
    const transport = webTransport(() => stick.web, stick.web?.address ?? '');
    const other = openHilink({ url: 'http://192.168.8.1', password: this.#password, clock, transport });
    for (let minute = 0; minute < 6; minute++) {
      await run(other.sms.list().catch(() => undefined));
      await pass(MINUTE / 2);
    }
    await run(other.close());
  }

  /** All that was sent has its fate, and all that came was handed over. */
  async settle(): Promise<void> {
    this.#bench.stick.faults.clear();
    await this.#back();
    await this.#bench.pass(15 * MINUTE);
    await this.#bench.run(Promise.all(this.#sending));
  }

  judge(): Pick<WeekReport, 'received' | 'sent' | 'events'> {
    const twice = (counts: ReadonlyMap<string, number>) => [...counts].filter(([, times]) => times > 1);
    assert.deepEqual(twice(this.#got), [], 'handed over twice');
    assert.equal(this.#got.size, this.#arrived, 'received');
    assert.deepEqual(twice(this.#whole), [], 'sent twice');
    const sent: Record<string, number> = {};
    for (const [text, outcome] of this.#outcomes) {
      sent[outcome] = (sent[outcome] ?? 0) + 1;
      const left = this.#whole.get(text) ?? 0;
      if (outcome === 'sent') assert.equal(left, 1, `${text} is told as sent`);
      // Who ended before it was its turn has called it off; of what nobody knows either may be so.
      else if (!/unknown/i.test(outcome)) assert.equal(left, 0, `${text}: ${outcome}`);
    }
    assert.equal(this.#outcomes.size, this.#made, 'each has its fate');
    assert.ok(this.figures.refused <= this.figures.wrong * this.#tries, `${this.figures.refused} refused passwords`);
    return { received: this.#got.size, sent, events: this.#events };
  }
}

/** `rest`: of so many ten minutes something happens in one. */
export async function liveThrough(
  firmware: HilinkFirmware,
  days: number,
  seed: number,
  rest = 12,
): Promise<WeekReport> {
  const next = random(seed);
  const bench = await webBench({ hilink: firmware });
  const week = new Week(bench, next, firmware);
  week.open();
  const steps = Math.round((days * 1440) / STEP);
  const memory: [number, number] = [0, 0];
  for (let step = 0; step < steps; step++) {
    if (next(3) === 0 || step === 0) for (let n = next(3); n >= 0; n--) week.arrive();
    if (next(6) === 0 || step === 0) week.send();
    if (next(rest) === 0) await week.happen();
    for (let minute = 0; minute < STEP; minute++) await bench.run(Promise.all([week.poll(), bench.pass(MINUTE)]));
    bench.requests.length = 0;
    if (step === Math.floor(steps / 4)) memory[0] = heap();
  }
  await week.settle();
  memory[1] = heap();
  await week.close();
  const told = week.judge();
  const { figures } = week;
  return {
    firmware,
    seed,
    days,
    ...told,
    requests: figures.requests,
    requestsPerMinute: Math.round((figures.requests / (days * 1440)) * 10) / 10,
    logins: figures.logins,
    refused: figures.refused,
    polls: figures.polls,
    pollsFailed: figures.pollsFailed,
    sessions: figures.sessions,
    timers: bench.clock.pending,
    heap: memory,
  };
}

async function main(): Promise<void> {
  const [days = '7', seed = '20261130', ...names] = process.argv.slice(2);
  for (const firmware of names.length > 0 ? (names as HilinkFirmware[]) : HILINK_NAMES) {
    const began = Date.now();
    const report = await liveThrough(firmware, Number(days), Number(seed));
    process.stdout.write(`${JSON.stringify({ ...report, wallSeconds: Math.round((Date.now() - began) / 1000) })}\n`);
  }
}

if (require.main === module) void main();
