/** Notes and logs of tests and benches go into a folder of their own, never among those of the user. Loaded before anything else. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folder = mkdtempSync(join(tmpdir(), 'e3272-state-'));
// Child processes inherit it.
process.env['XDG_STATE_HOME'] = folder;
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
