import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectProofs, TRAPS, trapsDocument } from './traps';

/** Cures of SMS and of values, which are not built yet. */
const AWAITED = [25, 42, 44, 45, 46, 47, 48, 49];

describe('docs/traps.md', () => {
  const proofs = collectProofs(join(__dirname, '..'));

  it('knows fifty traps, and no test names another', () => {
    assert.deepEqual(
      Object.keys(TRAPS).map(Number),
      Array.from({ length: 50 }, (_, i) => i + 1),
    );
    for (const { title, traps } of proofs) for (const trap of traps) assert.ok(trap in TRAPS, title);
  });

  it('has a test for each of them', () => {
    const proven = new Set(proofs.flatMap(({ traps }) => traps));
    const open = Object.keys(TRAPS).filter((trap) => !proven.has(Number(trap)) && !AWAITED.includes(Number(trap)));
    assert.deepEqual(open, []);
  });

  it('is up to date: node build/test/at/traps.js makes it', () => {
    assert.equal(readFileSync('docs/traps.md', 'utf8'), trapsDocument(proofs));
  });
});
