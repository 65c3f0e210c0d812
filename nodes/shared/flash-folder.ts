import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { shownCause, shownName } from '../../src/urls';
import { nodeFailure } from './messages';

const inside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
};

/** The administrator's setting. Error: BAD_ARGUMENT for anything but a text: it must not be taken for "no limit". */
export function flashFolder(setting: unknown): string | undefined {
  if (setting === undefined || setting === null || setting === '') return undefined;
  if (typeof setting === 'string') return setting;
  throw nodeFailure('BAD_ARGUMENT/flash-folder', {});
}

/**
 * The file that may be read for `path`: as it is, or, where the administrator has set a folder, its real path inside
 * that folder, with relative paths looked up there. Errors: NO_PERMISSION (outside), FILE_NOT_FOUND.
 */
export async function allowedFile(path: string, folder: string | undefined): Promise<string> {
  if (!folder) return path;
  const told = { name: shownName(path), folder };
  const refused = () => nodeFailure('NO_PERMISSION/outside-flash-folder', told);
  let home: string;
  try {
    home = await realpath(folder);
  } catch (cause) {
    throw nodeFailure('FILE_NOT_FOUND/flash-folder', { folder }, { cause });
  }
  const asked = resolve(home, path);
  let real: string;
  try {
    real = await realpath(asked);
  } catch (cause) {
    // Outside of the folder nobody learns what exists.
    if (!inside(home, asked) && !inside(resolve(folder), asked)) throw refused();
    throw nodeFailure('FILE_NOT_FOUND/in-flash-folder', told, { cause: shownCause(path, cause) });
  }
  if (!inside(home, real)) throw refused();
  return real;
}
