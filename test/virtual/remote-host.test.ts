/** A virtual stick in another process, as the driver uses it. Both ends are in this process here, with TCP between them. */

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { decodeCsw } from '../../src/codec/cbw';
import { openAt } from '../../src/device/at/open-at';
import { type DriverError, type ErrorCode, isDriverError } from '../../src/errors';
import type { BulkPipe, TtyPort, UsbDevice } from '../../src/host/host';
import { switchStick } from '../../src/modeswitch/switch';
import { findStick } from '../../src/stick/stick';
import { VirtualClock } from '../../src/virtual/clock';
import type { StickEvent } from '../../src/virtual/events';
import type { RemoteVirtualHost } from '../../src/virtual/remote-host';
import { LIMITS } from '../../src/virtual/wire';
import { untilWeb } from '../device/hilink/bench';
import { MODEM, ServedSticks, see, ttysOf, withTtys } from '../support/served';

const cbw = (cdb: string, length = '00', flags = '00') =>
  Buffer.from(
    `55534243123456${'78'}${length}000000${flags}00${(cdb.length / 2).toString(16).padStart(2, '0')}${cdb}`.padEnd(
      62,
      '0',
    ),
    'hex',
  );
const INQUIRY = cbw('120000002400', '24', '80');
const TEST_UNIT_READY = cbw('000000000000');

const rejects = (work: Promise<unknown>, code: ErrorCode, words = /./) =>
  assert.rejects(work, (e: unknown) => isDriverError(e, code) && words.test(e.message));

/** Collects what a port says. */
class Reader {
  text = '';
  readonly gone: DriverError[] = [];
  #wake = () => {};

  constructor(port: TtyPort) {
    const wake = () => this.#wake();
    port.receive(
      (chunk) => {
        this.text += Buffer.from(chunk).toString('latin1');
        wake();
      },
      (error) => {
        this.gone.push(error);
        wake();
      },
    );
  }

