import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  fchmodSync,
  fsync,
  fsyncSync,
  futimesSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  type Stats,
  statSync,
  unlinkSync,
  writeFile,
  writeFileSync,
} from 'node:fs';
import { promisify } from 'node:util';
import { errnoOf, readRegular } from './files';

/** A step that waits for the disk: either the caller waits too, or the event loop goes on. */
export interface Slow {
  now(): void;
  later(): Promise<void>;
}

/** What lies at a path. Times are wall clock, milliseconds. */
export interface Found {
  kind: 'file' | 'folder' | 'link' | 'other';
  /** User id of its owner. */
  owner: number;
  /** Permission bits. */
  mode: number;
  /** When it was written, or was said to have been. */
  modified: number;
  /** When the kernel last saw it change: nobody can set it. */
  changed: number;
}

/**
 * What lasting state needs of a file system, step by step, so that tests can cut the power between any two of them. All
 * but {@link look} throw what the system says, with its `code` (`ENOSPC`, `EACCES` ...).
 */
export interface Disk {
  /** User id of this process, to whom its files belong; undefined where the system has none. */
  readonly user: number | undefined;
  /** Wall clock, milliseconds. */
  now(): number;
  /** Undefined = nothing is there. With `follow`, what a link leads to. Throws where that cannot be told. */
  look(path: string, follow?: boolean): Found | undefined;
  /** Throws where this user may not look into a folder. */
  enter(folder: string): void;
  /** Names in a folder. */
  list(folder: string): string[];
  /** The text of a regular file of at most 4 MiB: what is longer is no note. */
  read(path: string): string;
  makeFolder(path: string): void;
  /** A new file, open for writing; its mode whatever the umask. */
  create(path: string, mode: number): number;
  openFolder(path: string): number;
  /** A file that is there, open for writing behind what is in it. */
  extend(path: string): number;
  write(fd: number, text: string): Slow;
  setTime(fd: number, ms: number): void;
  /** A file's content and times, or a folder's names, are on the disk afterwards. */
  sync(fd: number): Slow;
  close(fd: number): void;
  /** Replaces what is at `to` in one step. */
  rename(from: string, to: string): void;
  remove(path: string): void;
  append(path: string, text: string): void;
}

const MOST = 4 * 1024 * 1024;
const NOTHING = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG']);

const kindOf = (stat: Stats): Found['kind'] => {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'folder';
  return stat.isSymbolicLink() ? 'link' : 'other';
};

const writeLater = promisify(writeFile);
const syncLater = promisify(fsync);

/** The file system of this machine. */
export const thisDisk: Disk = {
  get user() {
    return process.geteuid?.();
  },
  now: () => Date.now(),
  look(path, follow = false) {
    try {
      const stat = follow ? statSync(path) : lstatSync(path);
      const { uid, mode, mtimeMs, ctimeMs } = stat;
      return { kind: kindOf(stat), owner: uid, mode: mode & 0o7777, modified: mtimeMs, changed: ctimeMs };
    } catch (error) {
      if (NOTHING.has(errnoOf(error) ?? '')) return undefined;
      throw error;
    }
  },
  enter: (folder) => accessSync(folder, constants.R_OK | constants.X_OK),
  list: (folder) => readdirSync(folder),
  read: (path) => readRegular(path, MOST).toString('utf8'),
  makeFolder: (path) => mkdirSync(path, { mode: 0o700 }),
  create(path, mode) {
    const fd = openSync(path, 'wx', mode);
    fchmodSync(fd, mode);
    return fd;
  },
  openFolder: (path) => openSync(path, 'r'),
  extend: (path) => openSync(path, constants.O_WRONLY | constants.O_APPEND | constants.O_NOFOLLOW),
  write: (fd, text) => ({ now: () => writeFileSync(fd, text), later: () => writeLater(fd, text) }),
  setTime: (fd, ms) => futimesSync(fd, ms / 1000, ms / 1000),
  sync: (fd) => ({ now: () => fsyncSync(fd), later: () => syncLater(fd) }),
  close: (fd) => closeSync(fd),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => unlinkSync(path),
  append: (path, text) => appendFileSync(path, text, { mode: 0o600 }),
};
