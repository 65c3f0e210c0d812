/** A process without a descriptor left asks for a machine that stays awake, with the search path it is given. */

import { openSync } from 'node:fs';
import { systemClock } from '../../src/host/clock';
import { inhibitSleep } from '../../src/host/power';

try {
  for (;;) openSync('/dev/null', 'r');
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  void inhibitSleep(systemClock, 'a test', process.argv[2] ?? '').then((release) => {
    process.stdout.write(`${code}: ${release === undefined ? 'not held' : 'held'}`);
    release?.();
  });
}
