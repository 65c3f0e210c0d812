import { randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  linkSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DriverError } from '../errors';
import { errnoOf } from './files';
import type { StickLock } from './host';

/**
 * A lock file per stick keeps two processes apart. It holds one line, `<pid> <start> <command>`: a pid is given out
 * again after a while, the time at which its process was started (in clock ticks since boot) is not.
 */
interface Owner {
  pid: number;
  start: string;
  command: string;
}

/** Others may create and delete the file in between, but not for ever: then it is no lock file. */
const ATTEMPTS = 100;

/** What this process has locked; given back when it exits. */
const held = new Map<string, string>();
const onExit = (): void => {
  for (const [file, text] of held) release(file, text);
};

/** /run/lock where it can be written to, else the user's runtime folder, else the one for temporary files. */
export function lockFolder(root = '', env: NodeJS.ProcessEnv = process.env): string {
  const usable = [join(root, '/run/lock'), env['XDG_RUNTIME_DIR']].find((folder) => folder && isWritable(folder));
  return usable ?? tmpdir();
}

/**
 * Takes the lock of the stick `name` (port path, or the path of a tty) in `folder`. A lock whose owner has died is
 * taken over. Errors: BUSY, names the owner; NO_PERMISSION when the file belongs to another user and cannot be read
 * or replaced.
 */
export function lockStick(name: string, folder: string): StickLock {
  const file = join(folder, `e3272-${encodeURIComponent(name)}`);
  const start = startOf(process.pid) ?? '0';
  const text = `${process.pid} ${start} ${commandOf(process.pid) ?? 'node'}\n`;
  try {
    acquire(name, file, text);
  } catch (error) {
    if (error instanceof DriverError) throw error;
    throw new DriverError('NO_PERMISSION', `The lock file ${file} of the stick at ${name} cannot be written.`, {
      stick: name,
      hint: 'Another user may have left it there: delete it as that user or as root, when no job is running.',
      cause: error,
    });
  }
  if (held.size === 0) process.on('exit', onExit);
  held.set(file, text);
  return {
    release() {
      if (held.get(file) !== text) return;
      release(file, text);
      held.delete(file);
      if (held.size === 0) process.removeListener('exit', onExit);
    },
  };
}

/**
 * Creates `file` with `text` in it, in one step: it never exists empty. To take over a dead owner's file, a second
 * lock that is named after this owner is held, so that only one process at a time can do it, and what it replaces
 * cannot have been renewed in between: nobody else may, and the dead do not write.
 */
function acquire(name: string, file: string, text: string): void {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (create(file, text)) return;
    const before = read(file);
    if (before === undefined) continue;
    const owner = parse(before);
    if (owner && isAlive(owner)) throw busy(name, owner);
    const guard = `${file}.${owner ? `${owner.pid}-${owner.start}` : 'unreadable'}`;
    acquire(name, guard, text);
    try {
      if (read(file) !== before) continue;
      const fresh = write(file, text);
      renameSync(fresh, file);
      return;
    } finally {
      release(guard, text);
    }
  }
  throw new Error(`${file} can neither be created nor read`);
}

function create(file: string, text: string): boolean {
  const fresh = write(file, text);
  try {
    linkSync(fresh, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(fresh);
  }
}

/** A new file beside `file`, under a name that nobody else uses. */
function write(file: string, text: string): string {
  const fresh = `${file}.${process.pid}.${randomBytes(6).toString('hex')}.new`;
  writeFileSync(fresh, text, { flag: 'wx', mode: 0o644 });
  return fresh;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function release(file: string, text: string): void {
  try {
    if (read(file) === text) unlinkSync(file);
  } catch {
    // Deleted by somebody, or the folder is gone: either way the lock is.
  }
}

function parse(text: string): Owner | undefined {
  const [, pid, start, command] = /^(\d{1,10}) (\d{1,20}) (.*)\n$/.exec(text) ?? [];
  if (pid === undefined || start === undefined || command === undefined) return undefined;
  return { pid: Number(pid), start, command };
}

function isAlive({ pid, start }: Owner): boolean {
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

function commandOf(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'latin1').replace(/[^\x20-\x7e]/g, '');
  } catch {
    return undefined;
  }
}

function busy(name: string, owner: Owner): DriverError {
  const who = owner.pid === process.pid ? `this process (pid ${owner.pid})` : `${owner.command} (pid ${owner.pid})`;
  return new DriverError('BUSY', `The stick at ${name} is in use by ${who}.`, {
    stick: name,
    hint: 'Wait until that job has ended, or cancel it.',
  });
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return statSync(folder).isDirectory();
  } catch {
    return false;
  }
}
