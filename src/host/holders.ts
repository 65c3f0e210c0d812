import { readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { listIfThere, readIfThere } from './files';

/** A program that runs: `ModemManager (pid 812)`. */
export interface Program {
  pid: number;
  /** The kernel's short name, 15 characters at most. */
  name: string;
}

export const programText = ({ pid, name }: Program): string =>
  pid === process.pid ? `this process (pid ${pid})` : `${name} (pid ${pid})`;

/** All programs that run, as far as /proc under `root` shows them. */
export async function listPrograms(root: string): Promise<Program[]> {
  const found = (await listIfThere(join(root, '/proc'))).map(async (entry) => {
    if (!/^\d+$/.test(entry)) return undefined;
    const comm = await readIfThere(join(root, '/proc', entry, 'comm')).catch(() => undefined);
    return comm && { pid: Number(entry), name: comm.toString('utf8').trim() };
  });
  return (await Promise.all(found)).filter((p) => p !== undefined);
}

/**
 * Who has the device node `path` open. Without root rights only one's own programs can be seen: an empty list means
 * that nobody is seen, not that nobody is there.
 */
export async function holdersOf(path: string, root = ''): Promise<Program[]> {
  const node = await realpath(path).catch(() => path);
  const holds = async ({ pid }: Program): Promise<boolean> => {
    const folder = join(root, '/proc', String(pid), 'fd');
    for (const fd of await listIfThere(folder)) {
      if ((await readlink(join(folder, fd)).catch(() => undefined)) === node) return true;
    }
    return false;
  };
  const programs = await listPrograms(root);
  const held = await Promise.all(programs.map(holds));
  return programs.filter((_, i) => held[i]);
}
