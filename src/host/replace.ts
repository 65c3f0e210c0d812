/** Files that are there as a whole or not at all, also after a power cut at any moment. */

import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import type { Disk, Slow } from './disk';
import { errnoOf } from './files';

/** Work on a disk with its slow steps singled out; see {@link runNow} and {@link runLater}. */
export type Steps<T> = Generator<Slow, T, void>;

/** Waits for each step. */
export function runNow<T>(steps: Steps<T>): T {
  let turn = steps.next();
  while (!turn.done) {
    try {
      turn.value.now();
    } catch (error) {
      turn = steps.throw(error);
      continue;
    }
    turn = steps.next();
  }
  return turn.value;
}

/** The event loop goes on during each step. */
export async function runLater<T>(steps: Steps<T>): Promise<T> {
  let turn = steps.next();
  while (!turn.done) {
    try {
      await turn.value.later();
    } catch (error) {
      turn = steps.throw(error);
      continue;
    }
    turn = steps.next();
  }
  return turn.value;
}

/** Work under one key ends in the order in which it was begun, and one piece at a time. */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work);
    // The next one has its turn whatever became of this one.
    const over = turn.catch(() => undefined);
    this.#last.set(key, over);
    void over.then(() => {
      if (this.#last.get(key) === over) this.#last.delete(key);
    });
    return turn;
  }
}

/** Behind the name of a file that is not whole yet; random in between, for others write the same file. */
const DRAFT = '.draft';
/** Also those of 0.1: `<name>.json.<pid>` and `<name>.json.<pid>.next`. */
export const isDraft = (name: string): boolean => name.endsWith(DRAFT) || /\.json\.\d+(\.next)?$/.test(name);
/** A draft lives for as long as the disk takes; after this time nobody is at it any more. */
const DEAD_MS = 3_600_000;
/** Where somebody has cleared the draft away under the hand of who wrote it: whoever clears judges by a clock that may be set. */
const ATTEMPTS = 4;

export interface ReplaceOptions {
  /** Permission bits of the file. */
  mode: number;
  /** It must look newer than this (wall clock, ms): the machine's clock may have been set back since. */
  after?: number;
}

/**
 * Puts `text` at `path` in place of what is there. Whenever the power goes, and whatever fails: the old file or the new
 * one is there. When it returns, the new one is on the disk.
 */
export function* replaceFile(disk: Disk, path: string, text: string, options: ReplaceOptions): Steps<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      yield* putInPlace(disk, path, text, options);
      break;
    } catch (error) {
      if (errnoOf(error) !== 'ENOENT' || attempt === ATTEMPTS) throw error;
    }
  }
  yield* syncFolder(disk, dirname(path));
}

function* putInPlace(disk: Disk, path: string, text: string, { mode, after }: ReplaceOptions): Steps<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}${DRAFT}`;
  try {
    const file = disk.create(draft, mode);
    try {
      yield disk.write(file, text);
      // File systems know times to 2 s or better.
      if (after !== undefined && (disk.look(draft)?.modified ?? 0) <= after) disk.setTime(file, after + 2_000);
      yield disk.sync(file);
    } finally {
      disk.close(file);
    }
    disk.rename(draft, path);
  } catch (error) {
    discard(disk, draft);
    throw error;
  }
}

/** It is gone, and stays so after a power cut, also where an earlier call could not make sure of that. */
export function* removeFile(disk: Disk, path: string): Steps<void> {
  if (disk.look(path) !== undefined) disk.remove(path);
  yield* syncFolder(disk, dirname(path));
}

/**
 * Makes a folder for its owner alone, and those above it. With `lasting` all of them are on the disk afterwards, also those
 * that somebody else has made without waiting for it.
 */
export function* makeFolder(disk: Disk, folder: string, lasting = true): Steps<void> {
  const parent = dirname(folder);
  if (parent === folder) return;
  yield* makeFolder(disk, parent, lasting);
  try {
    if (disk.look(folder, true) === undefined) disk.makeFolder(folder);
  } catch (error) {
    // Somebody else was faster.
    if (errnoOf(error) !== 'EEXIST') throw error;
  }
  if (lasting) yield* syncFolder(disk, parent);
}

/** What a system says that cannot put a folder's names on the disk: then they are as safe as it makes them. */
const CANNOT = new Set(['EACCES', 'EPERM', 'EINVAL', 'EISDIR', 'ENOSYS', 'ENOTSUP', 'EOPNOTSUPP']);

/** The names in `folder`, where there is one, are on the disk. */
export function* syncFolder(disk: Disk, folder: string): Steps<void> {
  if (disk.look(folder, true) === undefined) return;
  try {
    const fd = disk.openFolder(folder);
    try {
      yield disk.sync(fd);
    } finally {
      disk.close(fd);
    }
  } catch (error) {
    if (!CANNOT.has(errnoOf(error) ?? '')) throw error;
  }
}

/** Removes drafts that a killed process has left in `folder`. */
export function tidy(disk: Disk, folder: string): void {
  try {
    for (const name of disk.list(folder).filter(isDraft)) {
      const path = join(folder, name);
      const changed = disk.look(path)?.changed;
      if (changed !== undefined && disk.now() - changed > DEAD_MS) discard(disk, path);
    }
  } catch {
    // Litter only.
  }
}

function discard(disk: Disk, draft: string): void {
  try {
    disk.remove(draft);
  } catch {
    // It was never made, or somebody else has cleared it away.
  }
}
