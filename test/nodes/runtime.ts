/**
 * A real Node-RED in this process, with the package installed as npm would: loader, registry, flows and hooks are the
 * ones of production. One per process; every test deploys its own flow.
 */

import assert from 'node:assert/strict';
import type { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inWords, lastOf, Seen, until } from '../support/waits';
import { installPackage } from './installed';
import { withoutNamespace } from './status-text';

/** The parts of Node-RED that the tests use. */
interface Runtime {
  init(server: object, settings: object): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  httpAdmin: RequestListener;
  hooks: { add(name: string, hook: (events: SendEvent[]) => void): void };
  nodes: { getNode(id: string): FlowNodeInstance | null; getNodeList(): { types: string[]; err?: unknown }[] };
  runtime: {
    events: EventEmitter;
    /** What nodes and plugins add their routes to: an Express application. */
    httpAdmin: {
      _router: { stack: readonly { route?: { path: string; methods: Readonly<Record<string, boolean>> } }[] };
    };
    flows: {
      setFlows(o: { flows: { flows: FlowNode[] }; deploymentType: DeployType }): Promise<unknown>;
    };
  };
}

/** A node as it runs. */
export interface FlowNodeInstance {
  id: string;
  receive(msg: Message): void;
  close(removed: boolean): Promise<void>;
}

const RED: Runtime = require('node-red');

export interface Message {
  _msgid?: string;
  topic?: string;
  payload?: unknown;
  [property: string]: unknown;
}

/** What came out of a node: `port` counts from 0. */
export interface Sent {
  id: string;
  port: number;
  msg: Message;
}

export interface Status {
  id: string;
  fill?: string;
  shape?: string;
  text?: string;
}

export interface Logged {
  level: number;
  id?: string;
  type?: string;
  msg: unknown;
}

export type DeployType = 'full' | 'nodes' | 'flows';

/** A flow node as it stands in a flow file. */
export type FlowNode = { id: string; type: string } & Record<string, unknown>;

const ERROR_LEVEL = 20;

/** A user directory with the package in its node_modules. */
function userDirectory(): string {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-nodes-'));
  installPackage(folder);
  return folder;
}

const sent = new Seen<Sent>();
const statuses = new Seen<Status>();
const logged = new Seen<Logged>();

/** For a wait that fails. */
const came = (): string =>
  [lastOf(sent.all, 'messages sent'), lastOf(statuses.all, 'statuses'), lastOf(logged.all, 'log entries')].join('\n');

interface SendEvent {
  msg: Message;
  source: { id: string; port: number };
}

/** Settings that a test may change while Node-RED runs. */
export const settings: Record<string, unknown> & { e3272FlashFolder?: string } = {
  flowFile: 'flows.json',
  credentialSecret: 'test',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false },
  externalModules: { autoInstall: false },
  logging: { test: { level: 'info', metrics: false, audit: false, handler: () => (m: Logged) => logged.add(m) } },
};

const server = createServer();
let folder = '';
let started: Promise<void> | undefined;

/** Starts Node-RED once; every later call waits for the same start. It is stopped after the last test. */
export function startRuntime(): Promise<void> {
  started ??= start();
  return started;
}

async function start(): Promise<void> {
  folder = userDirectory();
  RED.init(server, Object.assign(settings, { userDir: folder }));
  server.on('request', RED.httpAdmin);
  RED.hooks.add('onSend.e3272', (events) => {
    for (const { msg, source } of events) sent.add({ id: source.id, port: source.port, msg });
  });
  RED.runtime.events.on('node-status', ({ id, status }: { id: string; status: Omit<Status, 'id'> }) => {
    statuses.add({ id, ...withoutNamespace(status ?? {}) });
  });
  const flows = onceStarted();
  await RED.start();
  await flows;
}

/** Resolves when the flows run: after RED.start() and after each deploy. */
function onceStarted(): Promise<true> {
  let running = false;
  return until({
    what: 'the flows to be started',
    look: () => running,
    listen: (wake) => {
      const onStarted = () => {
        running = true;
        wake();
      };
      RED.runtime.events.once('flows:started', onStarted);
      return () => RED.runtime.events.off('flows:started', onStarted);
    },
    came,
  });
}

