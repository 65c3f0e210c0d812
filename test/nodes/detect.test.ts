import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { NodeAPI } from 'node-red';
import { localHost } from '../../nodes/shared/hosts';
import { systemClock } from '../../src/host/clock';
import type { Host } from '../../src/host/host';
import { processWide } from '../../src/process-wide';
import { VirtualHost } from '../../src/virtual/host';
import { VirtualStick } from '../../src/virtual/stick';
import {
  adminGet,
  caught,
  deploy,
  errorLogged,
  type FlowNode,
  forget,
  inject,
  type Message,
  output,
  outputs,
  settings,
  startRuntime,
  status,
  tab,
} from './runtime';
import { replaceMachine, stickNode, testModem, testStick } from './sticks';

const detect = (more: object = {}): FlowNode => ({
  id: 'detect',
  type: 'e3272-detect',
  name: '',
  stick: 'stick',
  auto: false,
  message: 'new',
  ...more,
});

const modeswitch = (more: object = {}): FlowNode => ({
  id: 'switch',
  type: 'e3272-modeswitch',
  name: '',
  stick: 'stick',
  message: 'new',
  timeout: 5,
  auto: false,
  ...more,
});

interface Seen {
  event: string;
  stick: string;
  mode: string;
  from?: string;
  ttys: { path: string; interface: number; role: string }[];
}

const isPart = (index: number) => (msg: Message) => (msg.parts as { index: number } | undefined)?.index === index;

const seen = (): string[] =>
  outputs('detect').map(({ payload }) => {
    const { event, mode, from, ttys } = payload as Seen;
    return [event, from, mode, ttys.length].filter((x) => x !== undefined).join(' ');
  });

