/**
 * One mutant in a process of its own: the compiled file is loaded changed, and the tests run until the first of them fails.
 * Arguments: file, start, end, replacement, then the test files. Exit 0: nobody noticed.
 */

import { readFileSync } from 'node:fs';
import Module from 'node:module';
import Mocha from 'mocha';
import '../support/state-folder';

const [file = '', start = '0', end = '0', text = '', ...tests] = process.argv.slice(2);

interface Loader {
  _extensions: Record<string, (module: { _compile(code: string, name: string): void }, name: string) => void>;
}
const extensions = (Module as unknown as Loader)._extensions;
const load = extensions['.js'];
extensions['.js'] = (module, name) => {
  if (name !== file) return load?.(module, name);
  const source = readFileSync(name, 'utf8');
  module._compile(source.slice(0, Number(start)) + text + source.slice(Number(end)), name);
};

const mocha = new Mocha({ timeout: 20_000, bail: true, reporter: 'min' });
for (const test of tests) mocha.addFile(test);
mocha.run((failures) => process.exit(failures > 0 ? 1 : 0));
