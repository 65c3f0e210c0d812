/** In the guest: runs mocha files and tells the host of each test as it ends. Arguments: compiled test files. */

import { openSync, writeSync } from 'node:fs';
import Mocha, { type Runnable, type Runner, type Test } from 'mocha';
import { RESULT_PORT, TEST_MS, type Told } from './told';

let port: number | undefined;

/** Outside of the guest (a file run by hand with mocha) it goes to stderr. */
export function tell(told: Told): void {
  try {
    port ??= openSync(RESULT_PORT, 'w');
  } catch {
    port = 2;
  }
  writeSync(port, `${JSON.stringify(told)}\n`);
}

/** Shows a figure below the tests of this run. */
export const figure = (text: string): void => tell({ type: 'figure', text });

function run(files: string[]): void {
  // Opens the port for good, before a test counts descriptors.
  tell({ type: 'begin', title: 'the test files load' });
  const mocha = new Mocha({ timeout: TEST_MS, forbidOnly: true, forbidPending: true, reporter: Mocha.reporters.Base });
  for (const file of files) mocha.addFile(file);
  const runner: Runner = mocha.run(() => {
    tell({ type: 'end' });
    // What a test has forgotten must not keep the machine on.
    process.exit(0);
  });
  const told = (test: Runnable, error?: Error) =>
    tell({
      type: 'test',
      title: test.fullTitle(),
      ms: test.duration ?? 0,
      ...(error && { error: error.stack ?? String(error) }),
    });
  runner.on('test', (test: Test) => tell({ type: 'begin', title: test.fullTitle() }));
  runner.on('pass', (test: Test) => told(test));
  runner.on('fail', (test: Runnable, error: Error) => told(test, error));
}

if (require.main === module) run(process.argv.slice(2));
