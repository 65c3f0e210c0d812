/**
 * `npm run matrix`: packs the package and tries the tarball on every Node-RED and Node.js it is meant for. Names of
 * combinations (`npm run matrix -- 4.1/20 5.0/24`) limit it to these. Needs the registry, Linux on x64, and a minute each.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { copySources, pack, packageFolder } from '../../scripts/packing';
import { type Combination, tryCombination } from './combination';

const COMBINATIONS: readonly Combination[] = [
  { name: '4.1/20', nodeRed: '4.1.15', node: '20.20.2' },
  { name: '5.0/22', nodeRed: '5.0.7', node: '22.23.3' },
  { name: '5.0/24', nodeRed: '5.0.7', node: '24.21.0' },
];

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(names: string[]): Promise<boolean> {
  const unknown = names.filter((name) => !COMBINATIONS.some((c) => c.name === name));
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')}; there are ${COMBINATIONS.map((c) => c.name).join(', ')}.`);
  }
  const root = packageFolder();
  const work = mkdtempSync(join(tmpdir(), 'e3272-matrix-'));
  let passed = true;
  try {
    // The build that runs here is in use: a copy of the sources is packed.
    const sources = join(work, 'sources');
    copySources(root, sources);
    const { tarball, size } = pack(sources, work);
    say(`${basename(tarball)}: ${Math.round(size / 1024)} kB`);
    const given = { work, tarball, examples: join(root, 'examples') };
    for (const combination of COMBINATIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const what = `Node-RED ${combination.nodeRed} on Node ${combination.node}`;
      try {
        const { prepare, start, install, journey, loadMs } = await tryCombination(combination, given);
        const steps = Object.entries({ prepare, start, install, journey }).map(([k, s]) => `${k} ${s.toFixed(1)} s`);
        say(`passed  ${what}: ${steps.join(', ')}; loading the nodes ${loadMs.toFixed(0)} ms`);
      } catch (error) {
        passed = false;
        say(`FAILED  ${what}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return passed;
}

main(process.argv.slice(2)).then(
  (passed) => {
    process.exitCode = passed ? 0 : 1;
  },
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
