/** A gateway with a virtual stick and a broker in memory, on a virtual clock. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { openSms } from '../../src/device/sms/open-sms';
import type { DriverError } from '../../src/errors';
import { Gateway, type GatewayParts, type GatewayState } from '../../src/gateway/gateway';
import { LIMITS } from '../../src/gateway/guard';
import type { Incoming } from '../../src/gateway/incoming';
import type { JournalStore } from '../../src/gateway/journal';
import type { Receipt, Result } from '../../src/gateway/payloads';
import type { Outgoing } from '../../src/gateway/post';
import { ENTITY_GROUPS, type GatewaySettings } from '../../src/gateway/settings';
import { webBench } from '../device/hilink/bench';
import { type Bench, type BenchStick, virtualBench } from '../support/bench';

export const CONTACT = '+491701234567';
export const OTHER = '+491713920000';

/** Notes in memory, on a disk that can be full. */
export class MemoryStore implements JournalStore {
  readonly notes = new Map<string, string>();
  hasRoom = true;
  appends = 0;

  read = (key: string): string | undefined => this.notes.get(key);
  write(key: string, text: string | undefined): boolean {
    if (!this.hasRoom) return false;
    if (text === undefined) this.notes.delete(key);
    else this.notes.set(key, text);
    return true;
  }
  append(key: string, text: string): boolean {
    if (!this.hasRoom) return false;
    this.appends++;
    this.notes.set(key, (this.notes.get(key) ?? '') + text);
    return true;
  }
  list = () => [...this.notes].map(([key, text]) => ({ key, text }));
  problems = (): string[] => [];
  copy(): MemoryStore {
    const copy = new MemoryStore();
    for (const [key, text] of this.notes) copy.notes.set(key, text);
    return copy;
  }
}

/** A message as the broker hands it on. */
export interface Captured {
  topic: string;
  payload: string;
  retain: boolean;
  qos: number;
  correlationData?: Buffer;
  /** When. */
  tst: string;
}

/** One session for each subscriber; retained messages; nothing gets lost. */
export class MemoryBroker {
  readonly captured: Captured[] = [];
  readonly retained = new Map<string, string>();
  now = (): number => 0;
  /** Topics whose messages are dropped without a word. */
  drops: (topic: string) => boolean = () => false;
  readonly #clients = new Set<{ topics: readonly string[]; take: (message: Incoming) => void }>();

