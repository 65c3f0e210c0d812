/**
 * SMS commands through gateways that are hit meanwhile, in whatever way: some commands come twice, some once more when their
 * message has a fate, and what nothing is heard of is asked for again under its id. Each id has one fate, and by what the networks of the virtual
 * sticks got nothing was sent twice, and nothing is missing that is told to be sent.
 */

import { rmSync } from 'node:fs';
import { random } from '../support/random';
import { judgeSent, wantedOf } from '../support/sent-once';
import { tempFolder } from '../support/temp-folder';
import { type Brokers, brokersOf, type Engine } from './brokers';
import { type ClientOptions, connect, ended, hearing, onLoopback } from './mqtt-client';
import { HEARS, Sender } from './sender';

/** Repeatable: 0 to n - 1. */
type Next = (n: number) => number;

/** One kind of what happens to brokers and gateways. */
export interface Blow {
  what: string;
  /** So many times in a run. */
  count: number;
  /** Resolves when all is up again; meanwhile commands go on. */
  strike(): Promise<void>;
}

/** Gateways, wherever they live. */
export interface House {
  gateways: readonly string[];
  blows: readonly Blow[];
  /** What the network of each stick got. */
  logs(): readonly (readonly { what: string; pdu?: unknown }[])[];
  /** Whether its gateway may have ended while it had this message. */
  mayBeUnknown(id: string): boolean;
  /** A message may be unknown where its gateway was killed, so many in all. */
  mostUnknown(): number;
  close(): Promise<void>;
}

export interface World {
  folder: string;
  brokers: Brokers;
  sender: Sender;
  next: Next;
}

export interface RunOptions {
  engine: Engine;
  messages: number;
  seed: number;
}

export interface RunReport {
  engine: Engine;
  seed: number;
  gateways: number;
  messages: number;
  /** What has happened, and how often. */
  blows: Record<string, number>;
  /** Messages by fate. */
  fates: Record<string, number>;
  /** Parts that the networks got. */
  parts: number;
  /** Commands that went out once more: on purpose, and because nothing was heard of them. */
  twice: number;
  again: number;
  /** Receipts that came once more: as the answer to a repeated command, and otherwise. */
  duplicates: number;
  repeated: number;
  seconds: number;
}

/** Messages of each gateway that are under way at once: fewer than it lets wait, should all be with one. */
const AHEAD = 15;
/** One of so many commands goes out twice, is repeated later, is one of three parts, says when it was sent. */
const TWICE = 10;
const LATER = 20;
const LONG = 20;
const DATED = 3;
/** What is printed of a long run: after so many messages. */
const PROGRESS = 500;
/** Until a blow falls, ms, from the command on at which it is due. */
const SOON = 300;

/** Waits for a time that nobody knows, as whoever kills does. */
export const moment = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills one node of the brokers and starts it again. */
export function brokerKills({ brokers, next }: World, count: number): Blow {
  const { ports } = brokers;
  return {
    what: 'broker killed',
    count,
    // One at a time: two of three are no cluster any more.
    async strike() {
      const index = next(ports.length);
      await brokers.kill(index);
      await moment(next(3_000));
      await brokers.begin(index);
    },
  };
}

/** When each blow falls, by the number of the command: spread over the run. */
class Schedule {
  readonly done: Record<string, number> = {};
  #due: { blow: Blow; at: number[]; running: Promise<void> }[];
  readonly #next: Next;
  readonly #say: (line: string) => void;

  constructor(blows: readonly Blow[], messages: number, next: Next, say: (line: string) => void) {
    this.#next = next;
    this.#say = say;
    this.#due = blows.map((blow) => {
      const share = messages / (blow.count + 0.5);
      const at = Array.from({ length: blow.count }, (_, i) => Math.floor(share * (i + 0.3 + next(1000) / 2000)));
      return { blow, at, running: Promise.resolve() };
    });
  }

  /** The command `n` is out. Resolves soon, or when a blow of a kind that is due once more is over. */
  async passed(n: number): Promise<void> {
    for (const one of this.#due) {
      if (one.at[0] === undefined || one.at[0] > n) continue;
      one.at.shift();
      await one.running;
      const { blow } = one;
      one.running = moment(this.#next(SOON)).then(async () => {
        this.#say(`${blow.what} at ${n}`);
        await blow.strike();
        this.done[blow.what] = (this.done[blow.what] ?? 0) + 1;
      });
      // Whoever waits for it hears of its failure.
      one.running.catch(() => undefined);
    }
  }

  async over(): Promise<void> {
    for (const { running } of this.#due) await running;
  }
}

/** Throws where one of the promises above is not kept, and says with which seed. `progress` gets a line now and then. */
export async function underBlows(
  run: RunOptions,
  build: (world: World) => Promise<House>,
  progress: (line: string) => void = () => undefined,
): Promise<RunReport> {
  try {
    return await struck(run, build, progress);
  } catch (error) {
    throw new Error(`with the seed ${run.seed}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

async function struck(
  { engine, messages, seed }: RunOptions,
  build: (world: World) => Promise<House>,
  progress: (line: string) => void,
): Promise<RunReport> {
  const next = random(seed);
  const folder = tempFolder('blows');
  const brokers = await brokersOf(engine, folder);
  const centre = connect({
    // What RabbitMQ 3.10 speaks.
    ...{ ...onLoopback(...brokers.ports), protocolVersion: 4, clean: false, reconnectPeriod: 300 },
    clientId: 'centre',
  } satisfies ClientOptions);
  const sender = new Sender(centre);
  const ask = setInterval(() => sender.askAgain(), 1_000);
  let house: House | undefined;
  try {
    await hearing(centre, HEARS);
    house = await build({ folder, brokers, sender, next });
    const { gateways } = house;
    await sender.until(() => sender.ready.size === gateways.length);
    const began = performance.now();
    const schedule = new Schedule(house.blows, messages, next, progress);
    for (let n = 0; n < messages; n++) {
      await sender.until(() => sender.open.length < AHEAD * gateways.length);
      const sent_at = next(DATED) === 0 ? new Date().toISOString() : undefined;
      const gw = gateways[next(gateways.length)] ?? '';
      sender.send(wantedOf(n, next(LONG) === 0), gw, next(TWICE) === 0 ? 2 : 1, sent_at);
      if (next(LATER) === 0) sender.repeat(`m${next(n + 1)}`);
      await schedule.passed(n);
      if ((n + 1) % PROGRESS === 0) progress(`${n + 1} commands after ${secondsSince(began)} s`);
    }
    await schedule.over();
    await sender.until(() => sender.open.length === 0);
    const { fates, parts } = judgeSent(sender.wishes.values(), sender, house.logs(), house.mayBeUnknown);
    const { unknown = 0 } = fates;
    if (unknown > house.mostUnknown()) throw new Error(`${unknown} are unknown: more than were with a stick at a kill`);
    const { twice, again, duplicates, repeated } = sender;
    const run = { engine, seed, gateways: gateways.length, messages, blows: schedule.done };
    return { ...run, fates, parts, twice, again, duplicates, repeated, seconds: secondsSince(began) };
  } finally {
    clearInterval(ask);
    await house?.close();
    await ended(centre, true);
    await brokers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 100) / 10;
