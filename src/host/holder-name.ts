/**
 * A file per stick that names who holds it, for the error message of others: `<pid> <start> <command>`, one line. A pid is
 * given out again after a while, the time at which its process was started (in clock ticks since boot) is not. Best
 * effort: what cannot be written is left out, and what is stale, foreign or something else is not believed.
 */

import { randomBytes } from 'node:crypto';
import { accessSync, constants, readFileSync, renameSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errnoOf, nameOfKey, readRegular } from './files';
import { programText } from './holders';

/** Names that this process has written; they go when it exits. */
const signs = new Set<Sign>();
const onExit = (): void => {
  for (const sign of signs) erase(sign);
};

export interface Sign {
  file: string;
  text: string;
}

/** More is no name: bytes. */
const MOST = 256;

/** /run/lock where it can be written to, else the user's runtime folder, else the one for temporary files. */
export function lockFolder(root = '', env: NodeJS.ProcessEnv = process.env): string {
  const usable = [join(root, '/run/lock'), env['XDG_RUNTIME_DIR']].find((folder) => folder && isWritable(folder));
  return usable ?? tmpdir();
}

const fileOf = (stick: string, folder: string): string => join(folder, `e3272-${nameOfKey(stick)}`);

/** Says that this process holds `stick`. */
export function signName(stick: string, folder: string): Sign {
  const text = `${process.pid} ${startOf(process.pid) ?? '0'} ${ownName()}\n`;
  const sign = { file: fileOf(stick, folder), text };
  // Never through a link that others have put there.
  const fresh = `${sign.file}.${randomBytes(6).toString('hex')}.new`;
  try {
    writeFileSync(fresh, text, { flag: 'wx', mode: 0o644 });
    try {
      renameSync(fresh, sign.file);
    } catch {
      unlinkSync(fresh);
    }
  } catch {
    // Others will hear of another program.
  }
  if (signs.size === 0) process.on('exit', onExit);
  signs.add(sign);
  return sign;
}

export function clearName(sign: Sign): void {
  erase(sign);
  signs.delete(sign);
  if (signs.size === 0) process.removeListener('exit', onExit);
}

/** `node (pid 812)`; undefined where nobody who runs is named. */
export function nameHolder(stick: string, folder: string): string | undefined {
  const text = read(fileOf(stick, folder));
  const [, pid = '', start, name = ''] = /^(\d{1,10}) (\d{1,20}) ([\x20-\x7e]*)\n$/.exec(text ?? '') ?? [];
  if (start === undefined || !isAlive(Number(pid), start)) return undefined;
  return programText({ pid: Number(pid), name });
}

function erase({ file, text }: Sign): void {
  try {
    if (read(file) === text) unlinkSync(file);
  } catch {
    // Deleted by somebody, or not ours to delete.
  }
}

function read(file: string): string | undefined {
  try {
    return readRegular(file, MOST).toString('latin1');
  } catch {
    return undefined;
  }
}

function isAlive(pid: number, start: string): boolean {
  const now = startOf(pid);
  if (now !== undefined) return now === start;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Another user's process may be hidden in /proc, but it may not be signalled either, which tells.
    return errnoOf(error) === 'EPERM';
  }
}

/** Start time of a process; undefined when it does not run, or only waits to be buried (a zombie holds nothing). */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name before it is in brackets and may hold blanks and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? '0' : fields[19];
  } catch {
    return undefined;
  }
}

/** The kernel's own short name is `MainThread` with Node.js 24. */
const ownName = (): string => process.title.replace(/^.*\/|[^\x20-\x7e]/g, '').slice(0, 64) || 'node';

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
