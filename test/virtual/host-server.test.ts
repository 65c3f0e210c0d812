/** Served virtual sticks: what becomes of connections, whoever makes or ends them, and how the other side takes it. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type DriverError, type ErrorCode, isDriverError } from '../../src/errors';
import { parseServedName } from '../../src/served-name';
import { watchSticks } from '../../src/stick/watch';
import { TIMEOUTS } from '../../src/timeouts';
import { VirtualClock } from '../../src/virtual/clock';
import { serveHost } from '../../src/virtual/host-server';
import { createRemoteVirtualHost } from '../../src/virtual/remote-host';
import { VirtualStick } from '../../src/virtual/stick';
import { LIMITS, WIRE_VERSION } from '../../src/virtual/wire';
import { MODEM, ServedSticks, see, ttysOf, withTtys } from '../support/served';

const isA =
  (code: ErrorCode, words = /./) =>
  (e: unknown) =>
    isDriverError(e, code) && words.test(e.message);

const HELLO = { id: 1, ask: 'hello', greeting: 'e3272-virtual', version: WIRE_VERSION, stick: 'virtual-1' };

/** A connection without a driver behind it. */
async function raw(port: number): Promise<{ socket: Socket; say(...lines: unknown[]): void; line(): Promise<string> }> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  let text = '';
  return {
    socket,
    say: (...lines) =>
      socket.write(lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('')),
    /** The next one; '' when the connection has ended. */
    async line() {
      while (!text.includes('\n')) {
        const chunk = await new Promise<string>((resolve) => {
          const end = (data?: Buffer) => {
            socket.off('data', end).off('close', end);
            resolve(Buffer.isBuffer(data) ? data.toString() : '');
          };
          socket.once('data', end).once('close', end);
          if (socket.destroyed) end();
        });
        if (chunk === '') return '';
        text += chunk;
      }
      const end = text.indexOf('\n');
      const line = text.slice(0, end);
      text = text.slice(end + 1);
      return line;
    },
  };
}

