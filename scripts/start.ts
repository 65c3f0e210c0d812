/**
 * `npm start`: Node-RED in a folder of its own, with the convert flow on the stick that is plugged in, or on a virtual
 * one. Options: `--port N` (1880, or the next free one), `--user-dir PATH` (`.node-red` in the package's folder).
 */

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalHost } from '../src/host/local';
import { listSticks, stickText } from '../src/stick/stick';
import { demoFlows } from './demo-flows';
import { packageFolder } from './packing';

const HOST = '127.0.0.1';
const PORTS_TRIED = 50;

const say = (text: string) => process.stdout.write(`${text}\n`);

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(port, HOST, () => server.close(() => done(true)));
  });
}

async function freePort(first: number): Promise<number> {
  for (let port = first; port < first + PORTS_TRIED; port++) if (await isFree(port)) return port;
  throw new Error(
    `The ports ${first} to ${first + PORTS_TRIED - 1} are all taken. Name another one: npm start -- --port N`,
  );
}

/** The package as an installed module of `userDir`: what Node-RED loads is what was built here. */
function linkPackage(root: string, userDir: string): void {
  const link = join(userDir, 'node_modules/@e3272/node-red');
  mkdirSync(dirname(link), { recursive: true });
  rmSync(link, { recursive: true, force: true });
  symlinkSync(root, link, 'dir');
}

/** Text of `file`, made by `make` the first time; only its owner can read it. */
function keptText(file: string, make: () => string): string {
  if (!existsSync(file)) writeFileSync(file, make(), { mode: 0o600 });
  return readFileSync(file, 'utf8');
}

/** Writes the flows where there are none yet; the name of their file. A real and a virtual stick have one each. */
async function prepareFlows(root: string, userDir: string): Promise<string> {
  // A phone of Huawei's is no stick.
  const sticks = (await listSticks(createLocalHost())).filter(({ mode }) => mode !== 'unknown');
  const real = sticks.length > 0;
  const flowFile = real ? 'flows-stick.json' : 'flows-virtual.json';
  const path = join(userDir, flowFile);
  const fresh = !existsSync(path);
  if (fresh)
    writeFileSync(
      path,
      `${JSON.stringify(demoFlows(join(root, 'examples'), real ? 'real' : 'virtual'), undefined, 2)}\n`,
    );
  if (real) {
    for (const stick of sticks) say(`A stick is plugged in at ${stickText(stick)}.`);
    say('The flows are for it. No files are named in them and nothing is confirmed: see the comment on the first tab.');
  } else {
    say('No stick is plugged in: the flows work on a virtual one. Press the numbered buttons on the first tab.');
  }
  if (!fresh) say(`They are as you left them, in ${path}. Delete that file to begin anew.`);
  return flowFile;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '1880' }, 'user-dir': { type: 'string' } },
  });
  const first = Number(values.port);
  if (!Number.isInteger(first) || first < 1 || first > 65_000) throw new Error('--port takes a TCP port.');
  const root = packageFolder();
  const userDir = resolve(values['user-dir'] ?? join(root, '.node-red'));
  linkPackage(root, userDir);
  const flowFile = await prepareFlows(root, userDir);
  const port = await freePort(first);
  if (port !== first) say(`Port ${first} is taken: ${port} is used instead.`);
  say(`Node-RED starts at http://${HOST}:${port}/ - open that in a browser. Ctrl-C stops it.`);

  const red = join(dirname(require.resolve('node-red/package.json')), 'red.js');
  const child = spawn(process.execPath, [red, '-u', userDir, '-s', join(root, 'scripts/settings.cjs')], {
    stdio: 'inherit',
    env: {
      ...process.env,
      E3272_PORT: String(port),
      E3272_FLOW_FILE: flowFile,
      E3272_CREDENTIAL_SECRET: keptText(join(userDir, 'credential-secret'), () => randomBytes(32).toString('hex')),
    },
  });
  // Node-RED stops its flows and exits by itself; this process only waits for that.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    say(`Node-RED did not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
