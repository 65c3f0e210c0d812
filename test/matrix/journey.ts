/** The convert flow in a running Node-RED, driven and watched through its admin API alone, as a remote user could. */

import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { demoFlows, type FlowNode } from '../../scripts/demo-flows';

const POLL_MS = 100;
const PATIENCE_MS = 180_000;

export class AdminApi {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async get<T>(path: string): Promise<T> {
    return (await this.#ask(path)).json() as Promise<T>;
  }

  async post(path: string, body: unknown = {}): Promise<void> {
    await this.#ask(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'node-red-api-version': 'v2' },
      body: JSON.stringify(body),
    });
  }

  async #ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { accept: 'application/json', ...init.headers };
    const answer = await fetch(`${this.#url}/${path}`, { ...init, headers });
    if (!answer.ok) throw new Error(`${init.method ?? 'GET'} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }
}

/** Asks until `wanted` is content with the answer; fails with the last answer. */
export async function until<T>(what: string, ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    if (performance.now() > end) throw new Error(`${what} did not come; last seen: ${JSON.stringify(answer)}`);
    await pause(POLL_MS);
  }
}

const { 'node-red': described } = require('../../../package.json') as { 'node-red': { nodes: object } };
const NODE_SETS = Object.keys(described.nodes).length;

interface Kept {
  msg?: string;
}

/** Installs the tarball as the palette manager does, and checks that every node set was loaded. */
export async function install(api: AdminApi, tarball: string): Promise<void> {
  await api.post('nodes', { module: '@e3272/node-red', url: tarball });
  const { nodes } = await api.get<{ nodes: { id: string; enabled: boolean; err?: unknown }[] }>(
    'nodes/@e3272/node-red',
  );
  assert.equal(nodes.length, NODE_SETS);
  for (const set of nodes) {
    assert.equal(set.err, undefined, `${set.id} was not loaded: ${JSON.stringify(set.err)}`);
    assert.equal(set.enabled, true, `${set.id} is not enabled`);
  }
}

/** From CD-ROM to AT -> OK on the virtual stick, with the inject nodes of the convert example. */
export async function convertByApi(api: AdminApi, examples: string): Promise<void> {
  const flow = demoFlows(examples, 'virtual');
  const find = (wanted: (n: FlowNode) => boolean): FlowNode => {
    const found = flow.find(wanted);
    assert.ok(found);
    return found;
  };
  const tab = find((n) => n.type === 'tab' && n.label === 'Convert').id;
  const ofType = (type: string) => find((n) => n.type === type && n.z === tab);
  const press = (name: string) => api.post(`inject/${find((n) => n.type === 'inject' && n.name === name).id}`);

  // What comes out of the nodes is kept in the flow's context, where the admin API can read it.
  const keep = (key: string, from: FlowNode, port: number) => {
    const wires = from.wires as string[][];
    wires[port]?.push(`keep-${key}`);
    const rules = [{ t: 'set', p: key, pt: 'flow', to: 'payload', tot: 'msg' }];
    if (key === 'error') rules[0] = { t: 'set', p: key, pt: 'flow', to: 'error', tot: 'msg' };
    flow.push({ id: `keep-${key}`, type: 'change', z: tab, name: '', rules, wires: [[]] });
  };
  keep('result', ofType('e3272-flash'), 0);
  keep('progress', ofType('e3272-flash'), 1);
  keep('reply', ofType('e3272-at'), 0);
  keep('error', ofType('catch'), 0);
  await api.post('flows', { flows: flow });

  const kept = async (key: string): Promise<Record<string, unknown>> => {
    const { msg } = await api.get<Kept>(`context/flow/${tab}/${key}`);
    return msg === undefined || msg === '(undefined)' ? {} : (JSON.parse(msg) as Record<string, unknown>);
  };
  const expect = (what: string, key: string, wanted: (value: Record<string, unknown>) => boolean) =>
    until(
      what,
      async () => {
        assert.deepEqual(await kept('error'), {});
        return kept(key);
      },
      wanted,
    );
  const listed = (what: string, wanted: (stick: { stick: string; mode: string }) => boolean) =>
    until(
      what,
      () => api.get<{ stick: string; mode: string }[]>('e3272/sticks'),
      (sticks) => sticks.some((s) => s.stick === 'virtual-1' && wanted(s)),
    );
  const mode = (wanted: string) => listed(`mode ${wanted}`, (stick) => stick.mode === wanted);

  // The answer to a deploy comes before its nodes run.
  await listed('the virtual stick', () => true);
  await press('1 plug in');
  await mode('storage');
  await press('2 switch');
  await mode('hilink');
  await press('3 flash');
  await expect('the wish for the boot pin', 'progress', ({ act }) => act === 'boot-pin');
  await press('4 hold the boot pin');
  const result = await expect('the result of flash', 'result', ({ ok }) => ok !== undefined);
  assert.equal(result.ok, true);
  await press('5 AT');
  const reply = await expect('the answer to AT', 'reply', ({ final }) => final !== undefined);
  assert.equal(reply.final, 'OK');
}
