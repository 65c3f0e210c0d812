import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Port paths, tty paths and other keys as file names. */
const safe = (name: string): string => name.replace(/[^A-Za-z0-9.-]+/g, '_');
const fileName = (key: string): string => `${safe(key)}.json`;

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
        writeDown(`${path}.${process.pid}`, text);
        renameSync(`${path}.${process.pid}`, path);
        return;
      } catch {
        // The next folder, if there is one.
      }
    }
  }

  /** Puts `text` behind what the file `name` holds. Returns its path; undefined where nothing can be written. */
  keep(name: string, text: string): string | undefined {
    for (const folder of this.#folders) {
      const path = join(folder, safe(name));
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        appendFileSync(path, text, { mode: 0o600 });
        return path;
      } catch {
        // The next folder, if there is one.
      }
    }
    return undefined;
  }
}

/** On the disk before the name is: a note about a half-written stick must outlive a power cut. */
function writeDown(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function defaultFolders(): string[] {
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return [join(state, 'e3272'), join(tmpdir(), 'e3272')];
}
