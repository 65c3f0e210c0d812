/** The kernel that the tests run on: Debian's stock one for amd64, and the initrd that brings it up. Made once, then kept. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Kernel {
  /** `6.1.0-44-amd64`. */
  release: string;
  vmlinuz: string;
  initrd: string;
}

/** With what they depend on. usb-storage to huawei_cdc_ncm are the drivers that bind to a real stick. */
const MODULES = [
  'virtio_pci',
  '9pnet_virtio',
  '9p',
  'overlay',
  'virtio_console',
  'vhci-hcd',
  'usb-storage',
  'sr_mod',
  'sd_mod',
  'isofs',
  'option',
  'cdc_ether',
  'rndis_host',
  'cdc_ncm',
  'huawei_cdc_ncm',
];

const PROGRAMS: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  depmod: 'kmod',
  modprobe: 'kmod',
  cpio: 'cpio',
  'dpkg-deb': 'dpkg',
  usbip: 'usbip',
};

/** System programs stand in folders that a user's PATH lacks. */
export const PATH = `${process.env['PATH'] ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`;
const env = { ...process.env, PATH };

const run = (file: string, args: string[], cwd?: string): string =>
  execFileSync(file, args, {
    env,
    encoding: 'utf8',
    maxBuffer: 64e6,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  });

const which = (program: string): string | undefined =>
  PATH.split(':')
    .map((folder) => join(folder, program))
    .find(existsSync);

/** Throws, in words, on a machine that cannot run the tests. */
export function checkMachine(): void {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error('The kernel tests run on Linux for amd64 only.');
  }
  const missing = Object.keys(PROGRAMS).filter((program) => which(program) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((program) => PROGRAMS[program]))];
  throw new Error(
    `The kernel tests need ${missing.join(', ')} (Debian: ${packages.join(', ')}). Run test/kernel/setup as root.`,
  );
}

/** `initScript` becomes /init. Kept in `~/.cache/e3272-kernel` (`E3272_KERNEL_CACHE` names another folder). */
export function prepareKernel(initScript: string): Kernel {
  const cache = process.env['E3272_KERNEL_CACHE'] ?? join(homedir(), '.cache', 'e3272-kernel');
  const recipe = createHash('sha256').update(JSON.stringify([MODULES, readFileSync(initScript, 'utf8')]));
  const key = recipe.digest('hex').slice(0, 12);
  const folder = join(cache, key);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    const work = mkdtempSync(join(tmpdir(), 'e3272-kernel-'));
    try {
      const release = make(work, initScript, cache);
      writeFileSync(join(work, 'done/release'), release);
      // Whole or not at all: a run that was stopped half-way leaves nothing behind that looks complete.
      cpSync(join(work, 'done'), `${folder}.${process.pid}`, { recursive: true });
      if (existsSync(folder)) rmSync(`${folder}.${process.pid}`, { recursive: true });
      else renameSync(`${folder}.${process.pid}`, folder);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  return {
    release: readFileSync(join(folder, 'release'), 'utf8'),
    vmlinuz: join(folder, 'vmlinuz'),
    initrd: join(folder, 'initrd.gz'),
  };
}

/** Fills `work/done`; returns the release. */
function make(work: string, initScript: string, cache: string): string {
  const unpacked = join(work, 'package');
  run('dpkg-deb', ['-x', kernelPackage(work, cache), unpacked]);
  const [release] = readdirSync(join(unpacked, 'lib/modules'));
  if (release === undefined) throw new Error('The kernel package holds no modules.');
  run('depmod', ['-b', unpacked, release]);

  const root = join(work, 'root');
  for (const name of ['bin', 'proc', 'sys', 'dev', 'modules']) mkdirSync(join(root, name), { recursive: true });
  const order = new Set<string>();
  for (const module of MODULES) {
    const wanted = run('modprobe', ['-d', unpacked, '-S', release, '--show-depends', module]);
    for (const [, file] of wanted.matchAll(/^insmod (\S+)/gm)) {
      if (file === undefined || order.has(basename(file))) continue;
      copyFileSync(file, join(root, 'modules', basename(file)));
      order.add(basename(file));
    }
  }
  writeFileSync(join(root, 'modules/order'), [...order, ''].join('\n'));
  copyFileSync(which('busybox') ?? '', join(root, 'bin/busybox'));
  copyFileSync(initScript, join(root, 'init'));

  mkdirSync(join(work, 'done'));
  const archive = execFileSync('sh', ['-c', 'find . | cpio -o -H newc --quiet -R 0:0'], {
    cwd: root,
    env,
    maxBuffer: 256e6,
  });
  writeFileSync(join(work, 'done/initrd.gz'), gzipSync(archive, { level: 1 }));
  copyFileSync(join(unpacked, `boot/vmlinuz-${release}`), join(work, 'done/vmlinuz'));
  return release;
}

/** Debian's package of the kernel that `linux-image-amd64` means now; downloading it needs no root. */
function kernelPackage(work: string, cache: string): string {
  const kept = readdirSync(cache).find((name) => /^linux-image-.*\.deb$/.test(name));
  if (kept !== undefined) return join(cache, kept);
  try {
    const image = /Depends: (linux-image-\S+)/.exec(run('apt-cache', ['depends', 'linux-image-amd64']))?.[1];
    if (image === undefined) throw new Error('apt-cache knows no package linux-image-amd64.');
    run('apt-get', ['download', '-qq', image], work);
    const name = readdirSync(work).find((file) => file.endsWith('.deb'));
    if (name === undefined) throw new Error('apt-get download left no package.');
    copyFileSync(join(work, name), join(cache, `${name}.part`));
    renameSync(join(cache, `${name}.part`), join(cache, name));
    return join(cache, name);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The kernel package cannot be downloaded: ${why}\nRun test/kernel/setup as root.`);
  }
}
