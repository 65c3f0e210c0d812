import { HUAWEI, type UsbDevice, type UsbInterface } from '../../src/host/host';

interface DeviceShape extends Partial<Omit<UsbDevice, 'interfaces'>> {
  interfaces?: (Omit<UsbInterface, 'endpoints'> & Partial<UsbInterface>)[];
}

/** A USB device as a host would list it; only what a test cares about has to be named. */
export function usbDevice({ interfaces = [], ...shape }: DeviceShape): UsbDevice {
  return {
    portPath: '1-1',
    bus: 1,
    address: 2,
    vendorId: HUAWEI,
    productId: 0x1f01,
    bcdDevice: 0x0102,
    deviceClass: 0,
    configurations: 1,
    ...shape,
    interfaces: interfaces.map((i) => ({ endpoints: [], ...i })),
  };
}
