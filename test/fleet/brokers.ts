/** The brokers of a fleet, which can be killed: one Mosquitto, or a cluster of RabbitMQ. */

import { Balancer } from '../support/balancer';
import { Mosquitto } from '../support/mosquitto';
import { RabbitCluster } from '../support/rabbitmq';

export const ENGINES = ['rabbitmq', 'mosquitto'] as const;
export type Engine = (typeof ENGINES)[number];

export interface Brokers {
  /** Where each node takes MQTT, and one port that leads to any of them. */
  ports: readonly number[];
  port: number;
  /** SIGKILL; resolves when it is gone. */
  kill(index: number): Promise<void>;
  begin(index: number): Promise<void>;
  close(): Promise<void>;
}

/** What they keep is in `folder`. */
export async function brokersOf(engine: Engine, folder: string): Promise<Brokers> {
  if (engine === 'mosquitto') {
    const broker = await Mosquitto.start(folder);
    return {
      ports: [broker.port],
      port: broker.port,
      kill: () => broker.kill(),
      begin: () => broker.begin(),
      close: () => broker.close(),
    };
  }
  const cluster = await RabbitCluster.start(folder);
  const balancer = await Balancer.start(cluster.ports);
  return {
    ports: cluster.ports,
    port: balancer.port,
    kill: (index) => cluster.kill(index),
    begin: (index) => cluster.begin(index),
    close: async () => {
      await balancer.close();
      await cluster.close();
    },
  };
}

/** What a word of the command line means. */
export function engineOf(word: string): Engine {
  const engine = ENGINES.find((one) => one === word);
  if (!engine) throw new Error(`${word} is none of ${ENGINES.join(', ')}`);
  return engine;
}
