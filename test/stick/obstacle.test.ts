/** A stick without the ports, or the CD-ROM, that its mode is used by: each cause has words of its own. */

import assert from 'node:assert/strict';
import { type DriverError, isDriverError } from '../../src/errors';
import type { UsbDevice, UsbInterface } from '../../src/host/host';
import { obstacleOf } from '../../src/stick/obstacle';
import { describeStick, findStick } from '../../src/stick/stick';
import { waitForStick, waitForTtys } from '../../src/stick/watch';
import { silentStick } from '../../src/survey/survey';
import { TIMEOUTS } from '../../src/timeouts';
import { type Bench, virtualBench } from '../support/bench';
import { usbDevice } from '../support/devices';
import { cliHint } from '../support/errors';

type Face = Omit<UsbInterface, 'endpoints'>;

const face = (number: number, triple: [number, number, number], more: Partial<Face> = {}): Face => ({
  number,
  class: triple[0],
  subclass: triple[1],
  protocol: triple[2],
  ...more,
});

const MBIM = [face(0, [2, 0x0e, 0], { driver: 'cdc_mbim' }), face(1, [0x0a, 0, 2], { driver: 'cdc_mbim' })];
const PORTS = [face(0, [0xff, 3, 0x10]), face(1, [0xff, 3, 0x12])];
const bare = (faces: readonly Face[]) => faces.map(({ driver: _, tty: __, ...f }) => f);

const of = (shape: Parameters<typeof usbDevice>[0]) => obstacleOf(describeStick(usbDevice(shape)));

describe('what keeps a stick from its ports', () => {
  it('another configuration: which one is active, what it is, and which one has the ports', () => {
    for (const active of [2, 3]) {
      const shape = { productId: 0x1506, configurations: active, configuration: active, interfaces: MBIM };
      const obstacle = of({ ...shape, others: [{ value: 1, interfaces: bare(PORTS) }] });
      assert.equal(
        obstacle?.text,
        `in configuration ${active} (MBIM): no serial ports there; configuration 1 has them`,
      );
      assert.equal(obstacle?.key, 'WRONG_MODE/configuration');
      assert.equal(obstacle?.params['other'], 1);
      assert.equal(
        describeStick(usbDevice({ ...shape, others: [{ value: 1, interfaces: bare(PORTS) }] })).problem,
        obstacle?.text,
      );
    }
  });

  it('of an id that the table does not know, too; but a phone has no modem in any', () => {
    const shape = { productId: 0x15c1, configurations: 2, configuration: 2, interfaces: MBIM };
    assert.match(
      of({ ...shape, others: [{ value: 1, interfaces: bare(PORTS) }] })?.text ?? '',
      /configuration 1 has them/,
    );
    const phone = describeStick(
      usbDevice({ ...shape, others: [{ value: 1, interfaces: [face(0, [8, 6, 0x50]), face(1, [0xff, 0x42, 1])] }] }),
    );
    assert.deepEqual([phone.mode, phone.problem], ['unknown', undefined]);
  });

  it('of a CD-ROM too: in MBIM there is nothing to send the switch message to', () => {
    const others = [{ value: 1, interfaces: [face(0, [8, 6, 0x50])] }];
    const obstacle = of({ productId: 0x157d, configurations: 2, configuration: 2, interfaces: MBIM, others });
    assert.equal(obstacle?.text, 'in configuration 2 (MBIM): no CD-ROM there; configuration 1 has it');
  });

  it('a composition without an AT port, or with one for diagnosis alone', () => {
    const ncm = face(0, [0xff, 3, 0x16], { driver: 'huawei_cdc_ncm' });
    for (const interfaces of [
      [ncm, face(1, [8, 6, 0x50])],
      [ncm, face(1, [0xff, 3, 0x13], { driver: 'option', tty: '/dev/ttyUSB0' })],
    ]) {
      // Another configuration that has none either is no cure.
      const others = [{ value: 2, interfaces: bare(MBIM) }];
      const obstacle = of({ productId: 0x1506, configurations: 2, configuration: 1, interfaces, others });
      assert.equal(obstacle?.key, 'WRONG_MODE/composition');
      assert.match(obstacle?.text ?? '', /AT\^SETPORT/);
    }
  });

  it('the system has not authorised the device, or an interface: USBGuard', () => {
    const device = of({ productId: 0x1506, authorized: false });
    const [first, second] = PORTS;
    assert.ok(first && second);
    const one = of({
      productId: 0x1506,
      interfaces: [
        { ...first, driver: 'option', tty: '/dev/ttyUSB0' },
        { ...second, authorized: false },
      ],
    });
    for (const obstacle of [device, one]) {
      assert.equal(obstacle?.key, 'NO_PERMISSION/not-authorized');
      assert.match(obstacle?.text ?? '', /not authorised.*USBGuard/);
    }
    assert.deepEqual(
      [device?.params['files'], one?.params['files']],
      ['/sys/bus/usb/devices/1-1/authorized', '/sys/bus/usb/devices/1-1:*/authorized'],
    );
  });

  it('no driver, or no device node, and which interfaces', () => {
    const driver = of({ productId: 0x1506, interfaces: PORTS });
    assert.equal(driver?.key, 'DRIVER_MISSING/no-driver');
    assert.match(driver?.text ?? '', /serial interfaces 0, 1: no driver/);
    const node = of({ productId: 0x1506, interfaces: PORTS.map((f) => ({ ...f, driver: 'option' })) });
    assert.equal(node?.key, 'DRIVER_MISSING/no-node');
    assert.match(node?.text ?? '', /no device node/);
  });

  it('nothing, of one that has its ports, needs none, or is still starting', () => {
    const ready = PORTS.map((f, i) => ({ ...f, driver: 'option', tty: `/dev/ttyUSB${i}` }));
    assert.equal(of({ productId: 0x1506, interfaces: ready }), undefined);
    // A port for diagnosis without a tty is none that anybody asks.
    assert.equal(of({ productId: 0x1506, interfaces: [...ready, face(2, [0xff, 3, 0x13])] }), undefined);
    assert.equal(of({ productId: 0x1506, interfaces: [] }), undefined);
    assert.equal(of({ productId: 0x14db, interfaces: [face(0, [2, 6, 0])] }), undefined);
    assert.equal(of({ productId: 0x1f01, interfaces: [face(0, [8, 6, 0x50])] }), undefined);
  });
});

