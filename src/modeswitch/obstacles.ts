/** What stands in the way of a switch, as far as it can be seen before the device is taken away from its kernel driver. */

import { type DriverError, failure } from '../errors';
import type { Host, UsbDevice } from '../host/host';
import { type Stick, stickText } from '../stick/stick';
import { isHuawei } from './vendor';

/** A volume that is mounted for writing would lose what is not on it yet. Error: PORT_BUSY, names where it is mounted. */
export async function refuseMounted(host: Host, stick: Stick): Promise<void> {
  const written = (await host.mounts(stick.path)).filter(({ writable }) => writable);
  if (written.length === 0) return;
  const where = written.map(({ device, mountPoint }) => `${device} at ${mountPoint.replace(/\p{C}/gu, '?')}`);
  throw failure('PORT_BUSY/mounted', { which: stickText(stick), volumes: where.join(', ') }, { stick: stick.path });
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
  failure('WRONG_MODE/stranger', { which: stickText(stick), vendor }, { stick: stick.path });
