/** What is mounted of a stick's volumes: block devices by sysfs, mounts and swap areas by /proc. */

import { realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { listIfThere, readIfThere } from './files';
import type { Mount } from './host';

const BLOCK = '/sys/class/block';
/** The first is what this process sees, the second what the machine does, where a container may look there. */
const TABLES = ['/proc/self/mountinfo', '/proc/1/mountinfo'];

/** See {@link import('./host').Host.mounts}. */
export async function listMounts(root: string, portPath: string): Promise<Mount[]> {
  const volumes = await volumesOf(root, portPath);
  if (volumes.size === 0) return [];
  const found = new Map<string, Mount>();
  const add = (mount: Mount) => found.set(JSON.stringify(mount), mount);
  const nameOf = async (source: string): Promise<string | undefined> =>
    source.startsWith('/dev/') ? basename(await realpath(join(root, source)).catch(() => source)) : undefined;
  const tables = await Promise.all(TABLES.map((table) => read(join(root, table))));
  for (const line of tables.flat()) {
    const entry = parseMountinfo(line);
    if (!entry) continue;
    // By its source, too: btrfs has numbers of its own, which are no block device's.
    const name = [...volumes].find(([, number]) => number === entry.number)?.[0] ?? (await nameOf(entry.source));
    if (name === undefined || !volumes.has(name)) continue;
    add({ device: `/dev/${name}`, mountPoint: entry.mountPoint, writable: entry.writable });
  }
  for (const line of await read(join(root, '/proc/swaps'))) {
    const [path = ''] = line.split(/\s/);
    const name = await nameOf(unescaped(path));
    if (name !== undefined && volumes.has(name)) add({ device: `/dev/${name}`, mountPoint: 'swap', writable: true });
  }
  return [...found.values()];
}

const read = async (path: string): Promise<string[]> =>
  ((await readIfThere(path).catch(() => undefined))?.toString('utf8') ?? '').split('\n');

/**
 * Block devices behind the USB device, and whatever stands on one of them (a partition, dm, md, a loop), by name with their
 * numbers `major:minor`.
 */
async function volumesOf(root: string, portPath: string): Promise<Map<string, string>> {
  const stick = await realpath(join(root, '/sys/bus/usb/devices', portPath)).catch(() => undefined);
  const volumes = new Map<string, string>();
  if (stick === undefined) return volumes;
  const all = await Promise.all((await listIfThere(join(root, BLOCK))).map((name) => readBlock(root, name)));
  // Again while one more is found: what stands on one volume may bear another.
  for (let before = -1; before < volumes.size; ) {
    before = volumes.size;
    for (const { name, folder, number, below } of all) {
      if (folder.startsWith(`${stick}/`) || below.some((other) => volumes.has(other))) volumes.set(name, number);
    }
  }
  return volumes;
}

interface Block {
  name: string;
  folder: string;
  number: string;
  /** Names of the devices that it stands on. */
  below: string[];
}

async function readBlock(root: string, name: string): Promise<Block> {
  const link = join(root, BLOCK, name);
  const folder = await realpath(link).catch(() => link);
  const [number = ''] = await read(join(folder, 'dev'));
  const [backing = ''] = await read(join(folder, 'loop/backing_file'));
  const below = [...(await listIfThere(join(folder, 'slaves'))), basename(join(folder, '..'))];
  if (backing.startsWith('/dev/')) below.push(basename(backing));
  return { name, folder, number, below };
}

interface MountLine {
  number: string;
  mountPoint: string;
  source: string;
  writable: boolean;
}

/** `36 35 98:0 /root /mount/point options optional... - type source superblock-options` (proc(5)). */
function parseMountinfo(line: string): MountLine | undefined {
  const [mount = '', rest] = line.split(' - ');
  const [, , number, , mountPoint] = mount.split(' ');
  const [, source, superblock] = (rest ?? '').split(' ');
  if (number === undefined || mountPoint === undefined || source === undefined || superblock === undefined) {
    return undefined;
  }
  return {
    number,
    mountPoint: unescaped(mountPoint),
    source: unescaped(source),
    writable: !superblock.split(',').includes('ro'),
  };
}

/** Blanks, tabs, line ends and backslashes stand there as three octal digits. */
const unescaped = (text: string): string =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
