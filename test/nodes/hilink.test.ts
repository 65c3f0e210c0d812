/** The nodes of a stick in HiLink mode, by its web API: before a conversion, and the same flow after it. */

import assert from 'node:assert/strict';
import type { HilinkFirmware } from '../../src/virtual/web/firmware';
import { NEW_MODE } from '../virtual/web/rig';
import {
  caught,
  deploy,
  type FlowNode,
  forget,
  inject,
  output,
  startRuntime,
  status,
  statusesOf,
  tab,
} from './runtime';
import { atNode, flashNode, smsInNode, smsOutNode, stickNode, type TestStick, testStick } from './sticks';

const node = (id: string, type: string, more: object = {}): FlowNode => ({
  id,
  type,
  name: '',
  stick: 'stick',
  ...more,
});

const PARTS = { signal: true, network: true, sim: true, data: false, temperature: false, identity: true };
const statusNode = node('status', 'e3272-status', { every: '', threshold: '', ...PARTS });
const ussdNode = node('ussd', 'e3272-ussd', { code: '', timeout: '' });

interface Payload {
  signal?: { bars?: number };
  network?: { registered?: boolean; operator?: string };
  sim?: { state?: string };
  identity?: { model?: string };
}

async function inHilink(hilink: HilinkFirmware): Promise<TestStick> {
  const it = await testStick({ hilink });
  const cdrom = it.next(({ what }) => what === 'mode');
  it.stick.plug();
  await cdrom;
  const up = it.next((event) => event.what === 'web' && event.up);
  it.stick.storage(0)?.bulkOut(NEW_MODE);
  await up;
  return it;
}

const password = (hilinkPassword: string) => ({ credentials: { hilinkPassword } });

