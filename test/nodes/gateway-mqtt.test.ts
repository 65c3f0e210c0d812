/** Gateways in a whole Node-RED of its own, over a real broker: restarts, deploys and kills on either side. */

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from '../../src/gateway/payloads';
import { type Ear, Mosquitto } from '../support/mosquitto';
import { MODEM, ServedSticks } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { brokerNode, gatewayNode } from './gateway-flow';
import { packageRoot } from './package-root';
import { RedProcess } from './red-process';
import type { FlowNode } from './runtime';
import { stickNode } from './sticks';

const SET = 'e3272/gw1/sms/set';
const FROM = '+491701234567';
const TO = '+491713920000';
const CONFIG = 'homeassistant/device/gw1/e3272/config';
/** Commands during a planned restart, and during a deploy of each kind. */
const MANY = 100;
/** Of a stick that is quick enough for many. */
const QUICK_MS = 10;
/** Of a stick that takes its time, so that kills meet messages that are under way. */
const SOME = 20;

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
  const all = (count: number) => ear.until(`${count} messages to have a fate`, () => fates().size >= count);
  const texts = () =>
    sticks.log.flatMap(({ what, whole }) => (what === 'sms' && whole !== undefined ? [String(whole)] : []));
  function assertOnce(count: number): void {
    assert.equal(texts().length, new Set(texts()).size, 'no message twice');
    assert.equal(texts().length, count, 'all messages');
    for (const [id, [fate, ...more]] of fates()) assert.deepEqual([fate, more], ['sent', []], id);
  }

  it('sends what comes during a planned restart, and during deploys, each message once', async () => {
    for (const stick of sticks.sticks) stick.changeTiming({ sms: QUICK_MS });
    const first = await start();
    await ear.hears(({ topic }) => topic === CONFIG);
    await first.stop();
    await broker.publish(SET, commands(1, MANY));
    const second = await start();
    await all(MANY);
    assertOnce(MANY);
    const sending = broker.publish(SET, commands(MANY + 1, MANY));
    await second.deploy(flow());
    await sending;
    await all(2 * MANY);
    const more = broker.publish(SET, commands(2 * MANY + 1, MANY));
    await second.deploy(flow({ title: 'another' }), 'nodes');
    await more;
    await all(3 * MANY);
    assertOnce(3 * MANY);
  });

  it('sends each message once, killed in the middle, with a broker that is killed and commands that come twice', async () => {
    const first = await start();
    await ear.hears(({ topic }) => topic === CONFIG);
    await broker.publish(SET, commands(1, SOME));
    await sticks.logged(({ what }) => what === 'sms');
    await first.kill();
    await broker.publish(SET, commands(1, SOME));
    const second = await start();
    await all(3);
    await broker.kill();
    await broker.begin();
    await broker.publish(SET, commands(1, SOME + 5));
    await all(SOME + 5);
    assert.equal(texts().length, new Set(texts()).size, 'no message twice');
    for (const [id, [fate = '', ...more]] of fates()) {
      assert.deepEqual(more, [], `${id} has one fate`);
      // What the stick had when Node-RED was killed.
      assert.ok(['sent', 'unknown'].includes(fate), `${id} ${fate}`);
    }
    await second.stop();
  });

  it('is seen on the wire, one SMS each way, in the example and by wires; no number is retained', async () => {
    const example = exampleFlow(broker.port, sticks.place);
    mkdirSync(join(folder, 'user'), { recursive: true });
    red = await RedProcess.start(join(folder, 'user'), join(folder, 'machine'), sticks.place, example);
    const gw = 'e3272/example_gw';
    await ear.hears(({ topic, payload }) => topic === `${gw}/stick` && payload.includes('"ready":true'));
    await broker.publish(`${gw}/sms/set`, [{ id: 'one', to: TO, text: 'out' }]);
    await ear.hears(({ topic, payload }) => topic === `${gw}/sms/receipt` && payload.includes('"sent"'));
    sticks.order({ do: 'sms', from: FROM, text: 'in' });
    const got = await ear.hears(({ topic }) => topic === `${gw}/sms/received`);
    assert.equal((JSON.parse(got.payload) as { from: string }).from, FROM);
    assert.deepEqual(texts(), ['out']);
    await red.deploy(wiredFlow());
    await ear.hears(({ topic }) => topic === CONFIG);
    await broker.publish(SET, [{ id: 'two', to: TO, text: 'by wires' }]);
    await ear.hears(({ topic, payload }) => topic === 'e3272/gw1/sms/receipt' && payload.includes('"sent"'));
    assert.deepEqual(texts(), ['out', 'by wires']);
    for (const { topic, payload, retain } of ear.all) {
      if (retain) assert.ok(!payload.includes(TO) && !payload.includes(FROM) && !payload.includes('"in"'), topic);
    }
    assert.deepEqual(
      ear.all.filter(({ topic, retain }) => retain && /receipt|received|result|set$/.test(topic)),
      [],
    );
  });

  it('is red where another one has its name, and sends nothing: two copies of one user folder', async () => {
    const first = await start();
    await ear.hears(({ topic }) => topic === CONFIG);
    await first.stop();
    cpSync(join(folder, 'user'), join(folder, 'copy'), { recursive: true, verbatimSymlinks: true });
    const again = await start();
    await ear.hears(({ topic, payload }) => topic.endsWith('/availability') && payload === 'online');
    await again.shows('gateway', 'status.ready');
    const others = await ServedSticks.start([MODEM]);
    const copy = [...flow().slice(0, 1), stickNode(others.place), brokerNode(broker.port, { clientid: 'copy' })];
    const second = await RedProcess.start(join(folder, 'copy'), join(folder, 'other'), others.place, [
      ...copy,
      gatewayNode(),
    ]);
    try {
      others.order({ do: 'plug' });
      await second.shows('gateway', 'status.nameTaken');
      await broker.publish(SET, commands(1, 3));
      await all(3);
      assertOnce(3);
      assert.ok(!others.log.some(({ what }) => what === 'sms'));
      await second.deploy([...copy, gatewayNode({ gw: 'gw2' })], 'nodes');
      await ear.hears(({ topic }) => topic === 'homeassistant/device/gw2/e3272/config');
      await broker.publish('e3272/gw2/sms/set', [{ id: 'x', to: TO, text: 'by the other' }]);
      await ear.hears(({ topic, payload }) => topic === 'e3272/gw2/sms/receipt' && payload.includes('"sent"'));
    } finally {
      await second.kill();
      await others.close();
    }
  });

  const wiredFlow = (): FlowNode[] => [
    { id: 'tab', type: 'tab', label: 'tab' },
    stickNode(sticks.place),
    brokerNode(broker.port),
    ...['e3272/gw1/#', 'homeassistant/status'].map((topic, i) => ({
      ...{ id: `in-${i}`, type: 'mqtt in', z: 'tab', topic, qos: '1', datatype: 'auto-detect', broker: 'broker' },
      ...{ nl: false, rap: true, rh: 0, inputs: 0, wires: [['gateway']] },
    })),
    { id: 'status', type: 'status', z: 'tab', scope: ['out'], wires: [['gateway']] },
    gatewayNode({ broker: '', wires: [['out']] }),
    { id: 'out', type: 'mqtt out', z: 'tab', topic: '', qos: '', retain: '', broker: 'broker', wires: [] },
  ];
});

/** As the editor imports it, with a broker and a stick of the test. */
function exampleFlow(port: number, place: string): FlowNode[] {
  const file = join(packageRoot, 'examples/Gateway for Home Assistant.json');
  const flow = JSON.parse(readFileSync(file, 'utf8')) as FlowNode[];
  return flow
    .filter(({ type }) => type !== 'e3272-virtual')
    .map((node) => {
      if (node.type === 'mqtt-broker') return { ...node, port: String(port) };
      return node.type === 'e3272-stick' ? { ...node, stick: place } : node;
    });
}
