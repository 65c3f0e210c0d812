/** One regular file on disk as a source of bytes, and what a failed system call on it means. */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { DriverError } from '../errors';
import type { ByteSource } from './source';

/** What a failed system call on `name` means to a user; `error` is what `node:fs` threw. */
export function fileError(name: string, error: unknown): DriverError {
  const { code, errno } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const details = { cause: error, ...(errno === undefined ? {} : { number: errno }) };
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
    case 'ELOOP':
      return new DriverError('FILE_NOT_FOUND', `There is no file ${name}.`, {
        ...details,
        hint: 'Check the path; a relative path counts from the folder the program was started in.',
      });
    case 'EACCES':
    case 'EPERM':
      return new DriverError('FILE_UNREADABLE', `The file ${name} may not be read by this user.`, {
        ...details,
        hint: 'Give the user that runs this program read permission for the file and its folders.',
      });
    case 'EISDIR':
      return notRegular(name, true, error);
    case 'ERR_INVALID_ARG_VALUE':
      return new DriverError('BAD_ARGUMENT', `${JSON.stringify(name)} cannot be a path.`, {
        ...details,
        hint: 'Give the path of a file.',
      });
    default:
      return new DriverError('FILE_UNREADABLE', `The file ${name} cannot be read (${code ?? String(error)}).`, {
        ...details,
        hint: 'Copy the file to another disk and try again.',
      });
  }
}

/** The same where something was to be written. */
export function writeError(name: string, error: unknown): DriverError {
  const { code, errno } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  return new DriverError('FILE_NOT_WRITTEN', `The file ${name} cannot be written (${code ?? String(error)}).`, {
    hint: 'Make room on the disk, or take a folder that this user may write to.',
    cause: error,
    ...(errno === undefined ? {} : { number: errno }),
  });
}

/** One call of `write` may take less than it was given. */
export async function writeAll(handle: FileHandle, piece: Buffer): Promise<void> {
  for (let done = 0; done < piece.length; ) done += (await handle.write(piece, done)).bytesWritten;
}

export function notRegular(name: string, directory: boolean, cause?: unknown): DriverError {
  const message = directory
    ? `${name} is a directory, and no folder of images.`
    : `${name} is a device, pipe or socket, not a regular file.`;
  return new DriverError('FILE_NOT_REGULAR', message, {
    hint: 'Give one firmware file (.BIN or .EXE), one loader file, or a folder of images (00-00000100-Name.bin ...).',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Opens a regular file; its size is fixed now. Errors: FILE_NOT_FOUND, FILE_NOT_REGULAR, FILE_UNREADABLE, BAD_ARGUMENT. */
export async function openFile(name: string): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    // Looked at before it is opened: opening a pipe would wait for its writer.
    const before = await stat(name);
    if (!before.isFile()) throw notRegular(name, before.isDirectory());
    handle = await open(name, 'r');
  } catch (error) {
    throw error instanceof DriverError ? error : fileError(name, error);
  }
  try {
    const now = await handle.stat();
    if (!now.isFile()) throw notRegular(name, now.isDirectory());
    return new FileSource(name, now.size, handle);
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error instanceof DriverError ? error : fileError(name, error);
  }
}

export class FileSource implements ByteSource {
  /** `handle` belongs to this source from now on. */
  constructor(
    readonly name: string,
    readonly size: number,
    private readonly handle: FileHandle,
  ) {}

  async read(offset: number, length: number, into?: Uint8Array): Promise<Buffer> {
    const target = into
      ? Buffer.from(into.buffer, into.byteOffset, into.byteLength).subarray(0, length)
      : Buffer.allocUnsafe(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await this.handle
        .read(target, done, length - done, offset + done)
        .catch((error: unknown) => Promise.reject(fileError(this.name, error)));
      if (bytesRead === 0) {
        throw new DriverError(
          'FILE_UNREADABLE',
          `The file ${this.name} became shorter while it was read: it had ${this.size} bytes, now it ends at ${offset + done}.`,
          { hint: 'Wait until the program that writes the file has finished, then start again.' },
        );
      }
      done += bytesRead;
    }
    return target;
  }

  async close(): Promise<void> {
    await this.handle.close().catch(() => undefined);
  }
}