describe('nodes of a stick in HiLink mode', () => {
  before(startRuntime);
  after(() => deploy([]));

  for (const hilink of ['tokenless', 'token', 'metas', 'sestok', 'scram'] as const) {
    it(`tell its status, SMS both ways, ask by USSD, and say that there is no AT: ${hilink}`, async () => {
      const { name, events, stick } = await inHilink(hilink);
      stick.receiveSms({ from: '+491713920000', text: 'hello' });
      await deploy(
        tab([stickNode(name, password('admin')), statusNode, ussdNode, smsInNode('in'), smsOutNode('out'), atNode]),
      );
      await Promise.all([status('ussd', 'status.hilinkReady'), status('at', 'status.noAt')]);
      inject('status', { topic: 'mine' });
      const { topic, payload } = await output('status');
      const { signal, network, sim, identity } = payload as Payload;
      assert.equal(topic, 'mine');
      assert.ok((signal?.bars ?? 0) > 0);
      assert.deepEqual([network?.registered, sim?.state, identity?.model], [true, 'READY', 'E3272']);
      assert.match(statusesOf('status').at(-1)?.text ?? '', new RegExp(`, ${network?.operator}$`));
      inject('ussd', { payload: '*100#' });
      const said = (await output('ussd')).payload as { stick: string; text: string; menu: boolean };
      assert.deepEqual([said.stick, said.menu], [name, false]);
      assert.notEqual(said.text, '');
      const got = (await output('in')).payload as { stick: string; from: string; text: string; parts: number };
      assert.deepEqual([got.stick, got.from, got.text, got.parts], [name, '+491713920000', 'hello', 1]);
      inject('in', { payload: 'list' });
      const list = (await output('in', 1, ({ payload }) => (payload as { event?: string }).event === 'list')).payload;
      assert.equal((list as { messages: unknown[] }).messages.length, 1);
      inject('out', { to: '+491713920000', payload: 'x'.repeat(200) });
      const sent = (await output('out')).payload as { ok: boolean; stick: string; parts: number };
      assert.deepEqual([sent.ok, sent.stick, sent.parts], [true, name, 2]);
      assert.equal(events.filter((event) => event.what === 'sms' && event.whole === 'x'.repeat(200)).length, 1);
      inject('at', { payload: 'AT' });
      const { error } = await caught('at');
      assert.equal(error.code, 'WRONG_MODE');
      assert.match(error.message, /hilink mode: it has no AT port/);
    });
  }

  it('take a message that comes before the mode is known', async () => {
    const { name } = await inHilink('metas');
    await deploy(tab([stickNode(name), statusNode, ussdNode]));
    inject('status', {});
    inject('ussd', { payload: '*100#' });
    assert.equal(((await output('status')).payload as Payload).sim?.state, 'READY');
    await output('ussd');
  });

  it('have it do what a message says, not where it would cut the own line, and nothing that nobody knows', async () => {
    const { name, host, stick } = await inHilink('sestok');
    stick.receiveSms({ from: '+491713920000', text: 'hello' });
    host.ownLines.add(name);
    await deploy(tab([stickNode(name, password('admin')), statusNode, smsInNode('in')]));
    await status('status', 'status.hilinkReady');
    const asked = async (payload: object) => {
      forget();
      inject('status', { payload });
      return (await output('status')).payload as { stick: string; action: string; data?: { connection?: string } };
    };
    const refused = async (id: string, payload: unknown) => {
      forget();
      inject(id, { payload });
      return (await caught(id)).error;
    };
    const up = await asked({ action: 'data', on: true });
    assert.deepEqual([up.stick, up.action, up.data?.connection], [name, 'data', 'up']);
    const own = await refused('status', { action: 'data', on: false });
    assert.deepEqual([own.code, own.cause?.['reason']], ['COMMAND_REFUSED', 'own-line']);
    assert.match(own.message, /force/);
    assert.equal((await asked({ action: 'data', on: false, force: true })).data?.connection, 'down');
    assert.equal((await refused('status', { action: 'explode' })).cause?.['reason'], 'action');
    assert.equal((await refused('status', { action: 'data', on: 'off' })).cause?.['reason'], 'action-member');

    const told = async (payload: unknown, event: string) => {
      forget();
      inject('in', { payload });
      const is = ({ payload: got }: { payload?: unknown }) => (got as { event?: string }).event === event;
      return (await output('in', 1, is)).payload as {
        stored?: { inbox?: number };
        ids?: number[];
        messages?: { index: number }[];
      };
    };
    assert.equal((await told('storage', 'stored')).stored?.inbox, 1);
    const index = (await told('list', 'list')).messages?.[0]?.index ?? -1;
    assert.deepEqual((await told({ action: 'read', ids: [index] }, 'read')).ids, [index]);
    assert.deepEqual((await told({ action: 'delete', ids: [index] }, 'deleted')).ids, [index]);
    assert.equal((await refused('in', { action: 'delete', ids: [index] })).cause?.['reason'], 'no-such-message');
    assert.equal((await refused('in', { action: 'delete', ids: 'all' })).cause?.['reason'], 'message-ids');
  });

  it('show that the password was refused, and work with the right one', async () => {
    const { name, events } = await inHilink('sestok');
    await deploy(tab([stickNode(name, password('wrong')), statusNode]));
    await status('status', 'status.loginRefused');
    inject('status', {});
    const { error } = await caught('status');
    assert.equal(error.code, 'LOGIN_REFUSED');
    assert.doesNotMatch(JSON.stringify([error, events]), /"wrong"/);
    await deploy(tab([stickNode(name, password('admin')), statusNode]));
    await status('status', 'status.hilinkReady');
  });

  it('show the SIM that is in the way', async () => {
    const { name, stick } = await inHilink('metas');
    stick.removeSim();
    await deploy(tab([stickNode(name), statusNode]));
    await status('status', 'status.simAbsent');
  });

  it('take the address by hand, where nobody can see an interface of the stick', async () => {
    const { name, host, stick } = await inHilink('metas');
    host.links.set(name, []);
    const { serveWeb } = await import('../../src/virtual/web/server.js');
    const server = await serveWeb({ stick, port: 0 });
    try {
      await deploy(tab([stickNode(name, { hilinkAddress: server.url, version: 3 }), statusNode]));
      await status('status', 'status.hilinkReady');
      inject('status', {});
      assert.equal(((await output('status')).payload as Payload).sim?.state, 'READY');
      await deploy([]);
    } finally {
      await server.close();
    }
  });

  it('go on after a conversion, with the same flow and the same messages', async () => {
    const it = await inHilink('metas');
    await deploy(tab([stickNode(it.name), statusNode, ussdNode, flashNode()]));
    await status('status', 'status.hilinkReady');
    inject('status', {});
    const before = (await output('status')).payload as Payload;
    forget();
    inject('flash', { confirm: true });
    await status('status', 'status.waiting');
    it.stick.unplug();
    it.stick.plug({ bootPin: true });
    await output('flash');
    await status('ussd', 'status.ready');
    forget();
    inject('status', {});
    const after = (await output('status')).payload as Payload;
    const told = ({ network, sim, identity }: Payload) => [
      network?.operator,
      network?.registered,
      sim?.state,
      identity?.model,
    ];
    assert.deepEqual(told(after), told(before));
    inject('ussd', { payload: '*100#' });
    await output('ussd');
  });
});
