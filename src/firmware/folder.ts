/**
 * A folder of images, as the Balong tools take one apart into: `NN-CCCCCCCC-Name.bin`, NN the position in two decimal
 * digits from 00 on without gaps, CCCCCCCC the image code in hex. Each file is one image as sent, without its header, so
 * there are no checksums and no texts in this form.
 */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '../errors';
import { FLASH } from '../family/family';
import { shownName } from '../urls';
import type { ByteSource, SourcePart } from './byte-source';
import { fileError, notRegular, openFile } from './file';
import { MAGIC } from './header';

const PATTERN = /^(\d{2})-([0-9a-f]{8})-(.+)\.bin$/i;
/** What somebody may have meant to be an image: it must not be left out in silence. */
const MEANT = /\.bin$|^\d+-|\.fw$/i;
/** What the Balong tools call an image with its header. */
const HEADED = /\.fw$/i;
/**
 * At the end of its name: the file is what is sent, whatever it begins like. Without it a file that begins like a
 * compressed one is decompressed on the way, as other tools' folders need it.
 */
const AS_SENT = '.as-sent';

/** `00-00000101-Bootloader_R1.bin`; `label` is the part behind the code, `asSent` as in {@link SourcePart}. */
export function partFileName(index: number, code: number, label: string, asSent = false): string {
  const number = String(index).padStart(2, '0');
  return `${number}-${code.toString(16).toUpperCase().padStart(8, '0')}-${label}${asSent ? AS_SENT : ''}.bin`;
}

/**
 * Opens all images of the folder. Other files in it are left alone, unless their names are those of images gone wrong.
 * Errors: FIRMWARE_INVALID (names, a gap, an image with its header), FIRMWARE_TOO_LARGE (more than 20 images),
 * FILE_EMPTY, FILE_NOT_REGULAR, FILE_NOT_FOUND, FILE_UNREADABLE.
 */
export async function openFolder(path: string): Promise<ByteSource> {
  const names = await readdir(path).catch((error: unknown) => Promise.reject(fileError(path, error)));
  const images = inOrder(names, path);
  const files: ByteSource[] = [];
  try {
    const parts: SourcePart[] = [];
    let offset = 0;
    for (const { file, code } of images) {
      const source = await openFile(join(path, file));
      files.push(source);
      const asSent = file.toLowerCase().endsWith(`${AS_SENT}.bin`);
      await requireImage(source, asSent);
      parts.push({ file, code, offset, size: source.size, asSent });
      offset += source.size;
    }
    return new FolderSource(path, offset, parts, files);
  } catch (error) {
    await Promise.all(files.map((file) => file.close()));
    throw error;
  }
}

/** The images among `names`, sorted, each position taken once. */
function inOrder(names: readonly string[], path: string): { file: string; code: number }[] {
  const name = shownName(path);
  const found: { file: string; code: number; position: number }[] = [];
  for (const file of names) {
    const [, position, code] = PATTERN.exec(file) ?? [];
    if (position !== undefined && code !== undefined) {
      found.push({ file, code: Number.parseInt(code, 16), position: Number(position) });
    } else if (MEANT.test(file)) {
      const wrong = HEADED.test(file) ? 'FIRMWARE_INVALID/folder-headed' : 'FIRMWARE_INVALID/folder-name';
      throw failure(wrong, { name, file: printable(file) });
    }
  }
  if (found.length === 0) throw notRegular(path, true);
  if (found.length > FLASH.maxImages) {
    throw failure('FIRMWARE_TOO_LARGE/folder', { name, images: found.length, most: FLASH.maxImages });
  }
  found.sort((a, b) => a.position - b.position);
  found.forEach(({ file, position }, i) => {
    if (position === i) return;
    const two = (n: number) => String(n).padStart(2, '0');
    throw position < i
      ? failure('FIRMWARE_INVALID/folder-twice', { name, number: two(position), file: printable(file) })
      : failure('FIRMWARE_INVALID/folder-gap', { name, number: two(i), file: printable(file) });
  });
  return found;
}

const printable = (name: string): string => name.replace(/[^\x20-\x7e]/g, '?');

async function requireImage(source: ByteSource, asSent: boolean): Promise<void> {
  if (source.size === 0) throw failure('FILE_EMPTY/image', { name: source.name });
  if (asSent || !(await beginsWithHeader(source))) return;
  throw failure('FIRMWARE_INVALID/image-headed', { name: source.name });
}

/** True if the file begins like an image header. */
export const beginsWithHeader = async (source: ByteSource): Promise<boolean> =>
  (await source.read(0, Math.min(MAGIC.length, source.size))).equals(MAGIC);

/** The files one behind the other, each held open: a file that is replaced meanwhile does not matter. */
class FolderSource implements ByteSource {
  readonly #files: readonly ByteSource[];

  readonly name: string;

  constructor(
    path: string,
    readonly size: number,
    readonly parts: readonly SourcePart[],
    files: readonly ByteSource[],
  ) {
    this.name = shownName(path);
    this.#files = files;
  }

  async read(offset: number, length: number, into?: Uint8Array): Promise<Buffer> {
    const target = into
      ? Buffer.from(into.buffer, into.byteOffset, into.byteLength).subarray(0, length)
      : Buffer.allocUnsafe(length);
    for (const [i, part] of this.parts.entries()) {
      const from = Math.max(offset, part.offset);
      const to = Math.min(offset + length, part.offset + part.size);
      if (from >= to) continue;
      await this.#files[i]?.read(from - part.offset, to - from, target.subarray(from - offset, to - offset));
    }
    return target;
  }

  async close(): Promise<void> {
    await Promise.all(this.#files.map((file) => file.close()));
  }
}
