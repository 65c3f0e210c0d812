/**
 * What the sidebar shows, watched as long as somebody looks: from the first question until none has come for a while. A
 * Node-RED in which nobody opens the sidebar has nothing of it.
 */

import type { NodeAPI } from 'node-red';
import { errorData } from '../../nodes/shared/failure';
import { hostFor, knownVirtuals, localHost } from '../../nodes/shared/hosts';
import type { Host, UsbDevice } from '../../src/host/host';
import { describeStick, type Stick } from '../../src/stick/stick';
import { cardOf, ordersOf } from './cards';
import { Consoles } from './consoles';
import { failureOf, JobBook } from './job-book';
import { BadRequest } from './routes';
import { type Card, DOORBELL, type Failure, type Order, type PanelState } from './shapes';
import { Watched } from './watched';

/** So long nobody has asked: nobody looks. A sidebar that is open asks once in 10 s. */
const NOBODY_MS = 60_000;
/** The doorbell rings so often at most. */
const RING_MS = 250;
/** What was told longer ago than this is asked again, where the port is open anyway. */
const FRESH_MS = 10_000;

interface Bus {
  host: Host;
  stop(): void;
  /** First list has come. */
  known: Promise<void>;
}

export class Panel {
  readonly consoles = new Consoles(() => this.#changed());
  readonly #RED: NodeAPI;
  readonly #sticks = new Map<string, Watched>();
  readonly #errors = new Map<string, { of: unknown; failure: Failure }>();
  /** Of the machine under '', of each virtual stick under its name. */
  readonly #buses = new Map<string, Bus>();
  #book: JobBook | undefined;
  #rev = 0;
  #ring: NodeJS.Timeout | undefined;
  #rung = 0;
  #nobody: NodeJS.Timeout | undefined;
  /** Somebody looks, or has done so a moment ago. */
  #looked = false;
  #problem: Failure | undefined;

  constructor(RED: NodeAPI) {
    this.#RED = RED;
  }

  /** All cards; what is in use is asked for fresh figures, whose answers ring the doorbell. */
  async state(): Promise<PanelState> {
    await this.#look();
    for (const watched of this.#sticks.values()) void watched.ask(FRESH_MS).catch(() => undefined);
    const cards = await Promise.all([...this.#sticks.values()].filter(isShown).map((watched) => this.#card(watched)));
    cards.sort(
      (a, b) => Number(a.virtual) - Number(b.virtual) || a.stick.localeCompare(b.stick, 'en', { numeric: true }),
    );
    return { rev: this.#rev, cards, ...(this.#problem && { problem: this.#problem }) };
  }

  /** The jobs of this process, while somebody looks. */
  async jobs(): Promise<JobBook> {
    await this.#look();
    return this.#jobs();
  }

  /** A stick that has a card, or a virtual one. Error: BadRequest. */
  async watched(stick: string): Promise<Watched> {
    await this.#look();
    const found = this.#sticks.get(stick);
    if (found) return found;
    throw new BadRequest(404, `There is no stick ${stick}.`);
  }

  /** Whether its card has the button for it now: what was pressed on an old card is too late. */
  takes(watched: Watched, order: Order): boolean {
    return ordersOf(watched, this.#book?.shown(watched.path)).includes(order);
  }

  /** Something about it is different, as an order has been carried out. */
  changed(): void {
    this.#changed();
  }

  /** Ends all watching. */
  stop(): void {
    clearTimeout(this.#nobody);
    this.rest();
    this.#book?.stop();
    this.#book = undefined;
  }

  /** Nobody looks: sticks are watched no more. What jobs tell goes on to be noted, for whoever comes later. */
  rest(): void {
    this.#looked = false;
    clearTimeout(this.#ring);
    this.#ring = undefined;
    this.consoles.stop();
    for (const bus of this.#buses.values()) bus.stop();
    for (const watched of this.#sticks.values()) watched.stop();
    this.#buses.clear();
    this.#sticks.clear();
    this.#errors.clear();
  }

  /** Somebody looks: what there is to watch is watched. */
  async #look(): Promise<void> {
    clearTimeout(this.#nobody);
    this.#nobody = setTimeout(() => this.rest(), NOBODY_MS).unref();
    this.#looked = true;
    this.#jobs();
    const names = ['', ...knownVirtuals().map(({ name }) => name)];
    const problems = await Promise.all(names.map((name) => this.#watchOrSay(name)));
    this.#problem = problems.find((problem) => problem !== undefined);
  }

  /** One that cannot be watched hides no other. */
  async #watchOrSay(name: string): Promise<Failure | undefined> {
    try {
      await this.#watch(name, name === '' ? localHost(this.#RED) : hostFor(this.#RED, name));
      return undefined;
    } catch (error) {
      return failureOf(await errorData(error));
    }
  }

  async #watch(name: string, made: Promise<Host>): Promise<void> {
    const host = await made;
    const before = this.#buses.get(name);
    if (before) return before.known;
    let first = () => {};
    const known = new Promise<void>((resolve) => {
      first = resolve;
    });
    if (name !== '') this.#place(host, name, true);
    const watch = host.watch((devices) => {
      this.#onBus(host, name, devices);
      first();
    });
    this.#buses.set(name, { host, stop: () => watch.stop(), known });
    return known;
  }

  #jobs(): JobBook {
    this.#book ??= new JobBook(() => this.#changed());
    return this.#book;
  }

  #onBus(host: Host, name: string, devices: readonly UsbDevice[]): void {
    const sticks = new Map(devices.map(describeStick).map((stick): [string, Stick] => [stick.path, stick]));
    if (name === '') for (const path of sticks.keys()) this.#place(host, path, false);
    for (const watched of this.#sticks.values()) {
      if (watched.host === host)
        watched.stick = sticks.get(watched.path) ?? (name === '' ? undefined : [...sticks.values()][0]);
    }
    this.#changed();
  }

  #place(host: Host, path: string, virtual: boolean): Watched {
    const found = this.#sticks.get(path);
    if (found) return found;
    const watched = new Watched(host, path, virtual, () => this.#changed());
    this.#sticks.set(path, watched);
    return watched;
  }

  async #card(watched: Watched): Promise<Card> {
    const { path, state } = watched;
    const error = state.error ?? state.web?.error;
    const known = this.#errors.get(path);
    if (!error) this.#errors.delete(path);
    else if (known?.of !== error) this.#errors.set(path, { of: error, failure: failureOf(await errorData(error)) });
    return cardOf(watched, this.#book?.shown(path), error && this.#errors.get(path)?.failure);
  }

  #changed(): void {
    this.#rev++;
    if (this.#ring || !this.#looked) return;
    const wait = Math.max(0, this.#rung + RING_MS - performance.now());
    this.#ring = setTimeout(() => {
      this.#ring = undefined;
      this.#rung = performance.now();
      this.#RED.comms.publish(DOORBELL, { rev: this.#rev }, false);
    }, wait).unref();
  }
}

/** A real one that was pulled has no card, unless a job waits for it. */
const isShown = ({ virtual, stick, state }: Watched): boolean =>
  virtual || stick !== undefined || state.state === 'busy';
