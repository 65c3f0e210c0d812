/** Every example, deployed as the editor's import menu brings it, in the real runtime. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoFlows, type FlowNode } from '../../scripts/demo-flows';
import { packageRoot } from './package-root';
import { deploy, errorsLogged, inject, loadErrors, node, output, startRuntime, statusesOf } from './runtime';
import { testModem } from './sticks';

const CORE = [
  'inject',
  'debug',
  'comment',
  'catch',
  'status',
  'switch',
  'change',
  'rbe',
  'http in',
  'http response',
  'template',
  'link in',
  'link out',
  'mqtt in',
  'mqtt out',
  'mqtt-broker',
  'delay',
];
const NO_NODE = ['tab', 'group', 'comment'];

const folder = join(packageRoot, 'examples');
/** All but the config node. */
const OURS = Object.keys(
  (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { 'node-red': { nodes: object } })['node-red']
    .nodes,
).filter((type) => type !== 'e3272-stick');

const examples = readdirSync(folder).map((file) => ({
  title: file.replace(/\.json$/, ''),
  flow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[],
}));

const running = (flow: FlowNode[]) => flow.filter(({ type }) => !NO_NODE.includes(type));

const only = (flow: FlowNode[], type: string) => flow.filter((n) => n.type === type);
const confirms = (flow: FlowNode[]) =>
  only(flow, 'inject').flatMap((n) =>
    (n.props as { p: string; v?: string }[]).filter(({ p }) => p === 'confirm').map(({ v }) => v),
  );

describe('examples', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('show every node in a flow of its own', () => {
    const titles = examples.map(({ title }) => title);
    for (const type of OURS) assert.ok(titles.includes(`Node ${type}`), type);
  });

  it('share no id: the editor would ask what to do about it', () => {
    const ids = examples.flatMap(({ flow }) => flow.map(({ id }) => id));
    assert.equal(new Set(ids).size, ids.length);
  });

  for (const { title, flow } of examples) {
    describe(title, () => {
      it('says what it does in a comment that can be read, and on its tab what to set', () => {
        const [tab, ...others] = flow;
        assert.equal(tab?.type, 'tab');
        assert.match(String(tab?.info), /\n## What to set\n/);
        assert.equal(others[0]?.type, 'comment');
        for (const n of flow) {
          const length = String(n.name).length;
          if (n.type === 'comment') assert.ok(length > 20 && length < 70, n.name);
        }
      });

      it('asks AT by nodes of today, which no message makes dangerous', () => {
        for (const { dangerous } of only(flow, 'e3272-at')) assert.equal(dangerous, false);
      });

      it('needs no other package', () => {
        for (const { type } of flow) assert.ok([...OURS, ...CORE, ...NO_NODE, 'e3272-stick'].includes(type), type);
      });

      it('writes nothing by itself', () => {
        for (const n of flow) {
          if (n.type === 'e3272-flash') assert.equal(n.armed, false);
          // A yes names a virtual stick: no real one is ever meant.
          for (const v of n.type === 'inject' ? confirms([n]) : []) assert.match(String(v), /^virtual-\d+$|^false$/);
        }
      });

      it('loses no message: none is deleted, and a server is connected without being asked', () => {
        for (const n of flow) {
          if (n.type === 'e3272-sms-in') assert.equal(n.remove, false);
          if (n.type === 'mqtt-broker') assert.equal(n.autoConnect, true);
        }
      });

      it('shows the sentence of an error', () => {
        for (const n of flow) {
          if (n.type !== 'debug') continue;
          if (/^(errors|not sent)$/.test(n.name ?? '')) assert.equal(n.complete, 'error.message');
          assert.notEqual(n.complete, 'error');
        }
      });

      it('is deployed without an error', async () => {
        await deploy(flow);
        assert.deepEqual(loadErrors(), []);
        for (const { id } of running(flow)) assert.equal(node(id).id, id);
        assert.deepEqual(errorsLogged(), []);
      });
    });
  }
});

describe('example of the status', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('puts into words what the stick is, its figures, and what its nodes say', async () => {
    const { name, stick } = await testModem();
    const flow = examples.find(({ title }) => title === 'Show the status of a stick')?.flow ?? [];
    const idOf = (wanted: string) => flow.find((n) => n.name === wanted)?.id ?? '';
    const says = (change: string, words: RegExp) =>
      output(idOf(change), 0, ({ payload }) => words.test(String(payload)));
    await deploy(flow.map((n) => (n.type === 'e3272-stick' ? { ...n, stick: name } : n)));
    await says('its figures', /^LTE, -\d+ dBm, [0-5] of 5 bars, \S.*, SIM ready$/);
    inject(idOf('what is there?'), {});
    await says('what it is', new RegExp(`^modem with AT ports \\(${name}\\)$`));
    await says('node and status', /^detect: AT ports$/);
    // A debug node shows the text of a status that is in its message, whatever else is there.
    const shown = statusesOf(idOf('the node says')).flatMap(({ text }) => (text ? [text] : []));
    assert.ok(shown.length > 0 && shown.every((text) => /^(detect|status): /.test(text)), shown.join('; '));
    await says('node and status', /^status: LTE -\d+ dBm, \S/);
    stick.unplug();
    await says('what it is', /^no stick$/);
    await says('node and status', /^status: no stick$/);
    assert.deepEqual(errorsLogged(), []);
  });
});

describe('flows of npm start', () => {
  it('work on one virtual stick, with a yes to that one', () => {
    const flow = demoFlows(folder, 'virtual');
    assert.deepEqual(
      only(flow, 'e3272-stick').map((n) => n.stick),
      ['virtual-1'],
    );
    assert.deepEqual(
      only(flow, 'e3272-flash').map(({ loader, firmware, armed }) => ({ loader, firmware, armed })),
      [{ loader: '', firmware: '', armed: false }],
    );
    assert.deepEqual(confirms(flow), ['virtual-1']);
    const [stick] = only(flow, 'e3272-stick');
    for (const n of flow) if (n['stick'] && n !== stick) assert.equal(n['stick'], stick?.id);
    assert.equal(only(flow, 'tab').length, 4);
  });

  it('leave a real stick alone: no file, no yes, no virtual person', () => {
    const flow = demoFlows(folder, 'real');
    assert.deepEqual(
      only(flow, 'e3272-stick').map((n) => n.stick),
      ['auto'],
    );
    assert.deepEqual(
      only(flow, 'e3272-flash').map(({ loader, firmware, armed }) => ({ loader, firmware, armed })),
      [{ loader: '', firmware: '', armed: false }],
    );
    assert.deepEqual(confirms(flow), ['false']);
    assert.deepEqual(only(flow, 'e3272-virtual'), []);
    const ids = new Set(flow.map(({ id }) => id));
    for (const n of flow) for (const id of (n.wires as string[][] | undefined)?.flat() ?? []) assert.ok(ids.has(id));
  });
});
