import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { join } from 'node:path';

/** ms since the machine was started, whatever is done to its clock. */
export const machineUptime = (): number => uptime() * 1000;

/** Another text after each start of the machine; undefined where the kernel does not tell. */
export function bootId(root: string): string | undefined {
  try {
    return readFileSync(join(root, '/proc/sys/kernel/random/boot_id'), 'latin1').trim();
  } catch {
    return undefined;
  }
}
