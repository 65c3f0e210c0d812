import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { isDriverError } from '../../src/errors';
import { systemClock } from '../../src/host/clock';
import type { StickEvent } from '../../src/virtual/events';
import { type Served, serveVirtual } from '../../src/virtual/serve';
import { VirtualStick } from '../../src/virtual/stick';
import { transfersOf } from '../../src/virtual/tcp-ttys';

const TIMING = { plug: 1, offBus: 5, firstTty: 1, nextTty: 1, command: 1, atReset: 5, urcEvery: 0 };

interface Stage {
  served: Served;
  orders: PassThrough;
  /** Until an event has been logged that `wanted` likes, from `from` on. */
  logged(wanted: (event: StickEvent) => boolean, from?: number): Promise<number>;
  socket(tty: number): Promise<Socket>;
}

async function stage(): Promise<Stage> {
  const stick = new VirtualStick({
    clock: systemClock,
    firmware: 'stick',
    setport: 'FF;10,12',
    losesFirstAt: false,
    timing: TIMING,
  });
  const orders = new PassThrough();
  const log = new PassThrough();
  const events: StickEvent[] = [];
  let rest = '';
  let wake: (() => void)[] = [];
  log.on('data', (chunk: Buffer) => {
    const lines = (rest + chunk.toString()).split('\n');
    rest = lines.pop() ?? '';
    events.push(...lines.map((line) => JSON.parse(line) as StickEvent));
    for (const fn of wake.splice(0)) fn();
  });
  wake = [];
  const served = await serveVirtual({ sticks: [stick], as: { kind: 'ttys', port: 0 }, orders, log });
  return {
    served,
    orders,
    async logged(wanted, from = 0) {
      for (;;) {
        const at = events.findIndex((event, n) => n >= from && wanted(event));
        if (at >= 0) return at + 1;
        await new Promise<void>((resolve) => wake.push(resolve));
      }
    },
    async socket(tty) {
      while (!served.ports.has(tty)) await new Promise<void>((resolve) => setImmediate(resolve));
      const socket = connect(served.ports.get(tty) ?? 0, '127.0.0.1');
      await once(socket, 'connect');
      return socket;
    },
  };
}

async function ask(socket: Socket, command: string): Promise<string> {
  let text = '';
  socket.write(`${command}\r`);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    text += (chunk as Buffer).toString('latin1');
    if (text.endsWith('OK\r\n')) break;
  }
  return text;
}

describe('virtual stick on TCP', () => {
  let s: Stage;
  beforeEach(async () => {
    s = await stage();
  });
  afterEach(async () => {
    s.orders.write('{"do":"unplug"}\n');
    // The log begins with `off`; this is the one after that.
    await s.logged((e) => e.what === 'mode' && e.mode === 'off', 1);
    await s.served.close();
    assert.equal(s.served.ports.size, 0);
  });

  it('obeys orders, offers its ttys, drops and offers them again over a reset', async () => {
    s.orders.write('{"do":"plug"}\n');
    const socket = await s.socket(1);
    assert.equal(await ask(socket, 'AT'), 'AT\r\r\nOK\r\n');
    await ask(socket, 'AT^SETPORT="FF;12"');
    const seen = await s.logged((e) => e.what === 'setport' && e.value === 'FF;12');
    const closed = once(socket, 'close');
    await ask(socket, 'AT^RESET');
    await closed;
    await s.logged((e) => e.what === 'tty' && e.present && e.tty === 0, seen);
    const again = await s.socket(0);
    assert.match(await ask(again, 'AT^SETPORT?'), /\^SETPORT:FF;12\r\n/);
    again.destroy();
  });

  it('gives each tty to one client at a time', async () => {
    s.orders.write('{"do":"plug"}\n');
    const first = await s.socket(1);
    await ask(first, 'AT');
    const second = await s.socket(1);
    second.resume();
    await once(second, 'close');
    assert.equal(await ask(first, 'AT'), 'AT\r\r\nOK\r\n');
    const over = once(first, 'close');
    first.end();
    await over;
    const third = await s.socket(1);
    assert.equal(await ask(third, 'AT'), 'AT\r\r\nOK\r\n');
    third.destroy();
  });

  it('answers orders that make no sense with an error in the log, and goes on', async () => {
    let at = 0;
    for (const bad of [
      'no json',
      '7',
      'null',
      '{}',
      '{"do":"fly"}',
      '{"do":"insertSim","state":"eaten"}',
      '{"do":"urc"}',
      '{"fault":"x"}',
    ]) {
      s.orders.write(`${bad}\n`);
      at = await s.logged((e) => e.what === 'error', at);
    }
    s.orders.write(`{"do":"plug","${'x'.repeat(5000)}":1}\n`);
    at = await s.logged((e) => {
      if (e.what === 'error' && e.message.includes('xxx')) assert.equal(e.message.length, 1000);
      return e.what === 'error';
    }, at);
    s.orders.write('{"do":"plug","bootPin":true}\n');
    await s.logged((e) => e.what === 'mode' && e.mode === 'bootrom');
  });

  it('takes faults and SIM orders', async () => {
    s.orders.write('{"do":"removeSim"}\n{"fault":"othermode","at":"enumerate","mode":"fastboot"}\n{"do":"plug"}\n');
    await s.logged((e) => e.what === 'fault' && e.fault === 'othermode');
    await s.logged((e) => e.what === 'mode' && e.mode === 'fastboot');
  });
});

describe('virtual stick on a taken TCP port', () => {
  it('says PORT_BUSY and lets go of everything', async () => {
    const stick = new VirtualStick({ clock: systemClock, firmware: 'stick', setport: 'FF;12', timing: TIMING });
    const ready = new Promise<void>((resolve) => stick.onChange(() => stick.ttys.length === 1 && resolve()));
    stick.plug();
    await ready;
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    await assert.rejects(serveVirtual({ sticks: [stick], as: { kind: 'ttys', port } }), (error: unknown) =>
      isDriverError(error, 'PORT_BUSY'),
    );
    taken.close();
    await once(taken, 'close');
    const served = await serveVirtual({ sticks: [stick], as: { kind: 'ttys', port } });
    assert.equal(served.ports.get(0), port);
    await served.close();
    stick.unplug();
  });
});

describe('TCP chunks as transfers', () => {
  it('cuts AT text after each CR, binary never', () => {
    const cut = (text: string) =>
      [...transfersOf(Buffer.from(text, 'latin1'))].map((b) => Buffer.from(b).toString('latin1'));
    assert.deepEqual(cut('ATE0\rAT^DATAMODE\r'), ['ATE0\r', 'AT^DATAMODE\r']);
    assert.deepEqual(cut('AT^DATAMODE\r~\x0c\x14:~'), ['AT^DATAMODE\r', '~\x0c\x14:~']);
    assert.deepEqual(cut('~A\r\rB~'), ['~A\r\rB~']);
    assert.deepEqual(cut('AT'), ['AT']);
  });
});
