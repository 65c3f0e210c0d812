import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { isDriverError } from '../../src/errors';
import type { UsbDevice } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { Notes } from '../../src/host/notes';
import { createTtyHost } from '../../src/host/tty-host';
import { openPtyPair, type PtyPair } from './pty';
import { FakeMachine, STICK_1F01, STICK_1506 } from './tree';

describe('this machine as a host', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  it('lists, locks, keeps notes and names intruders under its root', async () => {
    const host = createLocalHost({ root: machine.root, notes: new Notes([join(machine.root, 'notes')]) });
    assert.deepEqual([host.kind, host.hasBus, host.real], ['local', true, true]);
    machine.plug('1-1.4', STICK_1F01);
    assert.deepEqual(
      (await host.scan()).map((d) => [d.portPath, d.productId]),
      [['1-1.4', 0x1f01]],
    );
    const lock = host.lock('1-1.4');
    assert.throws(
      () => createLocalHost({ root: machine.root }).lock('1-1.4'),
      (e) => isDriverError(e, 'BUSY'),
    );
    lock.release();
    host.writeNote('1-1.4', 'begun');
    assert.equal(host.readNote('1-1.4'), 'begun');
    machine.run(812, 'ModemManager');
    assert.equal((await host.intruders('1-1')).length, 1);
  });

  it('opens a bulk pipe on what it has listed, and falls back to the tool', async () => {
    machine.plug('1-1.4', STICK_1F01);
    const missing = () => Promise.reject(new Error("Cannot find package 'usb'"));
    const host = createLocalHost({ root: machine.root, loadUsb: missing, toolPath: machine.root });
    const [stick] = await host.scan();
    assert.ok(stick);
    await assert.rejects(host.openBulk(stick, 0), (e) => isDriverError(e, 'NATIVE_MISSING'));
    assert.equal(await host.switchByTool?.(stick, 'new'), false);
  });
});

