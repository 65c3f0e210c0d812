/** One regular file on disk as a source of bytes, and what a failed system call on it means. */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { DriverError, failure } from '../errors';
import { shownCause, shownName } from '../urls';
import type { ByteSource } from './byte-source';

/** Another scheme, or a wrong number of slashes; a letter alone is a drive. */
const MEANT_AS_URL = /^\s*(?:[a-z][\w+.-]+:[\\/]|[\\/]{2}|https?:|www\.)/i;

/** What a failed system call on `path` means to a user; `error` is what `node:fs` threw, `name` what the file is called. */
export function fileError(path: string, error: unknown, name = shownName(path)): DriverError {
  const { code, errno } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const details = { cause: causeOf(path, name, error), ...(errno === undefined ? {} : { number: errno }) };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return MEANT_AS_URL.test(path)
        ? failure('FILE_NOT_FOUND/scheme', { name }, details)
        : failure('FILE_NOT_FOUND/no-file', { name }, details);
    case 'EACCES':
    case 'EPERM':
      return failure('FILE_UNREADABLE/permission', { name }, details);
    case 'EISDIR':
      return notRegular(path, true, error, name);
    case 'ERR_INVALID_ARG_VALUE':
      return failure('BAD_ARGUMENT/path', { path: JSON.stringify(name) }, details);
    default:
      return failure('FILE_UNREADABLE/system', { name, why: code ?? String(error) }, details);
  }
}

/** The same where something was to be written. */
export function writeError(path: string, error: unknown): DriverError {
  const { code, errno } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return failure(
    'FILE_NOT_WRITTEN/system',
    { name: shownName(path), why: code ?? String(error) },
    { cause: shownCause(path, error), ...(errno === undefined ? {} : { number: errno }) },
  );
}

/** One call of `write` may take less than it was given. Written behind what is there, or from `at` on. */
export async function writeAll(handle: FileHandle, piece: Buffer, at?: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    const place = at === undefined ? null : at + done;
    done += (await handle.write(piece, done, piece.length - done, place)).bytesWritten;
  }
}

export function notRegular(path: string, directory: boolean, cause?: unknown, name = shownName(path)): DriverError {
  const details = cause === undefined ? {} : { cause: causeOf(path, name, cause) };
  return failure(directory ? 'FILE_NOT_REGULAR/directory' : 'FILE_NOT_REGULAR/device', { name }, details);
}

/** The system's own words name the path: they are left out where the file goes by another name. */
const causeOf = (path: string, name: string, error: unknown): unknown =>
  name === shownName(path) ? shownCause(path, error) : undefined;

/**
 * Opens a regular file, which messages call `name`; its size is fixed now. Errors: FILE_NOT_FOUND, FILE_NOT_REGULAR,
 * FILE_UNREADABLE, BAD_ARGUMENT.
 */
export async function openFile(path: string, name = shownName(path)): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    const before = await stat(path);
    if (!before.isFile()) throw notRegular(path, before.isDirectory(), undefined, name);
    handle = await open(path, 'r');
  } catch (error) {
    throw error instanceof DriverError ? error : fileError(path, error, name);
  }
  try {
    const now = await handle.stat();
    if (!now.isFile()) throw notRegular(path, now.isDirectory(), undefined, name);
    return new FileSource(path, now.size, handle, name);
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error instanceof DriverError ? error : fileError(path, error, name);
  }
}

export class FileSource implements ByteSource {
  /** `handle` belongs to this source from now on. */
  constructor(
    private readonly path: string,
    readonly size: number,
    private readonly handle: FileHandle,
    readonly name = shownName(path),
  ) {}

  async read(offset: number, length: number, into?: Uint8Array): Promise<Buffer> {
    const target = into
      ? Buffer.from(into.buffer, into.byteOffset, into.byteLength).subarray(0, length)
      : Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle
        .read(target, done, length - done, offset + done)
        .catch((error: unknown) => Promise.reject(fileError(this.path, error, this.name)));
      if (bytesRead === 0) {
        throw failure('FILE_UNREADABLE/shrunk', { name: this.name, bytes: this.size, end: offset + done });
      }
      done += bytesRead;
    }
    return target;
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
