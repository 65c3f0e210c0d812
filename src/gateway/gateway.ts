/**
 * A stick as a member of a fleet and a device of Home Assistant, over MQTT. It knows neither the broker nor the wire: whoever has
 * one hands in what comes ({@link Gateway.take}) and publishes what goes out. Commands are taken from the first moment on, and
 * carried out when a stick is there and the name is known to be ours.
 */

import { type DriverError, failure } from '../errors';
import type { Clock, Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { Courier, type Stick } from './courier';
import { discoveryOf, type Origin } from './discovery';
import { Echo } from './echo';
import { type Incoming, textOfPayload } from './incoming';
import { Intake } from './intake';
import { Journal, type JournalStore, type Times } from './journal';
import type { Command } from './journal-lines';
import { NetworkTime, withNetwork } from './network-time';
import { inherit, leftByOldNames } from './old-name';
import { Post, type Way } from './post';
import { received } from './received';
import { Reporter } from './reporter';
import type { GatewaySettings } from './settings';
import { isGatewayName, kindOf, retainedTopics, type Topics, topicsOf } from './topics';

/**
 * `waiting`: for the broker. `claiming`: whether another gateway has the name. `own`: it is ours. `taken`: another one has it.
 * `silent`: what is published does not come back, as where the broker drops it.
 */
export type GatewayState = 'waiting' | 'claiming' | 'own' | 'taken' | 'silent';

export interface GatewayParts {
  settings: GatewaySettings;
  store: JournalStore;
  times: Times;
  clock: Clock;
  way: Way;
  origin: Origin;
  nodeRed: string | undefined;
  /** Whether the broker keeps what comes while we are away; null where nobody can tell. */
  persistent: () => boolean | null;
  /** What is published can be heard: a broker is at the other end. */
  hears: boolean;
  hint: (error: DriverError) => string | undefined;
  clockIsRight: () => boolean;
  /** From 0 to 1. */
  random?: () => number;
  onState: (state: GatewayState) => void;
  /** A command was refused; `first` of this day. */
  onRefused: (error: DriverError, first: boolean) => void;
  onError: (error: unknown) => void;
}

const DAY = 86_400_000;

export class Gateway {
  readonly topics: Topics;
  readonly #is: GatewayParts;
  readonly #journal: Journal;
  readonly #post: Post;
  readonly #intake: Intake;
  readonly #reporter: Reporter;
  #state: GatewayState = 'waiting';
  #courier: Courier | undefined;
  #stick: Stick | undefined;
  readonly #offs: (() => void)[] = [];
  #claim: Timer | undefined;
  readonly #echo: Echo;
  #birth: Timer | undefined;
  /** Taken while nobody knew whose the name is. */
  #undecided: Command[] = [];
  #refusals = { day: Number.NaN, count: 0 };
  #closed = false;
  #removed = false;

  /** Errors: BAD_ARGUMENT (its name), FILE_UNREADABLE and FILE_NOT_WRITTEN (its journal). */
  constructor(given: GatewayParts) {
    const network = new NetworkTime(() => given.times.up());
    const times = withNetwork(given.times, network);
    const parts = { ...given, times };
    this.#is = parts;
    const { settings, store, clock, way, hint, persistent, nodeRed, origin } = parts;
    const { gw } = settings;
    if (!isGatewayName(gw)) throw failure('BAD_ARGUMENT/gateway-name', { name: JSON.stringify(gw) });
    const topics = topicsOf(settings.gw);
    this.topics = topics;
    this.#echo = new Echo(clock, (passes) => {
      if (this.#state === 'own' || this.#state === 'silent') this.#set(passes ? 'own' : 'silent');
    });
    const journal = new Journal(store, settings.gw, settings.node, times);
    this.#journal = journal;
    const post = new Post(way, clock, journal);
    this.#post = post;
    this.#intake = new Intake({
      ...{ settings, topics, journal, times, hint },
      clockIsRight: () => parts.clockIsRight() || network.agrees(times.date()),
      post: () => this.#soon(() => post.flush()),
      say: (topic, payload, reply) => this.#soon(() => post.say(topic, payload, reply)),
      taken: (command) => this.#taken(command),
      refused: (error) => this.#refused(error),
    });
    this.#reporter = new Reporter({
      ...{ settings, topics, journal, post, times, network, clock, nodeRed, persistent },
      own: () => given.times.date(),
      software: `${origin.name} ${origin.version}`,
      identified: () => this.#discover(),
      failed: parts.onError,
      refusedToday: () => this.#refusals.count,
    });
  }

  get state(): GatewayState {
    return this.#state;
  }

  /** What is to be subscribed to. */
  get subscriptions(): string[] {
    const { prefix, birth } = this.#is.settings.homeAssistant;
    const { commands, info, availability } = this.topics;
    return [commands, info, availability, ...(prefix === undefined ? [] : [birth])];
  }

  /**
   * A message of any of {@link subscriptions}: a command is on the disk when this returns. Also one that comes between the end
   * of this life and the next one, which finds it there. Never throws: what comes is anybody's, and would come again.
   */
  take(message: Incoming): void {
    try {
      this.#take(message);
    } catch (error) {
      this.#is.onError(error);
    }
  }

  #take(message: Incoming): void {
    if (this.#removed || (this.#closed && !kindOf(this.topics, message.topic))) return;
    const { topics } = this;
    const { homeAssistant, gw } = this.#is.settings;
    switch (message.topic) {
      case topics.info:
        this.#hearInfo(textOfPayload(message.payload));
        break;
      case topics.availability:
        this.#hearAvailability(textOfPayload(message.payload));
        break;
      case homeAssistant.birth:
        this.#hearBirth(message);
        break;
      default:
        // The one who has the name answers.
        if (this.#state !== 'taken') this.#intake.take(message);
        else if (kindOf(topics, message.topic)) this.#refused(failure('NAME_TAKEN/gateway', { gw }));
    }
  }

  /** The broker is there, and what was subscribed to comes. */
  connected(): void {
    if (this.#closed || this.#state === 'taken') return;
    if (this.#state === 'own' || this.#state === 'silent') this.#open();
    else {
      this.#set('claiming');
      this.#claim?.cancel();
      this.#claim = this.#is.clock.after(TIMEOUTS.gateway.claim, () => this.#own());
    }
  }

  disconnected(): void {
    this.#claim?.cancel();
    this.#post.close();
    if (this.#state === 'claiming') this.#set('waiting');
    this.#echo.ended();
  }

  /** The stick is there to be used; it need not be ready. */
  use(stick: Stick): void {
    this.#stick = stick;
    this.#reporter.follow(stick);
    this.#offs.push(
      stick.sms.receive({
        onMessage: (message) => {
          // What is thrown leaves it with the stick, to be offered again: ignored it would be forgotten.
          if (this.#state === 'taken') throw failure('NAME_TAKEN/gateway', { gw: this.#is.settings.gw });
          received(this.#journal, this.topics, message, this.#is.times.date());
          this.#soon(() => this.#post.flush());
          this.#reporter.changed();
          // On record here it need not fill the SIM.
          return true;
        },
        onReport: () => true,
        incompleteAfter: TIMEOUTS.gateway.incomplete,
        onError: (error) => this.#is.onError(error),
      }),
    );
    this.#work();
  }

  /** A person says that the name is this gateway's: what another one may have carried out is forgotten. */
  takeOver(): void {
    if (this.#state !== 'taken') return;
    for (const command of this.#journal.open) this.#journal.forget(command);
    this.#set('claiming');
    this.#own();
  }

  /** `removed`: for good. Resolves when that has been told, as far as it can be. */
  async close(removed: boolean): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#removed = removed;
    for (const timer of [this.#claim, this.#birth]) timer?.cancel();
    this.#echo.stop();
    this.#reporter.stop();
    for (const off of this.#offs) off();
    if (removed) this.#courier?.callOff();
    this.#courier?.stop();
    const isOurs = this.#state === 'own' || this.#state === 'silent';
    if (isOurs) await this.#tellEnd(removed);
    this.#post.close();
    try {
      this.#journal.close(removed && isOurs);
    } catch (error) {
      this.#is.onError(error);
    }
  }

  async #tellEnd(removed: boolean): Promise<void> {
    const { topics } = this;
    const { way, clock } = this.#is;
    const offline = { topic: topics.availability, payload: 'offline', retain: true, qos: 1 as const };
    const told = removed
      ? [
          ...[...Object.keys(this.#journal.published), ...retainedTopics(topics)].map((topic) =>
            this.#post.empty(topic),
          ),
          ...this.#journal.open.map((command) =>
            this.#post.last(topics.outcome(command.kind), this.#intake.unknown(command)),
          ),
        ]
      : [this.#post.isOpen ? way.publish(offline).catch(() => false) : Promise.resolve(false)];
    let over: Timer | undefined;
    const late = new Promise<void>((resolve) => {
      over = clock.after(TIMEOUTS.gateway.close, resolve);
    });
    await Promise.race([Promise.all(told), late]);
    over?.cancel();
  }

  #set(state: GatewayState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#is.onState(state);
  }

  #own(): void {
    this.#claim?.cancel();
    this.#undecided = [];
    this.#journal.own(true);
    this.#set('own');
    this.#open();
    this.#work();
  }

  #open(): void {
    if (this.#is.hears) this.#echo.begin();
    this.#post.keep(this.topics.availability, 'online');
    this.#reporter.start();
    this.#post.open();
    this.#tidyOldName();
    this.#discover();
  }

  #work(): void {
    const stick = this.#stick;
    if (!stick || this.#courier || this.#closed || !(this.#state === 'own' || this.#state === 'silent')) return;
    const { settings, times, hint } = this.#is;
    this.#courier = new Courier(
      {
        ...{ gw: settings.gw, topics: this.topics, journal: this.#journal, times, hint, allow: settings.at },
        post: () => this.#post.flush(),
        changed: () => this.#reporter.changed(),
        failed: (error) => this.#is.onError(error),
        rescan: () => this.#reporter.rescan(),
      },
      stick,
    );
  }

  #taken(command: Command): void {
    if (this.#courier) this.#soon(() => this.#courier?.hand(command));
    else if (this.#state !== 'own' && this.#state !== 'silent') this.#undecided.push(command);
    this.#soon(() => this.#reporter.changed());
  }

  /** Outside of whoever hands in a message: there nothing may be done but to put it on the disk. */
  #soon(work: () => void): void {
    this.#is.clock.after(0, () => {
      if (!this.#closed) work();
    });
  }

  #refused(error: DriverError): void {
    const day = Math.floor(this.#is.times.date().getTime() / DAY);
    if (this.#refusals.day !== day) this.#refusals = { day, count: 0 };
    this.#refusals.count++;
    this.#is.onRefused(error, this.#refusals.count === 1);
  }

  /** Who has told of itself under our name. */
  #hearInfo(text: string): void {
    if (text === '') {
      // Somebody has emptied it.
      if (this.#state === 'own') this.#post.resend();
      return;
    }
    const info = parsed(text);
    const { boot, instance, at } = info;
    if (typeof boot !== 'string' || typeof instance !== 'string') return;
    if (boot === this.#journal.boot) {
      this.#echo.heard();
      return;
    }
    const isOurs = instance === this.#journal.instance && this.#journal.knows(boot);
    const age = this.#is.times.date().getTime() - (typeof at === 'string' ? Date.parse(at) : Number.NaN);
    // A clock that is behind makes it look as if it came from the future: then it may well be alive.
    const isAlive = !(age > TIMEOUTS.gateway.alive);
    if (!isOurs && isAlive) this.#lose();
    else if (this.#state === 'claiming') this.#own();
  }

  #lose(): void {
    if (this.#state === 'taken') return;
    this.#claim?.cancel();
    this.#echo.stop();
    this.#birth?.cancel();
    this.#journal.own(false);
    // The other one has had them too.
    for (const command of this.#undecided) {
      this.#journal.forget(command);
      for (const mail of [...this.#journal.mails]) if (mail.payload === command.last) this.#journal.confirmed(mail.n);
    }
    this.#undecided = [];
    this.#post.close();
    this.#courier?.callOff();
    this.#courier?.stop();
    this.#courier = undefined;
    this.#set('taken');
  }

  /** An old connection of ours has ended late, or somebody else has been here. */
  #hearAvailability(text: string): void {
    if (text !== 'online' && this.#state === 'own' && this.#post.isOpen) this.#post.resendOne(this.topics.availability);
  }

  /** Home Assistant has started: brokers may have forgotten what was retained, and it hears nothing of what it is not told. */
  #hearBirth({ payload, retain }: Incoming): void {
    if (textOfPayload(payload) !== 'online' || retain) return;
    const { clock, random = Math.random } = this.#is;
    this.#birth?.cancel();
    this.#birth = clock.after(random() * TIMEOUTS.gateway.birth, () => {
      this.#discover();
      this.#post.resend();
      this.#birth = clock.after(TIMEOUTS.gateway.afterDiscovery, () => this.#post.resend());
    });
  }

  #discover(): void {
    if (this.#state !== 'own' && this.#state !== 'silent') return;
    const { settings, origin } = this.#is;
    const { messages, published } = discoveryOf(
      settings,
      this.topics,
      this.#reporter.facts,
      origin,
      this.#journal.published,
    );
    for (const { topic, payload } of messages) this.#post.keep(topic, payload);
    this.#journal.publishedNow(published);
  }

  /** Under its name before, nobody is there any more. */
  #tidyOldName(): void {
    const { store, settings } = this.#is;
    for (const left of leftByOldNames(store, settings)) {
      for (const topic of left.retained) this.#post.keep(topic, '');
      const unknown = (command: Command) => this.#intake.unknown(command);
      try {
        if (inherit(left, this.#journal, this.topics, unknown)) left.remove();
      } catch (error) {
        this.#is.onError(error);
      }
    }
    this.#post.flush();
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
