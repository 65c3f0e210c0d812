/**
 * `npm run release -- 0.2.0`: what a release of this version would be, tried in a clone; nothing is changed. With `--commands`
 * both commands of the README as well, from a fresh clone (half an hour). With `--tag` the release is then committed and
 * tagged here. `npm run release -- --publish`, run by CI at the tag, hands the package to the registry with its provenance.
 */

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Packed, pack, problemsOf } from './packing';

const say = (text: string) => process.stdout.write(`${text}\n`);
const outputOf = (folder: string, program: string, ...args: string[]): string =>
  execFileSync(program, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }).trim();
const git = (folder: string, ...args: string[]): string => outputOf(folder, 'git', ...args);

interface About {
  version: string;
  repository?: unknown;
}
const aboutOf = (folder: string): About => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as About;
const tagOf = (version: string): string => `v${version}`;

/** The three numbers of a version; undefined where it is none. Releases have no other parts. */
const numbersOf = (version: string): number[] | undefined =>
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/.exec(version)?.slice(1).map(Number);

function isBefore(version: string, other: string): boolean {
  const [a = [], b = []] = [numbersOf(version), numbersOf(other)];
  const at = a.findIndex((number, index) => number !== b[index]);
  return at >= 0 && (a[at] ?? 0) < (b[at] ?? 0);
}

const UNRELEASED = '## Unreleased\n';

/** What stands in the changelog under "Unreleased", without blank lines around it. */
function unreleased(changelog: string): string {
  const [, rest = ''] = changelog.split(UNRELEASED, 2);
  return (rest.split(/^## /m, 1)[0] ?? '').trim();
}

/** Why `version` cannot be released from `root`: one sentence each. */
function refusals(root: string, version: string): string[] {
  const { version: last } = aboutOf(root);
  if (!numbersOf(version)) return [`${version} is no version: three numbers, such as 0.2.0.`];
  return [
    ...(isBefore(version, last) ? [`${version} comes before ${last}, which package.json has.`] : []),
    ...(git(root, 'tag', '--list', tagOf(version)) ? [`There is a tag ${tagOf(version)} already.`] : []),
    ...(git(root, 'status', '--porcelain') ? ['There are changes that are not committed.'] : []),
    ...(unreleased(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))
      ? []
      : ['CHANGELOG.md has nothing under "Unreleased".']),
  ];
}

/** Writes the version into package.json and its lock, the changelog and the README. */
function setVersion(folder: string, version: string): void {
  const { version: last } = aboutOf(folder);
  const change = (name: string, to: (text: string) => string): void => {
    const file = join(folder, name);
    writeFileSync(file, to(readFileSync(file, 'utf8')));
  };
  outputOf(folder, 'npm', 'version', version, '--no-git-tag-version', '--allow-same-version', '--ignore-scripts');
  const day = new Date().toISOString().slice(0, 10);
  change('CHANGELOG.md', (text) => text.replace(UNRELEASED, `${UNRELEASED}\n## ${version} - ${day}\n`));
  change('README.md', (text) => text.replaceAll(`-${last}.tgz`, `-${version}.tgz`));
}

/** What is committed in `root`, in a folder of its own. */
function cloneOf(root: string, folder: string): string {
  git(root, 'clone', '--quiet', root, folder);
  return folder;
}

/** Packs what is committed in `root`, as the version that is to come where one is named. Throws where something is wrong. */
function packCommitted(root: string, work: string, version?: string): Packed {
  const clone = cloneOf(root, join(work, 'clone'));
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
  if (version !== undefined) setVersion(clone, version);
  const packed = pack(clone, work);
  refuse(problemsOf(packed));
  const kB = (bytes: number): string => `${Math.round(bytes / 1000)} kB`;
  say(`Packed: ${packed.files.size} files, ${kB(packed.size)}, unpacked ${kB(packed.unpackedSize)}.`);
  return packed;
}

function refuse(problems: readonly string[]): void {
  if (problems.length > 0) throw new Error(problems.join('\n'));
}

/** The two commands of the README, in a fresh clone. Throws where one of them does not do what it says there. */
async function tryCommands(root: string, work: string): Promise<void> {
  const clone = cloneOf(root, join(work, 'fresh'));
  say('npm ci && npm start');
  execFileSync('npm', ['ci'], { cwd: clone, stdio: 'inherit' });
  // A process group of its own: npm does not hand on every signal.
  const child = spawn('npm', ['start'], { cwd: clone, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  let said = '';
  const answered = new Promise<number>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`npm start ended with ${code}:\n${said}`)));
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, url] = /Node-RED starts at (\S+)/.exec(said) ?? [];
      if (url && said.includes('Started flows')) fetch(url).then(({ status }) => resolve(status), reject);
    });
  });
  const status = await answered;
  if (child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
  await once(child, 'exit');
  refuse(status === 200 ? [] : [`npm start: the editor answers with ${status}.`]);
  say('bash .ci/run');
  execFileSync('bash', ['.ci/run'], { cwd: clone, stdio: 'inherit' });
}

async function release(root: string, version: string, also: { commands: boolean; tag: boolean }): Promise<void> {
  refuse(refusals(root, version));
  await inWorkFolder(async (work) => {
    packCommitted(root, work, version);
    if (also.commands) await tryCommands(root, work);
  });
  say(`\n${version} would say:\n\n${unreleased(readFileSync(join(root, 'CHANGELOG.md'), 'utf8'))}\n`);
  if (!also.tag) {
    say('A dry run: nothing was changed. With --tag it is committed and tagged.');
    return;
  }
  setVersion(root, version);
  git(root, 'commit', '--quiet', '--all', '--message', `Release ${version}`);
  git(root, 'tag', '--annotate', tagOf(version), '--message', `Release ${version}`);
  say(`Committed and tagged as ${tagOf(version)}. Push both; CI publishes what has the tag.`);
}

/** At the tag, in CI: only there the registry can be told who has built the package, from which commit. */
async function publish(root: string): Promise<void> {
  const { version, repository } = aboutOf(root);
  refuse([
    ...(git(root, 'tag', '--points-at', 'HEAD').split('\n').includes(tagOf(version))
      ? []
      : [`The commit has no tag ${tagOf(version)}.`]),
    ...(git(root, 'status', '--porcelain') ? ['There are changes that are not committed.'] : []),
    // It is what the provenance is held against.
    ...(repository === undefined ? ['package.json names no repository, so nothing proves where it comes from.'] : []),
  ]);
  await inWorkFolder(async (work) => {
    const { tarball } = packCommitted(root, work);
    execFileSync('npm', ['publish', tarball, '--provenance'], { cwd: root, stdio: 'inherit' });
  });
}

async function inWorkFolder(run: (work: string) => Promise<void>): Promise<void> {
  const work = mkdtempSync(join(tmpdir(), 'e3272-release-'));
  try {
    await run(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      commands: { type: 'boolean', default: false },
      tag: { type: 'boolean', default: false },
      publish: { type: 'boolean', default: false },
    },
  });
  const [version, ...more] = positionals;
  if (more.length > 0 || (version === undefined) !== values.publish || (values.publish && values.tag))
    throw new Error('npm run release -- VERSION [--commands] [--tag], or npm run release -- --publish');
  if (version === undefined) await publish(process.cwd());
  else await release(process.cwd(), version, values);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