  publish({ topic, payload, retain, qos, correlationData }: Outgoing): void {
    if (this.drops(topic)) return;
    const tst = new Date(this.now()).toISOString();
    this.captured.push({ topic, payload, retain, qos, tst, ...(correlationData && { correlationData }) });
    if (retain && payload === '') this.retained.delete(topic);
    else if (retain) this.retained.set(topic, payload);
    for (const { topics, take } of [...this.#clients]) {
      if (topics.some((filter) => matches(filter, topic))) take({ topic, payload });
    }
  }

  connect(topics: readonly string[], take: (message: Incoming) => void): () => void {
    const client = { topics, take };
    this.#clients.add(client);
    for (const [topic, payload] of this.retained) {
      if (topics.some((filter) => matches(filter, topic))) take({ topic, payload, retain: true });
    }
    return () => this.#clients.delete(client);
  }
}

const matches = (filter: string, topic: string): boolean =>
  new RegExp(`^${filter.replaceAll('+', '[^/]*')}$`).test(topic);

export const settingsOf = (more: Partial<GatewaySettings> = {}): GatewaySettings => ({
  gw: 'gw1',
  node: 'node1',
  homeAssistant: {
    prefix: 'homeassistant',
    form: 'device',
    birth: 'homeassistant/status',
    language: 'en',
    groups: ENTITY_GROUPS,
    name: 'SMS gateway',
  },
  contacts: [{ key: 'anna', name: 'Anna', number: CONTACT }],
  defaultTo: undefined,
  numbers: [],
  at: [],
  ussd: [],
  limits: LIMITS,
  ttl: 900_000,
  queue: 200,
  maxParts: 10,
  replies: [],
  every: 30_000,
  ...more,
});

export interface GatewayBench extends Bench {
  broker: MemoryBroker;
  store: MemoryStore;
  gateway: Gateway;
  states: GatewayState[];
  refused: { error: DriverError; first: boolean }[];
  errors: unknown[];
  /** Texts that the network got. */
  texts: string[];
  /** Machine and clock of the gateway. */
  machine: { boot: string | undefined; up: number; wall: number };
  /** Publishes as another client does. */
  send(topic: string, payload: object | string, more?: Partial<Incoming>): void;
  connect(): void;
  disconnect(): void;
  /** Plugs the stick in again. */
  back(): Promise<void>;
  /** The process is killed, and starts again. */
  restart(settings?: Partial<GatewaySettings>): void;
  /** A deploy. */
  close(removed?: boolean): Promise<void>;
  wait(ms: number): Promise<void>;
  until(enough: () => boolean): Promise<void>;
  receipts(id: string): Receipt[];
  results(id: string): Result[];
}

export interface BenchOptions {
  settings?: Partial<GatewaySettings>;
  stick?: BenchStick;
  /** The stick is in HiLink mode. */
  hilink?: boolean;
  store?: MemoryStore;
  broker?: MemoryBroker;
  parts?: Partial<GatewayParts>;
  /** Without its stick. */
  bare?: boolean;
  /** Not connected. */
  away?: boolean;
}

/** Three years on: what the clock of the bench says is from before this software. */
const YEARS = Date.UTC(2027, 0, 1) - Date.UTC(2024, 0, 1);

export async function gatewayBench(options: BenchOptions = {}): Promise<GatewayBench> {
  const web = options.hilink ? await webBench() : undefined;
  const bench =
    web ?? virtualBench({ firmware: 'stick', setport: 'FF;10,12', timing: { urcEvery: 0 }, ...options.stick });
  if (!web && !options.bare) await bench.plug();
  const texts: string[] = [];
  bench.stick.onEvent((event) => {
    if (event.what === 'sms' && event.whole !== undefined) texts.push(event.whole);
  });
  const machine = { boot: 'machine-1' as string | undefined, up: 1_000_000, wall: YEARS };
  const times = {
    date: () => new Date(bench.clock.date().getTime() + machine.wall),
    up: () => machine.up + bench.clock.now(),
    get machine() {
      return machine.boot;
    },
  };
  const broker = options.broker ?? new MemoryBroker();
  broker.now = () => times.date().getTime();
  const store = options.store ?? new MemoryStore();
  let alive = {};
  let connected = false;
  let leave = () => {};
  let release = async () => {};
  const wait = (ms: number) => bench.run(new Promise<void>((resolve) => void bench.clock.after(ms, resolve)));
  const heard: Pick<GatewayBench, 'states' | 'refused' | 'errors'> = { states: [], refused: [], errors: [] };
  const make = (settings: Partial<GatewaySettings>): Gateway => {
    const life = {};
    alive = life;
    const gateway = new Gateway({
      settings: settingsOf(settings),
      store,
      times,
      clock: bench.clock,
      way: {
        publish: async (message) => {
          if (!connected || alive !== life) return false;
          broker.publish(message);
          return true;
        },
      },
      origin: { name: '@e3272/node-red', version: '0.1.0', url: undefined },
      nodeRed: '4.1.0',
      persistent: () => true,
      hears: true,
      hint: () => undefined,
      clockIsRight: () => true,
      random: () => 0,
      onState: (state) => heard.states.push(state),
      onRefused: (error, first) => heard.refused.push({ error, first }),
      onError: (error) => heard.errors.push(error),
      ...options.parts,
    });
    if (!options.bare) {
      const [at, sms] = [openAt(bench.host, '1-1', { web: {} }), openSms(bench.host, '1-1', { web: {} })];
      gateway.use({ at, sms });
      release = async () => {
        await Promise.all([at.release(), sms.release()]);
      };
    }
    return gateway;
  };
  const it: GatewayBench = {
    ...bench,
    broker,
    store,
    machine,
    texts,
    ...heard,
    gateway: make(options.settings ?? {}),
    send(topic, payload, more = {}) {
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      it.gateway.take({ topic, payload: Buffer.from(text), ...more });
    },
    connect() {
      connected = true;
      leave = broker.connect(it.gateway.subscriptions, (message) => it.gateway.take(message));
      it.gateway.connected();
    },
    disconnect() {
      connected = false;
      leave();
      it.gateway.disconnected();
    },
    restart(settings = options.settings ?? {}) {
      leave();
      connected = false;
      void release();
      it.gateway = make(settings);
    },
    async close(removed = false) {
      await bench.run(it.gateway.close(removed));
      leave();
      await bench.run(release());
    },
    async back() {
      if (web) await web.toHilink();
      else bench.stick.plug();
    },
    wait,
    async until(enough) {
      for (let i = 0; !enough(); i++) {
        assert.ok(i < 2_000, 'it does not come');
        await wait(100);
      }
    },
    receipts: (id) => told(broker, 'sms/receipt', id) as Receipt[],
    results: (id) => ['ussd', 'at', 'command'].flatMap((kind) => told(broker, `${kind}/result`, id) as Result[]),
  };
  if (!options.away) {
    it.connect();
    await it.wait(3_000);
  }
  return it;
}

const told = (broker: MemoryBroker, topic: string, id: string): object[] =>
  broker.captured
    .filter((message) => message.topic.endsWith(`/${topic}`) && message.payload !== '')
    .map(({ payload }) => JSON.parse(payload) as { id: string })
    .filter((payload) => payload.id === id);

/** `accepted sent`. */
export const fates = (receipts: readonly Receipt[]): string =>
  receipts.map(({ event_type, duplicate }) => (duplicate ? `${event_type}!` : event_type)).join(' ');
