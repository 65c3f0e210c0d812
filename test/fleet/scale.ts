/**
 * A fleet on one Mosquitto: so many gateways, each with a virtual stick of its own, in a handful of processes, and one listener
 * in the middle. Prints what it takes, as lines of JSON; docs/fleet.md has the figures.
 *
 * `npm run slow:fleet-scale -- GATEWAYS PROCESSES FOLDER` (1000 and 4 where nothing is said). All gateways write their journals
 * to one disk here, and wait for it, which those of a fleet do not: in FOLDER, such as a new one below /dev/shm, they do not
 * either.
 */

import { type ChildProcess, fork } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Mosquitto } from '../support/mosquitto';
import { tempFolder } from '../support/temp-folder';
import { connect, ended, hearing, type MqttClient, onLoopback } from './mqtt-client';
import type { ScaleOrder, ScaleWord } from './scale-child';

const CONFIG = /^homeassistant\/device\/(\w+)\/e3272\/config$/;
const TO = '+491713920000';
/** SMS that come in a second, all gateways together. */
const RATE = 20;
const ROUNDS_MS = 20_000;
const IDLE_MS = 30_000;
/** What hangs is over after so long. */
const STEP_MS = 600_000;
const BROKER = ['allow_anonymous true', 'autosave_on_changes false', 'autosave_interval 10'];

interface Came {
  gw: string;
  kind: string;
  payload: string;
  at: number;
  retain: boolean;
}

export const quantile = (values: readonly number[], q: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN;
};

const seconds = (ms: number): number => Math.round(ms / 100) / 10;
const MIB = 1024 * 1024;
const mib = (bytes: number): number => Math.round((bytes / MIB) * 100) / 100;
const print = (step: string, figures: object): void =>
  void process.stdout.write(`${JSON.stringify({ step, ...figures })}\n`);

/** Resident memory of a process, by Linux; NaN elsewhere. */
function rssOf(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) * 1024;
  } catch {
    return Number.NaN;
  }
}

class Fleet {
  readonly #children: { child: ChildProcess; born: number; rss: number; cpuMs: number }[] = [];
  #count = 0;
  #bytes = 0;
  #perSecond = new Map<number, number>();
  #hear: (message: Came) => void = () => undefined;

  constructor(
    readonly size: number,
    readonly broker: Mosquitto,
    readonly centre: MqttClient,
  ) {
    centre.on('message', (topic, payload, { retain }) => {
      this.#count++;
      this.#bytes += topic.length + payload.length;
      const second = Math.floor(performance.now() / 1000);
      this.#perSecond.set(second, (this.#perSecond.get(second) ?? 0) + 1);
      const gw = CONFIG.exec(topic)?.[1];
      const [, name = '', ...kind] = topic.split('/');
      const message = { gw: gw ?? name, kind: gw === undefined ? kind.join('/') : 'config' };
      this.#hear({ ...message, payload: payload.toString(), at: Date.now(), retain });
    });
  }

  start(processes: number, folder: string): void {
    for (let p = 0; p < processes; p++) {
      const first = Math.floor((this.size * p) / processes);
      const count = Math.floor((this.size * (p + 1)) / processes) - first;
      const args = [first, count, this.broker.port, folder].map(String);
      const child = fork(join(__dirname, 'scale-child.js'), args, { stdio: 'inherit' });
      const entry = { child, born: 0, rss: 0, cpuMs: 0 };
      child.on('message', (word: ScaleWord) => {
        if ('born' in word) entry.born = word.born;
        else Object.assign(entry, word);
      });
      this.#children.push(entry);
    }
  }

