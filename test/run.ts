/**
 * Runs all parts of the test, each in a process of its own and two at a time, and ends with one line over all of them:
 * `N passed, N failed`. With names as arguments, only those parts.
 */

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import Mocha, { type Runnable } from 'mocha';
import { counting, figuresText, floor, loadAll, measured, shortfalls } from './coverage';
import { type Result, report } from './report';
import './support/state-folder';

/** A test waits for an event: this only ends what hangs, also on a machine that is busy with something else. */
const HANGS_MS = 180_000;
/** Many tests that hang must not take longer than whoever waits for all of them. The kernel part has limits of its own. */
const PART_MS = 20 * 60_000;

/** Combinations of Node-RED and Node.js that every run tries; `npm run matrix` knows them all. */
const MATRIX = ['4.1/20', '5.0/24'];

/** Longest first: the short ones fill the gaps. A file belongs to the first part that takes it. */
const PARTS: Readonly<Record<string, (file: string) => boolean>> = {
  kernel: (file) => file.startsWith(`kernel${sep}`),
  cli: (file) => file.startsWith(`cli${sep}`),
  // Of every installed package.
  matrix: (file) => file.startsWith(join('nodes', 'editor-sidebar')),
  browser: (file) => file.startsWith(`nodes${sep}editor`),
  // What others wrote comes from the registry.
  strangers: (file) => file.startsWith(`strangers${sep}`),
  // The helper and the embedded Node-RED cannot both be in one process.
  helper: (file) => file.startsWith(join('nodes', 'helper') + sep),
  // What the tests of nodes leave behind in their process is no empty Node-RED.
  sidebar: (file) => /^(panel|diagnostics|stick-test)\./.test(relative('nodes', file)),
  nodes: (file) => file.startsWith(`nodes${sep}`),
  package: (file) => file.startsWith(`package${sep}`),
  unit: () => true,
};

/** The part whose coverage is looked at: it goes through the driver in its own process. */
const COVERED = 'unit';

function filesOf(part: string): string[] {
  const names = Object.keys(PARTS);
  const before = names.slice(0, names.indexOf(part)).map((name) => PARTS[name]);
  return readdirSync(__dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.js') && PARTS[part]?.(file) && !before.some((taken) => taken?.(file)))
    .sort()
    .map((file) => join(__dirname, file));
}

/** In the part's own process. */
function runPart(part: string): void {
  if (part === COVERED) loadAll();
  const mocha = new Mocha({ timeout: HANGS_MS, reporter: 'spec', forbidOnly: true, forbidPending: true });
  for (const file of filesOf(part)) mocha.addFile(file);
  const failures: string[] = [];
  const runner = mocha.run(() => {
    report({ passed: runner.stats?.passes ?? 0, failures });
    // What is still open now was forgotten by a test: it shows as a failure, not as a hang.
    setTimeout(() => {
      process.stderr.write(`still open: ${process.getActiveResourcesInfo().join(', ')}\n`);
      process.exit(1);
    }, 5_000).unref();
  });
  runner.on('fail', (test: Runnable, error: Error) => failures.push(`${test.fullTitle()}\n${error.stack ?? error}`));
}

/** Parts with a runner of their own, and its arguments. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  kernel: ['kernel/run.js'],
  matrix: ['matrix/run.js', ...MATRIX],
};

async function startPart(part: string): Promise<Result> {
  const began = Date.now();
  const [runner, ...args] = RUNNERS[part] ?? [];
  const child = fork(runner ? join(__dirname, runner) : __filename, runner ? args : ['--part', part], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: part === COVERED ? counting() : process.env,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  let result: Result | undefined;
  child.on('message', (message) => {
    result = message as Result;
  });
  const limit = part === 'kernel' ? undefined : setTimeout(() => child.kill('SIGKILL'), PART_MS);
  const [code] = (await once(child, 'close')) as [number | null];
  clearTimeout(limit);
  const { passed, failures } = result ?? { passed: 0, failures: [] };
  if (part === COVERED && result) {
    const figures = measured();
    output += `\nCoverage of src/: ${figuresText(figures)}\n`;
    failures.push(...shortfalls(figures, floor()));
  }
  const broken = failures.length === 0 && (passed === 0 || code !== 0);
  process.stdout.write(`\n== ${part}, ${Math.round((Date.now() - began) / 1000)} s ==\n${output}`);
  return { passed, failures: broken ? [`did not run to its end (exit ${code})`] : failures };
}

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const parts = Object.keys(PARTS).filter((part) => wanted.length === 0 || wanted.includes(part));
  const total: Result = { passed: 0, failures: [] };
  const worker = async () => {
    for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
      const { passed, failures } = await startPart(part);
      total.passed += passed;
      total.failures.push(...failures.map((failure) => `${part}: ${failure}`));
    }
  };
  await Promise.all([worker(), worker()]);
  process.exitCode = total.failures.length > 0 || total.passed === 0 ? 1 : 0;
  for (const failure of total.failures) process.stdout.write(`\nFAILED ${failure}\n`);
  process.stdout.write(`\n${total.passed} passed, ${total.failures.length} failed\n`);
}

const [flag, part] = process.argv.slice(2);
if (flag === '--part' && part !== undefined) runPart(part);
else void main();
