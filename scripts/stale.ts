import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Removes from the folder `build` what the compiler once made of sources that are no longer below `root`: a test among them would
 * run on, and fail. Returns what was removed, relative to `build`.
 */
export function removeStale(root: string, build: string): string[] {
  const stale = readdirSync(build, { recursive: true, encoding: 'utf8' }).filter((file) => {
    const source = /^(.*?)\.(?:js|js\.map|d\.ts)$/.exec(file)?.[1];
    return source !== undefined && !existsSync(join(root, `${source}.ts`));
  });
  for (const file of stale) rmSync(join(build, file));
  return stale;
}
