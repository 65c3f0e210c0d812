/**
 * Three nodes of Debian's RabbitMQ as one cluster, on the loopback, with MQTT on each and its queues on all of them. They use
 * no folder of the system, and need no root.
 */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, listens, silent } from './mosquitto';

const run = promisify(execFile);
/** The wrappers in the path want to be another user. */
const PROGRAMS = '/usr/lib/rabbitmq/bin';
const INSTALL = 'apt-get install rabbitmq-server';
const NODES = 3;

interface RabbitNode {
  name: string;
  mqtt: number;
  env: NodeJS.ProcessEnv;
  process?: ChildProcess;
}

export class RabbitCluster {
  readonly #nodes: readonly RabbitNode[];
  readonly #mapper: ChildProcess;

  private constructor(nodes: readonly RabbitNode[], mapper: ChildProcess) {
    this.#nodes = nodes;
    this.#mapper = mapper;
  }

  /** Takes about half a minute. What it keeps is in `folder`. */
  static async start(folder: string): Promise<RabbitCluster> {
    const home = join(folder, 'rabbitmq');
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, '.erlang.cookie'), randomBytes(20).toString('hex'), { mode: 0o400 });
    const names = await freePort();
    // In the foreground, so that it is ours to end: the nodes would leave one behind.
    const listen = `epmd -port ${names} -address 127.0.0.1 </dev/null & cat; kill $!`;
    const mapper = spawn('sh', ['-c', listen], { stdio: ['pipe', 'ignore', 'ignore'] });
    const alive = { now: true };
    for (const event of ['error', 'exit'] as const) mapper.once(event, () => (alive.now = false));
    await listens(names, () => alive.now, `epmd (${INSTALL})`);
    const nodes: RabbitNode[] = [];
    for (let n = 1; n <= NODES; n++) nodes.push(await prepare(n, home, names));
    const cluster = new RabbitCluster(nodes, mapper);
    try {
      await Promise.all(nodes.map((_, i) => cluster.begin(i)));
      for (const node of nodes.slice(1)) {
        for (const order of [['stop_app'], ['join_cluster', 'r1@localhost'], ['start_app']]) await control(node, order);
      }
    } catch (error) {
      await cluster.close();
      throw error;
    }
    return cluster;
  }

  /** Where each node takes MQTT. */
  get ports(): number[] {
    return this.#nodes.map(({ mqtt }) => mqtt);
  }

  /** Starts a node; resolves when it takes MQTT. */
  async begin(index: number): Promise<void> {
    const node = this.#at(index);
    // A group of its own, which ends as a whole: with the node, and when nobody holds the other end of its input any more.
    const script = `( ${PROGRAMS}/rabbitmq-server </dev/null; kill -9 0 ) & cat; kill -9 0`;
    const stdio = ['pipe', 'ignore', 'ignore'] as const;
    const started = spawn('sh', ['-c', script], { env: node.env, stdio: [...stdio], detached: true });
    let alive = true;
    for (const event of ['error', 'exit'] as const) started.once(event, () => (alive = false));
    node.process = started;
    await listens(node.mqtt, () => alive, `${node.name} (${INSTALL})`);
    await control(node, ['await_startup']);
  }

  /** SIGKILL; resolves when it is gone. */
  async kill(index: number): Promise<void> {
    const node = this.#at(index);
    const { process: started } = node;
    delete node.process;
    if (started?.pid === undefined || started.exitCode !== null || started.signalCode !== null) return;
    const gone = once(started, 'exit');
    process.kill(-started.pid, 'SIGKILL');
    await gone;
    // What it has started ends after it.
    await silent(node.mqtt);
  }

  async close(): Promise<void> {
    for (const index of this.#nodes.keys()) await this.kill(index);
    this.#mapper.stdin?.end();
    if (this.#mapper.exitCode === null) await once(this.#mapper, 'exit');
  }

  #at(index: number): RabbitNode {
    const node = this.#nodes[index];
    if (!node) throw new Error(`there is no node ${index}`);
    return node;
  }
}

async function prepare(n: number, home: string, names: number): Promise<RabbitNode> {
  const base = join(home, `n${n}`);
  for (const folder of ['db', 'log']) mkdirSync(join(base, folder), { recursive: true });
  const [amqp, dist, mqtt] = [await freePort(), await freePort(), await freePort()];
  writeFileSync(join(base, 'enabled_plugins'), '[rabbitmq_mqtt].\n');
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${amqp}`,
    `mqtt.listeners.tcp.1 = 127.0.0.1:${mqtt}`,
    'mqtt.allow_anonymous = true',
    'mqtt.default_user = guest',
    'mqtt.default_pass = guest',
    // Classic queues die with their node, and what they had acknowledged with them.
    'mqtt.durable_queue_type = quorum',
    'log.file.level = warning',
    'disk_free_limit.absolute = 50MB',
  ];
  writeFileSync(join(base, 'rabbitmq.conf'), `${lines.join('\n')}\n`);
  const env = {
    ...process.env,
    HOME: home,
    RABBITMQ_NODENAME: `r${n}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_NODE_PORT: String(amqp),
    RABBITMQ_DIST_PORT: String(dist),
    RABBITMQ_MNESIA_BASE: join(base, 'db'),
    RABBITMQ_LOG_BASE: join(base, 'log'),
    RABBITMQ_PID_FILE: join(base, 'pid'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(base, 'enabled_plugins'),
    RABBITMQ_CONFIG_FILE: join(base, 'rabbitmq'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(base, 'advanced'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(base, 'generated'),
    RABBITMQ_CONF_ENV_FILE: '/dev/null',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(names),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none',
  };
  return { name: `r${n}@localhost`, mqtt, env };
}

/** Asks a node. */
async function control({ name, env }: RabbitNode, words: readonly string[]): Promise<void> {
  await run(join(PROGRAMS, 'rabbitmqctl'), ['-q', '-n', name, ...words], { env, timeout: 120_000 });
}
