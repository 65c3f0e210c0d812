/** A process of its own that writes a firmware through the tty of a loader: to be killed in the middle. */

import { write } from '../../src/flash/upload-and-write';
import { createTtyHost } from '../../src/host/tty-host';

const [tty = '', firmware = '', notes = ''] = process.argv.slice(2);

// The stick behind the tty is a virtual one: it may get a made-up file.
const host = { ...createTtyHost(tty, { stateFolders: [notes] }), real: false };

void write(host, { which: tty, firmware, keep: true, confirm: () => true }).then((report) => {
  process.stdout.write(JSON.stringify({ ...report, message: report.error?.message }));
});
