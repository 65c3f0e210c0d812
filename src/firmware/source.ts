/**
 * Where a firmware or loader file comes from: a file on disk, a folder of images, a URL of the user's own, or bytes that
 * the caller already has. Random access in pieces, so that nobody needs a 200 MB file in memory.
 */

import { stat } from 'node:fs/promises';
import { failure } from '../errors';
import type { ByteSource } from './byte-source';
import { type FetchOptions, fetchFile, isUrl } from './fetch';
import { openFile } from './file';
import { openFolder } from './folder';
import { MAGIC, PREFIX_LENGTH } from './header';
import { archiveKind, KIND_LENGTH, type Kind } from './kinds';

export { fileError } from './file';

/** The bytes of a file, and what it is called in messages. */
export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The path of a file, and what it is called in messages and reports: for readers whom its folder is nothing to. */
export interface NamedPath {
  readonly name: string;
  readonly path: string;
}

/** A path (of a file, or of a folder of images), a URL with `#sha256=...`, or the file's bytes. */
export type FileInput = string | Uint8Array | NamedBytes | NamedPath;

/**
 * Opens a path or URL, or takes bytes as they are (never changed, never detached). Of a file only the beginning is looked
 * at; what a URL names is fetched as a whole, to a temporary file that is gone when the source is closed.
 * Errors: FILE_NOT_FOUND, FILE_NOT_REGULAR, FILE_UNREADABLE, FILE_EMPTY; FIRMWARE_UNSUPPORTED for an archive;
 * FIRMWARE_INVALID for a folder whose names are not right; for a URL also those of `fetchFile`.
 */
export async function openSource(input: FileInput, options: FetchOptions = {}): Promise<ByteSource> {
  const source =
    typeof input === 'string'
      ? await openNamed(input, options)
      : 'path' in input
        ? await openFile(input.path, input.name)
        : fromBytes(input);
  try {
    if (source.size === 0) throw failure('FILE_EMPTY/file', { name: source.name });
    const archive = source.parts ? undefined : archiveOf(await source.read(0, Math.min(KIND_LENGTH, source.size)));
    if (archive) {
      throw failure('FIRMWARE_UNSUPPORTED/archive', { name: source.name, what: archive.what });
    }
  } catch (error) {
    await source.close();
    throw error;
  }
  return source;
}

async function openNamed(name: string, options: FetchOptions): Promise<ByteSource> {
  if (isUrl(name)) return fetchFile(name, options);
  // What cannot be looked at gets its error from openFile.
  const isFolder = await stat(name).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? openFolder(name) : openFile(name);
}

/** The kind of archive that a file beginning with `head` is, if it is one: `zip`. */
export const sniff = (head: Uint8Array): string | undefined => archiveKind(head)?.archive;

/** A firmware may hold anything further on, so that it looks like a CD or a tar. */
const archiveOf = (head: Buffer): Kind | undefined =>
  head.subarray(PREFIX_LENGTH, PREFIX_LENGTH + MAGIC.length).equals(MAGIC) ? undefined : archiveKind(head);

function fromBytes(input: Uint8Array | NamedBytes): ByteSource {
  const { name, bytes } = 'bytes' in input ? input : { name: 'buffer', bytes: input };
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    name,
    size: all.length,
    async read(offset, length, into) {
      const piece = all.subarray(offset, offset + length);
      if (!into) return Buffer.from(piece);
      const target = Buffer.from(into.buffer, into.byteOffset, into.byteLength);
      piece.copy(target);
      return target.subarray(0, length);
    },
    async close() {},
  };
}
