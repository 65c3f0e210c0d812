/** What a program loads when it opens an AT port: nothing of the flashing, which most users of a stick never do. */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Files of ours that are loaded by `name`, as paths below `src/`. */
function loadedBy(name: string): string[] {
  const src = join(__dirname, '../../src');
  const script = `require(${JSON.stringify(join(src, name))}); process.stdout.write(JSON.stringify(Object.keys(require.cache)))`;
  const files: string[] = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));
  return files.filter((file) => file.startsWith(src)).map((file) => file.slice(src.length + 1));
}

describe('what an AT port loads', () => {
  it('is the survey, and nothing of flashing', () => {
    const loaded = loadedBy('device/at/open-at.js');
    assert.ok(loaded.includes(join('survey', 'survey.js')), loaded.join(' '));
    assert.deepEqual(
      loaded.filter((file) => /^(flash|firmware|jobs)\b/.test(file)),
      [],
    );
  });
});
