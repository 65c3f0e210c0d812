import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let all: string | undefined;

/** A new empty folder. It goes when this process ends, with all that is in it, whatever the test has done or left undone. */
export function tempFolder(name: string): string {
  if (all === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'e3272-test-'));
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    all = folder;
  }
  return mkdtempSync(join(all, `${name}-`));
}
