import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { UsbDevice } from '../../src/host/host';
import { createLocalHost } from '../../src/host/local';
import { FakeMachine, STICK_1F01 } from './tree';

describe("the kernel's storage driver", () => {
  let machine: FakeMachine;
  let stick: UsbDevice;
  const host = () => createLocalHost({ root: machine.root });
  beforeEach(async () => {
    machine = new FakeMachine();
    const [face] = STICK_1F01.interfaces;
    assert.ok(face);
    machine.plug('1-1', { ...STICK_1F01, interfaces: [face, face] });
    stick = (await host().scan())[0] as UsbDevice;
  });
  afterEach(() => machine.remove());

  it('knows who the first unit of an interface is', async () => {
    assert.equal(await host().storageVendor(stick, 0), undefined, 'it has not asked yet');
    machine.addUnit('1-1:1.0', 1, 'Generic');
    assert.equal(await host().storageVendor(stick, 0), undefined, 'that is the card reader');
    machine.addUnit('1-1:1.0', 0, 'HUAWEI');
    machine.addUnit('1-1:1.1', 0, 'Kingston');
    assert.equal(await host().storageVendor(stick, 0), 'HUAWEI');
    assert.equal(await host().storageVendor(stick, 1), 'Kingston');
    assert.equal(await host().storageVendor(stick, 2), undefined);
  });

  it('says nothing of a device that has been replaced', async () => {
    machine.addUnit('1-1:1.0', 0, 'HUAWEI');
    machine.file('sys/devices/pci0/usb1/1-1/devnum', '77\n');
    assert.equal(await host().storageVendor(stick, 0), undefined);
    machine.unplug('1-1');
    assert.equal(await host().storageVendor(stick, 0), undefined);
  });

  it('is looked for again by the kernel, for interfaces of the same enumeration', async () => {
    const probe = 'sys/bus/usb/drivers_probe';
    const probed = () => readFileSync(join(machine.root, probe), 'utf8');
    machine.unplug('1-1');
    machine.plug('1-1', STICK_1F01);
    await host().rebind?.(stick);
    machine.file(probe, '');
    await host().rebind?.({ ...stick, address: 77 });
    assert.equal(probed(), '');
    await host().rebind?.(stick);
    assert.equal(probed(), '1-1:1.0');
  });
});
