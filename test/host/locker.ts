/** Locks a stick when its parent says so: arguments are the folder and the stick. */

import { isDriverError } from '../../src/errors';
import { lockStick } from '../../src/host/lock';

process.on('message', (order) => {
  if (order === 'exit') process.exit(0);
  try {
    lockStick(process.argv[3] ?? '', process.argv[2] ?? '');
    process.send?.('locked');
  } catch (error) {
    process.send?.(isDriverError(error) ? `${error.code}: ${error.message}` : String(error));
  }
});
process.send?.('ready');
