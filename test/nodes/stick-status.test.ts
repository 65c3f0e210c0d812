import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSettings, summary } from '../../nodes/e3272-status/settings';
import { isDriverError } from '../../src/errors';
import { caught, deploy, type FlowNode, forget, inject, output, outputs, startRuntime, status, tab } from './runtime';
import { stickNode, testModem, testStick } from './sticks';

const DEFAULTS = {
  every: 60,
  signal: true,
  network: true,
  sim: true,
  data: false,
  temperature: false,
  identity: false,
  personal: false,
  changes: false,
  threshold: 3,
  urcs: false,
};

const statusNode = (id: string, more: object = {}): FlowNode => ({
  id,
  type: 'e3272-status',
  name: '',
  stick: 'stick',
  ...DEFAULTS,
  ...more,
});

interface Payload {
  signal?: { system?: string; rssi?: number; bars?: number };
  network?: { operator?: string; registered?: boolean };
  sim?: { state?: string };
  identity?: { model?: string; imei?: string };
}

describe('e3272-status', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('tells signal, network and SIM by itself, and shows them under the node', async () => {
    const { name } = await testModem();
    await deploy(tab([stickNode(name), statusNode('status')]));
    const { topic, payload } = await output('status');
    assert.equal(topic, name);
    const { signal, network, sim, ...rest } = payload as Payload;
    assert.equal(signal?.system, 'LTE');
    assert.ok(typeof signal.rssi === 'number' && signal.rssi < 0);
    assert.equal(network?.registered, true);
    assert.equal(sim?.state, 'READY');
    assert.deepEqual(rest, {});
    await status('status', `LTE ${signal.rssi} dBm, ${network.operator}`);
  });

  it('answers a message with that message, also without a schedule, and with the parts that are set', async () => {
    const { name } = await testModem();
    const only = { every: '', signal: false, network: false, sim: false, identity: true };
    await deploy(tab([stickNode(name), statusNode('all', only), statusNode('more', { ...only, personal: true })]));
    await Promise.all([status('all', 'status.ready'), status('more', 'status.ready')]);
    assert.deepEqual(outputs('all'), []);
    const req = { id: 17 };
    inject('all', { payload: 'now', topic: 'mine', req });
    const answer = await output('all');
    assert.deepEqual([answer.topic, answer.req], ['mine', req]);
    assert.deepEqual(Object.keys(answer.payload as object), ['identity']);
    const { identity } = answer.payload as Payload;
    assert.equal(identity?.model, 'E3272');
    assert.equal(identity.imei, undefined);
    assert.equal((await output('completer')).topic, 'mine');
    inject('more', {});
    assert.match(String(((await output('more')).payload as Payload).identity?.imei), /^\d{15}$/);
  });

  it('tells at once what the stick says unasked, and only changes', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), statusNode('status', { every: 3600, urcs: true, changes: true })]));
    await output('status');
    forget();
    stick.removeSim();
    const { payload } = await output('status');
    assert.equal((payload as Payload).sim?.state, 'NOT INSERTED');
  });

  it('is quiet while there is no stick, takes up when it is back, and a message gets the reason', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), statusNode('status')]));
    await output('status');
    stick.unplug();
    await status('status', 'status.absent');
    inject('status', { topic: 'mine' });
    const { error, topic } = await caught('status');
    assert.deepEqual([error.code, topic], ['STICK_NOT_FOUND', 'mine']);
    forget();
    stick.plug();
    await output('status');
    assert.deepEqual(outputs('catcher'), []);
  });

  it('shows its figures again when the stick is back, also where nothing has changed and nothing is sent', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), statusNode('status', { every: 3600, changes: true, threshold: 100 })]));
    const { signal, network } = (await output('status')).payload as Payload;
    const figures = `LTE ${signal?.rssi} dBm, ${network?.operator}`;
    await status('status', figures);
    stick.unplug();
    await status('status', 'status.absent');
    forget();
    stick.plug();
    await status('status', 'status.ready');
    await status('status', figures);
    assert.deepEqual(outputs('status'), []);
  });

  it('closes in time in the middle of a reading, and gives the port back', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), statusNode('status')]));
    await output('status');
    stick.faults.order({ fault: 'silence', at: 'at' });
    inject('status', {});
    const closing = deploy([]);
    stick.unplug();
    await closing;
    assert.ok(stick.ttys.every((tty) => !tty.isOpen));
  });

  it('says so without a stick, in another mode, and when a setting cannot be', async () => {
    const { name, stick } = await testStick();
    stick.plug();
    await deploy(
      tab([
        stickNode(name),
        statusNode('status'),
        statusNode('missing', { stick: 'no' }),
        statusNode('fast', { every: 1 }),
      ]),
    );
    await Promise.all([
      status('status', 'status.storage'),
      status('missing', 'status.noconfig'),
      status('fast', 'status.error'),
    ]);
    inject('status', {});
    assert.equal((await caught('status')).error.code, 'WRONG_MODE');
    inject('missing', {});
    assert.equal((await caught('missing')).error.code, 'BAD_ARGUMENT');
    inject('fast', {});
    assert.match((await caught('fast')).error.message, /The time between two readings is 1.*from 5 to 86400/s);
  });

  it('draws the chart of the example', async () => {
    const { name } = await testModem();
    const file = join(process.cwd(), 'examples/Signal chart.json');
    const flow = JSON.parse(readFileSync(file, 'utf8')) as FlowNode[];
    const find = (type: string, nodeName = '') => {
      const found = flow.find((n) => n.type === type && (nodeName === '' || n.name === nodeName));
      assert.ok(found, type);
      return found.id;
    };
    const z = flow[0]?.id;
    const scope = [find('change', 'keep the last 288')];
    await deploy([
      ...flow.map((n) => (n.type === 'e3272-stick' ? { ...n, stick: name } : n)),
      { id: 'kept', type: 'complete', z, scope, uncaught: false, wires: [['sink']] },
      { id: 'sink', type: 'junction', z, wires: [[]] },
    ]);
    await output('kept');
    // A second reading: a line needs two points.
    inject(find('e3272-status'), {});
    await output('kept', 0, () => outputs('kept').length === 2);
    inject(find('change', 'lines of the chart'), {});
    const page = String((await output(find('template'))).payload);
    assert.match(page, /<h3>Signal: -\d+ dBm<\/h3>/);
    assert.match(page, /<polyline points="60,[\d.]+ 62\.5,[\d.]+"/);
    assert.match(page, /y1="72" y2="72"/);
  });
});

