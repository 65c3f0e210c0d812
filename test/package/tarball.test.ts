/** The package as others get it: packed from the sources, unpacked as npm does, and used from outside. */

import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { copySources, type Packed, pack, problemsOf } from '../../scripts/packing';
import { packageRoot } from '../nodes/package-root';
import { tempFolder } from '../support/temp-folder';

const run = promisify(execFile);

describe('the package, packed', () => {
  const work = tempFolder('package');
  /** Where a program of somebody else's stands. */
  const outside = join(work, 'outside');
  let packed: Packed;

  before(() => {
    const sources = join(work, 'sources');
    copySources(packageRoot, sources);
    packed = pack(sources, work);
    const installed = join(outside, 'node_modules/@e3272/node-red');
    mkdirSync(installed, { recursive: true });
    execFileSync('tar', ['-xzf', packed.tarball, '-C', installed, '--strip-components=1']);
    // Its dependencies, which no registry has to be asked for.
    symlinkSync(join(packageRoot, 'node_modules'), join(installed, 'node_modules'));
  });
  after(() => rmSync(work, { recursive: true }));

  /** Runs Node.js beside the installed package; what it said. */
  const node = async (...args: string[]): Promise<string> =>
    (await run(process.execPath, args, { cwd: outside })).stdout;

  it('holds what package.json promises and nothing else', () => {
    assert.deepEqual(problemsOf(packed), []);
  });

  it('tells what is missing, does not belong there or leads nowhere', () => {
    const changed = (...changes: [path: string, text: string | undefined][]): string[] => {
      const files = new Map(packed.files);
      for (const [path, text] of changes) {
        if (text === undefined) files.delete(path);
        else files.set(path, Buffer.from(text));
      }
      return problemsOf({ ...packed, files });
    };
    const node = 'build/nodes/e3272-at/';
    for (const path of [
      'build/src/testing.d.ts',
      `${node}e3272-at.html`,
      `${node}locales/en-US/e3272-at.json`,
      'LICENSE',
    ])
      assert.deepEqual(changed([path, undefined]).slice(0, 1), [`${path} is missing.`]);
    for (const path of ['build/test/run.js', 'docs/usbloader.bin', 'build/src/index.js.map', '.npmrc', 'src/index.ts'])
      assert.deepEqual(changed([path, '']), [`${path} does not belong into the package.`]);
    const [readme, index] = ['README.md', 'build/src/index.js'];
    assert.deepEqual(changed([readme, `at ${packed.madeIn}/x`]), ['README.md names the folder in which it was made.']);
    assert.deepEqual(changed([index, '\n//# sourceMappingURL=index.js.map']), [
      'build/src/index.js names a source map, which is not in the package.',
    ]);
    assert.deepEqual(changed(['docs/api.md', '[a](../README.md#x) [b](gone.md) [c](https://x.org) [d](#e)']), [
      'docs/api.md has a link to gone.md, which is not in the package.',
    ]);
    assert.match(
      problemsOf({ ...packed, size: 10_000_000, unpackedSize: 10_000_000 }).join(),
      /tarball has.*files have/,
    );
  });

  it('is imported and required by its entries, with the same things behind them, and by nothing else', async () => {
    const names = await node('-p', "Object.keys(require('@e3272/node-red')).sort().join()");
    const imported = "import * as all from '@e3272/node-red'; import { convert, DriverError } from '@e3272/node-red';";
    const told =
      'console.log(Object.keys(all).filter((name) => !/^(default|module.exports|__esModule)$/.test(name)).sort().join());';
    assert.equal(await node('--input-type=module', '-e', `${imported} convert.call; DriverError.name; ${told}`), names);
    assert.match(await node('-p', "require('@e3272/node-red/testing').VirtualClock.name"), /VirtualClock/);
    assert.match(await node('-p', "require('@e3272/node-red/package.json').name"), /@e3272/);
    await assert.rejects(node('-e', "require('@e3272/node-red/build/src/index')"), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
  });

  it('loads every node from the path that package.json gives Node-RED', async () => {
    const load = `const { dirname, join } = require('node:path');
      const root = dirname(require.resolve('@e3272/node-red/package.json'));
      const { nodes } = require('@e3272/node-red/package.json')['node-red'];
      console.log(Object.values(nodes).map((file) => typeof require(join(root, file))).join());`;
    assert.match(await node('-e', load), /^(function,){10}function\n$/);
  });

  it('has types that a program sees, and none that are only for the house', async () => {
    cpSync(join(packageRoot, 'test/package/types'), outside, { recursive: true });
    await compiles(['esm.mts', 'cjs.cts'], { module: 'NodeNext' });
    cpSync(join(outside, 'esm.mts'), join(outside, 'bundled.ts'));
    await compiles(['bundled.ts'], { module: 'ESNext', moduleResolution: 'bundler' });
  });

  it('runs the programs of docs/use-from-node.md, and they are typed', async () => {
    const page = readFileSync(join(packageRoot, 'docs/use-from-node.md'), 'utf8');
    const programs = [...page.matchAll(/```js\n(\/\/ (\S+)\n[\s\S]*?)```/g)].map(([, text = '', name = '']) => {
      writeFileSync(join(outside, name), text);
      return name;
    });
    assert.deepEqual(programs, ['status.mjs', 'convert.test.mjs']);
    await compiles(programs, { module: 'NodeNext', allowJs: true, checkJs: true });
    const [, output] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
    assert.equal(await node('status.mjs', '--virtual'), output);
    assert.match(await node('--test', 'convert.test.mjs'), /^# pass 1$/m);
  });

  /** By the compiler in strict mode, with the types of Node.js and nothing else; declarations are looked at too. */
  async function compiles(files: readonly string[], options: object): Promise<void> {
    const typeRoots = [join(packageRoot, 'node_modules/@types')];
    const compilerOptions = { ...options, strict: true, noEmit: true, lib: ['ES2023'], types: ['node'], typeRoots };
    writeFileSync(join(outside, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
    const tsc = join(packageRoot, 'node_modules/typescript/bin/tsc');
    const failed = await run(process.execPath, [tsc, '-p', outside]).then(
      () => '',
      (error: { stdout: string }) => error.stdout,
    );
    assert.equal(failed, '');
  }
});
