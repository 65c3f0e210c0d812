/**
 * A file system in memory that keeps only what was synced when the power goes: of the rest it may keep any part, in any
 * order. It can fail at any step, too, once or from then on.
 */

import { basename, dirname } from 'node:path';
import type { Disk, Found, Slow } from '../../src/host/disk';

interface File {
  kind: 'file';
  text: string;
  modified: number;
  changed: number;
  /** What is on the disk of it. */
  safe: { text: string; modified: number };
}

interface Folder {
  kind: 'folder';
  names: Map<string, Entry>;
  safe: Map<string, Entry>;
  /** Changes of names that are not on the disk. */
  pending: ((names: Map<string, Entry>) => void)[];
}

type Entry = File | Folder;

/** What is left of something that was not synced. */
export interface Remains {
  name(): boolean;
  data(): 'none' | 'half' | 'all';
}

const same =
  <T>(value: T) =>
  () =>
    value;

/** Numbers that are the same in each run. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const anything = (seed: number): Remains => {
  const roll = dice(seed);
  return { name: () => roll() < 0.5, data: () => (['none', 'half', 'all'] as const)[Math.floor(roll() * 3)] ?? 'none' };
};

/** What may be left of a power cut: nothing, all names without their data, with half of it, and any mixture. */
export const REMAINS: readonly (() => Remains)[] = [
  same({ name: same(false), data: same('none') }),
  same({ name: same(true), data: same('none') }),
  same({ name: same(true), data: same('half') }),
  same({ name: same(false), data: same('all') }),
  ...Array.from({ length: 12 }, (_, seed) => () => anything(seed + 1)),
];

export class CutDisk implements Disk {
  readonly user = 0;
  /** Wall clock; each step takes 10 ms. */
  clock = 1_000_000;
  /** Steps that changed something so far. */
  steps = 0;
  /** At this step, counted from 1, `failure` happens instead of it; from then on with `lasting`. */
  failAt = 0;
  failure = 'ENOSPC';
  lasting = false;
  /** What it says to the sync of a folder, where it knows none. */
  folderSync: string | undefined;
  /** Nobody can tell what is at these paths; with `/` behind it, what is in a folder. */
  readonly unreadable = new Set<string>();
  /** Nothing works any more. */
  dead = false;
  #root: Folder = folder();
  readonly #open = new Map<number, { path: string; entry: Entry }>();
  #fds = 2;

  /** A file that has been there, and on the disk, for long; its folders as well. */
  put(path: string, text: string, modified: number): void {
    const parent = this.#folder(dirname(path), true);
    const file: File = { kind: 'file', text, modified, changed: modified, safe: { text, modified } };
    parent.names.set(basename(path), file);
    parent.safe.set(basename(path), file);
  }

  /** The disk after the power has come back. */
  restart(remains: Remains): CutDisk {
    const next = new CutDisk();
    next.#root = survivor(this.#root, remains, this.clock);
    next.clock = this.clock + 60_000;
    return next;
  }

  now = () => this.clock;

  look(path: string): Found | undefined {
    this.#alive();
    if (this.unreadable.has(path)) throw failed('EIO');
    const entry = this.#entry(path);
    if (!entry) return undefined;
    const { modified, changed } = entry.kind === 'file' ? entry : { modified: 0, changed: 0 };
    return { kind: entry.kind, owner: 0, mode: entry.kind === 'file' ? 0o600 : 0o700, modified, changed };
  }

  enter(path: string): void {
    this.#alive();
    this.#folder(path);
  }

