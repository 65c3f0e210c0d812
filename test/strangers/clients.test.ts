import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rowOf, table } from '../kernel/table';
import { driveStrangers } from './clients';

describe('strangers from the npm registry', () => {
  it('drive the web server of the virtual stick, as docs/strangers.md says', async () => {
    const rows = await driveStrangers();
    assert.equal(rows.length, 5);
    const told = readFileSync('docs/strangers.md', 'utf8');
    for (const row of rows) assert.ok(told.split('\n').includes(rowOf(row)), rowOf(row));
    // The text around the rows is the one that the next run would write.
    const [before = '', after = ''] = table([], '6.1.0-57-amd64').split('| --- | --- | --- | --- |\n');
    assert.ok(told.startsWith(before) && told.endsWith(after));
  });
});
