/**
 * Gateways on virtual sticks, without a Node-RED around them, while broker nodes are killed: a node of a RabbitMQ cluster of three,
 * or the one Mosquitto. What is wanted then: blows.ts.
 *
 * `npm run slow:fleet -- ENGINE MESSAGES KILLS GATEWAYS SEED` (rabbitmq, 1000, 6, 5 where nothing is said) prints the figures.
 */

import { brokerKills, type House, type RunOptions, type RunReport, underBlows, type World } from './blows';
import { engineOf } from './brokers';
import { Member } from './member';
import { onLoopback } from './mqtt-client';

/** Of the stick, so that kills meet messages that are under way. */
const PART_MS = 10;

export interface KillsOptions extends RunOptions {
  kills: number;
  gateways: number;
}

export const killBrokers = ({ kills, gateways, ...run }: KillsOptions): Promise<RunReport> =>
  underBlows(run, async (world) => household(world, kills, gateways));

function household(world: World, kills: number, gateways: number): House {
  const { ports } = world.brokers;
  const members = Array.from({ length: gateways }, (_, i) => {
    const servers = onLoopback(...ports.map((_, p) => ports[(p + i) % ports.length] ?? 0));
    // What RabbitMQ 3.10 speaks.
    const mqtt = { ...servers, protocolVersion: 4 as const };
    return new Member({ gw: `gw${i}`, folder: world.folder, mqtt, stick: { seed: i, timing: { sms: PART_MS } } });
  });
  return {
    gateways: members.map(({ gw }) => gw),
    blows: [brokerKills(world, kills)],
    logs: () => members.map(({ sms }) => sms),
    // None was killed.
    mayBeUnknown: () => false,
    mostUnknown: () => 0,
    close: async () => {
      for (const member of members) await member.close();
    },
  };
}

if (require.main === module) {
  const [word = 'rabbitmq', ...numbers] = process.argv.slice(2);
  const [messages = 1000, kills = 6, gateways = 5, seed = Date.now() % 1_000_000] = numbers.map(Number);
  process.stdout.write(`seed ${seed}\n`);
  void killBrokers({ engine: engineOf(word), messages, kills, gateways, seed }).then((report) =>
    process.stdout.write(`${JSON.stringify(report)}\n`),
  );
}
