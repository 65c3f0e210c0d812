/**
 * `npm run test:kernel`: tests on a real Linux kernel, in QEMU, with the virtual stick as a USB device. Up to three boots for
 * each profile, as many at once as the machine is large enough for. Names of profiles and of test files (`bare convert`) as
 * arguments limit it to these.
 * `--unplugs N` and `--seed N` are for the test that pulls the stick at random moments (10, and 1).
 */

import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, freemem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { report } from '../report';
import { driveStrangers } from '../strangers/clients';
import { checkMachine, type Kernel, prepareKernel } from './kernel';
import { type Accelerator, boot, chooseAccelerator } from './machine';
import { type Row, table } from './table';
import { TEST_MS, type Told } from './told';

/**
 * Folders of test files for each: `bare` has neither udev nor D-Bus, as in a container, `desktop` has both. What is in `both`
 * runs in each of these. `addon` has udev outside, with its rule that switches sticks, and an add-on of Home Assistant.
 */
const FOLDERS = { bare: ['bare', 'both'], desktop: ['desktop', 'both'], addon: ['addon'] } as const;
type Profile = keyof typeof FOLDERS;
const PROFILES = Object.keys(FOLDERS) as Profile[];

/** A guest hangs when it says nothing for longer than any test may take. */
const QUIET_MS = TEST_MS + 30_000;
const LIMIT_MS = 20 * 60_000;
const LIMIT_PER_UNPLUG_MS = 60_000;

/** Files that share a guest; all others of a profile share one, too. The longest come first. */
const TOGETHER = [['unplug'], undefined, ['convert', 'node-red', 'hilink']];
/** A guest mostly waits, for sticks and for programs that give up. */
const GUESTS_PER_CORE = 2;
/** Bytes that one guest needs, and some for this machine. */
const MEMORY_OF_ONE = 4e9;

/** The test files of one boot. */
interface Guest {
  profile: Profile;
  files: string[];
}

type Say = (text: string) => void;
const print: Say = (text) => process.stdout.write(`${text}\n`);
const indent = (text: string) => text.replace(/^/gm, '      ');

function packageFolder(folder = __dirname): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageFolder(dirname(folder));
}

const quoted = (words: string[]): string => words.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ');

function filesOf(profile: Profile, names: string[]): string[] {
  return FOLDERS[profile].flatMap((name) => {
    const folder = join(__dirname, name);
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder).filter(
      (file) => file.endsWith('.test.js') && (names.length === 0 || names.includes(file.replace('.test.js', ''))),
    );
    return files.sort().map((file) => join(folder, file));
  });
}

const nameOf = (file: string): string => basename(file, '.test.js');

function guestsOf(profiles: readonly Profile[], names: string[]): Guest[] {
  const named = TOGETHER.flatMap((some) => some ?? []);
  return TOGETHER.flatMap((some) =>
    profiles.map((profile) => ({
      profile,
      files: filesOf(profile, names).filter((file) =>
        some ? some.includes(nameOf(file)) : !named.includes(nameOf(file)),
      ),
    })),
  ).filter(({ files }) => files.length > 0);
}

/** Runs them all, `limit` at a time; results in the order of `guests`. */
async function pool<T>(guests: Guest[], limit: number, run: (guest: Guest) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  const queue = guests.entries();
  const worker = async () => {
    for (const [index, guest] of queue) results[index] = await run(guest);
  };
  await Promise.all(Array.from({ length: limit }, worker));
  return results;
}

async function runGuest(
  { profile, files }: Guest,
  { root, kernel, accelerator }: { root: string; kernel: Kernel; accelerator: Accelerator },
  settings: { unplugs: string; seed: string },
  say: Say,
): Promise<{ passed: number; failures: string[]; rows: Row[] }> {
  const names = files.map(nameOf).join(', ');
  say(`  ${profile} (${names}): Linux ${kernel.release}, ${accelerator === 'kvm' ? 'KVM' : 'emulated'}`);
  const began = Date.now();
  let passed = 0;
  const failures: string[] = [];
  const fail = (text: string) => {
    failures.push(`${profile}: ${text}`);
    say(`    \u2716 ${text.replaceAll('\n', '\n      ')}`);
  };
  let whole = false;
  const rows: Row[] = [];
  let running = 'the guest came up';
  const figures: string[] = [];
  const onTold = (told: Told) => {
    if (told.type === 'begin') running = told.title;
    else if (told.type === 'figure') figures.push(told.text);
    else if (told.type === 'stranger') rows.push(told);
    else if (told.type === 'end') whole = true;
    else if (told.type === 'test' && told.error === undefined) {
      passed++;
      say(`    \u2714 ${told.title} (${told.ms} ms)`);
    } else if (told.type === 'test') {
      fail(`${told.title} (${told.ms} ms)\n${told.error ?? ''}`);
    }
  };
  const env = Object.entries(settings).map(([name, value]) => `E3272_${name.toUpperCase()}=${value}`);
  const words = [profile, 'env', ...env, process.execPath, join(__dirname, 'guest.js'), ...files];
  const ended = await boot({
    kernel,
    accelerator,
    script: `cd ${quoted([root])} && exec test/kernel/guest.sh ${quoted(words)}\n`,
    onTold,
    quietMs: QUIET_MS,
    limitMs: LIMIT_MS + Number(settings.unplugs) * LIMIT_PER_UNPLUG_MS,
  });
  const problem = ended.problem ?? (whole ? undefined : 'The guest stopped before its tests were through.');
  if (problem !== undefined) {
    fail(`${problem} Last: ${running}`);
  }
  if (failures.length > 0) say(`    the guest's console:\n${indent(ended.console)}`);
  for (const text of figures) say(`    ${text}`);
  say(
    `  ${profile} (${names}): ${passed} passed, ${failures.length} failed, ${Math.round((Date.now() - began) / 1000)} s`,
  );
  return { passed, failures, rows };
}

async function main(argv: string[]): Promise<void> {
  const {
    values: { table: tabled, ...values },
    positionals: args,
  } = parseArgs({
    args: argv,
    options: {
      unplugs: { type: 'string', default: '10' },
      seed: { type: 'string', default: '1' },
      table: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  const isProfile = (name: string) => PROFILES.some((profile) => profile === name);
  const profiles = args.some(isProfile) ? PROFILES.filter((profile) => args.includes(profile)) : PROFILES;
  const names = args.filter((name) => !isProfile(name));
  checkMachine();
  const root = packageFolder();
  const guests = guestsOf(profiles, names);
  const kernel = prepareKernel(join(root, 'test/kernel/init'));
  const machine = { root, kernel, accelerator: await chooseAccelerator(kernel) };
  const limit = Math.max(1, Math.min(availableParallelism() * GUESTS_PER_CORE, Math.floor(freemem() / MEMORY_OF_ONE)));
  print(`  ${guests.length} guests, ${Math.min(limit, guests.length)} at once`);
  // Each is shown once it is through, a single one as it goes: nobody can read several at once.
  const results = await pool(guests, limit, async (guest) => {
    const lines: string[] = [];
    const alone = limit === 1 || guests.length === 1;
    const result = await runGuest(guest, machine, values, alone ? print : (text) => lines.push(text));
    for (const text of lines) print(text);
    return result;
  });
  const failures = results.flatMap((result) => result.failures);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const rows = results.flatMap((result) => result.rows);
  if (tabled && failures.length === 0) {
    const all = [...rows, ...(await driveStrangers())];
    writeFileSync(join(root, 'docs/strangers.md'), table(all, kernel.release));
  }
  report({ passed, failures });
  process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  print(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
});
