/**
 * Gateways in whole Node-REDs, each a process of its own with nodes `e3272-gateway` in their direct form, without limits. They
 * are killed at random moments, stopped, started and deployed, the clocks of their machines are set by hours and by years in
 * either direction, and broker nodes are killed: what is wanted then: blows.ts. A cluster is reached through a load balancer,
 * for the broker node of Node-RED takes one host.
 *
 * `npm run slow:gateway -- ENGINE MESSAGES KILLS SEED` (mosquitto, 10000, 20 where nothing is said) prints the figures.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokerNode, gatewayNode } from '../nodes/gateway-flow';
import { RedProcess } from '../nodes/red-process';
import type { FlowNode } from '../nodes/runtime';
import { stickNode } from '../nodes/sticks';
import { MODEM, ServedSticks } from '../support/served';
import {
  type Blow,
  brokerKills,
  type House,
  moment,
  type RunOptions,
  type RunReport,
  underBlows,
  type World,
} from './blows';
import { type Engine, engineOf } from './brokers';

/** Of the stick, so that kills meet messages that are under way. */
const PART_MS = 20;
/** Node-RED is away for up to so long. */
const AWAY_MS = 2_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** From that of the machine. The last one is before this software was made. */
const CLOCKS = [3 * HOUR, -5 * HOUR, 20 * DAY, -40 * DAY, 3 * 365 * DAY, -6 * 365 * DAY];

export interface RedsOptions extends RunOptions {
  /** Kills of Node-REDs, kills of broker nodes, and jumps of clocks: so many of each. */
  kills: number;
  reds: number;
  /** Of each Node-RED. */
  gateways: number;
}

/** A Node-RED with its gateways, which comes back after each of its ends. */
class Red {
  readonly gateways: readonly string[];
  readonly #folder: string;
  readonly #places: string;
  readonly #flow: FlowNode[];
  #red: RedProcess | undefined;
  #clock = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(folder: string, sticks: readonly { gw: string; place: string }[], port: number, engine: Engine) {
    this.#folder = folder;
    this.gateways = sticks.map(({ gw }) => gw);
    this.#places = sticks.map(({ place }) => place).join(',');
    // What RabbitMQ 3.10 speaks.
    const version = engine === 'rabbitmq' ? { protocolVersion: '4' } : {};
    this.#flow = [
      { id: 'tab', type: 'tab', label: 'tab' },
      ...sticks.flatMap(({ gw, place }) => [
        stickNode(place, { id: `stick-${gw}` }),
        brokerNode(port, { id: `broker-${gw}`, ...version }, gw),
        gatewayNode({ id: gw, stick: `stick-${gw}`, broker: `broker-${gw}`, gw }),
      ]),
    ];
    mkdirSync(join(folder, 'user'), { recursive: true });
    // The machine is not started anew: its clock that nobody sets goes on.
    const run = join(folder, 'machine', 'proc/sys/kernel/random');
    mkdirSync(run, { recursive: true });
    writeFileSync(join(run, 'boot_id'), 'the one run of this machine\n');
  }

  async start(): Promise<void> {
    const { length } = this.#places.split(',');
    if (length !== this.gateways.length) throw new Error('each gateway has a stick');
    const folders = [join(this.#folder, 'user'), join(this.#folder, 'machine')] as const;
    this.#red = await RedProcess.start(...folders, this.#places, this.#flow, this.#clock);
  }

  /** SIGKILL, and back after `away` ms; `ended`: called when it is gone. */
  kill(away: number, ended: () => void): Promise<void> {
    return this.#alone(async (red) => {
      await red.kill();
      ended();
      await moment(away);
      await this.start();
    });
  }

  /** As a service manager does it. */
  restart(away: number): Promise<void> {
    return this.#alone(async (red) => {
      await red.stop();
      await moment(away);
      await this.start();
    });
  }

  deploy(): Promise<void> {
    return this.#alone((red) => red.deploy(this.#flow));
  }

  setClock(offset: number): Promise<void> {
    this.#clock = offset;
    return this.#alone(async (red) => red.setClock(offset));
  }

  /** One thing after the other. */
  #alone(work: (red: RedProcess) => Promise<void>): Promise<void> {
    const done = this.#turn.then(async () => {
      if (this.#red) await work(this.#red);
    });
    this.#turn = done.catch(() => undefined);
    return done;
  }

  async end(): Promise<void> {
    await this.#turn;
    await this.#red?.kill();
  }
}

export function killReds({ kills, reds, gateways, ...run }: RedsOptions, progress?: (line: string) => void) {
  return underBlows(
    run,
    (world) => household(world, { kills, reds, gateways, ...run }),
    progress,
  ) satisfies Promise<RunReport>;
}

async function household(world: World, { engine, kills, reds: count, gateways }: RedsOptions): Promise<House> {
  const { folder, brokers, sender, next } = world;
  const sticks = await ServedSticks.start(
    Array.from({ length: count * gateways }, () => ({ ...MODEM, timing: { sms: PART_MS } })),
  );
  for (const stick of sticks.sticks) stick.plug();
  const reds = Array.from({ length: count }, (_, r) => {
    const own = Array.from({ length: gateways }, (_, g) => r * gateways + g);
    const places = own.map((n) => ({ gw: `gw${n}`, place: `virtual-${n + 1}@127.0.0.1:${sticks.port}` }));
    return new Red(join(folder, `red-${r}`), places, brokers.port, engine);
  });
  const unsure = new Set<string>();
  let killed = 0;
  const any = (): Red => reds[next(reds.length)] as Red;
  const killOne = (): Promise<void> => {
    const red = any();
    return red.kill(next(AWAY_MS), () => {
      killed++;
      for (const { id, gw } of sender.open) if (red.gateways.includes(gw)) unsure.add(id);
    });
  };
  const fewer = Math.ceil(kills / 4);
  const blows: Blow[] = [
    brokerKills(world, kills),
    { what: 'Node-RED killed', count: kills, strike: killOne },
    { what: 'clock set', count: kills, strike: () => any().setClock(CLOCKS[next(CLOCKS.length)] ?? 0) },
    { what: 'Node-RED restarted', count: fewer, strike: () => any().restart(next(AWAY_MS)) },
    { what: 'deployed', count: fewer, strike: () => any().deploy() },
  ];
  const close = async () => {
    await Promise.all(reds.map((red) => red.end()));
    await sticks.close();
  };
  try {
    await Promise.all(reds.map((red) => red.start()));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    gateways: reds.flatMap((red) => red.gateways),
    blows,
    logs: () => sticks.sticks.map(({ name }) => sticks.log.filter(({ stick }) => stick === name)),
    mayBeUnknown: (id) => unsure.has(id),
    // A stick has one message at a time.
    mostUnknown: () => killed * gateways,
    close,
  };
}

if (require.main === module) {
  const [word = 'mosquitto', ...numbers] = process.argv.slice(2);
  const [messages = 10_000, kills = 20, seed = Date.now() % 1_000_000] = numbers.map(Number);
  const say = (line: string) => void process.stdout.write(`${line}\n`);
  say(`seed ${seed}`);
  void killReds({ engine: engineOf(word), messages, kills, seed, reds: 2, gateways: 4 }, say).then((report) =>
    say(JSON.stringify(report)),
  );
}
