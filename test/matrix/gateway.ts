/**
 * The gateway in a running Node-RED, as somebody has it who imports the example: a broker set, one SMS each way, heard by
 * mosquitto_sub. First it has the broker itself, then it is wired to mqtt nodes.
 */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { FlowNode } from '../../scripts/demo-flows';
import type { Receipt } from '../../src/gateway/payloads';
import { judged } from '../gateway/judge';
import { type Ear, type Heard, Mosquitto } from '../support/mosquitto';
import { type AdminApi, until } from './journey';

const EXAMPLE = 'Gateway for Home Assistant';
const GW = 'e3272/example_gw';
const PATIENCE_MS = 120_000;
const TO = '+491701234567';
/** The one that the example lets an SMS come from. */
const FROM = '+491713920000';

export async function gatewayByApi(api: AdminApi, given: { examples: string; folder: string }): Promise<void> {
  const broker = await Mosquitto.start(given.folder);
  const ear = broker.listen();
  try {
    const flow = exampleFlow(given.examples, broker.port);
    await eachWay(api, { broker, ear, flow, form: 'direct' });
    await eachWay(api, { broker, ear, flow: wired(flow), form: 'wired' });
    for (const { topic, payload, retain } of ear.all) {
      if (retain) assert.ok(![TO, FROM].some((number) => payload.includes(number.slice(3))), topic);
    }
    const file = join(given.folder, 'heard.jsonl');
    writeFileSync(file, ear.all.map((message) => `${JSON.stringify(message)}\n`).join(''));
    const verdict = judged(file);
    assert.ok(verdict?.passed ?? true, verdict?.said);
  } finally {
    await broker.close();
  }
}

interface Walk {
  broker: Mosquitto;
  ear: Ear;
  flow: readonly FlowNode[];
  form: 'direct' | 'wired';
}

async function eachWay(api: AdminApi, { broker, ear, flow, form }: Walk): Promise<void> {
  const before = ear.all.length;
  const hears = (end: string, what: string): Promise<Heard> =>
    inTime(
      `${form}: ${what} on ${GW}/${end}`,
      ear.hears((m) => ear.all.indexOf(m) >= before && m.topic === `${GW}/${end}` && m.payload.includes(what)),
    );
  const press = (name: string) => {
    const id = flow.find((node) => node.type === 'inject' && node.name === name)?.id;
    // The answer to a deploy comes before its nodes run.
    return until(
      `an answer to ${name}`,
      () => api.post(`inject/${id}`).then(() => 'done', String),
      (answer) => answer === 'done',
    );
  };
  await api.post('flows', { flows: flow });
  // With a deploy of all the virtual stick is another one.
  await press('plug it in');
  await hears('stick', '"ready":true');
  await broker.publish(`${GW}/sms/set`, [{ id: form, to: TO, text: `out, ${form}` }]);
  await hears('sms/receipt', '"sent"');
  // Both ways are subscribed to in the one session of the broker node: what comes twice is answered as such.
  const receipts = ear.on<Receipt>('/sms/receipt').filter(({ id, duplicate }) => id === form && !duplicate);
  assert.deepEqual(
    receipts.map(({ event_type }) => event_type),
    ['accepted', 'sent'],
  );
  await press('an SMS comes');
  const { payload, retain } = await hears('sms/received', FROM);
  assert.equal((JSON.parse(payload) as { text: string }).text, 'The door is open');
  assert.equal(Number(retain), 0);
}

async function inTime<T>(what: string, coming: Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = pause(PATIENCE_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`${what} did not come`);
  });
  try {
    return await Promise.race([coming, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
  }
}

/** As the editor imports it, with the broker that is there, and a stick that is as new. */
function exampleFlow(examples: string, port: number): FlowNode[] {
  const text = readFileSync(join(examples, `${EXAMPLE}.json`), 'utf8').replaceAll('virtual-1', 'virtual-2');
  const flow = JSON.parse(text) as FlowNode[];
  return flow.map((node) => (node.type === 'mqtt-broker' ? { ...node, port: String(port) } : node));
}

/** The same with mqtt nodes, as docs/gateway.md has it for a gateway without a broker of its own. */
function wired(flow: readonly FlowNode[]): FlowNode[] {
  const gateway = flow.find(({ type }) => type === 'e3272-gateway');
  const broker = flow.find(({ type }) => type === 'mqtt-broker');
  assert.ok(gateway && broker);
  const { id, z } = gateway;
  // What has no place on the canvas is taken for a config node.
  const place = { z, x: 100, y: 500 };
  const mqtt = { ...place, broker: broker.id, qos: '1' };
  return [
    ...flow.map((node) => (node === gateway ? { ...node, broker: '', wires: [['to-broker']] } : node)),
    ...[`${GW}/#`, 'homeassistant/status'].map((topic, i) => ({
      ...{ ...mqtt, id: `from-broker-${i}`, type: 'mqtt in', topic, datatype: 'auto-detect' },
      ...{ nl: false, rap: true, rh: 0, inputs: 0, wires: [[id]] },
    })),
    { ...place, id: 'at-broker', type: 'status', scope: ['to-broker'], wires: [[id]] },
    { ...mqtt, id: 'to-broker', type: 'mqtt out', topic: '', qos: '', retain: '', wires: [] },
  ];
}
