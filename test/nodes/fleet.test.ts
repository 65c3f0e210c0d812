/** The flow in the middle of a fleet, in a whole Node-RED, with gateways over a real Mosquitto. */

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from '../../src/gateway/payloads';
import { Member, type MemberOptions } from '../fleet/member';
import { onLoopback } from '../fleet/mqtt-client';
import { type Ear, Mosquitto } from '../support/mosquitto';
import { MODEM, ServedSticks } from '../support/served';
import { tempFolder } from '../support/temp-folder';
import { packageRoot } from './package-root';
import { RedProcess } from './red-process';
import type { FlowNode, Message } from './runtime';

const FLOW = JSON.parse(readFileSync(join(packageRoot, 'examples/Fleet.json'), 'utf8')) as FlowNode[];
const named = (name: string): string => FLOW.find((node) => node.name === name)?.id ?? '';

interface Row {
  gw: string;
  state: string;
  age: number;
  version: string;
  bars: number;
  sent: number;
  left: number | null;
  usable: boolean;
}

describe('the flow of a fleet', () => {
  let folder: string;
  let sticks: ServedSticks;
  let broker: Mosquitto;
  let ear: Ear;
  let red: RedProcess | undefined;
  let members: Member[];

  beforeEach(async () => {
    folder = tempFolder('fleet-flow');
    // Nodes of the flow name no stick; a Node-RED under test has one all the same.
    sticks = await ServedSticks.start([MODEM]);
    broker = await Mosquitto.start(folder);
    ear = broker.listen();
    members = [];
  });
  afterEach(async () => {
    await red?.kill();
    for (const member of members) await member.close();
    await broker.close();
    await sticks.close();
    rmSync(folder, { recursive: true });
  });

  function member(gw: string, more: Partial<MemberOptions> = {}): Member {
    const made = new Member({ gw, folder, mqtt: onLoopback(broker.port), ...more });
    members.push(made);
    return made;
  }
  const told = (gw: string, kind: string, words: string) =>
    ear.hears(({ topic, payload }) => topic === `e3272/${gw}/${kind}` && payload.includes(words));
  async function start(): Promise<RedProcess> {
    mkdirSync(join(folder, 'user'));
    const flow = FLOW.map((node) => (node.type === 'mqtt-broker' ? { ...node, port: String(broker.port) } : node));
    red = await RedProcess.start(join(folder, 'user'), join(folder, 'machine'), sticks.place, flow);
    return red;
  }
  /** The list, asked for until it is as wanted: what is told takes its time. */
  async function list(wanted: (rows: Row[]) => boolean): Promise<Row[]> {
    assert.ok(red);
    const [running, lines] = [red, named('its lines')];
    const before = new Set(running.outputs(lines, 0));
    const asking = setInterval(() => running.inject(lines, {}), 100);
    try {
      const isIt = (msg: Message) => !before.has(msg) && wanted(msg.payload as Row[]);
      return (await running.output(lines, 0, isIt)).payload as Row[];
    } finally {
      clearInterval(asking);
    }
  }
  const sentBy = async (id: string): Promise<string> => {
    const found = await ear.hears(
      ({ topic, payload }) =>
        topic.endsWith('/sms/receipt') && payload.includes(`"${id}"`) && payload.includes('"sent"'),
    );
    assert.equal((JSON.parse(found.payload) as Receipt).event_type, 'sent');
    return found.topic.split('/')[1] ?? '';
  };

  it('lists the gateways, and sends through the best one that can', async () => {
    const strong = member('strong', { stick: { radio: { rsrp: -80 } } });
    const weak = member('weak', { stick: { radio: { rsrp: -118 } } });
    const full = member('full', {
      stick: { radio: { rsrp: -70 } },
      settings: { limits: { hour: 0, day: 0, number: 0, reserve: 0 } },
    });
    member('away', { stick: { radio: { registration: 'searching' } } });
    for (const { gw } of members) await told(gw, 'state', '"signal"');
    await start();
    const rows = await list((all) => all.length === 4 && all.filter(({ usable }) => usable).length === 2);
    assert.deepEqual(rows.map(({ gw }) => gw).slice(0, 2), ['strong', 'weak']);
    for (const { gw, version, age, sent } of rows) {
      assert.equal(version, '@e3272/node-red 0.1.0', gw);
      assert.ok(age >= 0 && age < 120, gw);
      assert.equal(sent, 0);
    }
    assert.equal(rows.find(({ gw }) => gw === 'full')?.left, 0);
    red?.inject(named('through the best'), { payload: { id: 'one', to: '+491713920000', text: 'first' } });
    assert.equal(await sentBy('one'), 'strong');
    strong.stick.unplug();
    await list((all) => all.filter(({ usable }) => usable).length === 1);
    red?.inject(named('through the best'), { payload: { id: 'two', to: '+491713920000', text: 'second' } });
    assert.equal(await sentBy('two'), 'weak');
    await weak.close();
    assert.equal(
      (await list((all) => !all.some(({ usable }) => usable))).find(({ gw }) => gw === 'weak')?.state,
      'offline',
    );
    red?.inject(named('through the best'), { payload: { id: 'three', to: '+491713920000', text: 'third' } });
    await red?.output(named('is there one?'), 0);
    assert.deepEqual([strong.texts, weak.texts, full.texts], [['first'], ['second'], []]);
    // A gateway that is gone for good is listed no longer.
    await full.close(true);
    // The connection of the program that it was in ends too, and the broker says so.
    await ear.hears(({ topic, payload }) => topic === 'e3272/full/availability' && payload === 'offline');
    await list((all) => all.every(({ gw }) => gw !== 'full'));
  });
});