after(async () => {
  if (!started) return;
  await started;
  await RED.stop();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Config nodes: they have no place. */
const CONFIGS = ['e3272-stick', 'mqtt-broker'];

/** Deploys `flow` as the editor does, and waits until it runs. What came before is forgotten. */
export async function deploy(flow: FlowNode[], deploymentType: DeployType = 'full'): Promise<void> {
  await startRuntime();
  for (const log of [sent, statuses, logged]) log.all.length = 0;
  const running = onceStarted();
  // Node-RED takes a node without a place on its tab for a config node.
  const placed = flow.map((n) => (CONFIGS.includes(n.type) ? n : { x: 0, y: 0, ...n }));
  await RED.runtime.flows.setFlows({ flows: { flows: placed }, deploymentType });
  await running;
}

/** The running node with this id. */
export function node(id: string): FlowNodeInstance {
  const found = RED.nodes.getNode(id);
  assert.ok(found, `node ${id} is not running`);
  return found;
}

/** Hands a message to a node, as a wire does. */
export function inject(id: string, msg: Message): void {
  node(id).receive(msg);
}

/** The next message out of node `id` that `wanted` accepts, also one that is there already. */
export const output = async (id: string, port = 0, wanted: (msg: Message) => boolean = () => true): Promise<Message> =>
  (
    await sent.find(
      `a message out of port ${port} of node ${id}, ${inWords(wanted)}`,
      (s) => s.id === id && s.port === port && wanted(s.msg),
      { came },
    )
  ).msg;

/** All messages out of node `id` so far. */
export const outputs = (id: string, port = 0): Message[] =>
  sent.all.filter((s) => s.id === id && s.port === port).map((s) => s.msg);

/** The next status of node `id` with this text (`status.ready`), also one that is there already. */
export const status = (id: string, text: string): Promise<Status> =>
  statuses.find(`the status ${text} of node ${id}`, (s) => s.id === id && s.text === text, { came });

export const statusesOf = (id: string): Status[] => statuses.all.filter((s) => s.id === id);

/** Forgets what has been seen so far. */
export function forget(): void {
  for (const log of [sent, statuses, logged]) log.all.length = 0;
}

/** Errors that no Catch node took. */
export const errorsLogged = (): Logged[] => logged.all.filter((m) => m.level === ERROR_LEVEL);

/** What node `id` wrote to the log so far. */
export const logsOf = (id: string): Logged[] => logged.all.filter((m) => m.id === id);

/** The next one of node `id`. */
export const errorLogged = (id: string): Promise<Logged> =>
  logged.find(`an error in the log of node ${id}`, (m) => m.level === ERROR_LEVEL && m.id === id, { came });

/** Load errors of the package's node sets: none, if all is well. */
export const loadErrors = (): unknown[] =>
  RED.nodes
    .getNodeList()
    .filter((set) => set.types.some((type) => type.startsWith('e3272-')))
    .flatMap((set) => (set.err ? [set.err] : []));

/** Answer of an admin endpoint. */
export async function adminGet(path: string): Promise<unknown> {
  const answer = await admin('GET', path);
  assert.equal(answer.status, 200);
  return answer.json();
}

/** Asks the admin API; the tests' Node-RED has no users. */
export async function admin(method: 'GET' | 'POST', path: string, more: RequestInit = {}): Promise<Response> {
  if (!server.listening) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return fetch(`http://127.0.0.1:${port}${path}`, { method, ...more });
}

/** The routes that nodes and plugins have added. */
export const adminRoutes = (): { method: 'GET' | 'POST'; path: string }[] =>
  RED.runtime.httpAdmin._router.stack.flatMap(({ route }) =>
    route
      ? (['GET', 'POST'] as const).flatMap((method) =>
          route.methods[method.toLowerCase()] ? [{ method, path: route.path }] : [],
        )
      : [],
  );

/** A tab with `nodes`, a Catch and a Complete node for all of them, and a place where wires end. */
export function tab(nodes: FlowNode[], name = 'flow'): FlowNode[] {
  const own = nodes.filter((n) => !n.type.startsWith('e3272-stick') && n.type !== 'subflow').map((n) => n.id);
  return [
    { id: name, type: 'tab', label: name },
    ...nodes.map((n) => ('z' in n || n.type === 'e3272-stick' ? n : { wires: [['sink'], ['sink']], ...n, z: name })),
    { id: 'sink', type: 'junction', z: name, wires: [[]] },
    { id: 'catcher', type: 'catch', z: name, scope: null, uncaught: false, wires: [['sink']] },
    { id: 'completer', type: 'complete', z: name, scope: own, uncaught: false, wires: [['sink']] },
  ];
}

/** What a Catch node hands on. */
export interface Caught extends Message {
  error: { message: string; code?: string; cause?: Record<string, unknown>; source: { id: string } };
}

/** The next error of node `id`, as a Catch node sees it. */
export const caught = async (id: string): Promise<Caught> =>
  (
    await sent.find(
      `an error of node ${id} at the Catch node`,
      (s) => s.id === 'catcher' && (s.msg as Caught).error.source.id === id,
      { came },
    )
  ).msg as Caught;
