/** What the kernel's storage driver knows of a mass-storage interface, and how an interface gets a driver again. */

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { listIfThere, readIfThere } from './files';
import type { UsbDevice } from './host';

const BUS = '/sys/bus/usb';
/** Steps from an interface to its first unit: `host2/target2:0:0/2:0:0:0`. */
const STEPS = [/^host\d+$/, /^target\d+(:\d+){2}$/, /^\d+:\d+:\d+:0$/];

/** Names of the folders of the interfaces of `device` (`1-1:1.0`); none if another enumeration has taken its place. */
async function interfacesOf(root: string, { portPath, address }: UsbDevice): Promise<string[]> {
  const folder = join(root, BUS, 'devices');
  const now = await readIfThere(join(folder, portPath, 'devnum')).catch(() => undefined);
  if (Number(now?.toString('latin1') ?? Number.NaN) !== address) return [];
  return (await listIfThere(folder)).filter((name) => name.startsWith(`${portPath}:`));
}

/** See {@link import('./host').Host.storageVendor}. */
export async function storageVendor(
  root: string,
  device: UsbDevice,
  interfaceNumber: number,
): Promise<string | undefined> {
  const face = (await interfacesOf(root, device)).find((name) => name.endsWith(`.${interfaceNumber}`));
  if (face === undefined) return undefined;
  let folder = join(root, BUS, 'devices', face);
  for (const step of STEPS) {
    const name = (await listIfThere(folder).catch(() => [])).find((entry) => step.test(entry));
    if (name === undefined) return undefined;
    folder = join(folder, name);
  }
  return (await readIfThere(join(folder, 'vendor')).catch(() => undefined))?.toString('latin1').trim();
}

/** See {@link import('./host').Host.rebind}. Root alone may write there; for others the interface stays as it is. */
export async function rebind(root: string, device: UsbDevice): Promise<void> {
  for (const face of await interfacesOf(root, device).catch(() => [])) {
    // r+: it must exist, it is never made. An interface that has a driver keeps it.
    await writeFile(join(root, BUS, 'drivers_probe'), face, { flag: 'r+' }).catch(() => undefined);
  }
}
