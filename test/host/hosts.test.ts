import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { isDriverError } from '../../src/errors';
import type { UsbDevice } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { createTtyHost } from '../../src/host/tty-host';
import { tempFolder } from '../support/temp-folder';
import { openPtyPair, type PtyPair } from './pty';
import { FakeMachine, STICK_1F01, STICK_1506 } from './tree';

describe('this machine as a host', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  it('lists, locks, keeps notes and names intruders under its root', async () => {
    const host = createLocalHost({ root: machine.root, stateFolders: [join(machine.root, 'notes')] });
    assert.deepEqual([host.kind, host.hasBus, host.real], ['local', true, true]);
    machine.plug('1-1.4', STICK_1F01);
    assert.deepEqual(
      (await host.scan()).map((d) => [d.portPath, d.productId]),
      [['1-1.4', 0x1f01]],
    );
    const lock = await host.lock('1-1.4');
    await assert.rejects(createLocalHost({ root: machine.root }).lock('1-1.4'), (e) => isDriverError(e, 'BUSY'));
    lock.release();
    host.writeNote('1-1.4', 'begun');
    assert.equal(host.readNote('1-1.4'), 'begun');
    assert.deepEqual(host.listNotes(), [{ key: '1-1.4', text: 'begun' }]);
    assert.equal(host.keepFile('log', 'line\n'), join(machine.root, 'notes/log'));
    assert.deepEqual(host.stateProblems(), []);
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
    folder = tempFolder('link');
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

  it('shares the lock with whoever uses the same stick by its port path', async () => {
    machine.plug('1-4', STICK_1506);
    machine.addTty('1-4:1.0', basename(pty.a));
    const lock = await createTtyHost(link, { root: machine.root }).lock(link);
    await assert.rejects(createLocalHost({ root: machine.root }).lock('1-4'), (e) => isDriverError(e, 'BUSY'));
    lock.release();
    // A tty of no USB device is its own.
    (await createTtyHost(pty.b, { root: machine.root }).lock(pty.b)).release();
  });

  /** The pty behind the link is the tty of a stick at this place. */
  function sitAt(place: string, name = basename(pty.a)): void {
    rmSync(join(machine.root, 'sys/class/tty', name), { force: true });
    machine.plug(place, STICK_1506);
    machine.addTty(`${place}:1.0`, name);
    writeFileSync(join(machine.root, 'sys/class/tty', name, 'dev'), `136:${name}\n`);
  }

  it('says where the stick behind the tty is now, and nothing where nobody can tell', async () => {
    const host = createTtyHost(link, { root: machine.root });
    const [device] = await host.scan();
    assert.ok(device);
    assert.equal(host.place(device), undefined, 'no USB behind it');
    sitAt('1-4');
    assert.equal(host.place(device), '1-4');
    // The path passes to the tty of another stick.
    sitAt('1-5', basename(pty.b));
    unlinkSync(link);
    symlinkSync(pty.b, link);
    assert.equal(host.place(device), '1-5');
    writeFileSync(join(machine.root, 'sys/class/tty', basename(pty.b), 'dev'), '188:2\n');
    assert.equal(host.place(device), undefined, 'a node of the same name, for another tty');
    unlinkSync(link);
    assert.equal(host.place(device), undefined);
    const [stick] = await createLocalHost({ root: machine.root }).scan();
    assert.ok(stick);
    assert.equal(createLocalHost({ root: machine.root }).place(stick), '1-4');
  });

  it('notes what belongs to the stick that it holds, also when its path has passed to another one', async () => {
    const stateFolders = [join(machine.root, 'notes')];
    const bus = createLocalHost({ root: machine.root, stateFolders });
    mkdirSync(join(machine.root, 'var/lib/e3272'), { recursive: true });
    const host = createTtyHost(link, { root: machine.root, stateFolders });
    sitAt('1-4');
    sitAt('1-5', basename(pty.b));
    const lock = await host.lock(link);
    unlinkSync(link);
    symlinkSync(pty.b, link);
    host.writeNote(link, 'begun');
    assert.equal(await host.tellAll(link, 'begun'), true);
    assert.deepEqual(bus.listNotes(), [{ key: '1-4', text: 'begun' }]);
    assert.deepEqual(bus.toldToAll(), [{ place: '1-4', text: 'begun' }]);
    // Its own are known to it by its own name.
    assert.deepEqual(host.listNotes(), [{ key: link, text: 'begun' }]);
    assert.deepEqual(host.toldToAll(), [{ place: link, text: 'begun' }]);
    // So is what was set aside for it, and nothing else that begins alike.
    host.writeNote(`${link}~2`, 'older');
    bus.writeNote('1-41', 'of another');
    assert.deepEqual(
      [bus, host].map((either) => either.listNotes().map(({ key }) => key)),
      [
        ['1-4', '1-41', '1-4~2'],
        [link, '1-41', `${link}~2`],
      ],
    );
    for (const key of ['1-4~2', '1-41']) bus.writeNote(key, undefined);
    await assert.rejects(bus.lock('1-4'), (e) => isDriverError(e, 'BUSY'));
    lock.release();
    lock.release();
    assert.equal(host.readNote(link), undefined, 'of the stick at 1-5');
    assert.deepEqual(host.listNotes(), [{ key: '1-4', text: 'begun' }]);
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
    // Its number is given out again, and with it all that a node is known by.
    const first = await presence(pty.b);
    assert.equal(await presence(pty.b), first);
    const again = pty.b;
    await pty.stop();
    const more: PtyPair[] = [];
    while (!existsSync(again)) more.push(await openPtyPair());
    assert.notEqual(await presence(again), first);
    for (const pair of more) await pair.stop();
    pty = await openPtyPair();
    unlinkSync(link);
    symlinkSync(pty.a, link);

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
