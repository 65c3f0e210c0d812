/** What TLS costs a gateway's connection: Mosquitto, with and without it, in one run; the client is the one of Node-RED. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientOptions, connect, type MqttClient } from '../test/fleet/mqtt-client';
import { makeCertificates } from '../test/support/certificates';
import { freePort, Mosquitto } from '../test/support/mosquitto';
import type { Row } from './row';

const CONNECTIONS = 40;
const MESSAGES = 500;
/** As long as a receipt. */
const PAYLOAD = 'x'.repeat(220);

const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

function opened(options: Pick<ClientOptions, 'servers' | 'ca'>, clientId: string): Promise<MqttClient> {
  return new Promise((resolve, reject) => {
    const client = connect({ ...options, clientId, clean: true, protocolVersion: 5, reconnectPeriod: 0 });
    client.on('connect', () => resolve(client));
    client.on('error', reject);
  });
}

const ended = (client: MqttClient): Promise<void> => new Promise((resolve) => client.end(true, {}, resolve));

const published = (client: MqttClient): Promise<void> =>
  new Promise((resolve, reject) =>
    client.publish('bench/receipt', PAYLOAD, { qos: 1, retain: false }, (error) => (error ? reject(error) : resolve())),
  );

/** Medians in ms: from the first packet to CONNACK, and from PUBLISH to PUBACK, one after the other. */
async function measure(options: Pick<ClientOptions, 'servers' | 'ca'>): Promise<{ connect: number; message: number }> {
  const connects: number[] = [];
  for (let i = 0; i < CONNECTIONS; i++) {
    const began = performance.now();
    const client = await opened(options, `bench-${i}`);
    connects.push(performance.now() - began);
    await ended(client);
  }
  const client = await opened(options, 'bench');
  const messages: number[] = [];
  for (let i = 0; i < MESSAGES; i++) {
    const began = performance.now();
    await published(client);
    messages.push(performance.now() - began);
  }
  await ended(client);
  return { connect: median(connects), message: median(messages) };
}

export async function bench(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-bench-'));
  const { ca, cert, key } = makeCertificates(folder, 'bench');
  const secure = await freePort();
  const broker = await Mosquitto.start(folder, [
    'allow_anonymous true',
    `listener ${secure} 127.0.0.1`,
    ...[`cafile ${ca}`, `certfile ${cert}`, `keyfile ${key}`],
  ]);
  try {
    const server = (port: number, protocol: 'mqtt' | 'mqtts') => ({ servers: [{ host: '127.0.0.1', port, protocol }] });
    const plain = await measure(server(broker.port, 'mqtt'));
    const tls = await measure({ ...server(secure, 'mqtts'), ca: readFileSync(ca) });
    const row = (name: string, value: number, floor: number): Row => ({
      ...{ name, value, unit: 'ms', floor, ratio: value / floor },
      aim: 'floor: without TLS',
    });
    return [
      row('MQTT over TLS: connect', tls.connect, plain.connect),
      row('MQTT over TLS: QoS 1 message until PUBACK', tls.message, plain.message),
    ];
  } finally {
    await broker.close();
    rmSync(folder, { recursive: true });
  }
}
