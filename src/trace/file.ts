/** The file of a trace, readable by its owner alone. When it is full it goes on as `FILE.1`, and a new one is begun. */

import { appendFileSync, existsSync, renameSync, writeFileSync } from 'node:fs';
import { failure, textOf } from '../errors';
import type { TraceSink } from './recorder';

export interface FileOptions {
  path: string;
  /** A file that is there already: `refuse` it, or `keep` it as `FILE.1`, in place of an older one. */
  existing: 'refuse' | 'keep';
  /** Told once where it cannot be written any more: nothing is recorded from then on. */
  complain?: (error: unknown) => void;
}

/** Error: FILE_NOT_WRITTEN. */
export function traceFile({ path, existing, complain = () => undefined }: FileOptions): TraceSink {
  let begun = false;
  let broken = false;
  const attempt = (work: () => void) => {
    if (broken) return;
    try {
      work();
    } catch (error) {
      broken = true;
      if (!begun) throw failure('FILE_NOT_WRITTEN/system', { name: path, why: textOf(error) }, { cause: error });
      complain(error);
    }
  };
  return {
    begin: () =>
      attempt(() => {
        if ((begun || existing === 'keep') && existsSync(path)) renameSync(path, `${path}.1`);
        writeFileSync(path, '', { flag: 'wx', mode: 0o600 });
        begun = true;
      }),
    append: (text) => attempt(() => appendFileSync(path, text, { mode: 0o600 })),
  };
}
