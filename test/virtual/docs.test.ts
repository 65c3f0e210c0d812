import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { FAULTS, FAULTS_AT, STAGES, type Stage } from '../../src/virtual/faults';

describe('docs/virtual-stick.md', () => {
  const text = readFileSync('docs/virtual-stick.md', 'utf8');

  it('lists every stage with its faults, and every fault, in the words of the code', () => {
    for (const [stage, where] of Object.entries(STAGES)) {
      const faults = FAULTS_AT[stage as Stage].map((fault) => `\`${fault}\``).join(' ');
      assert.ok(text.includes(`| \`${stage}\` | ${where} | ${faults} |`), stage);
    }
    for (const [fault, what] of Object.entries(FAULTS)) assert.ok(text.includes(`| \`${fault}\` | ${what} |`), fault);
  });
});
