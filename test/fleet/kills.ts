/**
 * SMS commands through gateways on virtual sticks while broker nodes are killed: a node of a RabbitMQ cluster of three, or the
 * one Mosquitto. Some commands come twice, and what has no fate is asked for again under its id. Each id has one fate, and by
 * what the networks of the virtual sticks got no message was sent twice and none is missing that is told to be sent.
 *
 * `npm run slow:fleet -- ENGINE MESSAGES KILLS GATEWAYS SEED` (rabbitmq, 1000, 6, 5 where nothing is said) prints the figures.
 */

import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { Mosquitto } from '../support/mosquitto';
import { RabbitCluster } from '../support/rabbitmq';
import { random } from '../support/random';
import { tempFolder } from '../support/temp-folder';
import { Member } from './member';
import { type ClientOptions, connect, ended, hearing, type MqttClient, onLoopback } from './mqtt-client';

export const ENGINES = ['rabbitmq', 'mosquitto'] as const;
export type Engine = (typeof ENGINES)[number];

export interface KillsReport {
  engine: Engine;
  seed: number;
  gateways: number;
  messages: number;
  kills: number;
  /** By fate. */
  fates: Record<string, number>;
  /** Sent by the networks, messages of any text. */
  sent: number;
  /** Commands that went out once more: on purpose, and for want of a fate. */
  twice: number;
  again: number;
  /** Receipts that said that they are repeated, and receipts that came again. */
  duplicates: number;
  seconds: number;
}

interface Brokers {
  ports: readonly number[];
  nodes: number;
  kill(index: number): Promise<void>;
  begin(index: number): Promise<void>;
  close(): Promise<void>;
}

const TO = '+491713920000';
/** Messages without a fate at once. */
const AHEAD = 40;
/** Without a fate for so long, a message is asked for again. */
const AGAIN_MS = 10_000;
/** A node is away for up to so long. */
const AWAY_MS = 3_000;
/** Of the stick, so that kills meet messages that are under way. */
const PART_MS = 10;

async function brokersOf(engine: Engine, folder: string): Promise<Brokers> {
  if (engine === 'rabbitmq') {
    const cluster = await RabbitCluster.start(folder);
    return {
      ports: cluster.ports,
      nodes: cluster.ports.length,
      kill: (index) => cluster.kill(index),
      begin: (index) => cluster.begin(index),
      close: () => cluster.close(),
    };
  }
  const broker = await Mosquitto.start(folder);
  return {
    ports: [broker.port],
    nodes: 1,
    kill: () => broker.kill(),
    begin: () => broker.begin(),
    close: () => broker.close(),
  };
}

interface Wish {
  id: string;
  topic: string;
  text: string;
  since: number;
}

/** Who wants messages to be sent, and hears what becomes of them. */
class Sender {
  readonly fates = new Map<string, string>();
  readonly wishes = new Map<string, Wish>();
  readonly ready = new Set<string>();
  twice = 0;
  again = 0;
  duplicates = 0;
  readonly #open = new Map<string, Wish>();
  readonly #client: MqttClient;
  #wake: () => void = () => undefined;

  constructor(client: MqttClient) {
    this.#client = client;
    client.on('error', () => undefined);
    client.on('message', (topic, payload) => {
      const [, gw = '', ...kind] = topic.split('/');
      if (kind.join('/') === 'stick' && payload.toString().includes('"ready":true')) this.ready.add(gw);
      if (kind.join('/') === 'sms/receipt') this.#receipt(payload.toString());
      this.#wake();
    });
  }

  #receipt(text: string): void {
    const { id, event_type, duplicate } = JSON.parse(text) as { id: string; event_type: string; duplicate?: true };
    if (event_type === 'accepted') return;
    const before = this.fates.get(id);
    assert.ok(before === undefined || before === event_type, `${id} is ${event_type}, and was ${before} before`);
    if (before !== undefined || duplicate) this.duplicates++;
    this.fates.set(id, event_type);
    this.#open.delete(id);
  }

  send(wish: Wish, times: number): void {
    this.wishes.set(wish.id, wish);
    this.#open.set(wish.id, wish);
    this.twice += times - 1;
    for (let i = 0; i < times; i++) this.#publish(wish);
  }

  get open(): number {
    return this.#open.size;
  }

  /** What has no fate for too long. */
  askAgain(): void {
    const now = performance.now();
    for (const wish of this.#open.values()) {
      if (now - wish.since < AGAIN_MS) continue;
      wish.since = now;
      this.again++;
      this.#publish(wish);
    }
    this.#wake();
  }

  async until(enough: () => boolean): Promise<void> {
    while (!enough()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #publish({ id, topic, text }: Wish): void {
    const command = JSON.stringify({ id, to: TO, text, ttl: 3600 });
    this.#client.publish(topic, command, { qos: 1, retain: false }, () => undefined);
  }
}

