import {
  appendFileSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { DriverError } from '../errors';

/** Port paths, tty paths and other keys as file names. */
const safe = (name: string): string => name.replace(/[^A-Za-z0-9.-]+/g, '_');
const fileName = (key: string): string => `${safe(key)}.json`;

/**
 * Short texts that outlive the process, one per key: in `$XDG_STATE_HOME/e3272` (`~/.local/state/e3272`), else in the
 * temporary folder. Where nothing can be written they last as long as this object. A note that was replaced or removed is
 * never read again.
 */
export class Notes {
  readonly #folders: readonly string[];
  /** What could be written nowhere. */
  readonly #unwritten = new Map<string, string>();
  /** The last write under way of each key: they end in the order in which they were begun. */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(folders: readonly string[] = defaultFolders()) {
    this.#folders = folders;
  }

  /** The newest note, where several folders have one. */
  read(key: string): string | undefined {
    for (const { path } of this.#written(key)) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        // Removed just now, or not for this user.
      }
    }
    return this.#unwritten.get(key);
  }

  /**
   * Replaces the note as a whole: a reader never sees half of it. `undefined` removes it. Throws FILE_NOT_WRITTEN if an
   * earlier note stays that says something else.
   */
  write(key: string, text: string | undefined): void {
    this.#replace(key, text, undefined);
  }

  /**
   * The same, but the event loop goes on while the disk works: the note is on it, or gone from it, when this resolves. Of
   * several for one key the last one counts. False where it could not go into the first folder.
   */
  writeAsync(key: string, text: string | undefined): Promise<boolean> {
    const turn = (this.#underWay.get(key) ?? Promise.resolve()).then(() => this.#writeNext(key, text));
    // The next one has its turn whatever became of this one.
    const over = turn.catch(() => undefined);
    this.#underWay.set(key, over);
    void over.then(() => {
      if (this.#underWay.get(key) === over) this.#underWay.delete(key);
    });
    return turn;
  }

  async #writeNext(key: string, text: string | undefined): Promise<boolean> {
    const draft = text === undefined ? undefined : await this.#draft(key, text);
    const path = this.#replace(key, text, draft);
    // The names too: without its folder on the disk a power cut would bring the former note back.
    for (const folder of this.#folders) await syncFolder(folder);
    return text === undefined || path === join(this.#folders[0] ?? '', fileName(key));
  }

  /** `ready`: the draft that is on the disk already. Where the note is now; undefined = nowhere, or in memory. */
  #replace(key: string, text: string | undefined, ready: string | undefined): string | undefined {
    const former = this.#written(key);
    const path = text === undefined ? undefined : this.#place(key, text, ready, former[0]?.time);
    if (text === undefined || path !== undefined) this.#unwritten.delete(key);
    else this.#unwritten.set(key, text);
    for (const old of former) {
      if (old.path === path) continue;
      try {
        rmSync(old.path, { force: true });
      } catch (error) {
        // Behind a newer note it does no harm.
        if (path === undefined) throw stale(old.path, error);
      }
    }
    return path;
  }

  /** The notes of this key, the newest first. */
  #written(key: string): { path: string; time: number }[] {
    return this.#folders
      .flatMap((folder) => {
        const path = join(folder, fileName(key));
        const time = timeOf(path);
        return time === undefined ? [] : [{ path, time }];
      })
      .sort((a, b) => b.time - a.time);
  }

  /** In the first folder that takes it, with a time later than `after`; undefined where none does. */
  #place(key: string, text: string, ready: string | undefined, after = 0): string | undefined {
    for (const folder of this.#folders) {
      const path = join(folder, fileName(key));
      const isReady = ready === readyDraftOf(path);
      const draft = isReady ? ready : draftOf(path);
      try {
        if (!isReady) {
          mkdirSync(folder, { recursive: true, mode: 0o700 });
          writeDown(draft, text);
        }
        // The machine's clock may have been set back since.
        if (statSync(draft).mtimeMs <= after) utimesSync(draft, after / 1000 + 1, after / 1000 + 1);
        renameSync(draft, path);
        return path;
      } catch {
        // The next folder, if there is one.
        discard(draft);
      }
    }
    return undefined;
  }

  /** On the disk, in the first folder that takes it. */
  async #draft(key: string, text: string): Promise<string | undefined> {
    for (const folder of this.#folders) {
      const draft = readyDraftOf(join(folder, fileName(key)));
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        const file = await open(draft, 'w', 0o600);
        try {
          await file.writeFile(text);
          await file.sync();
        } finally {
          await file.close();
        }
        return draft;
      } catch {
        // The next folder, if there is one.
        discard(draft);
      }
    }
    return undefined;
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

/** When a note was written; undefined where there is none that this user may see. */
function timeOf(path: string): number | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
}

const draftOf = (path: string): string => `${path}.${process.pid}`;
/** Another name: a write that waits for nothing may come while this one is on its way to the disk. */
const readyDraftOf = (path: string): string => `${draftOf(path)}.next`;

async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Not every file system can: then it is as safe as it makes it.
  }
}

function discard(draft: string): void {
  try {
    rmSync(draft, { force: true });
  } catch {
    // It is no note, only litter.
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

const stale = (path: string, cause: unknown): DriverError =>
  new DriverError('FILE_NOT_WRITTEN', `The note ${path} is out of date and can be neither replaced nor removed.`, {
    hint: 'Make room on the disk and give this user the right to write there, or remove the file.',
    cause,
  });

function defaultFolders(): string[] {
  const state = process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state');
  return [join(state, 'e3272'), join(tmpdir(), 'e3272')];
}
