/** Memory of a whole Node-RED with gateways: its process, each stick a virtual one in another process, one Mosquitto. */

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GATEWAY } from '../nodes/e3272-gateway/saved';
import { installPackage } from '../test/nodes/installed';
import type { FlowNode } from '../test/nodes/runtime';
import { Mosquitto } from '../test/support/mosquitto';
import { MODEM, ServedSticks } from '../test/support/served';
import type { Row } from './row';

const MANY = 10;
/** What was started has come to rest. */
const REST_MS = 5_000;
const MIB = 1024;

/** MiB in memory. */
function memoryOf({ pid }: ChildProcess): number {
  const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / MIB;
}

/** A flow that keeps its broker busy whether there are gateways or not. */
const flowOf = (port: number, sticks: number, gateways: number): FlowNode[] => [
  { id: 'tab', type: 'tab', label: 'tab' },
  {
    ...{ id: 'broker', type: 'mqtt-broker', broker: '127.0.0.1', port: String(port), clientid: 'bench' },
    ...{ autoConnect: true, protocolVersion: '5', keepalive: '60', cleansession: false, sessionExpiry: '86400' },
  },
  {
    ...{ id: 'in', type: 'mqtt in', z: 'tab', x: 0, y: 0, topic: 'bench', qos: '1', broker: 'broker' },
    ...{ datatype: 'auto', nl: false, rap: true, rh: 0, inputs: 0, wires: [[]] },
  },
  ...Array.from({ length: gateways }, (_, i): FlowNode[] => [
    { id: `stick-${i}`, type: 'e3272-stick', stick: `virtual-${i + 1}@127.0.0.1:${sticks}`, timeout: '', version: 3 },
    {
      ...{ ...GATEWAY.fresh, id: `gateway-${i}`, type: 'e3272-gateway', z: 'tab', x: 0, y: 0 },
      ...{ stick: `stick-${i}`, broker: 'broker', gw: `gw${i}`, wires: [[]] },
    },
  ]).flat(),
];

async function memoryWith(gateways: number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-bench-'));
  const sticks = await ServedSticks.start(Array.from({ length: MANY }, () => MODEM));
  const broker = await Mosquitto.start(folder);
  const userDir = join(folder, 'user');
  mkdirSync(userDir);
  installPackage(userDir);
  writeFileSync(join(userDir, 'flows.json'), JSON.stringify(flowOf(broker.port, sticks.port, gateways)));
  const ear = broker.listen();
  const args = [userDir, join(folder, 'machine'), sticks.place];
  const child = fork(join(__dirname, '../test/nodes/red-child.js'), args, { stdio: 'inherit' });
  try {
    const ready = new Promise<void>((resolve) => child.on('message', (word) => word === 'ready' && resolve()));
    await ready;
    for (const stick of sticks.sticks) stick.plug();
    for (let i = 0; i < gateways; i++) {
      await ear.hears(({ topic, payload }) => topic === `e3272/gw${i}/stick` && payload.includes('"ready":true'));
    }
    await new Promise((resolve) => setTimeout(resolve, REST_MS));
    return memoryOf(child);
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    await broker.close();
    await sticks.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function bench(): Promise<Row[]> {
  const none = await memoryWith(0);
  const one = await memoryWith(1);
  const many = await memoryWith(MANY);
  const row = (name: string, value: number): Row => ({
    ...{ name, value, unit: 'MiB', floor: none, ratio: value / none },
    aim: 'floor: with mqtt in, and no gateway',
  });
  return [
    row('memory of Node-RED with one gateway', one),
    row(`memory of Node-RED with ${MANY} gateways`, many),
    { name: 'memory of each further gateway', value: (many - one) / (MANY - 1), unit: 'MiB' },
  ];
}
