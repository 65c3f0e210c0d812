/**
 * Files for a conversion: in the folder that the administrator has set (`e3272FlashFolder`), else in one of our own. A file comes
 * in pieces, so that it passes whatever stands in between, and goes on after a break. Nothing but what was uploaded here is ever
 * deleted.
 */

import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { NodeAPI } from 'node-red';
import type { FilePath } from '../../nodes/shared/file-path';
import { isFileInUse } from '../../nodes/shared/files-in-use';
import { flashFolder } from '../../nodes/shared/flash-folder';
import { writeAll, writeError } from '../../src/firmware/file';
import { bodyOf, HERE, leadsOut, type Surroundings } from './pieces';
import { type Asked, BadRequest, membersOf, textOf } from './routes';
import type { StoredFile } from './shapes';

const MIB = 1024 * 1024;
/** Of all files in the folder. */
export const MOST_BYTES = 300 * MIB;
export const MOST_FILES = 20;
/** Of one piece. */
export const PIECE = MIB;
/** Uploads at once, and how long one may pause. */
const MOST_UPLOADS = 4;
const FORGOTTEN_MS = 3_600_000;
/** One that has paused so long makes room for another one. */
const IDLE_MS = 60_000;
/** Left on the disk for everybody else. */
const SPARE = 32 * MIB;

const PART = /^\.part-[0-9a-f]{16}$/;

interface Upload {
  id: string;
  name: string;
  size: number;
  have: number;
  busy: boolean;
  last: number;
}

