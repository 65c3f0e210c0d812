import assert from 'node:assert/strict';
import { decodeCsw } from '../../src/codec/cbw';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { systemClock } from '../../src/host/clock';
import type { TtyPort, UsbDevice } from '../../src/host/host';
import { VirtualClock } from '../../src/virtual/clock';
import { VirtualHost } from '../../src/virtual/host';
import type { StickOptions } from '../../src/virtual/options';
import { act } from '../../src/virtual/person';
import { VirtualStick } from '../../src/virtual/stick';
import { component } from './bootrom-packets';
import { ACK, frames, hex, loaderImage, unhex } from './rig';

const NEW_MODE = unhex('55534243123456780000000000000011062000000101000100000000000000');
const DIRECT: Partial<StickOptions> = { firmware: 'stick', setport: 'FF;10,12', losesFirstAt: false };

interface Bench {
  clock: VirtualClock;
  host: VirtualHost;
  stick: VirtualStick;
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Until the list of devices is as wanted. */
  see(wanted: (devices: UsbDevice[]) => boolean): Promise<UsbDevice[]>;
}

function bench(options: Partial<StickOptions> = {}): Bench {
  const clock = new VirtualClock();
  const stick = new VirtualStick({ ...options, clock, timing: { urcEvery: 0, ...options.timing } });
  const host = new VirtualHost({ sticks: [stick], clock });
  return {
    clock,
    host,
    stick,
    run: (work) => clock.run(work()),
    see: (wanted) =>
      new Promise((resolve) => {
        const watch = host.watch((devices) => {
          if (!wanted(devices)) return;
          watch.stop();
          resolve(devices);
        });
      }),
  };
}

const ttys = (devices: UsbDevice[]): string[] => devices.flatMap((d) => d.interfaces.flatMap((i) => i.tty ?? []));

