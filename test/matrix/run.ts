/**
 * `npm run matrix`: packs the package and tries the tarball on every Node-RED and Node.js it is meant for. Names of
 * combinations (`npm run matrix -- 4.1/20 5.0/24`) limit it to these. Needs the registry, Linux on x64, and a minute each.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { copySources, pack, packageFolder } from '../../scripts/packing';
import { type Result, report } from '../report';
import { type Combination, tryCombination } from './combination';

const COMBINATIONS: readonly Combination[] = [
  { name: '4.1/20', nodeRed: '4.1.15', node: '20.20.2' },
  { name: '5.0/22', nodeRed: '5.0.7', node: '22.23.3' },
  { name: '5.0/24', nodeRed: '5.0.7', node: '24.21.0' },
];

const say = (text: string) => process.stdout.write(`${text}\n`);

async function main(names: string[]): Promise<Result> {
  const unknown = names.filter((name) => !COMBINATIONS.some((c) => c.name === name));
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')}; there are ${COMBINATIONS.map((c) => c.name).join(', ')}.`);
  }
  const root = packageFolder();
  const work = mkdtempSync(join(tmpdir(), 'e3272-matrix-'));
  const total: Result = { passed: 0, failures: [] };
  try {
    // The build that runs here is in use: a copy of the sources is packed.
    const sources = join(work, 'sources');
    copySources(root, sources);
    const { tarball, size } = pack(sources, work);
    say(`${basename(tarball)}: ${Math.round(size / 1024)} kB`);
    const given = { work, tarball, examples: join(root, 'examples') };
    for (const combination of COMBINATIONS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const what = `Node-RED ${combination.nodeRed} on Node ${combination.node}`;
      const failed = (text: string) => {
        total.failures.push(`${what}: ${text}`);
        say(`FAILED  ${what}: ${text}`);
      };
      try {
        const { loadMs, inBrowser, ...steps } = await tryCombination(combination, given);
        const laps = Object.entries(steps).map(([k, s]) => `${k} ${s.toFixed(1)} s`);
        say(`passed  ${what}: ${laps.join(', ')}; loading the nodes ${loadMs.toFixed(0)} ms`);
        total.passed += 1 + inBrowser.passed;
        for (const failure of inBrowser.failures) failed(failure);
      } catch (error) {
        failed(error instanceof Error ? error.message : String(error));
      }
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return total;
}

main(process.argv.slice(2)).then(
  (total) => {
    process.exitCode = total.failures.length === 0 ? 0 : 1;
    report(total);
  },
  (error: unknown) => {
    say(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
