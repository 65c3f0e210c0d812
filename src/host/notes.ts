import { join } from 'node:path';
import { type DriverError, failure } from '../errors';
import { type Disk, thisDisk } from './disk';
import { errnoOf, keyOfName, nameOfKey } from './files';
import type { NoteEntry } from './host';
import { makeFolder, removeFile, replaceFile, runLater, runNow, type Steps, syncFolder, Turns, tidy } from './replace';
import { oldestOf } from './series';
import { folderProblem, folderTrouble, stateFolders } from './state-folders';

const SUFFIX = '.json';

/** As 0.1 named its files. */
const plainName = (name: string): string => name.replace(/[^A-Za-z0-9.-]+/g, '_');
const fileName = (key: string): string => `${nameOfKey(key)}${SUFFIX}`;
const fileNames = (key: string): string[] => [...new Set([fileName(key), `${plainName(key)}${SUFFIX}`])];

/** A note that is gone each time it is read is there, and cannot be read. */
const LOOKS = 5;

/** A note on the disk. */
interface Copy {
  path: string;
  /** Wall clock, ms; infinite where nobody can tell: then it may well be the newest. */
  time: number;
}

/** A note that could be put nowhere on the disk. */
interface Kept {
  text: string;
  /** When the newest copy on the disk was written: a later one is somebody else's, and newer. */
  after: number;
}

/**
 * Short texts that outlive the process, one per key, each a file. The first of the folders that takes a note gets it, all
 * are read, and the newest counts. Where nothing can be written notes last as long as this object. A folder that others
 * may write to, or that belongs to somebody else, is left alone; {@link problems} says so.
 *
 * An old note stays until the new one is on the disk, whatever fails, and whenever the power goes.
 */
export class Notes {
  readonly #folders: readonly string[];
  readonly #disk: Disk;
  readonly #kept = new Map<string, Kept>();
  readonly #turns = new Turns();
  readonly #prepared = new Set<string>();

  constructor(folders: readonly string[] = stateFolders(), disk: Disk = thisDisk) {
    this.#folders = folders;
    this.#disk = disk;
  }

  /** The newest note; undefined where there is none, '' where it is there but cannot be read. */
  read(key: string): string | undefined {
    for (let look = 0; look < LOOKS; look++) {
      const [newest] = this.#copies(key);
      const kept = this.#kept.get(key);
      if (kept && (newest?.time ?? 0) <= kept.after) return kept.text;
      if (newest === undefined) return undefined;
      try {
        return this.#disk.read(newest.path);
      } catch (error) {
        // Another process has removed it just now, or put a newer one into another folder.
        if (errnoOf(error) !== 'ENOENT') return '';
      }
    }
    return '';
  }

