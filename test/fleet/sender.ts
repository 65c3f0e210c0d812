/** Who wants SMS to be sent through gateways, and hears what becomes of them. */

import assert from 'node:assert/strict';
import type { Wanted } from '../support/sent-once';
import type { MqttClient } from './mqtt-client';

const TO = '+491713920000';
/** Nothing was heard of a message for so long: it is asked for again. */
const AGAIN_MS = 10_000;

/** What it has to hear. */
export const HEARS = ['e3272/+/stick', 'e3272/+/sms/receipt'];

interface Wish extends Wanted {
  gw: string;
  /** Some say when they were sent. */
  sent_at?: string;
  heard: number;
}

interface Told {
  id: string;
  event_type: string;
  duplicate?: true;
  text?: string;
}

export class Sender {
  /** The last word of each message, and why it was not sent. */
  readonly fates = new Map<string, string>();
  readonly whys = new Map<string, string>();
  readonly wishes = new Map<string, Wish>();
  /** Gateways whose stick is ready. */
  readonly ready = new Set<string>();
  /** Commands that went out once more: on purpose, and because nothing was heard of them. */
  twice = 0;
  again = 0;
  /** Fates that came once more: as the answer to a repeated command, and otherwise. */
  duplicates = 0;
  repeated = 0;
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
    const { id, event_type, duplicate, text: why } = JSON.parse(text) as Told;
    const wish = this.wishes.get(id);
    assert.ok(wish, `a receipt for ${id}, which nobody has sent`);
    wish.heard = performance.now();
    const before = this.fates.get(id);
    if (event_type === 'accepted') return;
    assert.ok(before === undefined || before === event_type, `${id} is ${event_type}, and was ${before} before`);
    if (duplicate) this.duplicates++;
    else if (before !== undefined) this.repeated++;
    this.fates.set(id, event_type);
    if (why !== undefined) this.whys.set(id, why);
    this.#open.delete(id);
  }

  /** Has it sent, by a command that goes out so many times. */
  send(wanted: Wanted, gw: string, times: number, sent_at?: string): void {
    const wish: Wish = { ...wanted, gw, ...(sent_at !== undefined && { sent_at }), heard: performance.now() };
    this.wishes.set(wish.id, wish);
    this.#open.set(wish.id, wish);
    this.#publish(wish);
    for (let i = 1; i < times; i++) this.repeat(wish.id);
  }

  /** The same command once more, whatever has become of it. */
  repeat(id: string): void {
    const wish = this.wishes.get(id);
    if (!wish) return;
    this.twice++;
    this.#publish(wish);
  }

  /** Messages without a fate. */
  get open(): readonly Wish[] {
    return [...this.#open.values()];
  }

  /** Once more what nothing was heard of for too long. */
  askAgain(): void {
    const now = performance.now();
    for (const wish of this.#open.values()) {
      if (now - wish.heard < AGAIN_MS) continue;
      wish.heard = now;
      this.again++;
      this.#publish(wish);
    }
  }

  async until(enough: () => boolean): Promise<void> {
    while (!enough()) await new Promise<void>((resolve) => (this.#wake = resolve));
  }

  #publish({ gw, id, text, sent_at }: Wish): void {
    const command = JSON.stringify({ id, to: TO, text, ttl: 3600, sent_at });
    this.#client.publish(`e3272/${gw}/sms/set`, command, { qos: 1, retain: false }, () => undefined);
  }
}