  order(order: ScaleOrder): void {
    for (const { child } of this.#children) child.send(order);
  }

  end(): void {
    for (const { child } of this.#children) child.kill('SIGKILL');
  }

  get memory(): object {
    const grown = this.#children.reduce((sum, { rss, born }) => sum + rss - born, 0);
    return { mib_per_gateway: mib(grown / this.size), broker_mib: mib(rssOf(this.broker.pid)) };
  }

  get cpuMs(): number {
    return this.#children.reduce((sum, { cpuMs }) => sum + cpuMs, 0);
  }

  /** From now until `hear` has said true for so many different keys: ms, and what went through the broker in that time. */
  async during(step: string, enough: number, hear: (message: Came) => string | undefined): Promise<object> {
    const seen = new Set<string>();
    const began = performance.now();
    const base = [this.#count, this.#bytes, this.cpuMs] as const;
    this.#perSecond = new Map();
    await new Promise<void>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${step}: ${seen.size} of ${enough} came`)), STEP_MS);
      this.#hear = (message) => {
        const key = hear(message);
        if (key !== undefined) seen.add(key);
        if (seen.size < enough) return;
        clearTimeout(late);
        resolve();
      };
    });
    return this.#figures(began, base);
  }

  async idle(ms: number): Promise<object> {
    const began = performance.now();
    const base = [this.#count, this.#bytes, this.cpuMs] as const;
    this.#perSecond = new Map();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return this.#figures(began, base);
  }

  #figures(began: number, [count, bytes, cpu]: readonly [number, number, number]): object {
    const ms = performance.now() - began;
    const messages = this.#count - count;
    return {
      seconds: seconds(ms),
      messages,
      messages_per_s: Math.round((messages / ms) * 10_000) / 10,
      most_in_a_second: Math.max(0, ...this.#perSecond.values()),
      kib: Math.round((this.#bytes - bytes) / 1024),
      cpu_share: Math.round(((this.cpuMs - cpu) / ms) * 100) / 100,
    };
  }
}

const isReady = ({ kind, payload }: Came): boolean => kind === 'stick' && payload.includes('"ready":true');

/** Each step prints a line. */
export async function runScale(size: number, processes: number, state: string | undefined): Promise<void> {
  const folder = tempFolder('fleet');
  // The default of the tests writes all that it keeps after each change: with many retained messages that is all it does.
  const broker = await Mosquitto.start(folder, BROKER);
  const centre = connect({
    ...onLoopback(broker.port),
    ...{ clientId: 'centre', clean: false, protocolVersion: 5, reconnectPeriod: 200 },
    properties: { sessionExpiryInterval: 3600 },
  });
  centre.on('error', () => undefined);
  const fleet = new Fleet(size, broker, centre);
  try {
    await hearing(centre, ['e3272/#', 'homeassistant/device/+/e3272/config']);
    fleet.start(processes, state ?? folder);
    print('start', await fleet.during('start', size, (m) => (isReady(m) ? m.gw : undefined)));
    print('idle', { ...(await fleet.idle(IDLE_MS)), ...fleet.memory });
    print('sms in', await smsIn(fleet, processes));
    print('sms out', await smsOut(fleet, centre));
    print('birth', await birth(fleet, centre));
    print('broker killed', await reconnect(fleet));
    print('end', fleet.memory);
  } finally {
    fleet.end();
    await ended(centre, true);
    await broker.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function smsIn(fleet: Fleet, processes: number): Promise<object> {
  const rounds = Math.max(1, Math.round((RATE * ROUNDS_MS) / 1000 / fleet.size));
  const delays: number[] = [];
  const done = fleet.during('sms in', rounds * fleet.size, ({ kind, payload, at }) => {
    if (kind !== 'sms/received') return undefined;
    const { text } = JSON.parse(payload) as { text: string };
    delays.push(at - Number(text.split(' ')[2]));
    return text;
  });
  fleet.order({ sms: { apart: (1000 * processes) / RATE, rounds } });
  const figures = await done;
  return { ...figures, p50_ms: quantile(delays, 0.5), p99_ms: quantile(delays, 0.99) };
}

/** A message to each gateway, all at once. */
async function smsOut(fleet: Fleet, centre: MqttClient): Promise<object> {
  const began = Date.now();
  const delays: number[] = [];
  const fates = new Map<string, string>();
  const done = fleet.during('sms out', fleet.size, ({ kind, payload, at }) => {
    if (kind !== 'sms/receipt') return undefined;
    const { id, event_type } = JSON.parse(payload) as { id: string; event_type: string };
    if (event_type === 'accepted') return undefined;
    // A receipt may come again; the first one counts.
    if (!fates.has(id)) delays.push(at - began);
    fates.set(id, event_type);
    return id;
  });
  for (let n = 0; n < fleet.size; n++) {
    const command = { id: `out${n}`, to: TO, text: `message ${n}` };
    centre.publish(`e3272/gw${n}/sms/set`, JSON.stringify(command), { qos: 1, retain: false }, () => undefined);
  }
  const figures = await done;
  return {
    ...figures,
    sent: [...fates.values()].filter((fate) => fate === 'sent').length,
    p50_ms: quantile(delays, 0.5),
    p99_ms: quantile(delays, 0.99),
  };
}

/** Home Assistant has started: all tell it again what they are. */
function birth(fleet: Fleet, centre: MqttClient): Promise<object> {
  const done = fleet.during('birth', fleet.size, ({ gw, kind }) => (kind === 'config' ? gw : undefined));
  centre.publish('homeassistant/status', 'online', { qos: 0, retain: false }, () => undefined);
  return done;
}

/** From the moment that the broker is there again. */
async function reconnect(fleet: Fleet): Promise<object> {
  await fleet.broker.kill();
  await fleet.broker.begin();
  return fleet.during('broker killed', fleet.size, ({ gw, kind, retain }) =>
    kind === 'info' && !retain ? gw : undefined,
  );
}

if (require.main === module) {
  const [size = 1000, processes = 4] = process.argv.slice(2, 4).map(Number);
  void runScale(size, processes, process.argv[4]);
}
