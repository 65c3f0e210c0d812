/**
 * How much of the driver the unit part runs through: V8 counts while it runs, c8 reads the counts. The floor stands in
 * test/coverage.json; below it the run fails, and `npm run coverage` raises it to where the figures are, never lowers it.
 */

import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder } from '../scripts/packing';

const KINDS = ['lines', 'branches', 'functions'] as const;
/** Percent by kind. */
export type Figures = Readonly<Record<(typeof KINDS)[number], number>>;

/** Tests with random input and waits for a busy machine run through a little more or less each time: percent. */
const VARIES = 0.3;

const root = packageFolder();
const folder = join(root, 'build/coverage');
const floorFile = join(root, 'test/coverage.json');

/** What the covered part is started with. What was counted before is gone then. */
export function counting(): NodeJS.ProcessEnv {
  rmSync(folder, { recursive: true, force: true });
  return { ...process.env, NODE_V8_COVERAGE: join(folder, 'raw') };
}

/** In the covered part: a file that no test loads counts too. Workers are left to those who start them. */
export function loadAll(): void {
  const source = join(__dirname, '../src');
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }))
    if (file.endsWith('.js') && !file.endsWith('-worker.js')) require(join(source, file));
}

/** What was counted. The report by file and line is in `build/coverage/index.html`. */
export function measured(): Figures {
  const c8 = join(root, 'node_modules/c8/bin/c8.js');
  const reporters = ['json-summary', 'html'].flatMap((name) => ['--reporter', name]);
  // The entries only pass on.
  const files = ['--include', 'src/**', '--exclude', 'src/{index,testing}.ts', '--exclude-after-remap'];
  const where = ['--temp-directory', join(folder, 'raw'), '--reports-dir', folder];
  execFileSync(process.execPath, [c8, 'report', ...where, ...files, ...reporters], { cwd: root });
  const { total } = JSON.parse(readFileSync(join(folder, 'coverage-summary.json'), 'utf8')) as {
    total: Record<string, { pct: number }>;
  };
  const of = (kind: string): number => total[kind]?.pct ?? 0;
  return { lines: of('lines'), branches: of('branches'), functions: of('functions') };
}

export const floor = (): Figures => JSON.parse(readFileSync(floorFile, 'utf8')) as Figures;

export const figuresText = (figures: Figures): string => KINDS.map((kind) => `${kind} ${figures[kind]} %`).join(', ');

/** What has fallen below `least`: one sentence each. */
export const shortfalls = (figures: Figures, least: Figures): string[] =>
  KINDS.filter((kind) => !(figures[kind] >= least[kind])).map(
    (kind) => `${figures[kind]} % of the ${kind} of src/ are covered, and ${least[kind]} % once were: test what is new`,
  );

/** The floor below `figures`, with room for what varies; nowhere lower than `least`. */
export function raised(figures: Figures, least: Figures): Figures {
  const up = (kind: keyof Figures): number => Math.max(least[kind], Math.floor((figures[kind] - VARIES) * 10) / 10);
  return { lines: up('lines'), branches: up('branches'), functions: up('functions') };
}

/** `npm run coverage`, after a run of the unit part. */
if (require.main === module) {
  const figures = measured();
  const least = raised(figures, floor());
  writeFileSync(floorFile, `${JSON.stringify(least, undefined, 2)}\n`);
  process.stdout.write(`${figuresText(figures)}; the floor: ${figuresText(least)}\n`);
}
