import assert from 'node:assert/strict';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeStale } from '../../scripts/stale';
import { tempFolder } from '../support/temp-folder';

describe('what is left in build/', () => {
  it('goes with its source, and nothing else does', () => {
    const root = tempFolder('stale');
    const made = [
      'here.js',
      'here.js.map',
      'here.d.ts',
      'gone.js',
      'gone.js.map',
      'gone.d.ts',
      'page.html',
      'words.json',
    ];
    try {
      for (const file of ['src/at/here.ts', ...made.map((name) => `build/src/at/${name}`)]) {
        mkdirSync(dirname(join(root, file)), { recursive: true });
        writeFileSync(join(root, file), '');
      }
      const gone = ['gone.d.ts', 'gone.js', 'gone.js.map'];
      assert.deepEqual(
        removeStale(root, join(root, 'build')).sort(),
        gone.map((name) => join('src/at', name)),
      );
      const left = made.filter((name) => existsSync(join(root, 'build/src/at', name)));
      assert.deepEqual(
        left,
        made.filter((name) => !gone.includes(name)),
      );
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
