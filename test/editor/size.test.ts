/** What a browser has to load for the sidebar and the assistant. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageRoot } from '../nodes/package-root';

/** Compressed, both together: one more picture on a page. */
const MOST = 60_000;

describe('the editor part of the sidebar', () => {
  it('is small', () => {
    const files = ['build/plugins/e3272/e3272.html', 'resources/e3272-assistant.js'];
    const sizes = files.map((file) => gzipSync(readFileSync(join(packageRoot, file))).length);
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < MOST, sizes.join());
  });
});