describe('one tty as a host', () => {
  let machine: FakeMachine;
  let pty: PtyPair;
  let folder: string;
  let link: string;
  beforeEach(async () => {
    machine = new FakeMachine();
    pty = await openPtyPair();
    folder = mkdtempSync(join(tmpdir(), 'e3272-link-'));
    link = join(folder, 'ttyGiven');
    symlinkSync(pty.a, link);
  });
  afterEach(async () => {
    await pty.stop();
    rmSync(folder, { recursive: true });
    machine.remove();
  });

  it('shows one device while the tty is there, none while it is not', async () => {
    const host = createTtyHost(link, { root: machine.root });
    assert.deepEqual([host.kind, host.hasBus, host.real], ['tty', false, true]);
    const [device, ...more] = await host.scan();
    assert.deepEqual(more, []);
    assert.deepEqual(
      [device?.portPath, device?.vendorId, device?.productId, device?.interfaces.map((i) => i.tty)],
      [link, 0x12d1, 0, [link]],
    );
    assert.equal((await host.scan())[0]?.address, device?.address, 'nothing has changed');
    unlinkSync(link);
    assert.deepEqual(await host.scan(), []);
    symlinkSync(pty.b, link);
    assert.notEqual((await host.scan())[0]?.address, device?.address, 'another enumeration');
  });

  it('opens that tty and no other, and has no bus', async () => {
    const host = createTtyHost(link, { root: machine.root });
    const port = await host.openTty(link);
    await port.close();
    await assert.rejects(host.openTty(pty.b), (e) => isDriverError(e, 'BAD_ARGUMENT'));
    const [device] = await host.scan();
    assert.ok(device);
    await assert.rejects(host.openBulk(device, 0), (e) => isDriverError(e, 'BAD_ARGUMENT'));
  });

  it('says that the tty was never there, or that it has gone', async () => {
    unlinkSync(link);
    const host = createTtyHost(link, { root: machine.root });
    await assert.rejects(host.openTty(link), (e) => isDriverError(e, 'STICK_NOT_FOUND') && e.stick === link);
    symlinkSync(pty.a, link);
    await host.scan();
    unlinkSync(link);
    await assert.rejects(host.openTty(link), (e) => isDriverError(e, 'STICK_GONE'));
  });

  it('refuses what is no tty, at its first use', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    for (const path of [file, folder]) {
      const host = createTtyHost(path, { root: machine.root });
      await assert.rejects(host.scan(), (e) => isDriverError(e, 'BAD_ARGUMENT'));
      await assert.rejects(host.openTty(path), (e) => isDriverError(e, 'BAD_ARGUMENT'));
    }
    await assert.rejects(createTtyHost('/dev/null', { root: machine.root }).openTty('/dev/null'), (e) =>
      isDriverError(e, 'BAD_ARGUMENT'),
    );
  });

  it('refuses a tty of another vendor, takes one of Huawei', async () => {
    const name = basename(pty.a);
    machine.plug('1-3', { vendorId: 0x0403, productId: 0x6001, address: 3, interfaces: [{ triple: 'ff/ff/ff' }] });
    machine.addTty('1-3:1.0', name);
    const host = createTtyHost(link, { root: machine.root });
    for (const use of [() => host.scan(), () => host.openTty(link)]) {
      await assert.rejects(use, (e) => isDriverError(e, 'BAD_ARGUMENT') && /0403:6001 at 1-3/.test(e.message));
    }
    rmSync(join(machine.root, 'sys/class/tty', name));
    machine.plug('1-4', STICK_1506);
    machine.addTty('1-4:1.0', name);
    assert.equal((await host.scan()).length, 1);
  });

  it('shares the lock with whoever uses the same stick by its port path', () => {
    machine.plug('1-4', STICK_1506);
    machine.addTty('1-4:1.0', basename(pty.a));
    const lock = createTtyHost(link, { root: machine.root }).lock(link);
    assert.throws(
      () => createLocalHost({ root: machine.root }).lock('1-4'),
      (e) => isDriverError(e, 'BUSY'),
    );
    lock.release();
    // A tty of no USB device is its own.
    const other = createTtyHost(pty.b, { root: machine.root }).lock(pty.b);
    other.release();
  });

  it('says of the stay on the bus what the bus says, and nothing where only a device node is left of the stick', async () => {
    const presence = async (path: string): Promise<string | undefined> => {
      const host = createTtyHost(path, { root: machine.root });
      const [device] = await host.scan();
      assert.ok(device);
      return host.presence(device);
    };
    mkdirSync(join(machine.root, 'proc/sys/kernel/random'), { recursive: true });
    writeFileSync(join(machine.root, 'proc/sys/kernel/random/boot_id'), 'b1');
    // A pty has no stick on the bus, and is gone with its other end.
    assert.ok(await presence(link));
    assert.notEqual(await presence(link), await presence(pty.b));
    assert.equal(await presence('/dev/null'), undefined, 'a node that stays');

    machine.plug('1-4', STICK_1506);
    machine.addTty('1-4:1.0', basename(pty.a));
    const number = join(machine.root, 'sys/class/tty', basename(pty.a), 'dev');
    writeFileSync(number, '188:2');
    assert.equal(await presence(link), undefined, 'a node of the same name, for another tty');
    writeFileSync(number, `136:${basename(pty.a)}\n`);
    const before = await presence(link);
    const [onBus] = await createLocalHost({ root: machine.root }).scan();
    assert.ok(onBus && before);
    assert.equal(before, createLocalHost({ root: machine.root }).presence(onBus));
    // The node stays, the stick behind it is another one.
    writeFileSync(join(machine.root, 'sys/bus/usb/devices/1-4/devnum'), '99');
    assert.notEqual(await presence(link), before);
  });

  it('is watched: there, gone, there again', async () => {
    const host = createTtyHost(link, { root: machine.root });
    const seen: UsbDevice[][] = [];
    await new Promise<void>((resolve) => {
      const watch = host.watch(
        (devices) => {
          seen.push(devices);
          if (seen.length === 1) unlinkSync(link);
          if (seen.length === 2) symlinkSync(pty.b, link);
          if (seen.length < 3) return;
          watch.stop();
          resolve();
        },
        { eager: true },
      );
    });
    assert.deepEqual(
      seen.map((devices) => devices.map((d) => d.address)),
      [[1], [], [2]],
    );
  });
});
