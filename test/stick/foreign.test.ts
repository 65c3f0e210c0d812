/** Sticks of other vendors: named where sticks are listed, never meant, never opened, never switched. */

import assert from 'node:assert/strict';
import { openAt } from '../../src/device/at/open-at';
import { isDriverError } from '../../src/errors';
import { convert } from '../../src/flash/convert';
import { systemClock } from '../../src/host/clock';
import type { UsbDevice } from '../../src/host/host';
import { Sysfs } from '../../src/host/sysfs';
import { setConfiguration } from '../../src/modeswitch/configuration';
import { switchStick } from '../../src/modeswitch/switch';
import { findStick, listSticks } from '../../src/stick/stick';
import { FakeMachine, STICK_1F01, STICK_1506 } from '../host/tree';
import { type Bench, virtualBench } from '../support/bench';
import { usbDevice } from '../support/devices';

/** A CD-ROM of ZTE's that has a tty too, and a Marvell stick that has the product id of a CD-ROM of ours. */
const MF823 = usbDevice({
  portPath: '1-2',
  vendorId: 0x19d2,
  productId: 0x1225,
  product: 'ZTE WCDMA Technologies MSM',
  interfaces: [
    { number: 0, class: 8, subclass: 6, protocol: 0x50, driver: 'usb-storage' },
    { number: 1, class: 0xff, subclass: 0xff, protocol: 0xff, driver: 'option', tty: '/dev/ttyUSB9' },
  ],
});
const MARVELL = usbDevice({
  portPath: '1-3',
  vendorId: 0x3566,
  productId: 0x1f01,
  interfaces: [{ number: 0, class: 8, subclass: 6, protocol: 0x50, driver: 'usb-storage' }],
});

/** The bench with more devices on its bus. Whatever is opened of them fails the test. */
function beside(bench: Bench, ...more: UsbDevice[]): Bench {
  const { host } = bench;
  const scan = host.scan.bind(host);
  const watch = host.watch.bind(host);
  const openTty = host.openTty.bind(host);
  const openBulk = host.openBulk.bind(host);
  host.scan = async () => [...(await scan()), ...more];
  host.watch = (listener) => watch((devices) => listener([...devices, ...more]));
  host.openTty = (path) => (path === '/dev/ttyUSB9' ? assert.fail('opened') : openTty(path));
  host.openBulk = (device, number) => (more.includes(device) ? assert.fail('opened') : openBulk(device, number));
  return bench;
}

const refused = (reason: string, words: RegExp) => (error: unknown) => {
  assert.ok(isDriverError(error), String(error));
  assert.equal(`${error.code}/${error.reason}`, reason);
  assert.match(error.message, words);
  return true;
};

describe('a stick of another vendor', () => {
  it('is seen on the bus by its ids, and no other device of its vendor is', async () => {
    const machine = new FakeMachine();
    try {
      machine.plug('1-1', STICK_1506);
      machine.plug('1-2', { ...STICK_1F01, vendorId: 0x19d2, productId: 0x1225, address: 7 });
      machine.plug('1-3', { ...STICK_1F01, vendorId: 0x19d2, productId: 0x0117, address: 8 });
      machine.plug('1-4', { ...STICK_1F01, vendorId: 0x3566, productId: 0x2001, address: 9 });
      machine.plug('1-5', { ...STICK_1F01, vendorId: 0x05c6, address: 10 });
      const { devices } = await new Sysfs(machine.root, systemClock).census();
      assert.deepEqual(
        devices.map(({ portPath }) => portPath),
        ['1-1', '1-2', '1-4'],
      );
    } finally {
      machine.remove();
    }
  });

  it('is listed with its name, without a mode and without its ttys', async () => {
    const { host } = beside(virtualBench(), MF823, MARVELL);
    const sticks = await listSticks(host);
    assert.deepEqual(
      sticks.map(({ path, mode, ttys, withoutTty, foreign }) => [path, mode, ttys, withoutTty, foreign?.name]),
      [
        ['1-2', 'unknown', [], 0, 'ZTE MF823'],
        ['1-3', 'unknown', [], 0, 'stick of vendor 3566'],
      ],
    );
  });

  it('is never what auto means, and is named where there is nothing else', async () => {
    const bench = beside(virtualBench(), MF823);
    await assert.rejects(findStick(bench.host, 'auto'), refused('STICK_NOT_FOUND/only-foreign', /ZTE MF823/));
    await bench.plug();
    assert.equal((await findStick(bench.host, 'auto')).path, '1-1');
  });

  for (const device of [MF823, MARVELL]) {
    const { portPath } = device;
    it(`at ${portPath} is refused by its name to whoever asks for its place`, async () => {
      const { host } = beside(virtualBench(), MF823, MARVELL);
      const words = portPath === '1-2' ? /ZTE MF823/ : /Marvell/;
      await assert.rejects(findStick(host, portPath), refused('WRONG_MODE/foreign', words));
      // As it starts it has no interfaces yet.
      const starting = beside(virtualBench(), { ...device, interfaces: [] });
      await assert.rejects(findStick(starting.host, portPath), refused('WRONG_MODE/foreign', words));
    });

    it(`at ${portPath} is sent no switch message, no configuration, and no job`, async () => {
      const bench = beside(virtualBench(), MF823, MARVELL);
      const stick = (await listSticks(bench.host)).find(({ path }) => path === portPath);
      assert.ok(stick);
      await assert.rejects(switchStick(bench.host, stick), refused('WRONG_MODE/foreign', /./));
      await assert.rejects(switchStick(bench.host, { ...stick, mode: 'tty' }), refused('WRONG_MODE/foreign', /./));
      await assert.rejects(switchStick(bench.host, { ...stick, mode: 'storage' }), refused('WRONG_MODE/foreign', /./));
      await assert.rejects(setConfiguration(bench.host, stick, 2), refused('WRONG_MODE/foreign', /./));
      const report = await bench.run(
        convert(bench.host, {
          which: portPath,
          firmware: Buffer.alloc(8),
          confirm: () => assert.fail('nobody is asked'),
        }),
      );
      assert.equal(report.ok, false);
    });
  }

  it('is refused by its name to whoever wants its AT port', async () => {
    const { host, clock } = beside(virtualBench(), MF823);
    const handle = openAt(host, '1-2', {});
    try {
      await assert.rejects(clock.run(handle.run('AT')), refused('WRONG_MODE/foreign', /ZTE MF823/));
    } finally {
      await handle.release();
    }
  });
});
