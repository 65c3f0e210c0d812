import { realpath } from 'node:fs/promises';
import { relative, resolve, sep } from 'node:path';
import { DriverError } from '../../src/errors';
import { shownCause, shownName } from '../../src/urls';

const inside = (folder: string, path: string): boolean => {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && resolve(folder, way) === path;
};

/** The administrator's setting. Error: BAD_ARGUMENT for anything but a text: it must not be taken for "no limit". */
export function flashFolder(setting: unknown): string | undefined {
  if (setting === undefined || setting === null || setting === '') return undefined;
  if (typeof setting === 'string') return setting;
  throw new DriverError('BAD_ARGUMENT', 'e3272FlashFolder is no text.', {
    hint: "Correct it in Node-RED's settings file: it is the path of one folder.",
  });
}

/**
 * The file that may be read for `path`: as it is, or, where the administrator has set a folder, its real path inside
 * that folder, with relative paths looked up there. Errors: NO_PERMISSION (outside), FILE_NOT_FOUND.
 */
export async function allowedFile(path: string, folder: string | undefined): Promise<string> {
  if (!folder) return path;
  const refused = (cause?: unknown) =>
    new DriverError(
      'NO_PERMISSION',
      `The file ${shownName(path)} lies outside the folder that files may be taken from.`,
      {
        hint: `Put it into ${folder}, which e3272FlashFolder in Node-RED's settings file names.`,
        ...(cause !== undefined && { cause }),
      },
    );
  let home: string;
  try {
    home = await realpath(folder);
  } catch (cause) {
    throw new DriverError('FILE_NOT_FOUND', `The folder ${folder} does not exist.`, {
      hint: "Make it, or correct e3272FlashFolder in Node-RED's settings file.",
      cause,
    });
  }
  const asked = resolve(home, path);
  let real: string;
  try {
    real = await realpath(asked);
  } catch (cause) {
    // Outside of the folder nobody learns what exists.
    if (!inside(home, asked) && !inside(resolve(folder), asked)) throw refused();
    throw new DriverError('FILE_NOT_FOUND', `There is no file ${shownName(path)} in ${folder}.`, {
      hint: 'Check the name of the file.',
      cause: shownCause(path, cause),
    });
  }
  if (!inside(home, real)) throw refused();
  return real;
}
