/** Gateways in a whole Node-RED of its own, over a real broker: restarts, deploys and kills on either side. */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { GATEWAY } from '../../nodes/e3272-gateway/saved';
import type { Receipt } from '../../src/gateway/payloads';
import { type Ear, Mosquitto } from '../support/mosquitto';
import { MODEM, ServedSticks } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { RedProcess } from './red-process';
import type { FlowNode } from './runtime';
import { stickNode } from './sticks';

const SET = 'e3272/gw1/sms/set';
const TO = '+491713920000';

export const brokerNode = (port: number, more: object = {}): FlowNode => ({
  id: 'broker',
  type: 'mqtt-broker',
  broker: '127.0.0.1',
  port: String(port),
  clientid: 'e3272-gw1',
  autoConnect: true,
  usetls: false,
  protocolVersion: '5',
  keepalive: '15',
  cleansession: false,
  autoUnsubscribe: false,
  sessionExpiry: '86400',
  ...Object.fromEntries(
    [
      ['birth', 'online'],
      ['close', 'offline'],
      ['will', 'offline'],
    ].flatMap(([word, payload]) => [
      [`${word}Topic`, 'e3272/gw1/availability'],
      [`${word}Qos`, '1'],
      [`${word}Retain`, 'true'],
      [`${word}Payload`, payload],
      [`${word}Msg`, {}],
    ]),
  ),
  ...more,
});

const gatewayNode = (more: object = {}): FlowNode => ({
  ...GATEWAY.fresh,
  id: 'gateway',
  type: 'e3272-gateway',
  z: 'tab',
  stick: 'stick',
  broker: 'broker',
  gw: 'gw1',
  hour: '',
  day: '',
  number: '',
  wires: [[]],
  ...more,
});

describe('a gateway over Mosquitto', () => {
  let folder: string;
  let sticks: ServedSticks;
  let broker: Mosquitto;
  let ear: Ear;
  let red: RedProcess | undefined;

  beforeEach(async () => {
    folder = tempFolder('gateway');
    sticks = await ServedSticks.start([MODEM]);
    sticks.order({ do: 'plug' });
    broker = await Mosquitto.start(folder);
    ear = broker.listen();
  });
  afterEach(async () => {
    await red?.kill();
    await broker.close();
    await sticks.close();
    rmSync(folder, { recursive: true });
  });

  const flow = (more: object = {}): FlowNode[] => [
    { id: 'tab', type: 'tab', label: 'tab' },
    stickNode(sticks.place),
    brokerNode(broker.port),
    gatewayNode(more),
  ];
  async function start(more: object = {}): Promise<RedProcess> {
    mkdirSync(join(folder, 'user'), { recursive: true });
    red = await RedProcess.start(join(folder, 'user'), join(folder, 'machine'), sticks.place, flow(more));
    return red;
  }
  /** Commands with ids from `from` on. */
  const commands = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => ({ id: `c${from + i}`, to: TO, text: `message ${from + i}`, ttl: 3600 }));
  /** The ids with their last word. */
  function fates(): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const { id, event_type, duplicate } of ear.on<Receipt>('/sms/receipt')) {
      if (event_type === 'accepted' || duplicate) continue;
      found.set(id, [...new Set([...(found.get(id) ?? []), event_type])]);
    }
    return found;
  }
  const all = (count: number) => ear.hears(() => fates().size === count);
  const texts = () =>
    sticks.log.flatMap(({ what, whole }) => (what === 'sms' && whole !== undefined ? [String(whole)] : []));
  function assertOnce(count: number): void {
    assert.equal(texts().length, new Set(texts()).size, 'no message twice');
    assert.equal(texts().length, count, 'all messages');
    for (const [id, [fate, ...more]] of fates()) assert.deepEqual([fate, more], ['sent', []], id);
  }

  it('sends what comes during a planned restart, and during a deploy, each message once', async () => {
    const first = await start();
    await ear.hears(({ topic }) => topic === 'homeassistant/device/gw1/e3272/config');
    await first.stop();
    await broker.publish(SET, commands(1, 100));
    const second = await start();
    await all(100);
    assertOnce(100);
    const sending = broker.publish(SET, commands(101, 100));
    await second.deploy(flow());
    await sending;
    await all(200);
    assertOnce(200);
    const nodes = broker.publish(SET, commands(201, 50));
    await second.deploy(flow({ title: 'another' }), 'nodes');
    await nodes;
    await all(250);
    assertOnce(250);
  });
});
