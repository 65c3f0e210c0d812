import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriverError, failure, isDriverError } from '../errors';
import { hasVanished } from './files';
import type { UsbDevice } from './host';
import { attempt, gone, loadUsb, openDevice, type UsbLibrary } from './usb-bulk';

export interface ConfigureOptions {
  /** Folder that stands for `/`. */
  root?: string;
  /** Loads the package `usb`. */
  load?: () => Promise<UsbLibrary>;
}

/**
 * Asks for configuration `value` of `device`: by its file in sysfs, which takes root, else through the USB device itself,
 * which takes the rights that a udev rule gives. Errors: NO_PERMISSION, PORT_BUSY, STICK_GONE, PROTOCOL.
 */
export async function configure(
  device: UsbDevice,
  value: number,
  { root = '', load = loadUsb }: ConfigureOptions = {},
): Promise<void> {
  const folder = join(root || '/', 'sys/bus/usb/devices', device.portPath);
  try {
    const address = Number(await readFile(join(folder, 'devnum'), 'latin1'));
    if (address !== device.address) throw gone(device.portPath, undefined);
    // r+: it must exist, it is never made.
    await writeFile(join(folder, 'bConfigurationValue'), String(value), { flag: 'r+' });
  } catch (cause) {
    if (isDriverError(cause)) throw cause;
    if (hasVanished(cause)) throw gone(device.portPath, cause);
    // Not root, or a container that shows it read-only.
    await configureByUsb(device, value, load);
  }
}

async function configureByUsb(device: UsbDevice, value: number, load: () => Promise<UsbLibrary>): Promise<void> {
  const native = await openDevice(device, load).catch((error: unknown) => {
    throw isDriverError(error, 'NATIVE_MISSING', 'NO_PERMISSION') ? forbidden(device, error) : error;
  });
  const taken: number[] = [];
  try {
    // The kernel refuses while one of its drivers has an interface.
    for (const { number } of device.interfaces) {
      await native.detachKernelDriver(number).then(
        () => taken.push(number),
        () => undefined,
      );
    }
    await attempt(device.portPath, 'open', () => native.selectConfiguration(value));
  } catch (error) {
    for (const number of taken) await native.attachKernelDriver(number).catch(() => undefined);
    throw error;
  } finally {
    await native.close().catch(() => undefined);
  }
}

const forbidden = ({ portPath: stick }: UsbDevice, cause: unknown): DriverError =>
  failure('NO_PERMISSION/configuration', { stick }, { cause });
