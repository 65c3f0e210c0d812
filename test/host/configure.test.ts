import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDriverError } from '../../src/errors';
import { configure } from '../../src/host/configure';
import { usbDevice } from '../support/devices';
import { FakeDevice, library } from './fake-usb';
import { FakeMachine } from './tree';

const face = (number: number, triple: [number, number, number], driver?: string) => ({
  number,
  class: triple[0],
  subclass: triple[1],
  protocol: triple[2],
  ...(driver && { driver }),
});

const STICK = usbDevice({
  portPath: '1-1.4',
  bus: 3,
  address: 17,
  productId: 0x1506,
  configurations: 2,
  configuration: 2,
  interfaces: [face(0, [2, 0x0e, 0], 'cdc_mbim'), face(1, [0x0a, 0, 2], 'cdc_mbim')],
});

describe('setting a configuration on this machine', () => {
  let machine: FakeMachine;
  let file: string;
  beforeEach(() => {
    machine = new FakeMachine();
    machine.plug('1-1.4', {
      productId: 0x1506,
      address: 17,
      configuration: [2, 2],
      interfaces: [{ triple: '02/0e/00' }, { triple: '0a/00/02' }],
    });
    file = join(machine.folder('1-1.4'), 'bConfigurationValue');
    writeFileSync(file, '2\n');
  });
  afterEach(() => machine.remove());

  const never = async () => {
    throw new Error('the package must not be loaded');
  };
  /** As for a user who is not root: the file cannot be written. */
  const forbid = () => {
    rmSync(file);
    mkdirSync(file);
  };

  it('is written to its file, and nothing else is loaded', async () => {
    await configure(STICK, 1, { root: machine.root, load: never });
    assert.match(readFileSync(file, 'latin1'), /^1/);
  });

  it('goes to the stick that was looked at, not to its next enumeration', async () => {
    const earlier = { ...STICK, address: 16 };
    await assert.rejects(configure(earlier, 1, { root: machine.root, load: never }), (e) =>
      isDriverError(e, 'STICK_GONE'),
    );
    assert.equal(readFileSync(file, 'latin1'), '2\n');
    machine.unplug('1-1.4');
    await assert.rejects(configure(STICK, 1, { root: machine.root, load: never }), (e) =>
      isDriverError(e, 'STICK_GONE'),
    );
  });

  it('is asked of the device itself where that file may not be written: drivers are taken off first', async () => {
    forbid();
    const native = new FakeDevice('003', 17, 0x1506);
    await configure(STICK, 1, { root: machine.root, load: library(native) });
    assert.deepEqual(native.calls, [
      'open',
      'detachKernelDriver 0',
      'detachKernelDriver 1',
      'selectConfiguration 1',
      'close',
    ]);
  });

  it('gives the drivers back where the kernel refuses', async () => {
    forbid();
    const native = new FakeDevice('003', 17, 0x1506);
    native.fail = { selectConfiguration: 'resource busy (errno 16)' };
    native.detachKernelDriver = async (n) => {
      native.calls.push(`detachKernelDriver ${n}`);
      if (n === 1) throw new Error('no kernel driver attached');
    };
    await assert.rejects(configure(STICK, 1, { root: machine.root, load: library(native) }), (e) =>
      isDriverError(e, 'PORT_BUSY'),
    );
    assert.deepEqual(native.calls.slice(-3), ['selectConfiguration 1', 'attachKernelDriver 0', 'close']);
  });

  it('says what rights are missing', async () => {
    forbid();
    const shut = new FakeDevice('003', 17, 0x1506);
    shut.fail = { open: 'permission denied (errno 13)' };
    for (const load of [library(shut), never]) {
      await assert.rejects(configure(STICK, 1, { root: machine.root, load }), (e) => {
        assert.ok(isDriverError(e, 'NO_PERMISSION/configuration'));
        return true;
      });
    }
  });
});
