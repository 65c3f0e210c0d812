/**
 * A process that locks sticks when its parent says so. Arguments: name of the stick, options as JSON, user id it changes
 * to. Orders: `lock`, `release`, `exit`, `exhaust` (its descriptors).
 */

import { openSync } from 'node:fs';
import { isDriverError } from '../../src/errors';
import type { StickLock } from '../../src/host/host';
import { type LockOptions, lockStick } from '../../src/host/lock';

const [name = '', options = '{}', user] = process.argv.slice(2);
let lock: StickLock | undefined;

async function obey(order: unknown): Promise<string> {
  if (order === 'exit') process.exit(0);
  if (order === 'exhaust') {
    try {
      for (;;) openSync('/dev/null', 'r');
    } catch {
      return 'exhausted';
    }
  }
  if (order === 'release') {
    lock?.release();
    return 'released';
  }
  try {
    lock = await lockStick(name, JSON.parse(options) as LockOptions);
    return 'locked';
  } catch (error) {
    return isDriverError(error) ? `${error.code}: ${error.message}` : String(error);
  }
}

process.on('message', (order) => void obey(order).then((answer) => process.send?.(answer)));
// Longer than the 15 letters that the kernel keeps.
process.title = '/somewhere/a-program-that-locks';
if (user !== undefined) {
  process.setgid?.(Number(user));
  process.setuid?.(Number(user));
}
process.send?.('ready');