export interface KillsOptions {
  engine: Engine;
  messages: number;
  kills: number;
  gateways: number;
  seed: number;
}

export async function killBrokers(options: KillsOptions): Promise<KillsReport> {
  const { engine, messages, kills, gateways, seed } = options;
  const next = random(seed);
  const folder = tempFolder('fleet-kills');
  const brokers = await brokersOf(engine, folder);
  // What RabbitMQ 3.10 speaks.
  const mqttFrom = (first: number): Partial<ClientOptions> => ({
    ...onLoopback(...brokers.ports.map((_, i) => brokers.ports[(i + first) % brokers.ports.length] ?? 0)),
    protocolVersion: 4,
    clean: false,
    reconnectPeriod: 300,
  });
  const centre = connect({ ...mqttFrom(0), clientId: 'centre' } as ClientOptions);
  const sender = new Sender(centre);
  const members: Member[] = [];
  const ask = setInterval(() => sender.askAgain(), 1_000);
  try {
    await hearing(centre, ['e3272/+/stick', 'e3272/+/sms/receipt']);
    for (let i = 0; i < gateways; i++) {
      const stick = { seed: i, timing: { sms: PART_MS } };
      members.push(new Member({ gw: `gw${i}`, folder, mqtt: mqttFrom(i), stick }));
    }
    await sender.until(() => sender.ready.size === gateways);
    const began = performance.now();
    let killed = 0;
    let back: Promise<void> = Promise.resolve();
    for (let n = 0; n < messages; n++) {
      await sender.until(() => sender.open < AHEAD);
      const id = `m${n}`;
      const topic = `e3272/gw${next(gateways)}/sms/set`;
      sender.send({ id, topic, text: `${id} of ${seed}`, since: performance.now() }, next(10) === 0 ? 2 : 1);
      if (n < ((killed + 1) * messages) / (kills + 1)) continue;
      killed++;
      // One at a time: two of three are no cluster any more.
      await back;
      const index = next(brokers.nodes);
      await brokers.kill(index);
      // Meanwhile the others go on.
      back = new Promise((resolve) => setTimeout(resolve, next(AWAY_MS))).then(() => brokers.begin(index));
    }
    await back;
    await sender.until(() => sender.open === 0);
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    return judge(options, sender, members, { killed, seconds });
  } finally {
    clearInterval(ask);
    for (const member of members) await member.close();
    await ended(centre, true);
    await brokers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function judge(
  { engine, gateways, messages, seed }: KillsOptions,
  sender: Sender,
  members: readonly Member[],
  { killed, seconds }: { killed: number; seconds: number },
): KillsReport {
  const texts = members.flatMap((member) => member.texts);
  assert.equal(texts.length, new Set(texts).size, 'a message was sent twice');
  const sent = new Set(texts);
  const fates: Record<string, number> = {};
  for (const { id, text } of sender.wishes.values()) {
    const fate = sender.fates.get(id) ?? 'none';
    fates[fate] = (fates[fate] ?? 0) + 1;
    // No gateway was killed: none may be unsure.
    assert.equal(fate, 'sent', `the fate of ${id}`);
    assert.ok(sent.has(text), `${id} is told to be sent`);
  }
  const { twice, again, duplicates } = sender;
  return {
    engine,
    seed,
    gateways,
    messages,
    kills: killed,
    fates,
    sent: texts.length,
    twice,
    again,
    duplicates,
    seconds,
  };
}

if (require.main === module) {
  const [engine = 'rabbitmq', ...numbers] = process.argv.slice(2);
  const [messages = 1000, kills = 6, gateways = 5, seed = Date.now() % 1_000_000] = numbers.map(Number);
  if (!ENGINES.includes(engine as Engine)) throw new Error(`${engine} is none of ${ENGINES.join(', ')}`);
  process.stdout.write(`seed ${seed}\n`);
  void killBrokers({ engine: engine as Engine, messages, kills, gateways, seed }).then((report) =>
    process.stdout.write(`${JSON.stringify(report)}\n`),
  );
}
