/** Everything that a gateway publishes: events until the broker has confirmed them, and the newest of what is retained. */

import type { Clock, Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { Journal } from './journal';
import type { Mail, Reply } from './journal-lines';

/** A message to be published. */
export interface Outgoing {
  topic: string;
  payload: string;
  retain: boolean;
  qos: 0 | 1;
  correlationData?: Buffer;
}

/** The way to the broker: a connection, or a wire. */
export interface Way {
  /** Resolves when the broker has it; false if it surely has not. Where it never resolves, nobody knows. */
  publish(message: Outgoing): Promise<boolean>;
}

/** Events that are under way at once. */
const WINDOW = 50;
/** Answers that wait. */
const ANSWERS = 200;

export class Post {
  readonly #way: Way;
  readonly #clock: Clock;
  readonly #journal: Journal;
  readonly #kept = new Map<string, string>();
  /** Events by number, and since when each is, by the clock that nobody sets. */
  readonly #underWay = new Map<number, number>();
  readonly #answers: (() => void)[] = [];
  #open = false;
  #timer: Timer | undefined;
  #patience: number = TIMEOUTS.gateway.unconfirmed;

  constructor(way: Way, clock: Clock, journal: Journal) {
    this.#way = way;
    this.#clock = clock;
    this.#journal = journal;
  }

  /** The broker is there, and the name is ours: what waits goes out, and all that is retained, for brokers forget it. */
  open(): void {
    this.#open = true;
    this.#patience = TIMEOUTS.gateway.unconfirmed;
    this.resend();
    // What was under way on a connection that is gone may be confirmed by nobody: it has its time on this one.
    for (const n of this.#underWay.keys()) this.#underWay.set(n, this.#clock.now());
    this.flush();
    for (const answer of this.#answers.splice(0)) answer();
    if (this.#underWay.size > 0) this.#watch();
  }

  close(): void {
    this.#open = false;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** What stands on `topic` from now on; empty for nothing. */
  keep(topic: string, payload: object | string): void {
    const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
    if (this.#kept.get(topic) === text) return;
    this.#kept.set(topic, text);
    if (!this.#open) return;
    this.#send(topic, text, true);
    if (text === '') this.#kept.delete(topic);
  }

  /** All that is retained, once more. */
  resend(): void {
    if (!this.#open) return;
    for (const [topic, text] of this.#kept) this.#send(topic, text, true);
  }

  /** One of them, once more. */
  resendOne(topic: string): void {
    const text = this.#kept.get(topic);
    if (this.#open && text !== undefined) this.#send(topic, text, true);
  }

  /** Nothing stands on `topic` any more. Resolves when the broker knows, or cannot be told. */
  async empty(topic: string): Promise<void> {
    this.#kept.delete(topic);
    if (this.#open) await this.#way.publish({ topic, payload: '', retain: true, qos: 1 }).catch(() => false);
  }

  /** An event of which nothing is kept. Resolves when the broker has it, or cannot be told. */
  async last(topic: string, payload: object): Promise<void> {
    if (this.#open) await this.#publish({ topic, payload: JSON.stringify(payload), retain: false, qos: 1 });
  }

  /** An answer that is on no record: until the name is ours it waits, but not for the next life. */
  say(topic: string, payload: object, reply?: Reply): void {
    if (!this.#open) {
      this.#answers.push(() => this.say(topic, payload, reply));
      if (this.#answers.length > ANSWERS) this.#answers.shift();
      return;
    }
    this.#send(topic, JSON.stringify(payload), false);
    if (reply) this.#answer(payload, reply);
  }

  /** Tells what the broker has not confirmed yet, in order. */
  flush(): void {
    if (!this.#open) return;
    for (const mail of this.#journal.mails) {
      if (this.#underWay.size >= WINDOW) break;
      if (!this.#underWay.has(mail.n)) void this.#deliver(mail);
    }
  }

  async #deliver(mail: Mail): Promise<void> {
    // It stays under way while the connection is down: whoever publishes sends it again by itself.
    this.#underWay.set(mail.n, this.#clock.now());
    const text = JSON.stringify(mail.payload);
    const published = this.#publish({ topic: mail.topic, payload: text, retain: false, qos: 1 });
    if (mail.reply) this.#answer(mail.payload, mail.reply);
    this.#watch();
    const done = await published;
    if (done) {
      this.#journal.confirmed(mail.n);
      this.#patience = TIMEOUTS.gateway.unconfirmed;
    }
    this.#underWay.delete(mail.n);
    if (done) this.flush();
  }

  /** Who asked by MQTT 5 gets its answer there too: with the events, so again where those are told again. */
  #answer(payload: object, { topic, correlation }: Reply): void {
    const correlationData = correlation === undefined ? {} : { correlationData: Buffer.from(correlation, 'base64') };
    void this.#publish({ topic, payload: JSON.stringify(payload), retain: false, qos: 1, ...correlationData });
  }

  #send(topic: string, payload: string, retain: boolean): void {
    void this.#publish({ topic, payload, retain, qos: 1 });
  }

  #publish(message: Outgoing): Promise<boolean> {
    return this.#way.publish(message).catch(() => false);
  }

  /**
   * Nobody tells of a message that got lost on the way: after a while it is told again, and later and later where the broker
   * confirms nothing (a cluster without its majority): whoever publishes keeps each of them. What is under way for less than
   * that is left to it.
   */
  #watch(): void {
    if (this.#timer) return;
    const now = this.#clock.now();
    const first = Math.min(now, ...this.#underWay.values());
    this.#timer = this.#clock.after(first + this.#patience - now, () => {
      this.#timer = undefined;
      if (this.#journal.waitingMails === 0) return;
      const before = this.#clock.now() - this.#patience;
      for (const [n, since] of this.#underWay) if (since <= before) this.#underWay.delete(n);
      if (this.#journal.waitingMails > this.#underWay.size) {
        this.#patience = Math.min(2 * this.#patience, TIMEOUTS.gateway.unconfirmedMost);
        this.flush();
      }
      this.#watch();
    });
  }
}