/** A name that is one in any system, and no way out of the folder. */
const NAME = /^[\p{L}\p{N}([{][\p{L}\p{M}\p{N} ._()[\]{}+,;=@#%&!~^'-]{0,119}$/u;
/** Bytes that a file system takes. */
const MOST_NAME = 255;

/** Names of files of `folder` that flash nodes of the flows have in their settings, disabled ones too. */
export function filesInFlows(RED: NodeAPI, folder: string): Set<string> {
  const names = new Set<string>();
  RED.nodes.eachNode((node) => {
    if (String(node.type) !== 'e3272-flash') return;
    for (const value of Object.values(node)) {
      if (typeof value === 'string' && dirname(resolve(folder, value)) === resolve(folder)) names.add(basename(value));
    }
  });
  return names;
}

export class Files {
  readonly #RED: NodeAPI;
  readonly #uploads = new Map<string, Upload>();
  readonly #here: Surroundings;
  #stopCleaning: (() => void) | undefined;

  constructor(RED: NodeAPI, here: Surroundings = HERE) {
    this.#here = here;
    this.#RED = RED;
    void this.#clean().catch(() => undefined);
  }

  /** What the administrator has set: then nothing outside of it is read. Error: BAD_ARGUMENT. */
  get limit(): string | undefined {
    return flashFolder(this.#RED.settings.get('e3272FlashFolder'));
  }

  get folder(): string {
    return this.limit ?? join(this.#RED.settings.userDir ?? '.', 'e3272', 'files');
  }

  /** The folder, unless it is our own and nothing was uploaded yet. */
  get there(): string | undefined {
    return this.limit ?? (existsSync(this.folder) ? this.folder : undefined);
  }

  /** Ends what it does by itself. */
  stop(): void {
    this.#stopCleaning?.();
  }

  async list(): Promise<StoredFile[]> {
    const names = await readdir(this.folder).catch(() => []);
    const found = await Promise.all(
      names
        .filter((name) => NAME.test(name))
        .map(async (name): Promise<StoredFile[]> => {
          const info = await stat(join(this.folder, name)).catch(() => undefined);
          return info?.isFile() ? [{ name, size: info.size, at: info.mtimeMs }] : [];
        }),
    );
    return found.flat().sort((a, b) => b.at - a.at);
  }

  /** As the flash node takes them: by name where the administrator has set the folder, else by path. */
  async paths(): Promise<FilePath[]> {
    const bare = this.limit !== undefined;
    return (await this.list()).map(({ name, size }) => ({ name, size, path: bare ? name : this.pathOf(name) }));
  }

  /** Its path. Error: BadRequest, also where a link leads out of the folder that the administrator has set. */
  pathOf(name: string): string {
    if (!NAME.test(name) || Buffer.byteLength(name) > MOST_NAME) {
      throw new BadRequest(400, 'That is no name of a file here.');
    }
    const path = join(this.folder, name);
    if (this.limit !== undefined && leadsOut(path)) throw new BadRequest(403, 'This file may not be used.');
    return path;
  }

  /** Begins an upload, or goes on with one: `{name, size}`. */
  async begin(asked: Asked): Promise<{ id: string; have: number; piece: number }> {
    await this.#clean();
    const given = membersOf(asked);
    const name = textOf(given, 'name', 120);
    this.#requireFree(name);
    const size = given['size'];
    if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 1) {
      throw new BadRequest(400, 'The file is empty.');
    }
    if (size > MOST_BYTES)
      throw new BadRequest(413, `The file is larger than ${MOST_BYTES / MIB} MiB: it is no firmware.`);
    await this.#requireNew(name);
    const before = [...this.#uploads.values()].find((upload) => upload.name === name && upload.size === size);
    if (before) return { id: before.id, have: before.have, piece: PIECE };
    const gone = this.#requirePlace();
    if (gone) this.#uploads.delete(gone.id);
    const id = randomBytes(8).toString('hex');
    // Nobody else's pieces get in between.
    this.#uploads.set(id, { id, name, size, have: 0, busy: false, last: this.#here.now() });
    this.#cleanLater();
    try {
      if (gone) await this.#forget(gone);
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await this.#makeRoom(name, size);
      await this.#requireSpace(size);
    } catch (error) {
      this.#uploads.delete(id);
      throw error instanceof BadRequest ? error : writeError(name, error);
    }
    return { id, have: 0, piece: PIECE };
  }

  /** One piece, from `?offset=` on. Resolves with what is there; `done` with the last one. */
  async piece(asked: Asked): Promise<{ have: number; done: boolean }> {
    const upload = this.#uploads.get(String(asked.params['id']));
    if (!upload) throw new BadRequest(404, 'This upload was given up. Begin it again.');
    if (upload.busy) throw new BadRequest(409, 'A piece of this file is under way.');
    this.#requireFree(upload.name);
    upload.busy = true;
    try {
      if (Number(asked.query['offset']) !== upload.have) return { have: upload.have, done: false };
      const bytes = await bodyOf(asked, Math.min(PIECE, upload.size - upload.have));
      // It was given up while the piece came.
      if (this.#uploads.get(upload.id) !== upload)
        throw new BadRequest(404, 'This upload was given up. Begin it again.');
      const part = this.#partOf(upload);
      const file = await open(part, upload.have === 0 ? 'w' : 'r+', 0o600);
      try {
        await writeAll(file, bytes, upload.have);
        if (upload.have + bytes.length === upload.size) await file.sync();
      } finally {
        await file.close();
      }
      upload.have += bytes.length;
      upload.last = this.#here.now();
      if (upload.have < upload.size) return { have: upload.have, done: false };
      // Whatever becomes of it: an upload that has all its bytes is over.
      this.#uploads.delete(upload.id);
      await rename(part, this.pathOf(upload.name));
      return { have: upload.have, done: true };
    } catch (error) {
      // What cannot be written, as on a full disk, is not left there.
      if (error instanceof BadRequest) throw error;
      await this.#forget(upload);
      throw writeError(upload.name, error);
    } finally {
      upload.busy = false;
    }
  }

  /** Gives an upload up. */
  async drop(id: string): Promise<void> {
    const upload = this.#uploads.get(id);
    if (upload) await this.#forget(upload);
  }

  async #forget(upload: Upload): Promise<void> {
    this.#uploads.delete(upload.id);
    await rm(this.#partOf(upload), { force: true });
  }

  /** They are wanted now, those of them that are in the folder: the oldest ones go first. */
  async touch(paths: readonly string[]): Promise<void> {
    const now = new Date();
    for (const path of paths) {
      if (dirname(path) === this.folder) await utimes(path, now, now).catch(() => undefined);
    }
  }

  /** A job may read the file of that name again: it must find the one that was checked. Error: BadRequest. */
  #requireFree(name: string): void {
    if (isFileInUse(this.pathOf(name))) {
      throw new BadRequest(
        409,
        `${name} is in use by a job or a check. Wait for its end, or give your file another name.`,
      );
    }
  }

  #partOf({ id }: Upload): string {
    return join(this.folder, `.part-${id}`);
  }

  /** Of our own folder the oldest that nobody uses go; in the administrator's nothing is deleted. */
  async #makeRoom(name: string, size: number): Promise<void> {
    const there = (await this.list()).filter((file) => file.name !== name);
    const pending = [...this.#uploads.values()].filter((upload) => upload.name !== name);
    let bytes = [...there, ...pending].reduce((sum, file) => sum + file.size, size);
    let count = there.length + pending.length + 1;
    const fits = () => bytes <= MOST_BYTES && count <= MOST_FILES;
    const used = filesInFlows(this.#RED, this.folder);
    const isFree = (file: StoredFile) => !used.has(file.name) && !isFileInUse(this.pathOf(file.name));
    const oldest = this.limit === undefined ? there.filter(isFree).reverse() : [];
    for (const file of oldest) {
      if (fits()) return;
      await rm(this.pathOf(file.name), { force: true });
      bytes -= file.size;
      count--;
    }
    if (!fits())
      throw new BadRequest(507, `The folder for files is full: ${MOST_FILES} files, ${MOST_BYTES / MIB} MiB.`);
  }

  /** A file that others rely on under its name is not replaced by another one. Error: BadRequest. */
  async #requireNew(name: string): Promise<void> {
    const there = await stat(this.pathOf(name)).catch(() => undefined);
    if (!there) return;
    if (this.limit === undefined && there.isFile() && !filesInFlows(this.#RED, this.folder).has(name)) return;
    throw new BadRequest(409, `There is ${name} already, and it is not replaced. Give your file another name.`);
  }

  /** Somebody who has gone away makes way for one more upload, if need be. Error: BadRequest. */
  #requirePlace(): Upload | undefined {
    if (this.#uploads.size < MOST_UPLOADS) return undefined;
    const [longest] = [...this.#uploads.values()].filter(({ busy }) => !busy).sort((a, b) => a.last - b.last);
    if (longest && this.#here.now() - longest.last >= IDLE_MS) return longest;
    throw new BadRequest(429, 'Several files are being uploaded already. Try again in a minute.');
  }

  /** Node-RED itself needs the disk too. Error: BadRequest. */
  async #requireSpace(size: number): Promise<void> {
    // What cannot be asked is tried.
    const free = await this.#here.free(this.folder).catch(() => Number.POSITIVE_INFINITY);
    if (free < size + SPARE) throw new BadRequest(507, 'The disk of this machine has no room for the file.');
  }

  /** What an earlier life, or somebody who went away, has left half uploaded. Another Node-RED may use the folder too. */
  async #clean(): Promise<void> {
    for (const upload of [...this.#uploads.values()]) {
      if (!upload.busy && this.#here.now() - upload.last > FORGOTTEN_MS) await this.#forget(upload);
    }
    const parts = (await readdir(this.folder).catch(() => [])).filter((name) => PART.test(name));
    for (const name of parts) {
      if ([...this.#uploads.keys()].some((id) => name.endsWith(id))) continue;
      const path = join(this.folder, name);
      const { mtimeMs = Date.now() } = (await stat(path).catch(() => undefined)) ?? {};
      if (Date.now() - mtimeMs > FORGOTTEN_MS) await rm(path, { force: true });
    }
    if (this.#uploads.size > 0 || parts.length > 0) this.#cleanLater();
  }

  #cleanLater(): void {
    this.#stopCleaning ??= this.#here.later(FORGOTTEN_MS, () => {
      this.#stopCleaning = undefined;
      void this.#clean().catch(() => undefined);
    });
  }
}