describe('served virtual sticks', () => {
  let served: ServedSticks;
  beforeEach(async () => {
    served = await ServedSticks.start([MODEM, {}]);
  });
  afterEach(() => served.close());

  describe('the server', () => {
    it('listens for this machine only', async () => {
      // Who listens on all addresses leaves none of them to others.
      const neighbour = createServer().listen({ host: '127.0.0.2', port: served.port, exclusive: true });
      await once(neighbour, 'listening');
      await closed(neighbour);
      await assert.rejects(serveHost({ sticks: [], port: 0 }), isA('BAD_ARGUMENT'));
    });

    it('says that its port is taken', async () => {
      await assert.rejects(
        serveHost({ sticks: served.sticks, port: served.port }),
        isA('PORT_BUSY', /cannot be served on TCP port/),
      );
    });

    it('greets with its version, also one that has another, and names its sticks', async () => {
      const good = await raw(served.port);
      good.say({ ...HELLO, more: 'of a later version' });
      const { answer, value } = JSON.parse(await good.line());
      assert.deepEqual([answer, value.version, value.bus], [1, WIRE_VERSION, { plugged: false, enumeration: 0 }]);
      const later = await raw(served.port);
      later.say({ ...HELLO, version: WIRE_VERSION + 1 });
      const refused = JSON.parse(await later.line());
      assert.deepEqual([refused.refusal, refused.code], [1, 'PROTOCOL']);
      assert.match(refused.message, /e3272-virtual 3, not e3272-virtual 4/);
      assert.equal(await later.line(), '', 'and the connection ends');
      const lost = await raw(served.port);
      lost.say({ ...HELLO, stick: 'virtual-9' });
      assert.deepEqual(JSON.parse(await lost.line()).params, { name: 'virtual-9', served: ['virtual-1', 'virtual-2'] });
      good.socket.destroy();
    });

    const strange: [string, unknown[]][] = [
      ['a browser', ['POST / HTTP/1.1', 'Host: 127.0.0.1', '', JSON.stringify(HELLO)]],
      ['who does not greet', [{ id: 1, ask: 'order', order: { do: 'plug' } }, HELLO]],
      ['who greets twice', [HELLO, HELLO]],
      ['who asks what does not exist', [HELLO, { id: 2, ask: 'format' }]],
      ['who asks in depth', [HELLO, `{"id":2,"ask":${'['.repeat(100_000)}${']'.repeat(100_000)}}`]],
      ['who asks without a number', [HELLO, { ask: 'scan' }]],
      ['who leaves out what is needed', [HELLO, { id: 2, ask: 'openTty', handle: 1 }]],
      ['who says too much', [HELLO, { id: 2, ask: 'scan', deep: true }]],
      ['who says a number as a text', [HELLO, { id: 2, ask: 'openTty', handle: '1', path: 'x' }]],
      ['whose bytes are none', [HELLO, { id: 2, ask: 'write', handle: 1, data: 'äöü' }]],
      ['who says a line without an end', [HELLO, 'x'.repeat(LIMITS.line + 1)]],
      ['who asks for more than fits', [HELLO, { id: 2, ask: 'transferIn', handle: 1, length: 1e9, ms: 1 }]],
    ];
    for (const [who, lines] of strange) {
      it(`cuts off ${who}, says so, and nothing has happened`, async () => {
        const { socket, say } = await raw(served.port);
        socket.resume();
        say(...lines);
        await once(socket, 'close');
        await served.noticed(({ complaints }) => complaints.length > 0);
        assert.match(served.complaints.join(), /not understood|at the wrong time/);
        assert.equal(served.stick.plugged, false);
        assert.equal(served.clients.filter((what) => what.endsWith('came')).length, lines[0] === HELLO ? 1 : 0);
        await served.noticed(({ clients }) => clients.length % 2 === 0);
      });
    }

    it('cuts off who asks too much at once, and who does not read what he is told', async () => {
      const greedy = await raw(served.port);
      greedy.socket.resume();
      served.sticks[1]?.plug();
      const other = served.host({ stickName: 'virtual-2' });
      const [device] = await see(other, (devices) => devices.length === 1);
      assert.ok(device);
      const transfer = { ask: 'transferIn', handle: 1, length: 13, ms: 60_000 };
      greedy.say(
        { ...HELLO, stick: 'virtual-2' },
        { id: 2, ask: 'openBulk', handle: 1, address: device.address, interface: 0 },
      );
      greedy.say(...Array.from({ length: LIMITS.asks + 1 }, (_, id) => ({ id: id + 3, ...transfer })));
      await once(greedy.socket, 'close');
      assert.match(served.complaints.join(), /too much at once/);

      served.stick.plug();
      const [, path = ''] = ttysOf(await see(served.host(), withTtys(2)));
      const deaf = await raw(served.port);
      deaf.say(HELLO, { id: 2, ask: 'openTty', handle: 1, path });
      await deaf.line();
      await deaf.line();
      deaf.socket.pause();
      const before = served.complaints.length;
      while (served.complaints.length === before) {
        served.stick.urc('x'.repeat(60_000));
        await new Promise<void>((resolve) => setImmediate(resolve));
      }
      assert.match(served.complaints.join(), /does not read/);
      deaf.socket.destroy();
      await (await served.host().openTty(path)).close();
    });

    it('cuts off who does not say what he wants, and only him', async () => {
      const clock = new VirtualClock();
      const stick = new VirtualStick({ clock });
      const complaints: unknown[] = [];
      const server = await serveHost({ sticks: [stick], port: 0, complain: (error) => complaints.push(error) });
      const good = await raw(server.port);
      good.say(HELLO);
      await good.line();
      const { socket } = await raw(server.port);
      socket.resume();
      socket.write('{"id":1,');
      while (clock.pending === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      await clock.run(once(socket, 'close'));
      assert.equal(clock.now(), TIMEOUTS.remote.answer);
      assert.match(String(complaints), /did not say what it wants/);
      assert.equal(good.socket.destroyed, false);
      await server.close();
    });

    it('takes 64 connections, and another one when one of them has ended', async () => {
      const all = await Promise.all(Array.from({ length: LIMITS.clients }, () => raw(served.port)));
      const [first, last] = [all[0], all.at(-1)];
      last?.say(HELLO);
      assert.match((await last?.line()) ?? '', /answer/);
      const surplus = await raw(served.port);
      surplus.say(HELLO);
      assert.equal(await surplus.line(), '');
      first?.say('nothing');
      assert.equal(await first?.line(), '');
      const next = await raw(served.port);
      next.say(HELLO);
      assert.match(await next.line(), /answer/);
      for (const { socket } of [...all, next]) socket.destroy();
    });

    it('closes what a program had open, however that ends', async () => {
      served.stick.plug();
      const [, path = ''] = ttysOf(await see(served.host(), withTtys(2)));
      const killed = await raw(served.port);
      killed.say(HELLO, { id: 2, ask: 'openTty', handle: 1, path });
      await killed.line();
      await killed.line();
      await assert.rejects(served.host().openTty(path), isA('PORT_BUSY'));
      killed.socket.resetAndDestroy();
      await served.noticed(({ clients }) => clients.at(-1) === 'virtual-1 left');
      await (await served.host().openTty(path)).close();
    });
  });

  describe('when the server goes away', () => {
    it('the stick has vanished for all who use it, and is back when the server is', async () => {
      served.stick.plug();
      const host = served.host();
      const changes: string[] = [];
      let wake = () => {};
      const watch = watchSticks(host, ({ event, stick }) => {
        changes.push(`${event} ${stick.mode} ${stick.ttys.length}`);
        wake();
      });
      const until = async (last: string) => {
        while (changes.at(-1) !== last)
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      };
      const [device, path] = await see(host, withTtys(2)).then((all) => [all[0], ttysOf(all)[1] ?? ''] as const);
      assert.ok(device);
      const before = host.presence(device);
      const port = await host.openTty(path);
      const gone = new Promise<DriverError>((resolve) => port.receive(() => undefined, resolve));
      served.stick.faults.order({ fault: 'silence', at: 'at' });
      await port.write(Buffer.from('AT\r'));
      changes.length = 0;

      await served.end();
      assert.ok(isA('STICK_GONE', /program that served/)(await gone));
      await until('vanished tty 2');
      assert.equal(port.isOpen, false);
      await assert.rejects(port.write(Buffer.from('AT\r')), isA('STICK_GONE'));
      await port.close();
      await assert.rejects(
        host.scan(),
        isA('STICK_NOT_FOUND', /No virtual sticks are served on 127\.0\.0\.1 port \d+\./),
      );
      assert.match(host.unreachable?.()?.message ?? '', /No virtual sticks are served/);
      assert.equal(host.presence(device), undefined);
      assert.equal(host.plugged, undefined);

      await served.serve();
      await until('appeared tty 2');
      assert.equal(host.unreachable?.(), undefined);
      assert.notEqual(host.presence(device), before, 'a server that was started anew has other sticks');
      await (await host.openTty(path)).close();
      watch.stop();
    });

    it('a connection that was cut is made again, and the stick is still the same', async () => {
      served.stick.plug();
      const host = served.host();
      const [device] = await see(host, withTtys(2));
      assert.ok(device);
      const before = host.presence(device);
      const watch = host.watch(() => undefined);
      served.drop();
      await served.noticed(({ clients }) => clients.at(-1) === 'virtual-1 came');
      await host.scan();
      assert.equal(host.presence(device), before);
      watch.stop();
    });

    it('what is asked meanwhile fails, and nothing is left behind', async () => {
      served.stick.plug();
      const host = served.host({ stickName: 'virtual-2' });
      served.sticks[1]?.plug();
      const [device] = await see(host, (devices) => devices.length === 1);
      assert.ok(device);
      const pipe = await host.openBulk(device, 0);
      const transfer = assert.rejects(pipe.transferIn(13, 60_000), isA('STICK_GONE', /has gone/));
      await host.scan();
      await served.end();
      await transfer;
      await pipe.recover();
      await pipe.close();
      await assert.rejects(host.order({ do: 'plug' }), isA('STICK_NOT_FOUND'));
      assert.equal(await host.reauthorize?.(served.place), false);
      await served.serve();
    });

    it('is looked for less and less often, as long as somebody watches, and at once for whoever asks', async () => {
      await served.end();
      const clock = new VirtualClock();
      const host = served.host({ clock });
      const lists: number[] = [];
      await assert.rejects(host.scan(), isA('STICK_NOT_FOUND'));
      assert.equal(clock.pending, 0, 'nobody watches yet');
      const watch = host.watch((devices) => lists.push(devices.length));
      await assert.rejects(host.scan(), isA('STICK_NOT_FOUND'));
      const { retry, retryMax } = TIMEOUTS.remote;
      const pauses: number[] = [];
      while (pauses.at(-1) !== retryMax) {
        assert.equal(clock.pending, 1, 'one look at a time');
        const begin = clock.now();
        const looked = new Promise<void>((resolve) => {
          const { after } = clock;
          clock.after = (ms, fn) => {
            clock.after = after;
            resolve();
            return after.call(clock, ms, fn);
          };
        });
        await clock.run(looked);
        pauses.push(clock.now() - begin);
        await assert.rejects(host.scan(), isA('STICK_NOT_FOUND'));
      }
      assert.equal(pauses[0], retry);
      watch.stop();
      assert.equal(clock.pending, 0, 'nobody watches any more');
      assert.deepEqual(lists, [0]);
      await served.serve();
      assert.deepEqual(await host.scan(), []);
    });

    it('one that does not answer is as good as gone', async () => {
      const mute = createServer((socket) => void socket.resume()).listen(0, '127.0.0.1');
      await once(mute, 'listening');
      const clock = new VirtualClock();
      const { port } = mute.address() as AddressInfo;
      const host = createRemoteVirtualHost({ stickName: 'virtual-1', port, clock, stateFolders: [] });
      await assert.rejects(clock.run(host.scan()), isA('TIMEOUT', /does not answer/));
      assert.equal(clock.now(), TIMEOUTS.remote.answer);
      await closed(mute);
    });
  });

  describe('what else listens on a port', () => {
    const answers: [string, string][] = [
      ['another version', '{"refusal":1,"code":"PROTOCOL","message":"This is e3272-virtual 3"}\n'],
      ['what refuses otherwise', '{"refusal":1,"code":42,"message":"no"}\n'],
      ['what greets otherwise', '{"answer":1,"value":{"greeting":"something","version":1}}\n'],
      [
        'a stick that is none',
        `{"answer":1,"value":{"greeting":"e3272-virtual","version":1,"instance":"x","bus":{"plugged":true,"enumeration":1,"device":{"portPath":"1-1"}}}}\n`,
      ],
      ['text', 'SSH-2.0-OpenSSH_9.2\r\n'],
      ['a line without an end', 'x'.repeat(LIMITS.line + 1)],
    ];
    for (const [what, answer] of answers) {
      it(`is told apart: ${what}`, async () => {
        const server = createServer((socket) => {
          socket.on('error', () => undefined);
          socket.once('data', () => socket.write(answer));
        }).listen(0, '127.0.0.1');
        await once(server, 'listening');
        const { port } = server.address() as AddressInfo;
        const host = createRemoteVirtualHost({ stickName: 'virtual-1', port, stateFolders: [] });
        await assert.rejects(host.scan(), isA('PROTOCOL'));
        assert.equal(host.unreachable?.()?.code, 'PROTOCOL');
        await closed(server);
      });
    }

    it('is told apart: a web server', async () => {
      const web = createHttpServer().listen(0, '127.0.0.1');
      await once(web, 'listening');
      const { port } = web.address() as AddressInfo;
      const host = createRemoteVirtualHost({ stickName: 'virtual-1', port, stateFolders: [] });
      await assert.rejects(host.scan(), isA('PROTOCOL', /no virtual stick/));
      web.closeAllConnections();
      await closed(web);
    });
  });
});

const closed = async (server: Server): Promise<void> => {
  server.close();
  server.unref();
};

describe('the name of a served stick', () => {
  it('has one spelling, and is for this machine only', () => {
    assert.deepEqual(parseServedName('virtual-12@127.0.0.1:3300'), { stickName: 'virtual-12', port: 3300 });
    for (const other of ['auto', '1-1.4', 'virtual-1', '/dev/ttyUSB0', ''])
      assert.equal(parseServedName(other), undefined);
    for (const address of ['localhost', '192.168.1.5', '[::1]', '127.0.0.2', 'example.org', '']) {
      assert.throws(() => parseServedName(`virtual-1@${address}:3300`), isA('BAD_ARGUMENT', /same machine/), address);
    }
    for (const wrong of [
      'virtual-0@127.0.0.1:3300',
      'virtual-01@127.0.0.1:1',
      '1-1@127.0.0.1:3300',
      'virtual-1@127.0.0.1',
    ]) {
      assert.throws(() => parseServedName(wrong), isA('BAD_ARGUMENT', /no name of a virtual stick/), wrong);
    }
    for (const port of ['0', '03300', '65536', '1e3', '-1', ' 1']) {
      assert.throws(() => parseServedName(`virtual-1@127.0.0.1:${port}`), isA('BAD_ARGUMENT'), port);
    }
    assert.throws(() => createRemoteVirtualHost({ stickName: 'virtual-x', port: 3300 }), isA('BAD_ARGUMENT'));
  });
});