/** Collects what a port says; `until` waits for a number of bytes. */
function reader(port: TtyPort) {
  let got = Buffer.alloc(0);
  let wake = () => {};
  const gone: unknown[] = [];
  port.receive(
    (chunk) => {
      got = Buffer.concat([got, chunk]);
      wake();
    },
    (error) => {
      gone.push(error);
      wake();
    },
  );
  return {
    gone,
    get text() {
      return got.toString('latin1');
    },
    async until(ready: (text: string) => boolean): Promise<string> {
      while (!ready(got.toString('latin1')) && gone.length === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      const text = got.toString('latin1');
      got = Buffer.alloc(0);
      return text;
    },
  };
}

const rejects = (work: Promise<unknown>, code: ErrorCode, words = /./) =>
  assert.rejects(
    work,
    (error: unknown) => isDriverError(error, code) && words.test(error.message) && error.reason !== '',
  );

describe('virtual host: bus', () => {
  it('watch gives the list at first and after each change, never within the call, until it is stopped', () => {
    const b = bench(DIRECT);
    return b.run(async () => {
      const seen: string[] = [];
      const watch = b.host.watch((devices) => seen.push(`${devices.length} ${ttys(devices).length}`));
      assert.deepEqual(seen, []);
      b.stick.plug();
      await b.see((devices) => ttys(devices).length === 2);
      assert.deepEqual(seen, ['0 0', '1 0', '1 1', '1 2']);
      watch.stop();
      b.stick.unplug();
      await b.see((devices) => devices.length === 0);
      assert.equal(seen.length, 4);
      assert.deepEqual(await b.host.scan(), []);
    });
  });

  it('a lock is held by one; releasing twice is harmless', async () => {
    const { host } = bench();
    const isBusy = (error: unknown) => isDriverError(error, 'BUSY');
    const lock = await host.lock('1-1');
    (await host.lock('1-2')).release();
    await assert.rejects(host.lock('1-1'), isBusy);
    lock.release();
    const again = await host.lock('1-1');
    lock.release();
    await assert.rejects(host.lock('1-1'), isBusy);
    again.release();
  });

  it('keeps notes and what is told to all in memory, and shows what cannot be read as such', async () => {
    const { host } = bench();
    host.writeNote('1-1', 'begun');
    host.writeNote('1-2', '');
    assert.deepEqual(host.listNotes(), [
      { key: '1-1', text: 'begun' },
      { key: '1-2', text: undefined },
    ]);
    assert.equal(await host.tellAll('1-1', 'begun'), true);
    host.marks.set('1-2', undefined);
    assert.deepEqual(host.toldToAll(), [
      { place: '1-1', text: 'begun' },
      { place: '1-2', text: undefined },
    ]);
    host.tells = false;
    assert.equal(await host.tellAll('1-1', undefined), false);
    assert.equal(host.toldToAll().length, 2);
    host.tells = true;
    await host.tellAll('1-1', undefined);
    assert.deepEqual(host.toldToAll(), [{ place: '1-2', text: undefined }]);
    host.problemList = ['Others may write there.'];
    assert.deepEqual(host.stateProblems(), ['Others may write there.']);
  });

  it('names intruders as told', async () => {
    const { host } = bench();
    assert.deepEqual(await host.intruders(), []);
    host.intruderList = ['ModemManager'];
    assert.deepEqual(await host.intruders(), ['ModemManager']);
  });
});

describe('virtual host: ttys', () => {
  const opened = async (b: Bench) => {
    b.stick.plug();
    const [path = ''] = ttys(await b.see((devices) => ttys(devices).length === 2)).slice(1);
    return { path, port: await b.host.openTty(path) };
  };

  it('never answers within write, and answers in order', () => {
    const b = bench(DIRECT);
    return b.run(async () => {
      const { port } = await opened(b);
      const r = reader(port);
      const data = Buffer.from('ATE0\r');
      const written = port.write(data);
      data.fill(0);
      assert.equal(r.text, '');
      await written;
      assert.equal(await r.until((t) => t.endsWith('OK\r\n')), 'ATE0\r\r\nOK\r\n');
    });
  });

  it('keeps what comes before somebody reads', () => {
    const b = bench(DIRECT);
    return b.run(async () => {
      const { port } = await opened(b);
      await port.write(Buffer.from('AT\r'));
      await new Promise<void>((resolve) => void b.clock.after(1_000, resolve));
      assert.equal(await reader(port).until((t) => t.endsWith('OK\r\n')), 'AT\r\r\nOK\r\n');
    });
  });

  it('tells once that the port has vanished, and refuses to write then', () => {
    const b = bench(DIRECT);
    return b.run(async () => {
      const { port, path } = await opened(b);
      const r = reader(port);
      b.stick.unplug();
      await r.until(() => false);
      assert.equal(r.gone.length, 1);
      assert.ok(isDriverError(r.gone[0], 'STICK_GONE'));
      assert.equal(port.isOpen, false);
      await rejects(port.write(Buffer.from('AT\r')), 'STICK_GONE');
      await rejects(b.host.openTty(path), 'STICK_GONE');
      await port.close();
      await port.close();
    });
  });

  it('does not tell after a close', () => {
    const b = bench(DIRECT);
    return b.run(async () => {
      const { port } = await opened(b);
      const r = reader(port);
      await port.close();
      b.stick.unplug();
      await b.see((devices) => devices.length === 0);
      assert.equal(r.gone.length, 0);
    });
  });

  it('a port is open once; other holders and missing rights are named', () => {
    const b = bench(DIRECT);
    return b.run(async () => {
      const { port, path } = await opened(b);
      await rejects(b.host.openTty(path), 'PORT_BUSY', /this process/);
      await port.close();
      b.host.occupy(path, 'ModemManager (pid 812)');
      await rejects(b.host.openTty(path), 'PORT_BUSY', /ModemManager \(pid 812\)/);
      b.host.free(path);
      b.host.forbid(path);
      await rejects(b.host.openTty(path), 'NO_PERMISSION');
      b.host.allow(path);
      await (await b.host.openTty(path)).close();
    });
  });
});

describe('virtual host: bulk pipe', () => {
  const opened = async (b: Bench) => {
    b.stick.plug();
    const [device] = await b.see((devices) => devices.length === 1);
    assert.ok(device);
    return { device, pipe: await b.host.openBulk(device, 0) };
  };

  it('switches the stick', () => {
    const b = bench();
    return b.run(async () => {
      const { pipe } = await opened(b);
      await pipe.transferOut(NEW_MODE, 3_000);
      assert.equal(decodeCsw(await pipe.transferIn(13, 3_000))?.status, 0);
      await pipe.close();
      await b.see(([device]) => device?.productId === 0x14db);
    });
  });

  it('says TIMEOUT without an answer, PROTOCOL on a stall, STICK_GONE when it leaves', () => {
    const b = bench();
    return b.run(async () => {
      const { pipe } = await opened(b);
      await rejects(pipe.transferIn(13, 3_000), 'TIMEOUT');
      await rejects(pipe.transferOut(Buffer.alloc(31), 3_000), 'PROTOCOL');
      await pipe.close();
      const { pipe: second } = await opened(b);
      const waiting = second.transferIn(13, 60_000);
      b.stick.unplug();
      await rejects(waiting, 'STICK_GONE');
      await second.close();
      assert.equal(b.clock.pending, 0);
    });
  });

  it('a late CSW arrives; a close ends a transfer', () => {
    const b = bench();
    return b.run(async () => {
      const { pipe } = await opened(b);
      b.stick.faults.order({ fault: 'late', at: 'csw', ms: 2_500 });
      await pipe.transferOut(NEW_MODE.fill(0x00, 15, 16), 3_000);
      assert.equal((await pipe.transferIn(13, 3_000)).length, 13);
      const waiting = pipe.transferIn(13, 60_000);
      await pipe.close();
      await rejects(waiting, 'CANCELLED');
    });
  });

  it('is claimed by one, on the device that is there now, on a storage interface', () => {
    const b = bench();
    return b.run(async () => {
      const { device, pipe } = await opened(b);
      await rejects(b.host.openBulk(device, 0), 'PORT_BUSY');
      await pipe.close();
      await rejects(b.host.openBulk(device, 5), 'BAD_ARGUMENT');
      b.host.forbid('1-1');
      await rejects(b.host.openBulk(device, 0), 'NO_PERMISSION');
      b.stick.plug();
      await rejects(b.host.openBulk(device, 0), 'STICK_GONE');
      await b.see(([now]) => now !== undefined && now.address !== device.address);
      await rejects(b.host.openBulk(device, 0), 'STICK_GONE');
    });
  });
});

describe('virtual host: whole ways', () => {
  it('from HiLink through boot pin and loader to stick firmware, the person playing itself, 8 MiB byte for byte', () => {
    const b = bench({ losesFirstAt: false });
    return b.run(async () => {
      b.stick.plug();
      await b.see(([d]) => d?.productId === 0x1f01);
      const acted = act(b.stick, 'boot-pin');
      const boot = ttys(await b.see((devices) => devices[0]?.productId === 0x1443 && ttys(devices).length === 1));
      await acted;
      const rom = await b.host.openTty(boot[0] ?? '');
      const answers = reader(rom);
      for (const packet of [...component(1, Buffer.alloc(80, 1)), ...component(2, loaderImage())]) {
        await rom.write(packet);
        assert.equal(await answers.until((t) => t.length > 0), '\xaa');
      }
      await rom.close();
      const [device] = await b.see((devices) => devices[0]?.productId === 0x1c05 && ttys(devices).length === 3);
      const port = await b.host.openTty(device?.interfaces[2]?.tty ?? '');
      const r = reader(port);
      const ask = async (frame: Uint8Array) => {
        await port.write(frame);
        assert.equal(hex(Buffer.from(await r.until((t) => t.length >= 5), 'latin1')), ACK);
      };
      const image = Buffer.alloc(8 << 20);
      for (let i = 0; i < image.length; i += 4) image.writeUInt32LE(Math.imul(i, 2654435761) >>> 0, i);
      await ask(frames.start(0x550103, image.length));
      for (let n = 0; n * 4096 < image.length; n++) {
        await ask(frames.block(n + 1, image.subarray(n * 4096, n * 4096 + 4096)));
      }
      await ask(frames.end(0x550103, image.length));
      assert.ok(image.equals(b.stick.flash.get(0x550103) ?? Buffer.of()));
      await ask(frames.one(0x0a));
      await r.until(() => false);
      await port.close();
      await b.see(([d]) => d?.productId === 0x15ca);
    });
  });

  it('runs on the real clock too', async () => {
    const timing = { plug: 1, firstTty: 1, nextTty: 1, command: 1, urcEvery: 0 };
    const stick = new VirtualStick({ ...DIRECT, clock: systemClock, timing });
    const seen: string[] = [];
    const host = new VirtualHost({
      sticks: [stick],
      clock: systemClock,
      log: (e) => seen.push(`${e.stick} ${e.what}`),
    });
    const ready = new Promise<string>((resolve) => {
      const watch = host.watch((devices) => {
        const paths = ttys(devices);
        if (paths.length < 2) return;
        watch.stop();
        resolve(paths[1] ?? '');
      });
    });
    stick.plug();
    const port = await host.openTty(await ready);
    const r = reader(port);
    await port.write(Buffer.from('AT\r'));
    assert.equal(await r.until((t) => t.endsWith('OK\r\n')), 'AT\r\r\nOK\r\n');
    await port.close();
    stick.unplug();
    assert.ok(seen.includes('1-1 at'));
  });
});

describe('virtual person', () => {
  it('pulls the stick out, and stops between two moves when told to', () => {
    const b = bench();
    return b.run(async () => {
      b.stick.plug();
      await b.see((devices) => devices.length === 1);
      const stop = new AbortController();
      const acted = act(b.stick, 'replug', { signal: stop.signal });
      await b.see((devices) => devices.length === 0);
      stop.abort();
      await acted;
      assert.equal(b.stick.plugged, false);
      await act(b.stick, 'plug');
      await b.see((devices) => devices.length === 1);
      await act(b.stick, 'unplug');
      assert.equal(b.stick.plugged, false);
      assert.equal(b.clock.pending, 0);
    });
  });
});
