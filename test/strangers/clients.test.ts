import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rowOf } from '../kernel/table';
import { driveStrangers } from './clients';

describe('strangers from the npm registry', () => {
  it('drive the web server of the virtual stick, as docs/strangers.md says', async () => {
    const rows = await driveStrangers();
    assert.equal(rows.length, 5);
    const told = readFileSync('docs/strangers.md', 'utf8').split('\n');
    for (const row of rows) assert.ok(told.includes(rowOf(row)), rowOf(row));
  });
});
