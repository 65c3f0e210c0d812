/**
 * `node build/test/fuzz/firmware.js [COUNT] [--seed N]`: COUNT mutated firmware and loader files (default 1,000,000)
 * through the readers. `--mutant N` tries that one alone and leaves it in `mutant.bin`. Ends with 1 when a reader crashed,
 * accepted what is wrong, or the process took 256 MB.
 */

import { writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { fuzz, mutantOf, prepare, tryFile } from './fuzz';

const LIMIT_MB = 256;
const MILLION = 1_000_000;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: 'string', default: '1' }, mutant: { type: 'string' } },
  });
  const seed = Number(values.seed);
  const count = Number(positionals[0] ?? MILLION);
  if (!Number.isInteger(seed) || !Number.isInteger(count)) throw new Error('COUNT and --seed are whole numbers.');
  if (values.mutant !== undefined) {
    const { from, file } = mutantOf(Number(values.mutant), seed);
    writeFileSync('mutant.bin', file);
    await prepare();
    process.stdout.write(`${from.kind}: ${JSON.stringify(await tryFile(from.kind, file))}\n`);
    return;
  }
  const began = performance.now();
  const result = await fuzz(count, seed, ({ mutants }) => {
    if (mutants % 50_000 === 0) process.stderr.write(`${mutants} of ${count}\n`);
  });
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${JSON.stringify({ seed, ...result, seconds: Math.round(seconds) })}\n`);
  if (result.megabytes >= LIMIT_MB) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
