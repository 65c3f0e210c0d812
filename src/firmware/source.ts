/**
 * Where a firmware or loader file comes from: a file on disk or bytes that the caller already has.
 * Random access in pieces, so that nobody needs a 60 MB file in memory.
 */

import { type FileHandle, open, stat } from 'node:fs/promises';
import { DriverError } from '../errors';

export interface ByteSource {
  /** The path as it was given, or `buffer`: for messages. */
  readonly name: string;
  /** Bytes. Fixed when the source is opened. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset` on; the caller has checked both against {@link size}.
   * With `into` they land at its start and the result is a view of it, else the result may be a view of the caller's
   * own bytes: never write into it. Rejects with FILE_UNREADABLE, also when the file has shrunk in the meantime.
   */
  read(offset: number, length: number, into?: Uint8Array): Promise<Buffer>;
  /** Releases the file. Never rejects. */
  close(): Promise<void>;
}

/**
 * Opens a path or takes bytes as they are (never changed, never detached). Only the beginning is looked at.
 * Errors: FILE_NOT_FOUND, FILE_NOT_REGULAR, FILE_UNREADABLE, FILE_EMPTY; FIRMWARE_UNSUPPORTED for an archive.
 */
export async function openSource(input: string | Uint8Array): Promise<ByteSource> {
  const source = typeof input === 'string' ? await openFile(input) : fromBytes(input);
  try {
    if (source.size === 0) {
      throw new DriverError('FILE_EMPTY', `${source.name} is empty.`, {
        hint: 'Download or copy the file again.',
      });
    }
    const archive = sniff(await source.read(0, Math.min(8, source.size)));
    if (archive) {
      throw new DriverError('FIRMWARE_UNSUPPORTED', `${source.name} is a ${archive} archive, not the file inside it.`, {
        hint: 'Unpack it first, then give the .BIN or .EXE file (or the loader file) that is in it.',
      });
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  return source;
}

/** The kind of archive that a file beginning with `head` (8 bytes, or all of a shorter file) is, if it is one. */
export function sniff(head: Uint8Array): 'zip' | 'rar' | '7z' | 'gzip' | 'xz' | undefined {
  const text = Buffer.from(head).toString('latin1');
  if (text.startsWith('PK\x03\x04') || text.startsWith('PK\x05\x06')) return 'zip';
  if (text.startsWith('Rar!')) return 'rar';
  if (text.startsWith('7z\xbc\xaf\x27\x1c')) return '7z';
  if (text.startsWith('\x1f\x8b\x08')) return 'gzip';
  if (text.startsWith('\xfd7zXZ\x00')) return 'xz';
  return undefined;
}

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

function notRegular(name: string, directory: boolean, cause?: unknown): DriverError {
  const message = directory
    ? `${name} is a directory; directories of images are not read yet.`
    : `${name} is a device, pipe or socket, not a regular file.`;
  return new DriverError('FILE_NOT_REGULAR', message, {
    hint: 'Give one firmware file (.BIN or .EXE) or one loader file.',
    ...(cause === undefined ? {} : { cause }),
  });
}

async function openFile(name: string): Promise<ByteSource> {
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

class FileSource implements ByteSource {
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

function fromBytes(bytes: Uint8Array): ByteSource {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    name: 'buffer',
    size: all.length,
    async read(offset, length, into) {
      const piece = all.subarray(offset, offset + length);
      if (!into) return piece;
      const target = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
      piece.copy(target);
      return target.subarray(0, length);
    },
    async close() {},
  };
}
