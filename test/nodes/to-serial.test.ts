/** e3272-modeswitch with the target serial: a flow that takes its stick out of HiLink mode, and the nodes around it. */

import assert from 'node:assert/strict';
import type { StickOptions } from '../../src/virtual/options';
import { NEW_MODE } from '../virtual/web/rig';
import { caught, deploy, type FlowNode, forget, inject, output, startRuntime, tab } from './runtime';
import { atNode, flashNode, isWait, stickNode, type TestStick, testStick } from './sticks';

const modeswitch = (more: object = {}): FlowNode => ({
  id: 'switch',
  type: 'e3272-modeswitch',
  name: '',
  stick: 'stick',
  message: 'new',
  timeout: 5,
  auto: false,
  configuration: '',
  target: 'serial',
  version: 3,
  ...more,
});

const statusNode: FlowNode = {
  ...{ id: 'status', type: 'e3272-status', name: '', stick: 'stick', every: '', threshold: '' },
  ...{ signal: false, network: true, sim: true, data: false, temperature: false, identity: false },
};

async function inHilink(options: Partial<StickOptions>): Promise<TestStick> {
  const made = await testStick(options);
  const cdrom = made.next(({ what }) => what === 'mode');
  made.stick.plug();
  await cdrom;
  const up = made.next((event) => event.what === 'web' && event.up);
  made.stick.storage(0)?.bulkOut(NEW_MODE);
  await up;
  return made;
}

const requests = ({ events }: TestStick): string[] =>
  events.flatMap((event) => (event.what === 'request' && event.method === 'POST' ? event.path : []));

describe('e3272-modeswitch with the target serial', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('takes the stick out of HiLink mode while other nodes use it, and they go on by AT', async () => {
    const stick = await inHilink({ hilink: 'sestok', web: { login: false } });
    await deploy(tab([stickNode(stick.name), statusNode, atNode, modeswitch()]));
    inject('status', {});
    assert.equal(((await output('status')).payload as { sim: { state: string } }).sim.state, 'READY');
    inject('at', { payload: 'AT' });
    assert.equal((await caught('at')).error.code, 'WRONG_MODE');

    inject('switch', { topic: 'mine' });
    const { payload, topic } = await output('switch');
    const { ms, ...rest } = payload as { ms: number };
    assert.equal(topic, 'mine');
    assert.equal(typeof ms, 'number');
    assert.deepEqual(rest, {
      stick: stick.name,
      from: 'hilink',
      to: 'tty',
      switched: true,
      tried: [{ way: 'cgi', to: 'project', outcome: 'left' }],
      temporary: true,
      model: 'E3272',
      revision: '22.333.01.00.00',
    });
    forget();
    inject('at', { payload: 'AT' });
    await output('at');
    inject('status', {});
    assert.equal(((await output('status')).payload as { sim: { state: string } }).sim.state, 'READY');
  });

  it('by the message, too, for good where that says so', async () => {
    const stick = await inHilink({ hilink: 'token' });
    await deploy(tab([stickNode(stick.name), modeswitch({ target: 'comes' })]));
    inject('switch', {});
    assert.equal(((await output('switch')).payload as { switched: boolean }).switched, false);
    assert.equal(stick.stick.appearance, 'hilink');
    forget();
    inject('switch', { target: 'serial', permanent: true });
    const { setport, temporary } = (await output('switch')).payload as { setport: object; temporary: boolean };
    assert.deepEqual([setport, temporary], [{ before: 'A1,A2;10,12,16,A1,A2', now: 'FF;10,12' }, false]);
  });

  it('22.470: an error that says what the way is, and nothing was sent', async () => {
    const stick = await inHilink({ hilink: 'metas' });
    await deploy(tab([stickNode(stick.name), modeswitch()]));
    inject('switch', {});
    const { code, message } = (await caught('switch')).error;
    assert.equal(code, 'NOT_SWITCHED');
    assert.match(message, /boot pin is the way: the e3272-flash node/);
    assert.deepEqual(requests(stick), []);
  });

  it("not the machine's own line, unless msg.force says so", async () => {
    const stick = await inHilink({ hilink: 'token' });
    stick.host.ownLines.add(stick.name);
    await deploy(tab([stickNode(stick.name), modeswitch()]));
    inject('switch', {});
    const { code, message } = (await caught('switch')).error;
    assert.equal(code, 'COMMAND_REFUSED');
    assert.match(message, /msg\.force = true/);
    assert.deepEqual(requests(stick), []);
    forget();
    inject('switch', { force: true });
    assert.equal(((await output('switch')).payload as { to: string }).to, 'tty');
  });

  it('e3272-flash tries it where that was asked for, and then nobody has to hold a pin', async () => {
    for (const [trySoftware, wayIn] of [
      [true, 'godload'],
      [false, 'boot-pin'],
    ] as const) {
      const stick = await inHilink({ hilink: 'token', godload: true });
      // Nobody is there: what asks for the pin is called off.
      const flow = tab([stickNode(stick.name), flashNode({ trySoftware, wayIn: 'auto', webui: '', version: 3 })]);
      await deploy(flow);
      inject('flash', { confirm: true });
      if (wayIn === 'boot-pin') {
        await output('flash', 1, isWait);
        inject('flash', { payload: 'cancel' });
      }
      const { payload } = await output('flash');
      assert.equal((payload as { wayIn?: string }).wayIn, wayIn === 'godload' ? 'godload' : undefined);
      forget();
    }
  });

  it('takes no other words', async () => {
    const stick = await inHilink({ hilink: 'token' });
    await deploy(tab([stickNode(stick.name), modeswitch()]));
    for (const wrong of [{ target: 'hilink' }, { target: true }, { force: 'true' }, { permanent: 1 }]) {
      forget();
      inject('switch', wrong);
      assert.equal((await caught('switch')).error.code, 'BAD_ARGUMENT', JSON.stringify(wrong));
    }
    assert.equal(stick.stick.appearance, 'hilink');
  });
});
