/** Boots the kernel in QEMU with this machine's file system as its root, and hears what the guest has to say. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Kernel } from './kernel';
import { PATH } from './kernel';
import type { Told } from './told';

export interface Boot {
  kernel: Kernel;
  /** Script that the guest runs as root, in this machine's file system; then it is switched off. */
  script: string;
  /** Called for each line that the guest writes to the result port. */
  onTold: (told: Told) => void;
  /** Milliseconds without a word from the guest, and as a whole, after which it counts as hanging. */
  quietMs: number;
  limitMs: number;
  accelerator: Accelerator;
}

/** How a guest has ended: undefined = by itself. */
export interface Ended {
  problem?: string;
  /** What was written to the console, kernel messages included. */
  console: string;
}

const ACCELERATORS = {
  kvm: ['-accel', 'kvm', '-cpu', 'host', '-smp', '2'],
  // One core: a second one that is emulated costs a third more of this machine, and is no faster here.
  tcg: ['-accel', 'tcg', '-cpu', 'max', '-smp', '1'],
};
export type Accelerator = keyof typeof ACCELERATORS;

/** A kernel that is accelerated starts and stops in two or three seconds. */
const KVM_START_MS = 15_000;
const STARTED = 'e3272: started';

/** KVM where a guest starts with it: a /dev/kvm inside another virtual machine may be there and boot nothing. */
export async function chooseAccelerator(kernel: Kernel): Promise<Accelerator> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  const limits = { quietMs: KVM_START_MS, limitMs: KVM_START_MS };
  const script = `echo ${STARTED} >/dev/console\n`;
  const { problem, console } = await boot({ kernel, script, onTold() {}, ...limits, accelerator: 'kvm' });
  return problem === undefined && console.includes(STARTED) ? 'kvm' : 'tcg';
}

export async function boot({ kernel, script, onTold, quietMs, limitMs, accelerator }: Boot): Promise<Ended> {
  const job = mkdtempSync(join(tmpdir(), 'e3272-vm-'));
  const results = createServer();
  let qemu: ChildProcess | undefined;
  try {
    writeFileSync(join(job, 'script'), script);
    results.listen(join(job, 'results'));
    await once(results, 'listening');
    const started = spawn(
      'qemu-system-x86_64',
      [
        ['-nodefaults', '-no-reboot', '-display', 'none', '-monitor', 'none', '-machine', 'q35'],
        ACCELERATORS[accelerator],
        ['-m', '3072'],
        ['-kernel', kernel.vmlinuz, '-initrd', kernel.initrd],
        ['-append', `console=ttyS0 quiet panic=-1 e3272=${join(job, 'script')}`],
        ['-serial', 'stdio'],
        ['-device', 'virtio-serial', '-chardev', `socket,id=results,path=${join(job, 'results')}`],
        ['-device', 'virtserialport,chardev=results,name=results'],
        ['-fsdev', 'local,id=root,path=/,security_model=none,readonly=on,multidevs=remap'],
        ['-device', 'virtio-9p-pci,fsdev=root,mount_tag=host'],
      ].flat(),
      { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, PATH } },
    );
    qemu = started;
    let text = '';
    let problem: string | undefined;
    const stop = (why: string) => {
      problem ??= why;
      started.kill('SIGKILL');
    };
    const limit = setTimeout(() => stop(`The guest was not done after ${limitMs / 1000} s.`), limitMs);
    const quiet = setTimeout(() => stop(`Nothing was heard of the guest for ${quietMs / 1000} s.`), quietMs);
    started.once('error', (error) => stop(`QEMU did not start: ${error.message}`));
    for (const stream of [started.stdout, started.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        quiet.refresh();
        text += chunk.toString('latin1');
      });
    }
    results.on('connection', (socket) => {
      socket.on('error', (error) => stop(`The guest's results broke off: ${error.message}`));
      createInterface({ input: socket }).on('line', (line) => {
        quiet.refresh();
        try {
          onTold(JSON.parse(line) as Told);
        } catch (error) {
          stop(`The guest told nonsense (${String(error)}): ${line}`);
        }
      });
    });
    await once(started, 'close');
    clearTimeout(limit);
    clearTimeout(quiet);
    const console = readable(text);
    if (/Kernel panic|Oops:|BUG: |general protection fault/.test(console)) problem ??= 'The kernel has crashed.';
    return { console, ...(problem !== undefined && { problem }) };
  } finally {
    qemu?.kill('SIGKILL');
    results.close();
    rmSync(job, { recursive: true, force: true });
  }
}

/** Without the firmware's greeting, colours and carriage returns. */
function readable(console: string): string {
  return (
    console
      .replace(/^[\s\S]*Booting from ROM\.*/, '')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what a terminal is sent
      .replace(/\x1b(?:\[[0-9;?]*[A-Za-z]|c)|\r/g, '')
      .trim()
  );
}
