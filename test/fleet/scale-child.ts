/**
 * Some gateways of a fleet in one process. Arguments: the number of the first one, how many, the port of the broker, a folder.
 * It says what it weighs before and after, and lets SMS come when it is told to.
 */

import { join } from 'node:path';
import { carryOut } from '../../src/virtual/orders';
import { Member } from './member';
import { onLoopback } from './mqtt-client';

/** SMS come to all gateways, one after the other, so many ms apart; or: the end. */
export type ScaleOrder = { sms: { apart: number; rounds: number } } | { end: true };
export type ScaleWord = { born: number } | { rss: number; cpuMs: number };

export const FROM = '+491701234567';
/** Node-RED's own default is 5 s; its settings file says 15 s. */
const RECONNECT_MS = 5_000;

const say = (word: ScaleWord): void => void process.send?.(word);
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function live(first: number, count: number, port: number, folder: string): void {
  const members: Member[] = [];
  process.once('disconnect', () => process.exit());
  say({ born: process.memoryUsage().rss });
  for (let n = first; n < first + count; n++) {
    const mqtt = { ...onLoopback(port), reconnectPeriod: RECONNECT_MS, connectTimeout: 60_000 };
    members.push(new Member({ gw: `gw${n}`, folder: join(folder, 'state'), mqtt, stick: { seed: n } }));
  }
  setInterval(() => say({ rss: process.memoryUsage().rss, cpuMs: cpuMs() }), 1_000).unref();
  const letCome = async (apart: number, rounds: number): Promise<void> => {
    for (let i = 0; i < rounds * members.length; i++) {
      const member = members[i % members.length];
      // When it left, in the text itself.
      if (member) carryOut(member.stick, { do: 'sms', from: FROM, text: `${member.gw} ${i} ${Date.now()}` });
      await new Promise((resolve) => setTimeout(resolve, apart));
    }
  };
  process.on('message', (order: ScaleOrder) => {
    if ('sms' in order) void letCome(order.sms.apart, order.sms.rounds);
    else process.exit();
  });
}

if (require.main === module) {
  const [first = 0, count = 0, port = 0] = process.argv.slice(2, 5).map(Number);
  live(first, count, port, process.argv[5] ?? '');
}
