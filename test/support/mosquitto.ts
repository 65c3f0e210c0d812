/** A Mosquitto of Debian on the loopback, and its command line clients. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { inWords, lastOf, Seen, until } from './waits';

/** A message as it went over the wire. */
export interface Heard {
  topic: string;
  payload: string;
  retain: number;
  qos: number;
  tst: string;
}

const INSTALL = 'apt-get install mosquitto mosquitto-clients';

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** Resolves when somebody takes connections on `port`; fails where `who` has ended before. */
export async function listens(port: number, alive: () => boolean, who: string): Promise<void> {
  while (!(await answers(port))) {
    if (!alive()) throw new Error(`it does not start: ${who}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resolves when nobody takes connections on `port` any more. */
export async function silent(port: number): Promise<void> {
  while (await answers(port)) await new Promise((resolve) => setTimeout(resolve, 20));
}

async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const there = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.destroy();
  return there;
}

export class Mosquitto {
  readonly port: number;
  readonly #config: string;
  #server: ChildProcess | undefined;
  readonly #clients = new Set<ChildProcess>();

  private constructor(port: number, config: string) {
    this.port = port;
    this.#config = config;
  }

  /** What it keeps is in `folder`, on the disk at once; `more`: lines of its configuration. */
  static async start(folder: string, more: readonly string[] = ['allow_anonymous true']): Promise<Mosquitto> {
    const port = await freePort();
    const store = join(folder, 'mosquitto');
    mkdirSync(store, { recursive: true });
    const config = join(folder, 'mosquitto.conf');
    const lines = [
      `listener ${port} 127.0.0.1`,
      'persistence true',
      `persistence_location ${store}/`,
      'autosave_interval 1',
      'autosave_on_changes true',
      'max_queued_messages 0',
      'log_dest none',
      ...(process.geteuid?.() === 0 ? ['user root'] : []),
      ...more,
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    const broker = new Mosquitto(port, config);
    await broker.begin();
    return broker;
  }

  /** Of its process; undefined while it is down. */
  get pid(): number | undefined {
    return this.#server?.pid;
  }

  async begin(): Promise<void> {
    const server = spawn('mosquitto', ['-c', this.#config], {
      stdio: 'ignore',
      env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin` },
    });
    let alive = true;
    server.once('error', () => {
      alive = false;
    });
    server.once('exit', () => {
      alive = false;
    });
    this.#server = server;
    await listens(this.port, () => alive, `mosquitto (${INSTALL})`);
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null || server.signalCode !== null) return;
    server.kill('SIGKILL');
    await once(server, 'exit');
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.kill('SIGKILL');
    await this.kill();
  }

  /** Publishes each of `payloads` on `topic`; resolves when the broker has all of them. */
  async publish(topic: string, payloads: readonly (object | string)[], ...more: string[]): Promise<void> {
    const args = ['-h', '127.0.0.1', '-p', String(this.port), '-t', topic, '-q', '1', '-l', ...more];
    const client = spawn('mosquitto_pub', args, { stdio: ['pipe', 'ignore', 'inherit'] });
    for (const one of payloads) client.stdin.write(`${typeof one === 'string' ? one : JSON.stringify(one)}\n`);
    client.stdin.end();
    const [code] = (await once(client, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`mosquitto_pub ended with ${code}`);
  }

  /** Hears everything from now on, and what is retained. */
  listen(...more: string[]): Ear {
    const args = ['-h', '127.0.0.1', '-p', String(this.port), '-V', '5', '--retain-as-published', '-q', '1'];
    // A session of its own, so that nothing is missed while the broker is down.
    const own = ['-i', `ear-${Math.random().toString(36).slice(2)}`, '-c', '-x', '3600'];
    const client = spawn('mosquitto_sub', [...args, ...own, '-t', '#', '-F', '%j', ...more], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#clients.add(client);
    return new Ear(client);
  }
}

export class Ear {
  readonly #heard = new Seen<Heard>();

  constructor(client: ChildProcess) {
    if (!client.stdout) throw new Error('mosquitto_sub has no output');
    createInterface({ input: client.stdout }).on('line', (line) => {
      const { payload, ...message } = JSON.parse(line) as Heard & { payload: unknown };
      const text = typeof payload === 'string' ? payload : payload === undefined ? '' : JSON.stringify(payload);
      this.#heard.add({ ...message, payload: text });
    });
  }

  get all(): readonly Heard[] {
    return this.#heard.all;
  }

  /** The first message that is wanted; waits for it. */
  hears(wanted: (message: Heard) => boolean): Promise<Heard> {
    return this.#heard.find(`a message over MQTT, ${inWords(wanted)}`, wanted, {
      came: () => lastOf(this.#heard.all, 'messages'),
    });
  }

  /** Resolves when all that was heard makes `look` true, which is asked once for each message: `what` is waited for. */
  async until(what: string, look: () => boolean): Promise<void> {
    await until({ what, look, listen: this.#heard.listen, came: () => lastOf(this.#heard.all, 'messages') });
  }

  /** What was published on topics that end so, parsed. */
  on<T>(end: string): T[] {
    return this.all
      .filter(({ topic, payload }) => topic.endsWith(end) && payload !== '')
      .map(({ payload }) => JSON.parse(payload) as T);
  }
}
