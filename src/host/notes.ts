import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Port paths, tty paths and other keys as file names. */
const fileName = (key: string): string => `${key.replace(/[^A-Za-z0-9.-]+/g, '_')}.json`;

/**
 * Short texts that outlive the process, one per key: in `$XDG_STATE_HOME/e3272` (`~/.local/state/e3272`), else in the
 * temporary folder. Best effort: where nothing can be written, nothing is kept.
 */
export class Notes {
  readonly #folders: readonly string[];

  constructor(folders: readonly string[] = defaultFolders()) {
    this.#folders = folders;
  }

  read(key: string): string | undefined {
    for (const folder of this.#folders) {
      try {
        return readFileSync(join(folder, fileName(key)), 'utf8');
      } catch {
        // Not in this folder.
      }
    }
    return undefined;
  }

  /** Replaces the note as a whole: a reader never sees half of it. `undefined` removes it. */
  write(key: string, text: string | undefined): void {
    for (const folder of this.#folders) {
      const path = join(folder, fileName(key));
      try {
        if (text === undefined) {
          rmSync(path, { force: true });
          continue;
        }
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        writeFileSync(`${path}.${process.pid}`, text, { mode: 0o600 });
        renameSync(`${path}.${process.pid}`, path);
        return;
      } catch {
        // The next folder, if there is one.
      }
    }
  }
}

function defaultFolders(): string[] {
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return [join(state, 'e3272'), join(tmpdir(), 'e3272')];
}
