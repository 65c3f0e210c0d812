/** Each row of docs/weak-points.md is a test here. `E3272_UPDATE_DOCS=1` writes the table anew. */

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { WeakPoint } from './weak-points';
import { FILES } from './weak-points-files';
import { WIRE } from './weak-points-wire';

const DOC = 'docs/weak-points.md';

function render(): string {
  const table = (rows: readonly WeakPoint[], file: string) =>
    [
      '| weak point | what this package does | test |',
      '| --- | --- | --- |',
      ...rows.map(({ weak, ours }, i) => `| ${weak} | ${ours} | \`${file}\`, ${i + 1} |`),
    ].join('\n');
  return `# Weak points of today's flash tools

What is known to go wrong with the tools that people use for these sticks, and what this package does instead. This file is
made from the tests: each row is one, and fails when the row is not true any more.

## On the wire

${table(WIRE, 'test/flash/weak-points-wire.ts')}

## Files, checks and results

${table(FILES, 'test/flash/weak-points-files.ts')}
`;
}

describe('weak points of other tools', () => {
  for (const { weak, prove } of [...WIRE, ...FILES]) it(weak, prove);

  it(`${DOC} is made from these`, () => {
    if (process.env['E3272_UPDATE_DOCS']) writeFileSync(DOC, render());
    assert.equal(readFileSync(DOC, 'utf8'), render());
  });
});