describe('a port that was not asked', () => {
  it('is no name in the error of those that were silent, but its reason is', () => {
    const [first, second] = PORTS;
    assert.ok(first && second);
    const stick = describeStick(
      usbDevice({
        productId: 0x1506,
        interfaces: [
          { ...first, driver: 'option', tty: '/dev/ttyUSB0' },
          { ...second, authorized: false },
          face(2, [0xff, 3, 0x13], { driver: 'option', tty: '/dev/ttyUSB1' }),
        ],
      }),
    );
    const error = silentStick(stick);
    const { message, cause } = error;
    assert.match(message, /\(\/dev\/ttyUSB0\)\. It is not authorised by the system/);
    assert.ok(isDriverError(cause, 'NO_PERMISSION/not-authorized'));
    assert.match(cliHint(error), /^Close other programs .* repeat\. Allow it: with USBGuard/);
  });
});

describe('waiting for the ports of a stick', () => {
  async function refused(bench: Bench): Promise<{ error: DriverError; ms: number }> {
    bench.stick.plug();
    await bench.run(waitForStick(bench.host, '1-1', (s) => s !== undefined, { timeoutMs: 60_000 }));
    const stick = await findStick(bench.host, '1-1');
    const began = bench.clock.now();
    const error = await bench.run(waitForTtys(bench.host, stick).catch((e: unknown) => e));
    assert.ok(isDriverError(error));
    return { error, ms: bench.clock.now() - began };
  }

  const change = ({ host }: Bench, how: (device: UsbDevice) => UsbDevice) => {
    const watch = host.watch.bind(host);
    const scan = host.scan.bind(host);
    host.watch = (listener) => watch((devices) => listener(devices.map(how)));
    host.scan = async () => (await scan()).map(how);
  };

  it('ends at once where no waiting helps', async () => {
    const other = await refused(virtualBench({ firmware: 'stick', setport: 'FF;10,12', mbim: 3 }));
    assert.match(other.error.message, /in configuration 3 \(MBIM\): no serial ports there; configuration 1 has them/);
    const none = await refused(virtualBench({ firmware: 'stick', setport: 'FF;16,A1' }));
    assert.match(none.error.message, /AT\^SETPORT/);
    for (const { error, ms } of [other, none]) assert.deepEqual([error.code, ms], ['WRONG_MODE', 0]);
  });

  it('gives a service the time to authorise the stick, a driver more', async () => {
    const bench = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
    const { configuration: _, ...unconfigured } = usbDevice({ productId: 0x1506, authorized: false });
    change(bench, ({ address }) => ({ ...unconfigured, address }));
    const barred = await refused(bench);
    assert.deepEqual([barred.error.code, barred.ms], ['NO_PERMISSION', TIMEOUTS.modeswitch.ttys]);
    const lazy = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
    lazy.stick.faults.order({ fault: 'nodriver', at: 'enumerate' });
    const { ttys, firstTty } = TIMEOUTS.modeswitch;
    const driver = await refused(lazy);
    assert.deepEqual([driver.error.code, driver.ms], ['DRIVER_MISSING', ttys + firstTty]);
    assert.match(driver.error.message, /serial interfaces 0, 1/);
  });
});
