/** What a machine and a connection look like to the doctor: a machine of files, in the shapes of containers and add-ons. */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { readConnection } from '../../src/host/connection';
import type { Machine } from '../../src/host/facts';
import { createLocalHost } from '../../src/host/local';
import { FakeMachine, STICK_1506 } from './tree';

const RULES = readFileSync('docs/e3272.rules', 'utf8');

describe('facts about a machine', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
  });
  afterEach(() => machine.remove());

  async function look(env: NodeJS.ProcessEnv = {}): Promise<Machine> {
    const host = createLocalHost({ root: machine.root, env });
    const found = await host.machine?.();
    assert.ok(found);
    return found;
  }

  it('are what kernel and Node.js say of themselves', async () => {
    const { system, kernel, node, bus, container } = await look();
    assert.deepEqual([system, kernel, node], [process.platform, release(), process.versions.node]);
    assert.deepEqual([bus, container], [true, undefined]);
  });

  it('tell a container by what it leaves, an add-on of Home Assistant by its token', async () => {
    assert.equal((await look({ SUPERVISOR_TOKEN: 'x' })).container, 'addon');
    assert.equal((await look({ container: 'lxc' })).container, 'lxc');
    machine.file('proc/1/cgroup', '0::/kubepods/besteffort/pod1\n');
    assert.equal((await look()).container, 'container');
    machine.file('proc/1/cgroup', '12:devices:/docker/0f3a\n');
    assert.equal((await look()).container, 'docker');
    machine.file('proc/1/cgroup', '0::/init.scope\n');
    assert.equal((await look()).container, undefined);
    machine.file('run/.containerenv', '');
    assert.equal((await look()).container, 'podman');
    machine.file('.dockerenv', '');
    assert.equal((await look()).container, 'docker');
  });

  it('hold the drivers: there, to be loaded, absent, unknown', async () => {
    const option = async () => (await look()).drivers.option;
    assert.equal(await option(), 'unknown');
    machine.file(`lib/modules/${release()}/modules.dep`, 'kernel/drivers/net/usb/cdc_ether.ko.xz: \n');
    assert.equal(await option(), 'absent');
    assert.equal((await look()).drivers.cdc_ether, 'loadable');
    machine.file(`lib/modules/${release()}/modules.builtin`, 'kernel/drivers/usb/serial/option.ko\n');
    assert.equal(await option(), 'loadable');
    machine.file('sys/bus/usb/drivers/option/new_id', '12d1 1506\n12d1 1c05\n');
    assert.equal(await option(), 'there');
    assert.deepEqual((await look()).newIds, ['12d1 1506', '12d1 1c05']);
  });

  it('hold the rule: none, the shipped one, too late, half of it; nothing of it in a container', async () => {
    const rule = async () => (await look()).rule;
    assert.deepEqual(await rule(), { state: 'none', file: '' });
    machine.file('etc/udev/rules.d/50-other.rules', '# SUBSYSTEM=="tty", ATTRS{idVendor}=="12d1", MODE="0666"\n');
    assert.deepEqual(await rule(), { state: 'none', file: '' });
    machine.file('etc/udev/rules.d/99-e3272.rules', RULES);
    assert.deepEqual(await rule(), { state: 'late', file: '99-e3272.rules' });
    machine.file('etc/udev/rules.d/77-e3272.rules', RULES);
    assert.equal((await rule())?.state, 'right');
    const half = RULES.split('\n').filter((line) => !line.startsWith('SUBSYSTEM=="usb"'));
    machine.file('etc/udev/rules.d/77-e3272.rules', half.join('\n'));
    machine.file('etc/udev/rules.d/99-e3272.rules', '');
    assert.deepEqual(await rule(), { state: 'half', file: '77-e3272.rules' });
    machine.file('.dockerenv', '');
    assert.equal(await rule(), undefined);
  });

  it('tell why a native module does not load, in one line', async () => {
    const fail = async () => {
      throw new Error('invalid ELF header\nRequire stack:\n- x.js');
    };
    const host = createLocalHost({ root: machine.root, env: {}, loadSerial: fail, loadUsb: fail });
    assert.deepEqual(await host.broken?.(), { serialport: 'invalid ELF header', usb: 'invalid ELF header' });
  });

  it('name what gives addresses, and the devices of other makers without hubs', async () => {
    machine.run(11, 'systemd-network');
    machine.run(12, 'NetworkManager');
    for (const [path, vendorId, productId] of [
      ['1-2', 0x19d2, 0x1405],
      ['1-3', 0x12d1, 0x1506],
    ] as const) {
      machine.plug(path, { ...STICK_1506, vendorId, productId });
    }
    const found = await look();
    assert.deepEqual(found.managers, ['NetworkManager', 'systemd-networkd']);
    assert.deepEqual(found.others, [{ portPath: '1-2', vendorId: 0x19d2, productId: 0x1405 }]);
  });
});

