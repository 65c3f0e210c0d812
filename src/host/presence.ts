import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Another text after each start of the machine; undefined where the kernel does not tell. */
export function bootId(root: string): string | undefined {
  try {
    return readFileSync(join(root, '/proc/sys/kernel/random/boot_id'), 'latin1').trim();
  } catch {
    return undefined;
  }
}
