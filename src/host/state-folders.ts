/** Where what lasts is kept, and which of these folders can be trusted. */

import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import type { Disk } from './disk';
import { errnoOf } from './files';

export interface StateFolderOptions {
  /** Node-RED's user folder: its state is in `e3272` below. */
  userDir?: string | undefined;
  /** Given by hand: this folder itself is written. */
  stateDir?: string | undefined;
  env?: NodeJS.ProcessEnv;
  /** The user's home; '' = none is known. */
  home?: string;
}

/**
 * The folders for state, absolute paths: the first is written, all are read. Each program reads the other's.
 *
 * Node-RED (`userDir`): `<userDir>/e3272`, then the user's state folder, `$XDG_STATE_HOME/e3272` or
 * `~/.local/state/e3272`. All others: `stateDir` or `$E3272_STATE`, then the user's state folder, then
 * `~/.node-red/e3272`. What is empty or not absolute in the environment counts as not set (XDG Base Directory
 * Specification): it would mean another place in each working directory. Empty where the user has no home either.
 */
export function stateFolders(options: StateFolderOptions = {}): string[] {
  const { userDir, stateDir, env = process.env, home = homeOf() } = options;
  const own = absolute(env['XDG_STATE_HOME']) ?? below(home, '.local/state');
  const given = stateDir ? resolve(stateDir) : absolute(env['E3272_STATE']);
  const folders = userDir
    ? [join(resolve(userDir), 'e3272'), below(own, 'e3272')]
    : [given, below(own, 'e3272'), below(home, '.node-red/e3272')];
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

const absolute = (path: string | undefined): string | undefined => (path && isAbsolute(path) ? path : undefined);
const below = (folder: string | undefined, name: string): string | undefined =>
  folder && isAbsolute(folder) ? join(folder, name) : undefined;

/** A container may have neither HOME nor an entry in /etc/passwd. */
function homeOf(): string {
  try {
    return homedir();
  } catch {
    return '';
  }
}

export interface FolderRules {
  /** Its group may write there. */
  group?: boolean;
}

/**
 * Why the folder at `path` is neither read nor written, in words that follow its name; undefined where it is fine, or not
 * there yet. Whoever could write there could take a note away, or put one in.
 */
export function folderProblem(disk: Disk, path: string, { group = false }: FolderRules = {}): string | undefined {
  const ours = (owner: number) => disk.user === undefined || owner === disk.user || owner === 0;
  try {
    const entry = disk.look(path);
    if (entry === undefined) return undefined;
    if (!ours(entry.owner)) return `it belongs to another user (uid ${entry.owner})`;
    const folder = entry.kind === 'link' ? disk.look(path, true) : entry;
    if (folder === undefined) return 'it is a link that leads nowhere';
    if (folder.kind !== 'folder') return 'it is no folder';
    if (!ours(folder.owner)) return `it is a link into a folder of another user (uid ${folder.owner})`;
    const open = disk.user === undefined ? 0 : folder.mode & (group ? 0o002 : 0o022);
    if (open !== 0) return `others may write there (mode ${folder.mode.toString(8)}; chmod go-w ends that)`;
    disk.enter(path);
    return undefined;
  } catch (error) {
    return noEntry(error);
  }
}

/** The same as a sentence, for people; here the folder is really looked into. */
export function folderTrouble(disk: Disk, path: string, options: FolderRules = {}): string[] {
  const problem = folderProblem(disk, path, options) ?? listProblem(disk, path);
  return problem === undefined ? [] : [`The state folder ${path} is neither read nor written: ${problem}.`];
}

function listProblem(disk: Disk, path: string): string | undefined {
  try {
    if (disk.look(path) !== undefined) disk.list(path);
    return undefined;
  } catch (error) {
    return noEntry(error);
  }
}

const noEntry = (error: unknown): string => `it cannot be looked into (${errnoOf(error) ?? error})`;