describe('facts about a connection', () => {
  let machine: FakeMachine;
  beforeEach(() => {
    machine = new FakeMachine();
    machine.plug('1-1.4', STICK_1506);
    machine.addTty('1-1.4:1.0', 'ttyUSB0');
    machine.file('dev/bus/usb/001/007', '');
  });
  afterEach(() => machine.remove());

  const tty = () => join(machine.root, 'dev/ttyUSB0');
  const USER = {
    name: 'pi',
    groups: [1000],
    may: async (): Promise<boolean | 'closed'> => true,
    opens: async () => true,
  };
  async function look(user: Partial<typeof USER> = {}) {
    const [device] = await createLocalHost({ root: machine.root }).scan();
    assert.ok(device);
    return readConnection(machine.root, device, { ...USER, ...user });
  }

  it('are its device nodes, its power, and who has its ports open', async () => {
    const hub = 'sys/bus/usb/devices/1-1:1.0/1-1-port4/over_current_count';
    machine.file(hub, '2\n');
    machine.file('sys/bus/usb/devices/1-1.4/speed', '480\n');
    machine.run(812, 'ModemManager', [tty()]);
    const found = await look();
    assert.deepEqual(found.usb, { path: '/dev/bus/usb/001/007', state: 'open' });
    assert.deepEqual(found.ttys, [{ path: tty(), state: 'open', holders: ['ModemManager (pid 812)'] }]);
    assert.deepEqual([found.speed, found.maxPower, found.overCurrent], [480, 500, 2]);
    assert.deepEqual(found.intruders, ['ModemManager (pid 812)']);
  });

  it('of a port of the machine itself, the counter of its root hub', async () => {
    machine.plug('1-1', { ...STICK_1506, address: 9 });
    machine.file('sys/bus/usb/devices/1-0:1.0/usb1-port1/over_current_count', '5\n');
    const device = (await createLocalHost({ root: machine.root }).scan()).find(({ portPath }) => portPath === '1-1');
    assert.ok(device);
    assert.equal((await readConnection(machine.root, device, USER)).overCurrent, 5);
  });

  it('missing, closed by the system, forbidden: the group that may, and whether logging in anew is enough', async () => {
    const may = async () => false;
    const opens = async () => false;
    assert.equal((await look({ opens })).usb.state, 'closed');
    assert.equal((await look({ opens })).ttys[0]?.state, 'open', 'a tty is not opened for it');
    const kept = await look({ may: async () => 'closed' });
    assert.deepEqual(
      [kept.usb.state, kept.ttys[0]?.state],
      ['closed', 'closed'],
      'the filter comes before permissions',
    );
    const file = tty();
    chmodSync(file, 0o660);
    const { gid } = statSync(file);
    machine.file('etc/group', `dialout:x:${gid}:pi,other\n`);
    const port = async (user: Partial<typeof USER>) => (await look(user)).ttys[0];
    assert.deepEqual(await port({ may }), {
      path: tty(),
      state: 'forbidden',
      group: 'dialout',
      later: true,
      holders: [],
    });
    assert.equal((await port({ may, name: 'x' }))?.later, undefined);
    chmodSync(file, 0o600);
    assert.equal((await port({ may }))?.group, undefined);
    machine.unplug('1-1.4');
    machine.plug('1-1.4', { ...STICK_1506, address: 8 });
    assert.deepEqual((await look()).usb, { path: '/dev/bus/usb/001/008', state: 'missing' });
  });

  it('of its power, that this is an add-on', async () => {
    const power = (env: NodeJS.ProcessEnv) => createLocalHost({ root: machine.root, env }).power('1-1.4', false);
    assert.equal((await power({ SUPERVISOR_TOKEN: 'x' })).addon, true);
    assert.ok(!('addon' in (await power({}))));
  });

  it('a hold without a name leaves no file, and keeps others out all the same', async () => {
    const host = createLocalHost({ root: machine.root });
    const folder = join(machine.root, 'run/lock');
    mkdirSync(folder, { recursive: true });
    const unnamed = await host.lock('1-1.4', { unnamed: true });
    assert.deepEqual(readdirSync(folder), []);
    await assert.rejects(host.lock('1-1.4'), { code: 'BUSY' });
    unnamed.release();
    const named = await host.lock('1-1.4');
    assert.deepEqual(readdirSync(folder), ['e3272-1-1.4']);
    named.release();
  });
});
