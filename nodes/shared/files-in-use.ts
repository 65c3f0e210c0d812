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

/** Of the inputs of a job, which may be files, URLs or bytes, the paths. A URL among them is in nobody's way. */
export const pathsOf = (inputs: readonly (string | object | undefined)[]): string[] =>
  inputs.flatMap((input) => {
    const path = typeof input === 'object' && 'path' in input ? input.path : input;
    return typeof path === 'string' ? [path] : [];
  });

export const isFileInUse = (path: string): boolean => used.has(resolve(path));
