import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type DriverError, failure } from '../errors';
import { TIMEOUTS } from '../timeouts';
import { hasVanished } from './files';
import { type Clock, sleep } from './host';

/** `1-1.4`: nothing else may become a part of the path. */
const PORT_PATH = /^\d+-\d+(\.\d+)*$/;

export interface ReauthorizeOptions {
  /** Folder that stands for `/`. */
  root?: string;
  clock: Clock;
}

/**
 * Writes 0 and then 1 to the device's `authorized` in sysfs: the kernel unbinds its drivers, and configures it anew.
 * False where that may not be written; then nothing has happened. Error: NO_PERMISSION, the stick was taken off the bus
 * and could not be put back.
 */
export async function reauthorize(portPath: string, { root = '', clock }: ReauthorizeOptions): Promise<boolean> {
  if (!PORT_PATH.test(portPath)) return false;
  const file = join(root || '/', 'sys/bus/usb/devices', portPath, 'authorized');
  try {
    // r+: it must exist, it is never made.
    await writeFile(file, '0', { flag: 'r+' });
  } catch {
    return false;
  }
  await sleep(clock, TIMEOUTS.health.unauthorized);
  for (let attempt = 1; ; attempt++) {
    try {
      await writeFile(file, '1', { flag: 'r+' });
      return true;
    } catch (cause) {
      // Somebody has pulled it out meanwhile: it comes back authorised.
      if (hasVanished(cause)) return true;
      // Switched off and not on again is worse than one that hangs: try again.
      if (attempt === 3) throw stuck(portPath, cause);
      await sleep(clock, TIMEOUTS.health.unauthorized);
    }
  }
}

const stuck = (stick: string, cause: unknown): DriverError =>
  failure('NO_PERMISSION/not-put-back', { stick }, { cause });