  list(path: string): string[] {
    this.#alive();
    if (this.unreadable.has(`${path}/`)) throw failed('EIO');
    return [...this.#folder(path).names.keys()];
  }

  read(path: string): string {
    this.#alive();
    if (this.unreadable.has(path)) throw failed('EIO');
    const entry = this.#entry(path);
    if (entry?.kind !== 'file') throw failed(entry ? 'EISDIR' : 'ENOENT');
    return entry.text;
  }

  makeFolder(path: string): void {
    this.#step();
    this.#change(path, folder());
  }

  create(path: string): number {
    this.#step();
    if (this.#entry(path)) throw failed('EEXIST');
    const time = this.clock;
    this.#change(path, { kind: 'file', text: '', modified: time, changed: time, safe: { text: '', modified: time } });
    return this.#opened(path);
  }

  openFolder(path: string): number {
    this.#step();
    return this.#opened(path);
  }

  extend(path: string): number {
    this.#step();
    const entry = this.#entry(path);
    if (entry?.kind !== 'file') throw failed(entry ? 'EISDIR' : 'ENOENT');
    return this.#opened(path);
  }

  write(fd: number, text: string): Slow {
    return slow(() => {
      const { entry } = this.#handle(fd);
      if (entry.kind !== 'file') throw failed('EBADF');
      // A disk that is full takes what it can.
      const failing = this.#failing();
      entry.text += failing ? text.slice(0, text.length / 2) : text;
      entry.modified = entry.changed = this.clock;
      this.#step();
    });
  }

  setTime(fd: number, ms: number): void {
    this.#step();
    const { entry } = this.#handle(fd);
    if (entry.kind === 'file') entry.modified = ms;
  }

  sync(fd: number): Slow {
    return slow(() => {
      this.#step();
      const { entry } = this.#handle(fd);
      if (entry.kind === 'folder' && this.folderSync !== undefined) throw failed(this.folderSync);
      if (entry.kind === 'file') entry.safe = { text: entry.text, modified: entry.modified };
      else for (const change of entry.pending.splice(0)) change(entry.safe);
    });
  }

  close(fd: number): void {
    this.#open.delete(fd);
  }

  rename(from: string, to: string): void {
    this.#step();
    const entry = this.#entry(from);
    if (!entry || dirname(from) !== dirname(to)) throw failed('ENOENT');
    this.#apply(dirname(to), (names) => {
      if (names.get(basename(from)) === entry) names.delete(basename(from));
      names.set(basename(to), entry);
    });
  }

  remove(path: string): void {
    this.#step();
    const entry = this.#entry(path);
    if (entry?.kind !== 'file') throw failed(entry ? 'EISDIR' : 'ENOENT');
    this.#apply(dirname(path), (names) => {
      if (names.get(basename(path)) === entry) names.delete(basename(path));
    });
  }

  append(): void {
    throw failed('EROFS');
  }

  #alive(): void {
    if (this.dead) throw failed('EIO');
  }

  #failing(): boolean {
    const next = this.steps + 1;
    return this.failAt !== 0 && (next === this.failAt || (this.lasting && next > this.failAt));
  }

  #step(): void {
    this.#alive();
    const failing = this.#failing();
    this.steps++;
    this.clock += 10;
    if (!failing) return;
    if (this.failure === 'cut') this.dead = true;
    throw failed(this.failure);
  }

  #change(path: string, entry: Entry): void {
    this.#apply(dirname(path), (names) => void names.set(basename(path), entry));
  }

  #apply(path: string, change: (names: Map<string, Entry>) => void): void {
    const parent = this.#folder(path);
    change(parent.names);
    parent.pending.push(change);
  }

  #opened(path: string): number {
    const entry = this.#entry(path);
    if (!entry) throw failed('ENOENT');
    const fd = ++this.#fds;
    this.#open.set(fd, { path, entry });
    return fd;
  }

  #handle(fd: number): { entry: Entry } {
    const handle = this.#open.get(fd);
    if (!handle) throw failed('EBADF');
    return handle;
  }

  #entry(path: string): Entry | undefined {
    let entry: Entry | undefined = this.#root;
    for (const name of path.split('/').filter((part) => part !== '' && part !== '.')) {
      entry = entry?.kind === 'folder' ? entry.names.get(name) : undefined;
    }
    return entry;
  }

  #folder(path: string, make = false): Folder {
    const entry = this.#entry(path);
    if (entry?.kind === 'folder') return entry;
    if (!make) throw failed(entry ? 'ENOTDIR' : 'ENOENT');
    const fresh = folder();
    const parent = this.#folder(dirname(path), true);
    parent.names.set(basename(path), fresh);
    parent.safe.set(basename(path), fresh);
    return fresh;
  }
}

const folder = (): Folder => ({ kind: 'folder', names: new Map(), safe: new Map(), pending: [] });
const failed = (code: string): Error => Object.assign(new Error(`${code}: simulated`), { code });
const slow = (work: () => void): Slow => ({ now: work, later: async () => work() });

function survivor(of: Folder, remains: Remains, time: number): Folder {
  const names = new Map(of.safe);
  for (const change of of.pending) if (remains.name()) change(names);
  const left = new Map([...names].map(([name, entry]) => [name, survive(entry, remains, time)]));
  return { kind: 'folder', names: left, safe: new Map(left), pending: [] };
}

function survive(entry: Entry, remains: Remains, time: number): Entry {
  if (entry.kind === 'folder') return survivor(entry, remains, time);
  const { safe } = entry;
  const changed = entry.text !== safe.text || entry.modified !== safe.modified;
  const kept = changed ? remains.data() : 'none';
  const text = { none: safe.text, half: entry.text.slice(0, entry.text.length / 2), all: entry.text }[kept];
  const modified = kept === 'none' ? safe.modified : entry.modified;
  return { kind: 'file', text, modified, changed: time, safe: { text, modified } };
}
