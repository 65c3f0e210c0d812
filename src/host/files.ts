import { closeSync, constants, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** What a file, or a directory with all in it, says when its device is unplugged while it is read. */
const VANISHED = new Set(['ENOENT', 'ENODEV', 'ENXIO', 'EIO', 'ENOTDIR', 'ESRCH']);

export const errnoOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const hasVanished = (error: unknown): boolean => VANISHED.has(errnoOf(error) ?? '');

/** Undefined when the file is not there or goes away. */
export async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (hasVanished(error)) return undefined;
    throw error;
  }
}

/** Empty when the directory is not there, goes away or may not be read. */
export async function listIfThere(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (hasVanished(error) || errnoOf(error) === 'EACCES' || errnoOf(error) === 'EPERM') return [];
    throw error;
  }
}

/** Identity and shape of a file or directory as short text: another one, or more or fewer folders in it, differ. */
export function stamp(path: string): string {
  try {
    const stat = statSync(path, { throwIfNoEntry: false });
    return stat ? `${stat.ino},${stat.nlink},${stat.mtimeMs}` : '-';
  } catch (error) {
    return errnoOf(error) ?? '?';
  }
}

/**
 * All of a regular file of at most `most` bytes. Throws for anything else, also for a link: what others may have put there
 * (a pipe, a device) never holds up the reader.
 */
export function readRegular(path: string, most: number): Buffer {
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = fstatSync(fd);
    if (!stat.isFile()) throw new Error(`${path} is no regular file`);
    if (stat.size > most) throw new Error(`${path} is longer than ${most} bytes`);
    return readFileSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** A key (a port path, the path of a tty ...) as the name of a file, and back. */
export const nameOfKey = (key: string): string => encodeURIComponent(key);
export function keyOfName(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Somebody else's file.
    return name;
  }
}