  /** Until the text ends so, or the port has gone. */
  async until(end: string): Promise<string> {
    while (!this.text.endsWith(end) && this.gone.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const { text } = this;
    this.text = '';
    return text;
  }
}

const gone = (devices: UsbDevice[]) => devices.length === 0;

describe('a virtual stick in another process', () => {
  let served: ServedSticks;
  const start = async (...options: Parameters<typeof ServedSticks.start>): Promise<RemoteVirtualHost> => {
    served = await ServedSticks.start(...options);
    return served.host();
  };
  afterEach(() => served.close());

  interface Modem {
    host: RemoteVirtualHost;
    device: UsbDevice;
    path: string;
    /** The other one. */
    first: string;
  }

  /** A modem that is plugged in, with both of its ttys. */
  async function modem(): Promise<Modem> {
    const host = await start([MODEM]);
    served.stick.plug();
    const devices = await see(host, withTtys(2));
    const [device] = devices;
    const [first, path] = ttysOf(devices);
    assert.ok(device && path && first);
    return { host, device, path, first };
  }

  describe('its bus', () => {
    it('is watched: the list at first and after each change, never within the call, until it is stopped', async () => {
      const host = await start([MODEM]);
      const seen: string[] = [];
      const watch = host.watch((devices) =>
        seen.push(devices.map((d) => `${d.portPath} ${ttysOf([d]).length}`).join()),
      );
      assert.deepEqual(seen, []);
      await see(host, gone);
      served.stick.plug();
      await see(host, withTtys(2));
      assert.deepEqual(seen, ['', `${served.place} 0`, `${served.place} 1`, `${served.place} 2`]);
      watch.stop();
      served.stick.unplug();
      await see(host, gone);
      assert.equal(seen.length, 4);
    });

    it('is told to all who watch, also where one of them throws', async () => {
      const { host } = await modem();
      const stops = [0, 1].map(() =>
        host.watch(() => {
          throw new Error('of a listener');
        }),
      );
      const left = see(host, gone);
      served.stick.unplug();
      await left;
      for (const { stop } of stops) stop();
    });

    it('is not looked at again and again: while nothing happens no timer is set', async () => {
      await start([MODEM]);
      const clock = new VirtualClock();
      const host = served.host({ clock });
      served.stick.plug();
      await see(host, withTtys(2));
      const watch = host.watch(() => undefined);
      await host.scan();
      assert.equal(clock.pending, 0);
      watch.stop();
    });

    it('is scanned as it is now; the stick is found by its name, and as the only one of its host', async () => {
      const { host } = await modem();
      assert.equal((await findStick(host, served.place)).mode, 'tty');
      assert.equal((await findStick(host, 'auto')).path, served.place);
      served.stick.unplug();
      assert.deepEqual(await host.scan(), []);
    });

    it('each enumeration is a presence of its own, the same for all programs; nobody tells of one that is over', async () => {
      const host = await start([MODEM]);
      const other = served.host();
      const presences = new Set<string | undefined>();
      for (let round = 0; round < 3; round++) {
        served.stick.plug();
        const [device] = await see(host, withTtys(2));
        assert.ok(device);
        const presence = host.presence(device);
        assert.ok(presence);
        presences.add(presence);
        await other.scan();
        assert.equal(other.presence(device), presence);
        assert.equal(host.place(device), served.place);
        served.stick.unplug();
        await see(host, gone);
        assert.equal(host.presence(device), undefined);
      }
      assert.equal(presences.size, 3);
    });

    it('can be left and joined again by order of the system', async () => {
      const { host, device } = await modem();
      const again = see(host, (devices) => devices.some((d) => d.address !== device.address));
      assert.equal(await host.reauthorize?.(served.place), true);
      await again;
      served.stick.unplug();
      assert.equal(await host.reauthorize?.(served.place), false);
    });
  });

  describe('its ttys', () => {
    it('carry bytes both ways, in order, whatever becomes of the buffer meanwhile', async () => {
      const { host, path } = await modem();
      const port = await host.openTty(path);
      const reader = new Reader(port);
      const data = Buffer.from('ATE0\r');
      const written = port.write(data);
      data.fill(0);
      await written;
      assert.equal(await reader.until('OK\r\n'), 'ATE0\r\r\nOK\r\n');
      const bytes = Buffer.from([0x7e, 0x00, 0xff, 0x0a, 0x0d]);
      await port.write(bytes);
      await port.write(Buffer.from('AT\r'));
      await reader.until('OK\r\n');
      await port.close();
      assert.equal(port.isOpen, false);
      await rejects(port.write(bytes), 'STICK_GONE', /closed/);
      await port.close();
    });

    it('keep what comes before somebody reads, up to 64 KiB', async () => {
      const { host, path } = await modem();
      const port = await host.openTty(path);
      await port.write(Buffer.from('AT\r'));
      served.stick.urc('^LAST');
      await host.scan();
      const first = new Reader(port);
      assert.match(await first.until('\r\n'), /AT\r/);
      await port.close();

      const full = await host.openTty(path);
      for (let i = 0; i < 100; i++) served.stick.urc('x'.repeat(1_000));
      await host.scan();
      const reader = new Reader(full);
      await new Promise<void>((resolve) => setImmediate(resolve));
      assert.ok(reader.text.length > 60_000 && reader.text.length <= 64 * 1_024, String(reader.text.length));
      await full.close();
    });

    it('are opened by one at a time: it is said whether this program has it or another one', async () => {
      const { host, path } = await modem();
      const other = served.host();
      const port = await host.openTty(path);
      await rejects(host.openTty(path), 'PORT_BUSY', /in use by this process/);
      await rejects(other.openTty(path), 'PORT_BUSY', /in use by another program/);
      await port.close();
      const again = await other.openTty(path);
      await rejects(host.openTty(path), 'PORT_BUSY', /in use by another program/);
      await again.close();
    });

    it('tell once that they have vanished, and refuse to be written and opened then', async () => {
      const { host, path } = await modem();
      const port = await host.openTty(path);
      const reader = new Reader(port);
      served.stick.unplug();
      await reader.until('never');
      assert.deepEqual(
        reader.gone.map(({ code }) => code),
        ['STICK_GONE'],
      );
      assert.equal(port.isOpen, false);
      await rejects(port.write(Buffer.from('AT\r')), 'STICK_GONE');
      await rejects(host.openTty(path), 'STICK_GONE');
      await port.close();
      served.stick.plug();
      await see(host, withTtys(2));
      const next = await host.openTty(path);
      await next.close();
      assert.equal(reader.gone.length, 1);
    });

    it('tell it also to who begins to read afterwards, and never after a close', async () => {
      const { host, path, first } = await modem();
      const [late, closed] = [await host.openTty(path), await host.openTty(first)];
      const silent = new Reader(closed);
      await closed.close();
      served.stick.unplug();
      await see(host, gone);
      const reader = new Reader(late);
      await reader.until('never');
      assert.equal(reader.gone.length, 1);
      assert.equal(silent.gone.length, 0);
    });

    it('end when their receiver throws, as a real one does, and no one else', async () => {
      const { host, path } = await modem();
      const port = await host.openTty(path);
      const over = new Promise<DriverError>((resolve) =>
        port.receive(() => {
          throw new Error('of a receiver');
        }, resolve),
      );
      await port.write(Buffer.from('AT\r'));
      assert.match((await over).message, /of a receiver/);
      assert.equal(port.isOpen, false);
      await (await host.openTty(path)).close();
    });

    it('take no more than 64 KiB at once', async () => {
      const { host, path } = await modem();
      const port = await host.openTty(path);
      await rejects(port.write(Buffer.alloc(64 * 1_024 + 1)), 'BAD_ARGUMENT', /65537 bytes/);
      await port.write(Buffer.alloc(64 * 1_024));
      await port.close();
    });
  });

  describe('its CD-ROM', () => {
    async function cdrom(): Promise<{ host: RemoteVirtualHost; device: UsbDevice; pipe: BulkPipe }> {
      const host = await start();
      served.stick.plug();
      const [device] = await see(host, (devices) => devices.length === 1);
      assert.ok(device);
      return { host, device, pipe: await host.openBulk(device, 0) };
    }

    it('is claimed by one at a time, and switched by the same message', async () => {
      const { host, device, pipe } = await cdrom();
      await rejects(host.openBulk(device, 0), 'PORT_BUSY', /this process/);
      await rejects(served.host().openBulk(device, 0), 'PORT_BUSY', /another program/);
      await rejects(served.host().openBulk(device, 7), 'BAD_ARGUMENT', /no mass storage/);
      await pipe.close();
      const { to } = await switchStick(host, await findStick(host, 'auto'));
      assert.equal(to.mode, 'hilink');
      await rejects(host.openBulk(device, 0), 'STICK_GONE');
    });

    it('answers, and is silent for the time that it is given', async () => {
      const { pipe } = await cdrom();
      await pipe.transferOut(INQUIRY, 1_000);
      assert.match(Buffer.from(await pipe.transferIn(36, 1_000)).toString('latin1'), /HUAWEI/);
      assert.equal(decodeCsw(await pipe.transferIn(13, 1_000))?.status, 0);
      served.stick.faults.order({ fault: 'silence', at: 'cbw' });
      await pipe.transferOut(TEST_UNIT_READY, 1_000);
      await rejects(pipe.transferIn(13, 20), 'TIMEOUT', /within 20 ms/);
    });

    it('is in step again after a recovery', async () => {
      const { pipe } = await cdrom();
      served.stick.faults.order({ fault: 'lost', at: 'csw' });
      await pipe.transferOut(TEST_UNIT_READY, 1_000);
      await rejects(pipe.transferIn(13, 20), 'TIMEOUT');
      await pipe.recover();
      await pipe.transferOut(TEST_UNIT_READY, 1_000);
      assert.equal((await pipe.transferIn(13, 1_000)).length, 13);
      await pipe.close();
      await pipe.close();
      await pipe.recover();
      await rejects(pipe.transferIn(13, 20), 'STICK_GONE');
    });

    it('ends a transfer when the stick is pulled', async () => {
      const { pipe } = await cdrom();
      const waiting = pipe.transferIn(13, 60_000);
      served.stick.unplug();
      await rejects(waiting, 'STICK_GONE', /left the bus/);
    });
  });

  describe('orders and events', () => {
    it('go over the same connection', async () => {
      const host = await start([MODEM]);
      const events: StickEvent[] = [];
      const heard = new Promise<void>((resolve) => {
        const stop = host.onEvent((event) => {
          events.push(event);
          if (event.what !== 'mode' || event.mode !== 'bootrom') return;
          stop();
          resolve();
        });
      });
      assert.equal(host.plugged, undefined, 'nobody has looked yet');
      await host.order({ do: 'plug', bootPin: true });
      assert.equal(host.plugged, true);
      await heard;
      await host.order({ do: 'unplug' });
      assert.equal(host.plugged, false);
      assert.equal(events.at(-1)?.what, 'mode');
    });

    it('are refused in the words of the stick', async () => {
      const host = await start();
      await rejects(host.order({ do: 'fly' }), 'BAD_ARGUMENT', /one of plug, unplug/);
      await rejects(host.order({ do: 'hang', cure: 'esc' }), 'WRONG_MODE');
    });

    it('that cannot be sent are refused before, and the connection goes on', async () => {
      const host = await start();
      await host.order({ do: 'plug' });
      const ring: Record<string, unknown> = { do: 'unplug' };
      ring['again'] = ring;
      for (const order of [ring, { do: 'unplug', n: 1n }, { do: 'unplug', text: 'x'.repeat(LIMITS.line) }]) {
        await rejects(host.order(order), 'BAD_ARGUMENT');
      }
      await host.order({ do: 'unplug' });
      assert.deepEqual([host.plugged, served.clients], [false, ['virtual-1 came']]);
    });
  });

  describe('what belongs to the driver', () => {
    it('stays with it: state folders, what is told to all, locks', async () => {
      const host = await start();
      const { place, root } = served;
      assert.deepEqual([host.kind, host.real, host.hasBus], ['virtual', false, true]);
      assert.equal(await host.writeNoteAsync(place, 'begun'), true);
      assert.equal(served.host().readNote(place), 'begun', 'another program with the same folder');
      assert.equal(served.host({ stateFolders: [join(root, 'another')] }).readNote(place), undefined);
      assert.equal(readdirSync(join(root, 'state')).length, 1);
      assert.equal(await host.tellAll(place, 'begun'), false, 'there is no folder for all');
      assert.deepEqual(host.toldToAll(), []);

      const lock = await host.lock(place);
      await rejects(served.host().lock(place), 'BUSY', /in use by/);
      (await served.host().lock(place.replace('virtual-1', 'virtual-2'))).release();
      lock.release();
      (await served.host().lock(place)).release();
    });

    it('says of mounts, power and others on the port what is true of a virtual stick', async () => {
      const { host, device } = await modem();
      assert.deepEqual(await host.mounts(served.place), []);
      assert.equal(await host.storageVendor(device, 0), undefined);
      assert.deepEqual(await host.power(served.place, true), { autosuspend: 'off', hub: 'none' });
      assert.equal(typeof (await host.stayAwake('test')), 'function');
      assert.deepEqual(await host.intruders(served.place), []);
    });
  });

  describe('in HiLink mode', () => {
    it('has its network there too: found, asked and used without an address by hand', async () => {
      const host = await start([{ hilink: 'sestok' }]);
      served.stick.plug();
      const [device] = await see(host, ([one]) => one !== undefined);
      assert.ok(device);
      assert.deepEqual(await host.network?.(device), []);
      await switchStick(host, await findStick(host, 'auto'));
      const handle = openAt(host, served.place, { web: { password: 'admin' } });
      const { web } = await untilWeb(handle, 'ready');
      assert.equal(web?.url, 'http://192.168.8.1');
      const { identity, sim } = await handle.webStatus({ parts: ['identity', 'sim'], personal: true });
      await handle.release();
      assert.equal(sim?.state, 'READY');
      assert.match(identity?.imei ?? '', /^\d{15}$/);
      served.stick.faults.order({ fault: 'cut', at: 'web', path: 'sms/send-sms' });
      const [link] = (await host.network?.(device)) ?? [];
      assert.deepEqual([link?.name, link?.gateways, link?.rivals], ['eth1', ['192.168.8.1'], []]);
      const send = { method: 'POST', path: '/api/sms/send-sms', headers: {}, body: Buffer.from('x') } as const;
      const { signal } = new AbortController();
      await rejects(link?.transport?.(send, signal) ?? Promise.resolve(), 'HILINK_ERROR', /cut/);
      served.stick.unplug();
      await rejects(link?.transport?.(send, signal) ?? Promise.resolve(), 'STICK_GONE');
    });
  });

  it('of several on one port each program has its own', async () => {
    const host = await start([MODEM, MODEM]);
    const other = served.host({ stickName: 'virtual-2' });
    for (const stick of served.sticks) stick.plug();
    const paths = ttysOf(await see(host, withTtys(2)));
    const others = ttysOf(await see(other, withTtys(2)));
    const ports = [await host.openTty(paths[1] ?? ''), await other.openTty(others[1] ?? '')];
    const readers = ports.map((port) => new Reader(port));
    for (const port of ports) await port.write(Buffer.from('AT+CGSN\r'));
    const answers = await Promise.all(readers.map((reader) => reader.until('OK\r\n')));
    assert.notEqual(answers[0], answers[1]);
    await rejects(host.openTty(others[1] ?? ''), 'STICK_GONE', /virtual-1/);
    served.sticks[1]?.unplug();
    await see(other, gone);
    assert.equal(ports[0]?.isOpen, true);
    await ports[0]?.close();
  });
});
