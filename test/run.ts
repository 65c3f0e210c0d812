/** Runs all parts of the test and ends with one line over all of them: `N passed, N failed`. */

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

const files = readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.js'))
  .sort();

const mocha = new Mocha({ timeout: 60_000, reporter: 'spec', forbidOnly: true, forbidPending: true });
for (const file of files) mocha.addFile(join(__dirname, file));

const runner = mocha.run((failures) => {
  const { passes = 0 } = runner.stats ?? {};
  process.stdout.write(`${passes} passed, ${failures} failed\n`);
  // Nothing may be left running: a test that forgot to close something shows here as a hang with a name.
  setTimeout(() => {
    process.stderr.write(`still open: ${process.getActiveResourcesInfo().join(', ')}\n`);
    process.exit(1);
  }, 5_000).unref();
  process.exitCode = failures > 0 || passes === 0 ? 1 : 0;
});
