import { join } from 'node:path';
import { type Disk, thisDisk } from './disk';
import { errnoOf, keyOfName, nameOfKey } from './files';
import type { Mark } from './host';
import { isDraft, removeFile, replaceFile, runLater, Turns, tidy } from './replace';
import { folderProblem, folderTrouble } from './state-folders';

/** Made by docs/e3272.tmpfiles.conf, never by us. */
const FOLDER = '/var/lib/e3272';
const RULES = { group: true };

/**
 * What all users of the machine are told about sticks, one file each, named by the place of the stick. The folder belongs
 * to root; a group may write there, so that its members can take back each other's marks. Where it is missing, or anybody
 * may write there, nothing is told.
 */
export class Marks {
  readonly #folder: string;
  readonly #disk: Disk;
  readonly #turns = new Turns();

  constructor(root = '', disk: Disk = thisDisk) {
    this.#folder = join(root, FOLDER);
    this.#disk = disk;
  }

  /** `undefined` takes it back. False where it cannot. The last one of several for one place counts. */
  tell(place: string, text: string | undefined): Promise<boolean> {
    const path = join(this.#folder, nameOfKey(place));
    return this.#turns.take(place, async () => {
      const disk = this.#disk;
      if (this.#problem() !== undefined) return false;
      try {
        if (text === undefined) await runLater(removeFile(disk, path));
        else {
          tidy(disk, this.#folder);
          await runLater(replaceFile(disk, path, text, { mode: 0o644 }));
        }
        return true;
      } catch {
        return false;
      }
    });
  }

  /** All that was told, sorted by place. */
  list(): Mark[] {
    return this.#names().flatMap((name) => {
      const place = keyOfName(name);
      try {
        return [{ place, text: this.#disk.read(join(this.#folder, name)) || undefined }];
      } catch (error) {
        // Taken back just now, or not for this user.
        return errnoOf(error) === 'ENOENT' ? [] : [{ place, text: undefined }];
      }
    });
  }

  #names(): string[] {
    if (this.#problem() !== undefined) return [];
    try {
      const names = this.#disk.list(this.#folder);
      return names.filter((name) => !name.startsWith('.') && !isDraft(name)).sort();
    } catch {
      // There is no such folder.
      return [];
    }
  }

  /** A sentence where the folder is there and left alone. */
  problems(): string[] {
    return folderTrouble(this.#disk, this.#folder, RULES);
  }

  #problem(): string | undefined {
    return folderProblem(this.#disk, this.#folder, RULES);
  }
}
