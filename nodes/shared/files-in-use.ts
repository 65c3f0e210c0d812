/**
 * Files that jobs and checks of this process work with: nothing takes one away, or puts another in its place, meanwhile. They
 * are counted, because several may work with the same file.
 */

import { resolve } from 'node:path';
import { processWide } from '../../src/process-wide';

const used = processWide('files-in-use', () => new Map<string, number>());

/** Takes files into use, by their paths. Returns how they are given up again; a second call does nothing. */
export function useFiles(paths: readonly string[]): () => void {
  const own = paths.map((path) => resolve(path));
  for (const path of own) used.set(path, (used.get(path) ?? 0) + 1);
  return () => {
    for (const path of own.splice(0)) {
      const left = (used.get(path) ?? 0) - 1;
      if (left > 0) used.set(path, left);
      else used.delete(path);
    }
  };
}

export const isFileInUse = (path: string): boolean => used.has(resolve(path));
