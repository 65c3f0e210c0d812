/** One stick that the nodes of a flow call by different names. */

import assert from 'node:assert/strict';
import { makeIdentity } from '../../src/virtual/identity';
import {
  adminGet,
  caught,
  deploy,
  errorsLogged,
  type FlowNode,
  forget,
  inject,
  type Message,
  output,
  outputs,
  startRuntime,
  status,
  tab,
} from './runtime';
import { flashNode, replaceMachine, stickNode, type TestStick, testModem } from './sticks';

const FROM = '+491701234567';
const PIN = '4711';
const SEED = 5;
const text = (wanted: string) => (msg: Message) => (msg.payload as { text?: string }).text === wanted;
const textsOf = (id: string) => outputs(id).map((msg) => (msg.payload as { text?: string }).text);

/** An e3272-stick and nodes on it: `in-key`, `out-key`, `ussd-key`, `at-key`. */
const nodesOf = (key: string, which: string, more: object = {}): FlowNode[] => [
  { ...stickNode(which, more), id: `stick-${key}` },
  {
    id: `in-${key}`,
    type: 'e3272-sms-in',
    stick: `stick-${key}`,
    remove: true,
    existing: true,
    flash: true,
    incomplete: '',
    poll: '',
  },
  { id: `out-${key}`, type: 'e3272-sms-out', stick: `stick-${key}`, to: '', patience: 5, limit: 100, parts: 10 },
  { id: `ussd-${key}`, type: 'e3272-ussd', stick: `stick-${key}`, code: '', timeout: '' },
  { id: `at-${key}`, type: 'e3272-at', stick: `stick-${key}`, command: 'payload', commandType: 'msg', urcs: '' },
];

const KEYS = ['auto', 'path', 'imei', 'sim'];

describe('nodes that call one stick by different names', () => {
  let modem: TestStick;
  let restore = () => {};
  let flow: FlowNode[] = [];

  before(startRuntime);
  beforeEach(async () => {
    modem = await testModem({ seed: SEED, sim: { state: 'pin', pin: PIN } });
    restore = replaceMachine(modem.host);
    const { imei, iccid } = makeIdentity(SEED);
    flow = tab([
      ...nodesOf('auto', 'auto', { credentials: { pin: PIN } }),
      ...nodesOf('path', modem.name),
      ...nodesOf('imei', `imei:${imei}`),
      ...nodesOf('sim', `sim:${iccid}`),
    ]);
  });
  afterEach(async () => {
    await deploy([]);
    restore();
    // Its network waits for an answer to the menu otherwise.
    modem.stick.unplug();
  });

  /** Each has looked into the stores: what comes from now on is new to all. */
  const ready = async () => {
    for (const key of KEYS) await status(`in-${key}`, 'status.ready');
    inject('in-auto', { payload: 'list' });
    await output('in-auto', 1, (msg) => (msg.payload as { event?: string }).event === 'list');
  };

  it('get each message once, over deploys in the middle, and the PIN is entered once', async () => {
    await deploy(flow);
    await ready();
    modem.stick.receiveSms({ from: FROM, text: 'one' });
    for (const key of KEYS) await output(`in-${key}`, 0, text('one'));
    const long = 'water in the cellar '.repeat(20);
    modem.stick.receiveSms({ from: FROM, text: long, order: [1, 3], reference: 7 });
    await deploy(flow);
    await ready();
    modem.stick.receiveSms({ from: FROM, text: long, order: [2], reference: 7 });
    for (const key of KEYS) await output(`in-${key}`, 0, text(long));
    // Only the nodes of one of the names are made anew.
    const changed = flow.map((node) => (node.id === 'stick-imei' ? { ...node, name: 'another' } : node));
    await deploy(changed, 'nodes');
    await status('in-imei', 'status.ready');
    modem.stick.receiveSms({ from: FROM, text: 'three' });
    for (const key of KEYS) await output(`in-${key}`, 0, text('three'));
    for (const key of KEYS) assert.deepEqual(textsOf(`in-${key}`), ['three']);
    inject('in-sim', { payload: 'list' });
    const left = await output('in-sim', 1, (msg) => (msg.payload as { event?: string }).event === 'list');
    assert.deepEqual((left.payload as { messages: unknown[] }).messages, []);
    assert.equal(modem.events.filter((e) => e.what === 'at' && e.command.startsWith('AT+CPIN=')).length, 1);
    assert.deepEqual(errorsLogged(), []);
  });

  it('get their own USSD answers, and BUSY while another one asks', async () => {
    await deploy(flow);
    await ready();
    const asked = modem.next((e) => e.what === 'at' && e.command.startsWith('AT+CUSD=1'));
    inject('ussd-auto', { payload: '*101#', topic: 'first' });
    await asked;
    inject('ussd-imei', { payload: '*100#', topic: 'second' });
    assert.equal((await caught('ussd-imei')).error.code, 'BUSY');
    const menu = await output('ussd-auto');
    assert.deepEqual([menu.topic, (menu.payload as { menu: boolean }).menu], ['first', true]);
    inject('ussd-auto', { payload: 'cancel' });
    await output('ussd-auto', 0, text(''));
    forget();
    for (const key of KEYS) {
      inject(`ussd-${key}`, { payload: '*100#', topic: key });
      assert.equal((await output(`ussd-${key}`)).topic, key);
      assert.equal(outputs(`ussd-${key}`).length, 1);
    }
  });

  it('send through one queue, hand the port over and take it back under any of them', async () => {
    await deploy(flow);
    await ready();
    for (const key of KEYS) inject(`out-${key}`, { payload: key, to: FROM });
    for (const key of KEYS) await output(`out-${key}`);
    assert.deepEqual(
      modem.events.flatMap((e) => (e.what === 'sms' ? [e.text] : [])),
      KEYS,
    );
    forget();
    inject('at-imei', { payload: { port: 'release' } });
    for (const key of KEYS) await status(`at-${key}`, 'status.released');
    inject('at-auto', { payload: 'AT' });
    assert.equal((await caught('at-auto')).error.code, 'BUSY');
    forget();
    inject('at-path', { payload: { port: 'take' } });
    for (const key of KEYS) await status(`at-${key}`, 'status.ready');
  });

  it('are refused a conversion by an own name, which needs the port path', async () => {
    const { imei } = makeIdentity(SEED);
    await deploy(tab([stickNode(`imei:${imei}`), flashNode({ armed: true })]));
    inject('flash', { payload: '' });
    const { error } = await caught('flash');
    assert.equal(error.code, 'BAD_ARGUMENT');
    assert.match(error.message, /needs the port path/);
    assert.ok(!error.message.includes(imei));
  });

  it('are offered the names by the stick itself', async () => {
    const { imei, iccid } = makeIdentity(SEED);
    await deploy(flow);
    await ready();
    assert.deepEqual(await adminGet(`/e3272/sticks/${modem.name}/names`), [`imei:${imei}`, `sim:${iccid}`]);
    assert.deepEqual(await adminGet('/e3272/sticks/9-9/names'), []);
  });
});