describe('settings of e3272-status', () => {
  it('are read, from text too, and empty means none', () => {
    assert.deepEqual(readSettings({ ...DEFAULTS, every: '30', threshold: '' }), {
      parts: ['signal', 'network', 'sim'],
      personal: false,
      changesOnly: false,
      urcs: false,
      everyMs: 30_000,
    });
    for (const every of ['', 0, '0']) assert.equal(readSettings({ ...DEFAULTS, every }).everyMs, undefined);
    // From another hand: nothing is there.
    assert.deepEqual(readSettings({} as typeof DEFAULTS).parts, []);
    for (const wrong of [{ every: 4 }, { every: 'soon' }, { every: 1e6 }, { threshold: -1 }, { threshold: 'x' }]) {
      assert.throws(
        () => readSettings({ ...DEFAULTS, ...wrong }),
        (error) => isDriverError(error, 'BAD_ARGUMENT'),
        JSON.stringify(wrong),
      );
    }
  });

  it('make a short line of a status', () => {
    assert.equal(summary({ signal: { system: 'LTE', rssi: -71 }, network: { operator: 'O' } }), 'LTE -71 dBm, O');
    assert.equal(summary({ network: { submode: 'HSPA+', registration: 'searching' } }), 'HSPA+, searching');
    assert.equal(summary({ signal: { system: 'NOSERVICE' }, sim: { state: 'SIM PIN' } }), 'NOSERVICE, SIM PIN');
    assert.equal(summary({ sim: { state: 'READY' } }), undefined);
    assert.equal(summary({ temperature: 43.1 }), '43.1 °C');
    assert.equal(summary({}), undefined);
  });
});
