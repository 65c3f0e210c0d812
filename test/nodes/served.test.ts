/** Nodes with a virtual stick in another process; here the server is in this one, with TCP between them. */

import assert from 'node:assert/strict';
import { MODEM, ServedSticks } from '../support/served';
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
  statusesOf,
  tab,
} from './runtime';
import { atNode, stickNode } from './sticks';

const detect = (more: object = {}): FlowNode => ({
  id: 'detect',
  type: 'e3272-detect',
  stick: 'stick',
  auto: false,
  ...more,
});
const hands = (virtual: string): FlowNode => ({
  id: 'hands',
  type: 'e3272-virtual',
  virtual,
  firmware: 'hilink',
  action: 'msg',
});
const isEvent = (event: string, mode: string) => (msg: Message) => {
  const payload = msg.payload as { event?: string; mode?: string };
  return payload.event === event && payload.mode === mode;
};

describe('a virtual stick of another process, in a flow', () => {
  let served: ServedSticks;
  before(startRuntime);
  beforeEach(async () => {
    served = await ServedSticks.start([MODEM]);
  });
  afterEach(async () => {
    await deploy([]);
    await served.close();
  });

  const flow = (more: FlowNode[] = []) =>
    tab([stickNode(served.place), detect(), atNode, hands(served.place), ...more]);

  it('is detected, takes orders and answers AT under its name', async () => {
    forget();
    await deploy(flow());
    await status('hands', 'status.unplugged');
    assert.deepEqual(
      statusesOf('hands').map(({ text }) => text),
      ['status.unplugged'],
      'nothing is said before somebody has looked',
    );
    await status('at', 'status.absent');
    inject('hands', { payload: 'plug' });
    await output('hands', 0, ({ payload }) => (payload as { mode?: string }).mode === 'tty');
    const { topic, payload } = await output('detect', 0, isEvent('appeared', 'tty'));
    assert.deepEqual([topic, (payload as { stick: string }).stick], [served.place, served.place]);
    await status('hands', 'status.plugged');
    await status('at', 'status.ready');
    inject('at', { payload: 'AT' });
    assert.equal(((await output('at')).payload as { final: string }).final, 'OK');
    inject('hands', { payload: { do: 'urc', line: '^TEST' } });
    const { payload: urc } = await output('at', 1, (msg) => JSON.stringify(msg.payload).includes('^TEST'));
    assert.ok(urc);
    inject('hands', { payload: { do: 'fly' } });
    assert.equal((await caught('hands')).error.code, 'BAD_ARGUMENT');
    inject('hands', { payload: 'unplug' });
    await output('detect', 0, isEvent('vanished', 'tty'));
    await status('hands', 'status.unplugged');
  });

  it('has vanished when its server goes away, which each node says, and comes back with it', async () => {
    served.stick.plug();
    const auto: FlowNode = {
      id: 'switch',
      type: 'e3272-modeswitch',
      stick: 'stick',
      message: 'new',
      timeout: '',
      auto: true,
    };
    await deploy(flow([auto]));
    await status('at', 'status.ready');
    await status('hands', 'status.plugged');
    for (const id of ['detect', 'switch']) await status(id, 'status.tty');
    forget();
    await served.end();
    await output('detect', 0, isEvent('vanished', 'tty'));
    for (const id of ['at', 'detect', 'hands', 'switch']) await status(id, 'status.noserver');
    inject('at', { payload: 'AT' });
    const { error } = await caught('at');
    assert.equal(error.code, 'STICK_NOT_FOUND');
    assert.match(error.message, /No virtual sticks are served .* `e3272 virtual --host \d+`/);
    inject('hands', { payload: 'plug' });
    assert.equal((await caught('hands')).error.code, 'STICK_NOT_FOUND');
    forget();
    await served.serve();
    await output('detect', 0, isEvent('appeared', 'tty'));
    await status('at', 'status.ready');
    await status('hands', 'status.plugged');
    assert.deepEqual(errorsLogged(), []);
  });

  it('is said not to be there from the beginning, also when it was never there', async () => {
    await served.end();
    await deploy(flow());
    for (const id of ['at', 'detect', 'hands']) await status(id, 'status.noserver');
    await served.serve();
    await status('hands', 'status.unplugged');
    await status('detect', 'status.absent');
    await status('at', 'status.absent');
  });

  it('is never meant by auto, and is listed for the picker as soon as a node names it', async () => {
    served.stick.plug();
    await deploy(
      tab([
        stickNode('auto'),
        detect(),
        detect({ id: 'named', stick: 'other' }),
        { ...stickNode(served.place), id: 'other' },
      ]),
    );
    await status('named', 'status.tty');
    inject('detect', {});
    await output('detect');
    assert.ok(!JSON.stringify(outputs('detect')).includes(served.place));
    assert.ok(!statusesOf('detect').some(({ text }) => text === 'status.tty'));
    const listed = (await adminGet('/e3272/sticks')) as { stick: string; mode: string; virtual?: boolean }[];
    const mine = listed.find(({ stick }) => stick === served.place);
    assert.deepEqual([mine?.mode, mine?.virtual], ['tty', true]);
  });

  it('with another address is refused', async () => {
    const there = 'virtual-1@192.168.1.5:3300';
    await deploy(tab([stickNode(there), atNode, hands(there)]));
    await status('hands', 'status.noconfig');
    inject('hands', { payload: 'plug' });
    assert.match((await caught('hands')).error.message, /same machine/);
    inject('at', { payload: 'AT' });
    assert.match((await caught('at')).error.message, /same machine/);
  });

  it('is not looked for any more when no node names it', async () => {
    served.stick.plug();
    await deploy(flow());
    await status('at', 'status.ready');
    // It loses the server right after the nodes, and looks for it as often.
    const other = served.host();
    const watch = other.watch(() => undefined);
    await other.scan();
    await served.end();
    await status('at', 'status.noserver');
    await deploy([]);
    const before = served.clients.length;
    await served.serve();
    await served.noticed(({ clients }) => clients.length > before);
    await other.scan();
    assert.equal(served.clients.length, before + 1);
    watch.stop();
  });
});
