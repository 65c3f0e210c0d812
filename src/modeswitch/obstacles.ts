/** What stands in the way of a switch, as far as it can be seen before the device is taken away from its kernel driver. */

import { DriverError } from '../errors';
import type { Host, UsbDevice } from '../host/host';
import { type Stick, stickText } from '../stick/stick';
import { isHuawei } from './vendor';

/** A volume that is mounted for writing would lose what is not on it yet. Error: PORT_BUSY, names where it is mounted. */
export async function refuseMounted(host: Host, stick: Stick): Promise<void> {
  const written = (await host.mounts(stick.path)).filter(({ writable }) => writable);
  if (written.length === 0) return;
  const where = written.map(({ device, mountPoint }) => `${device} at ${mountPoint.replace(/\p{C}/gu, '?')}`);
  throw new DriverError(
    'PORT_BUSY',
    `A volume of the stick at ${stickText(stick)} is mounted for writing: ${where.join(', ')}.`,
    {
      stick: stick.path,
      hint: 'Nothing was changed. Unmount it (`umount`, for a swap area `swapoff`) and repeat; a read-only mount is no obstacle.',
    },
  );
}

/** Who the kernel was told that it is; undefined while the kernel has not asked. Error: WRONG_MODE, it is no Huawei. */
export async function refuseStranger(
  host: Host,
  stick: Stick,
  device: UsbDevice,
  storage: number,
): Promise<string | undefined> {
  const vendor = await host.storageVendor(device, storage);
  if (vendor !== undefined && !isHuawei(vendor)) throw stranger(stick, vendor);
  return vendor;
}

/** The id is a stick's, the device is not. */
export const stranger = (stick: Stick, vendor: string): DriverError =>
  new DriverError('WRONG_MODE', `The device at ${stickText(stick)} calls itself "${vendor}", not HUAWEI.`, {
    stick: stick.path,
    hint: 'It is no stick of this family: no switch message was sent to it.',
  });
