/** Opens the tty that is named on its command line, says so to its parent, and holds it until it is killed. */

import { openTty } from '../../src/host/open-tty';

void openTty(process.argv[2] ?? '').then((port) => {
  // A channel to the parent keeps the process alive; the port is read so that it is really in use.
  port.receive(
    () => undefined,
    () => process.exit(0),
  );
  process.send?.('open');
});
