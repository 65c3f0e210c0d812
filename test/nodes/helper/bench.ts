/**
 * One node by itself, under node-red-node-test-helper: no palette, no locale, no other node but those that Node-RED has for
 * errors, ends and status. Loader, deploys and whole flows are the embedded runtime's business (../runtime.ts).
 */

import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { Node, NodeAPI, NodeDef } from 'node-red';
import { isDriverError } from '../../../src/errors';
import { inWords, lastOf, Seen } from '../../support/waits';
import type { Caught, FlowNode, Message } from '../runtime';
import { withoutNamespace } from '../status-text';
import { stickNode, type TestStick } from '../sticks';

type Init = (RED: NodeAPI) => void;

/** What is used of the package, which brings no types. */
interface Helper {
  load(inits: Init[], flow: FlowNode[], credentials?: Record<string, object>): Promise<void>;
  unload(): Promise<void>;
  setFlows(flow: FlowNode[], type: 'full' | 'nodes'): Promise<void>;
  settings(settings: object): void;
  getNode(id: string): LoadedNode | null;
  request(): Record<'get' | 'post', (path: string) => Promise<{ status: number; body: unknown }>>;
  startServer(): Promise<void>;
  stopServer(): Promise<void>;
}

/** Whatever else a node has. */
export type LoadedNode = Node & Record<string, unknown>;

const helper: Helper = require('node-red-node-test-helper');

/** Id of the node under test. */
export const NODE = 'node';

/** What has come to a place where a wire ends: `out 0`, `out 1`, `catch`, `complete`; and what the node shows: `status`. */
const ends = new Seen<{ end: string; msg: Message }>();

const sink: Init = (RED) => {
  RED.nodes.registerType('sink', function Sink(this: Node, def: NodeDef) {
    RED.nodes.createNode(this, def);
    this.on('input', (msg, _send, done) => {
      ends.add({ end: def.id, msg: msg as Message });
      done();
    });
  });
};

const initOf = (type: string): Init => require(join(__dirname, `../../../nodes/${type}/${type}.js`));

/** The runtime that the helper drives. */
const RED: { runtime: { events: EventEmitter } } = require('node-red');

// Not by a Status node: there is none yet when the first status is shown.
RED.runtime.events.on('node-status', ({ id, status }: { id: string; status: object }) => {
  if (id === NODE) ends.add({ end: 'status', msg: withoutNamespace(status ?? {}) });
});

before(async () => {
  await helper.startServer();
  // The helper's runtime has no settings.js.
  helper.settings({ get: () => undefined });
});
after(() => helper.stopServer());
afterEach(async () => {
  await helper.unload();
  // A stick that is plugged in may wait for somebody, for minutes.
  used?.stick.unplug();
  used = undefined;
  ends.all.length = 0;
});

let flow: FlowNode[] = [];
let used: TestStick | undefined;

/** Loads one node; with `stick`, it is set to that one. `credentials`: those of the stick. */
export async function load(
  type: string,
  props: object,
  { stick, credentials = {} }: { stick?: TestStick; credentials?: object } = {},
): Promise<LoadedNode> {
  used = stick;
  const onTab = { z: 'tab', x: 0, y: 0 };
  const wired = ['catch', 'complete'].map((id): FlowNode => {
    return { id: `${id} node`, type: id, ...onTab, scope: [NODE], uncaught: false, wires: [[id]] };
  });
  const sinks = ['out 0', 'out 1', 'catch', 'complete'].map((id): FlowNode => {
    return { id, type: 'sink', ...onTab, wires: [] };
  });
  flow = [
    { id: 'tab', type: 'tab', label: 'tab' },
    ...(stick ? [stickNode(stick.name)] : []),
    { id: NODE, type, ...onTab, stick: stick ? 'stick' : '', wires: [['out 0'], ['out 1']], ...props },
    ...wired,
    ...sinks,
  ];
  await helper.load([initOf('e3272-stick'), ...(type === 'e3272-stick' ? [] : [initOf(type)]), sink], flow, {
    stick: credentials,
  });
  return node();
}

export function node(id = NODE): LoadedNode {
  const found = helper.getNode(id);
  assert.ok(found, `there is no node ${id}`);
  return found;
}

/** Takes the node away as a deploy does, and waits until it has closed. */
export async function remove(): Promise<void> {
  await helper.setFlows(
    flow.filter(({ id }) => id !== NODE),
    'nodes',
  );
  assert.equal(helper.getNode(NODE), null);
}

export const give = (msg: object): void => node().receive(msg as Message);

/** The next message that came to an end of a wire. */
const next = async (end: string, what: string, wanted: (msg: Message) => boolean = () => true): Promise<Message> =>
  (
    await ends.find(`${what}, ${inWords(wanted)}`, (one) => one.end === end && wanted(one.msg), {
      came: () => lastOf(ends.all, 'messages'),
    })
  ).msg;

export const out = (port: 0 | 1, wanted?: (msg: Message) => boolean): Promise<Message> =>
  next(`out ${port}`, `a message out of port ${port}`, wanted);
export const caught = async (): Promise<Caught> => (await next('catch', 'an error')) as Caught;
export const completed = (): Promise<Message> => next('complete', 'the end of a message');
/** The node has shown this. */
export const shown = (text: string): Promise<Message> =>
  next('status', `the status ${text}`, ({ text: now }) => now === text);

export const outs = (port: 0 | 1): Message[] =>
  ends.all.flatMap(({ end, msg }) => (end === `out ${port}` ? [msg] : []));

export const request = () => helper.request();

/** What the stick has been on its bus so far. */
export const modesOf = ({ events }: TestStick): string[] =>
  events.flatMap((event) => (event.what === 'mode' ? [event.mode] : []));

/** A round of tests that every node passes which works on a stick. */
export function itNeedsAStick(type: string, props: object): void {
  it('without a stick says so, under the node and to each message', async () => {
    await load(type, props);
    await shown('status.noconfig');
    give({ payload: 'anything', topic: 'mine' });
    const { error, topic } = await caught();
    assert.equal(error.code, 'BAD_ARGUMENT');
    assert.match(error.message, /^No stick is configured for this node\. Open the node, choose an e3272-stick/);
    assert.equal(topic, 'mine');
    assert.deepEqual([outs(0), outs(1)], [[], []]);
  });
}

/** A round of tests that every node passes which holds the AT port: it has it while it is there, and no longer. */
export function itGivesThePortBack(type: string, props: object, modem: () => Promise<TestStick>): void {
  it('gives the port back when it is closed', async () => {
    const stick = await modem();
    await load(type, props, { stick });
    await shown('status.ready');
    assert.equal((await busyPorts(stick)).length, 1);
    await remove();
    assert.deepEqual(await busyPorts(stick), []);
  });
}

async function busyPorts({ stick, host }: TestStick): Promise<string[]> {
  const busy: string[] = [];
  for (const { path } of stick.ttys) {
    try {
      await (await host.openTty(path)).close();
    } catch (error) {
      assert.ok(isDriverError(error, 'PORT_BUSY'));
      busy.push(path);
    }
  }
  return busy;
}

/** How many listen from now on to the stick and to its bus, and have not stopped that. */
export function listeners({ stick, host }: TestStick): () => number {
  let count = 0;
  const { onEvent } = stick;
  stick.onEvent = (listener) => {
    const stop = onEvent.call(stick, listener);
    count++;
    return () => {
      count--;
      stop();
    };
  };
  const { watch } = host;
  host.watch = (onChange) => {
    const watching = watch.call(host, onChange);
    count++;
    return {
      stop() {
        count--;
        watching.stop();
      },
    };
  };
  return () => count;
}
