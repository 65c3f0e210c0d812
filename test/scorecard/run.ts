/**
 * `npm run slow:scorecard`: Node-RED's own scorecard (node-red-dev) on the package as it goes out, rule by rule. It is installed
 * from npm for the run. Without a way to Node-RED's catalogue the rules that need it are answered with an empty one, and told so.
 */

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copySources, pack, packageFolder } from '../../scripts/packing';
import { tempFolder } from '../support/temp-folder';

const TOOL = 'node-red-dev@0.1.6';
const CATALOGUE = 'https://catalogue.nodered.org/catalogue.json';

/** What is not met, and why; whatever else is not met is a fault. */
const NOT_MET: Readonly<Record<string, string>> = {
  P03: 'The package names no repository yet: it is for whoever publishes it to say which.',
  D03: 'commander 15 wants a newer Node.js than the oldest that this package runs on.',
};

/** By another name than this package has the catalogue knows nothing. */
const STUB = `const axios = require('axios');
const get = axios.get.bind(axios);
axios.get = async (url, ...more) => (url === '${CATALOGUE}' ? { data: { modules: [] } } : get(url, ...more));
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

const reaches = (url: string): Promise<boolean> =>
  fetch(url, { signal: AbortSignal.timeout(10_000) }).then(
    ({ ok }) => ok,
    () => false,
  );

type Card = Readonly<Record<string, { test?: boolean } & Record<string, unknown>>>;

/** Packs, installs package and tool, and runs it; the card that it writes. */
function judge(folder: string, stubbed: boolean): Card {
  const [copy, tool, installed] = ['copy', 'tool', 'installed'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  for (const made of [tool, installed]) mkdirSync(made);
  copySources(packageFolder(), copy);
  const { tarball } = pack(copy, folder);
  execFileSync('tar', ['-xzf', tarball, '-C', installed]);
  const npm = (...args: string[]) =>
    execFileSync('npm', [...args, '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: tool });
  writeFileSync(join(tool, 'package.json'), '{"private": true}');
  npm('install', TOOL);
  writeFileSync(join(tool, 'stub.cjs'), STUB);
  const card = join(folder, 'card.json');
  const args = [
    ...(stubbed ? ['-r', join(tool, 'stub.cjs')] : []),
    ...[join(tool, 'node_modules/.bin/node-red-dev'), 'validate', '-p', join(installed, 'package'), '-o', card],
  ];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, { cwd: tool, encoding: 'utf8' });
  if (status !== 0) throw new Error(`node-red-dev ended with ${status}:\n${stdout}${stderr}`);
  return JSON.parse(readFileSync(card, 'utf8')) as Card;
}

async function main(): Promise<void> {
  const folder = tempFolder('scorecard');
  try {
    const stubbed = !(await reaches(CATALOGUE));
    if (stubbed) say(`${CATALOGUE} cannot be reached: P08 and N01 compare with nothing.`);
    const { package: _, ...rules } = judge(folder, stubbed);
    for (const [rule, { test, ...more }] of Object.entries(rules)) {
      const known = NOT_MET[rule];
      const met = test === true;
      if (met === (known !== undefined)) process.exitCode = 1;
      const details = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : '';
      say(`${rule}: ${met ? 'met' : 'NOT MET'}${details}${known === undefined ? '' : ` - expected: ${known}`}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