  /** Every note, by its key; text undefined where it is there but cannot be read. */
  list(): NoteEntry[] {
    const names = this.#usable().flatMap((folder) => this.#namesIn(folder));
    const written = names
      .filter((name) => name.endsWith(SUFFIX))
      .map((name) => keyOfName(name.slice(0, -SUFFIX.length)));
    return [...new Set([...written, ...this.#kept.keys()])].sort().flatMap((key) => {
      const text = this.read(key);
      return text === undefined ? [] : [{ key, text: text === '' ? undefined : text }];
    });
  }

  /**
   * Replaces the note as a whole: a reader never sees half of it. `undefined` removes it; throws FILE_NOT_WRITTEN where
   * that cannot be done. False where no folder took it: it is in memory then.
   */
  write(key: string, text: string | undefined): boolean {
    return runNow(this.#replace(key, text));
  }

  /**
   * The same, but the event loop goes on while the disk works: the note is on it, or gone from it, when this resolves. Of
   * several for one key the last one counts. False where no folder took it: it is in memory, and older ones stay on the
   * disk.
   */
  writeAsync(key: string, text: string | undefined): Promise<boolean> {
    return this.#turns.take(key, () => runLater(this.#replace(key, text)));
  }

  /**
   * Puts `text` behind the newest note, with one sync of the disk: it is there when this returns, whole or, if the power
   * goes meanwhile, cut anywhere. Where there is no note yet it becomes one. False where no folder takes it: it is in
   * memory then.
   */
  append(key: string, text: string): boolean {
    const kept = this.#kept.get(key);
    const [newest] = this.#copies(key);
    if (newest === undefined || kept !== undefined) return runNow(this.#replace(key, (this.read(key) ?? '') + text));
    try {
      const file = this.#disk.extend(newest.path);
      try {
        this.#disk.write(file, text).now();
        this.#disk.sync(file).now();
      } finally {
        this.#disk.close(file);
      }
      return true;
    } catch {
      // What is there may be cut: as a whole it is written elsewhere, or kept in memory.
      return runNow(this.#replace(key, (this.read(key) ?? '') + text));
    }
  }

  /** See {@link Host.keepFile}. Returns undefined where nothing can be written. */
  keep(name: string, text: string, series?: string): string | undefined {
    for (const folder of this.#usable()) {
      const path = join(folder, plainName(name));
      try {
        // A log may be lost with the power: the loop need not wait for the disk here.
        runNow(makeFolder(this.#disk, folder, false));
        const isNew = this.#disk.look(path) === undefined;
        this.#disk.append(path, text);
        if (isNew && series !== undefined) this.#thin(folder, plainName(series), plainName(name));
        return path;
      } catch {
        // The next folder, if there is one.
      }
    }
    return undefined;
  }

  /** Sentences about folders that are left alone. */
  problems(): string[] {
    return this.#folders.flatMap((folder) => folderTrouble(this.#disk, folder));
  }

  *#replace(key: string, text: string | undefined): Steps<boolean> {
    if (text === undefined) {
      yield* this.#remove(key);
      return true;
    }
    const path = yield* this.#place(key, text);
    if (path === undefined) {
      this.#kept.set(key, { text, after: this.#copies(key)[0]?.time ?? 0 });
      return false;
    }
    this.#kept.delete(key);
    for (const old of this.#copies(key)) {
      try {
        if (old.path !== path) yield* removeFile(this.#disk, old.path);
      } catch {
        // Behind a newer note it does no harm.
      }
    }
    return true;
  }

  /** The newest last, when the others are surely gone: none of them is ever the newest again. */
  *#remove(key: string): Steps<void> {
    const [newest, ...older] = this.#copies(key).map(({ path }) => path);
    for (const path of older) yield* this.#end(path, () => removeFile(this.#disk, path));
    for (const folder of this.#usable()) yield* this.#end(folder, () => syncFolder(this.#disk, folder));
    if (newest !== undefined) yield* this.#end(newest, () => removeFile(this.#disk, newest));
    this.#kept.delete(key);
  }

  *#end(path: string, work: () => Steps<void>): Steps<void> {
    try {
      yield* work();
    } catch (error) {
      throw stays(path, error);
    }
  }

  /** In the first folder that takes it, newer than all others; its path, undefined where none does. */
  *#place(key: string, text: string): Steps<string | undefined> {
    const after = this.#copies(key).find(({ time }) => time < Number.POSITIVE_INFINITY)?.time;
    for (const folder of this.#usable()) {
      const path = join(folder, fileName(key));
      try {
        yield* this.#prepare(folder);
        yield* replaceFile(this.#disk, path, text, { mode: 0o600, ...(after !== undefined && { after }) });
        return path;
      } catch {
        // The next folder, if there is one.
      }
    }
    return undefined;
  }

  /** Once, and again where it has gone since. */
  *#prepare(folder: string): Steps<void> {
    if (this.#prepared.has(folder) && this.#disk.look(folder, true) !== undefined) return;
    yield* makeFolder(this.#disk, folder);
    tidy(this.#disk, folder);
    this.#prepared.add(folder);
  }

  /** The oldest of a series go, but for `newest`. */
  #thin(folder: string, series: string, newest: string): void {
    for (const name of oldestOf(this.#namesIn(folder), series, newest)) {
      try {
        this.#disk.remove(join(folder, name));
      } catch {
        // It stays, which does little harm.
      }
    }
  }

  /** All files of this note, the newest first. */
  #copies(key: string): Copy[] {
    return this.#usable()
      .flatMap((folder) => fileNames(key).map((name) => join(folder, name)))
      .flatMap((path) => {
        try {
          const found = this.#disk.look(path);
          return found === undefined ? [] : [{ path, time: found.modified }];
        } catch {
          return [{ path, time: Number.POSITIVE_INFINITY }];
        }
      })
      .sort((a, b) => (a.time < b.time ? 1 : a.time > b.time ? -1 : 0));
  }

  #usable(): string[] {
    return this.#folders.filter((folder) => folderProblem(this.#disk, folder) === undefined);
  }

  #namesIn(folder: string): string[] {
    try {
      return this.#disk.list(folder);
    } catch {
      // Not there yet.
      return [];
    }
  }
}

const stays = (path: string, cause: unknown): DriverError => failure('FILE_NOT_WRITTEN/old-note', { path }, { cause });