describe('e3272-detect', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('tells when a stick appears, changes and vanishes', async () => {
    const { name, stick } = await testStick({ firmware: 'stick', setport: 'A1;10,12' });
    await deploy(tab([stickNode(name), detect(), modeswitch()]));
    await status('detect', 'status.absent');
    stick.plug();
    const { topic, payload } = await output('detect');
    assert.equal(topic, name);
    assert.deepEqual(payload, {
      event: 'appeared',
      stick: name,
      mode: 'storage',
      product: (payload as { product: string }).product,
      vendorId: 0x12d1,
      usbId: '12d1:15ca',
      productId: 0x15ca,
      ttys: [],
    });
    await status('detect', 'status.storage');
    inject('switch', {});
    const ports = await output('detect', 0, (m) => (m.payload as Seen).ttys.length === 2);
    assert.deepEqual((ports.payload as Seen).ttys.map((t) => t.role).sort(), ['modem', 'pcui']);
    stick.unplug();
    await output('detect', 0, (m) => (m.payload as Seen).event === 'vanished' && (m.payload as Seen).mode === 'tty');
    assert.deepEqual(seen(), [
      'appeared storage 0',
      'vanished storage storage 0',
      'appeared storage tty 0',
      'changed tty tty 2',
      'vanished tty tty 2',
    ]);
  });

  it('answers a message with the present state', async () => {
    const { name, stick } = await testModem();
    await deploy(tab([stickNode(name), detect()]));
    inject('detect', { payload: 'how is it', topic: 'mine' });
    const { payload, topic, parts } = await output('detect');
    assert.equal((payload as Seen).event, 'present');
    assert.equal((payload as Seen).mode, 'tty');
    assert.equal((payload as Seen).ttys.length, 2);
    assert.equal(topic, 'mine');
    assert.equal(parts, undefined);
    stick.unplug();
    forget();
    inject('detect', {});
    const gone = await output('detect', 0, (m) => m.topic === undefined);
    assert.deepEqual(gone.payload, { event: 'absent', stick: name });
    await output('completer');
  });

  it('says so when its stick is missing', async () => {
    await deploy(tab([detect({ stick: 'no.such.node' })]));
    await status('detect', 'status.noconfig');
    inject('detect', {});
    assert.equal((await caught('detect')).error.code, 'BAD_ARGUMENT');
  });

  it('without a stick tells of every one on this machine, one message for each', async () => {
    const sticks = ['1-1', '1-1.4'].map(
      (portPath) => new VirtualStick({ clock: systemClock, name: portPath, portPath }),
    );
    const restore = replaceMachine(new VirtualHost({ sticks, clock: systemClock }));
    try {
      await deploy(tab([detect({ stick: '' })]));
      await status('detect', 'status.absent');
      for (const stick of sticks) stick.plug();
      await output('detect', 0, () => outputs('detect').length === 2);
      forget();
      inject('detect', { topic: 'mine', _msgid: 'm1' });
      const answers = [await output('detect', 0, isPart(0)), await output('detect', 0, isPart(1))];
      assert.deepEqual(
        answers.map(({ topic, parts, payload }) => [topic, parts, (payload as Seen).stick]),
        [
          ['mine', { id: 'm1', index: 0, count: 2 }, '1-1'],
          ['mine', { id: 'm1', index: 1, count: 2 }, '1-1.4'],
        ],
      );
      assert.equal(outputs('completer').length, 1);
    } finally {
      for (const stick of sticks) stick.unplug();
      await deploy([]);
      restore();
    }
  });

  it('switches by itself when it is told to, but not while somebody holds the stick', async () => {
    const { name, stick, next } = await testStick();
    await deploy(tab([stickNode(name), detect({ auto: true })]));
    await status('detect', 'status.absent');
    stick.plug();
    await status('detect', 'status.switching');
    await output('detect', 0, (m) => (m.payload as Seen).mode === 'hilink');
    await status('detect', 'status.hilink');
    await deploy(tab([stickNode(name), detect({ auto: true }), { id: 'flash', type: 'e3272-flash', stick: 'stick' }]));
    inject('flash', { dryRun: true });
    await output('flash');
    const off = next((e) => e.what === 'mode' && e.mode === 'off');
    stick.unplug();
    await off;
  });

  it('logs a switch that failed and stays alive', async () => {
    const { name, stick, host } = await testStick();
    host.openBulk = () => {
      throw new Error('a fault of the driver');
    };
    await deploy(tab([stickNode(name), detect({ auto: true })]));
    await status('detect', 'status.absent');
    stick.plug();
    await status('detect', 'status.failed');
    assert.match(String((await errorLogged('detect')).msg), /a fault of the driver/);
    inject('detect', {});
    await output('detect', 0, (m) => (m.payload as Seen).event === 'present');
  });
});

