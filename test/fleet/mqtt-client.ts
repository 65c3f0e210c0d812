/** The MQTT client that Node-RED has with it, as far as the tests use it. */

import { createRequire } from 'node:module';

export interface Packet {
  retain: boolean;
  messageId?: number;
}

export interface ClientOptions {
  /** Asked for one after the other. */
  servers?: readonly { host: string; port: number; protocol: 'mqtt' | 'mqtts' }[];
  clientId: string;
  clean: boolean;
  protocolVersion: 4 | 5;
  reconnectPeriod: number;
  connectTimeout?: number;
  keepalive?: number;
  username?: string;
  password?: string;
  ca?: Buffer;
  rejectUnauthorized?: boolean;
  properties?: { sessionExpiryInterval: number };
  will?: { topic: string; payload: string; qos: 0 | 1; retain: boolean };
}

export interface MqttClient {
  on(event: 'message', listener: (topic: string, payload: Buffer, packet: Packet) => void): this;
  on(event: 'connect' | 'close', listener: () => void): this;
  on(event: 'error', listener: (error: Error) => void): this;
  subscribe(
    topics: readonly string[],
    options: { qos: 0 | 1 },
    done: (error: Error | null, granted?: { topic: string; qos: number }[]) => void,
  ): void;
  publish(
    topic: string,
    payload: string,
    options: { qos: 0 | 1; retain: boolean },
    done: (error?: Error | null) => void,
  ): void;
  end(force: boolean, options: object, done: () => void): void;
  readonly connected: boolean;
}

const fromNodeRed = createRequire(
  require.resolve('@node-red/nodes/package.json', { paths: [require.resolve('node-red')] }),
);
const { connect } = fromNodeRed('mqtt') as { connect(options: ClientOptions): MqttClient };

export { connect };

/** Where MQTT is spoken on this machine, on one of several ports. */
export const onLoopback = (...ports: readonly number[]): Pick<ClientOptions, 'servers'> => ({
  servers: ports.map((port) => ({ host: '127.0.0.1', port, protocol: 'mqtt' })),
});

/** Resolves when it is connected and hears `topics`. */
export function hearing(client: MqttClient, topics: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.on('connect', () => client.subscribe(topics, { qos: 1 }, (error) => (error ? reject(error) : resolve())));
  });
}

export const ended = (client: MqttClient, force = false): Promise<void> =>
  new Promise((resolve) => client.end(force, {}, resolve));
