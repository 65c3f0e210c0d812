/**
 * `npm run slow:mutation [name ...]`: changes the checks of the flash in small ways and tells which changes no test
 * notices. Survivors that change nothing are listed in test/mutants.md with the reason, as `file: what`; any other one is
 * an error. Takes about an hour on two cores.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Mutant, mutantsOf } from './mutants';
import { SUBJECTS } from './subjects';

const BUILD = join(__dirname, '../..');
/** A mutant that loops for ever is noticed by that. */
const TIMEOUT_MS = 120_000;

interface Task {
  name: string;
  file: string;
  tests: string[];
  mutant: Mutant;
}

function tasksOf(name: string, patterns: readonly string[]): Task[] {
  const file = join(BUILD, 'src', `${name}.js`);
  const all = readdirSync(join(BUILD, 'test'), { recursive: true, encoding: 'utf8' });
  const tests = patterns.flatMap((pattern) => {
    const found = all.filter((path) => path.startsWith(pattern) && path.endsWith('.test.js'));
    if (found.length === 0) throw new Error(`no test begins with ${pattern}`);
    return found.map((path) => join(BUILD, 'test', path));
  });
  return mutantsOf(readFileSync(file, 'utf8')).map((mutant) => ({ name, file, tests, mutant }));
}

async function survives({ file, tests, mutant }: Task): Promise<boolean> {
  const { start, end, text } = mutant;
  const child = spawn(process.execPath, [join(__dirname, 'try.js'), file, String(start), String(end), text, ...tests], {
    stdio: 'ignore',
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  return code === 0;
}

/** One line: what was changed, without line ends. */
const line = ({ name, mutant }: Task): string => `${name}: ${mutant.what}`;

async function main(): Promise<void> {
  const wanted = process.argv.slice(2);
  const names = Object.keys(SUBJECTS).filter((name) => wanted.length === 0 || wanted.includes(name));
  const listed = readFileSync(join(BUILD, '../test/mutants.md'), 'utf8');
  let unlisted = 0;
  for (const name of names) {
    const tasks = tasksOf(name, SUBJECTS[name] ?? []);
    const queue = [...tasks];
    const survivors: Task[] = [];
    const worker = async () => {
      for (let task = queue.shift(); task; task = queue.shift()) if (await survives(task)) survivors.push(task);
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    const noticed = tasks.length - survivors.length;
    process.stdout.write(
      `${name}: ${noticed} of ${tasks.length} noticed (${((100 * noticed) / tasks.length).toFixed(1)} %)\n`,
    );
    for (const survivor of survivors.sort((a, b) => a.mutant.start - b.mutant.start)) {
      const known = listed.includes(`\`${line(survivor)}\``);
      if (!known) unlisted++;
      process.stdout.write(`  ${known ? 'listed  ' : 'SURVIVES'} ${line(survivor)}\n`);
    }
  }
  process.stdout.write(`${unlisted} survivors that are not listed\n`);
  process.exitCode = unlisted > 0 ? 1 : 0;
}

void main();
