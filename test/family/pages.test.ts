/** docs/sticks.md and the README say what the family's table says, and nodes and help do not promise more. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { sticksPage, sticksTable, withTable } from '../../scripts/sticks-page';
import { MODELS, rows, STRANGERS, SWITCHES } from './facts';

const page = readFileSync('docs/sticks.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

describe('what is said of the sticks', () => {
  it('is made of the table: npm run docs writes it', () => {
    assert.equal(page, sticksPage());
    assert.equal(readme, withTable(readme));
    assert.ok(readme.includes(sticksTable()));
  });

  it('names what is written, with its proof, and nothing else as written', () => {
    const written = sticksTable()
      .split('\n')
      .slice(2)
      .filter((row) => !row.endsWith('| never |'));
    assert.deepEqual(
      written.map((row) => row.split(' | ')[0]),
      ['| E3272', '| E3276'],
    );
    for (const row of written) assert.match(row, /\| yes: machine code that was read \|$/);
  });

  it('has every model, id and stranger of the facts', () => {
    for (const row of rows(MODELS)) {
      const [, model = ''] = row.split(' | ');
      assert.match(page, new RegExp(`^\\| [^|]*${model}[ ,|]`, 'm'), model);
    }
    for (const row of rows(SWITCHES)) {
      const [id = '', targets = ''] = row.split(': ');
      const to = targets.split(' ').map((target) => `\`${target}\``);
      assert.match(page, new RegExp(`^\\| \`12d1:${id}\` \\| storage \\|[^|]*\\| ${to.join(' ')} \\|`, 'm'), id);
    }
    for (const row of rows(STRANGERS)) assert.match(page, new RegExp(row.split(' ')[1] ?? row));
    assert.match(page, /quirks=12d1:1f01:s/);
  });
});
