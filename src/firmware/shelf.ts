/** A folder in which people keep loader and firmware files. */

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface Shelved {
  name: string;
  path: string;
}

/** More is no collection of firmware. */
const MOST = 50;

/** What may be one by its name, sorted; undefined where the folder cannot be looked into. */
export async function filesOf(folder: string): Promise<Shelved[] | undefined> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.(?:bin|exe)$/i.test(entry.name))
      .map(({ name }) => ({ name, path: join(folder, name) }))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .slice(0, MOST);
  } catch {
    return undefined;
  }
}