describe('e3272-modeswitch', () => {
  before(startRuntime);
  after(() => deploy([]));

  it('sets another configuration where a message or its setting says so', async () => {
    const { name, stick, next } = await testStick({ firmware: 'stick', setport: 'FF;10,12', mbim: 2 });
    const up = next((e) => e.what === 'mode');
    stick.plug();
    await up;
    await deploy(
      tab([stickNode(name), modeswitch({ configuration: '' }), modeswitch({ id: 'second', configuration: '2' })]),
    );
    inject('switch', { configuration: 1, topic: 'mine' });
    const { payload, topic } = await output('switch');
    const { ms: _, ...rest } = payload as { ms: number };
    const common = { stick: name, from: 'tty', to: 'tty', switched: false };
    assert.deepEqual([rest, topic], [{ ...common, configuration: { from: 2, to: 1, changed: true } }, 'mine']);
    assert.equal(stick.device?.configuration, 1);
    inject('second', {});
    await output('second');
    assert.equal(stick.device?.configuration, 2);
    for (const wrong of ['two', 0, 1.5, true, {}]) {
      forget();
      inject('switch', { configuration: wrong });
      assert.equal((await caught('switch')).error.code, 'BAD_ARGUMENT', String(wrong));
    }
    assert.equal(stick.device?.configuration, 2);
  });

  it('never sets one by itself: the automatic switch says what is in its way', async () => {
    const { name, stick } = await testStick({ firmware: 'stick', mbim: 2 });
    await deploy(tab([stickNode(name), detect(), modeswitch({ auto: true, configuration: 1 })]));
    stick.plug();
    const { msg } = await errorLogged('switch');
    assert.match(String(msg), /in configuration 2 \(MBIM\): no CD-ROM there; configuration 1 has it/);
    const { payload } = await output('detect');
    assert.match((payload as { problem: string }).problem, /^in configuration 2 \(MBIM\)/);
    assert.equal(stick.device?.configuration, 2);
  });

  it('switches on a message and tells what came of it', async () => {
    const { name, stick, next } = await testStick();
    stick.plug();
    await next((e) => e.what === 'mode');
    await deploy(tab([stickNode(name), modeswitch()]));
    inject('switch', { topic: 'mine' });
    const { payload, topic } = await output('switch');
    const { ms, ...rest } = payload as { ms: number };
    assert.deepEqual(rest, {
      stick: name,
      from: 'storage',
      to: 'hilink',
      switched: true,
      by: 'message',
      asExpected: true,
    });
    assert.equal(typeof ms, 'number');
    assert.equal(topic, 'mine');
    await status('switch', 'status.hilink');
    forget();
    inject('switch', {});
    const again = (await output('switch')).payload as { switched: boolean; by: string };
    assert.deepEqual([again.switched, again.by], [false, 'already']);
  });

  it('takes message and timeout from msg.switch', async () => {
    const { name, stick, next, events } = await testStick({ firmware: 'stick', setport: 'A1;10,12' });
    stick.plug();
    await next((e) => e.what === 'mode');
    await deploy(tab([stickNode(name), modeswitch()]));
    stick.faults.order({ fault: 'noreturn', at: 'enumerate' });
    inject('switch', { switch: { message: 'alt', timeout: 0.2 } });
    const { error } = await caught('switch');
    assert.equal(error.code, 'NOT_SWITCHED');
    assert.ok(events.some((e) => e.what === 'cbw' && e.cdb.startsWith('110630')));
    await status('switch', 'status.notSwitched');
    for (const wrong of ['alt', { message: 'sideways' }, { timeout: -1 }]) {
      forget();
      inject('switch', { switch: wrong });
      assert.equal((await caught('switch')).error.code, 'BAD_ARGUMENT');
    }
  });

  it('switches by itself when it is told to', async () => {
    const { name, stick } = await testStick();
    await deploy(tab([stickNode(name), modeswitch({ auto: true })]));
    stick.plug();
    const { payload, topic } = await output('switch');
    assert.equal((payload as { to: string }).to, 'hilink');
    assert.equal(topic, name);
  });

  it('says so when there is no stick', async () => {
    const { name } = await testStick();
    await deploy(tab([stickNode(name), modeswitch(), modeswitch({ id: 'lost', stick: '' })]));
    inject('switch', {});
    assert.equal((await caught('switch')).error.code, 'STICK_NOT_FOUND');
    inject('lost', {});
    assert.equal((await caught('lost')).error.code, 'BAD_ARGUMENT');
  });
});

describe('e3272-stick', () => {
  before(startRuntime);

  it('lists the sticks for its dialog, virtual ones marked', async () => {
    const { name } = await testModem();
    const listed = (await adminGet('/e3272/sticks')) as { stick: string; mode: string; virtual?: boolean }[];
    const mine = listed.find((s) => s.stick === name);
    assert.equal(mine?.mode, 'tty');
    assert.equal(mine?.virtual, true);
  });

  it('makes this machine once for all nodes; its state is in the user folder of Node-RED', async () => {
    await startRuntime();
    delete processWide<{ host?: Promise<Host> }>('machine', () => ({})).host;
    await adminGet('/e3272/sticks');
    // Whoever asks later gets the same: these settings would mean the home of the user.
    const host = await localHost({ settings: {} } as NodeAPI);
    assert.equal(host.keepFile('of-a-test', 'text'), join(String(settings['userDir']), 'e3272/of-a-test'));
  });
});
