/** What may cut a stick off in the middle of a write: autosuspend, a hub without a supply, a machine that goes to sleep. */

import { spawn } from 'node:child_process';
import { access, constants, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TIMEOUTS } from '../timeouts';
import type { Clock, Power } from './host';

const FOLDER = '/sys/bus/usb/devices';
/** bmAttributes of a configuration: the device has a supply of its own. */
const SELF_POWERED = 0x40;

/** From sysfs; see {@link import('./host').Host.power}. */
export async function readPower(root: string, portPath: string, change: boolean): Promise<Power> {
  const [autosuspend, hub] = await Promise.all([
    readAutosuspend(join(root, FOLDER, portPath, 'power/control'), change),
    readHubs(root, portPath),
  ]);
  return { autosuspend, hub };
}

async function readAutosuspend(file: string, change: boolean): Promise<Power['autosuspend']> {
  try {
    if ((await readFile(file, 'latin1')).trim() === 'on') return 'off';
    if (!change) return 'allowed';
  } catch {
    return 'unknown';
  }
  try {
    await writeFile(file, 'on');
    return (await readFile(file, 'latin1')).trim() === 'on' ? 'off' : 'allowed';
  } catch {
    // Only root may turn it off, or whom the udev rule lets.
    return 'allowed';
  }
}

/** Port paths name the way: `1-1.4.2` hangs on the hub `1-1.4`, which hangs on `1-1`, which is a port of the machine. */
async function readHubs(root: string, portPath: string): Promise<Power['hub']> {
  if (!/^\d+-\d+(\.\d+)*$/.test(portPath)) return 'unknown';
  const steps = portPath.split('.');
  if (steps.length === 1) return 'none';
  let known = true;
  for (let length = steps.length - 1; length > 0; length--) {
    const file = join(root, FOLDER, steps.slice(0, length).join('.'), 'bmAttributes');
    const attributes = Number.parseInt(await readFile(file, 'latin1').catch(() => ''), 16);
    if (Number.isNaN(attributes)) known = false;
    else if (!(attributes & SELF_POWERED)) return 'unpowered';
  }
  return known ? 'powered' : 'unknown';
}

/** Ends an inhibitor; undefined = there is none. */
type End = (() => void) | undefined;

interface Inhibitor {
  users: number;
  held: Promise<End>;
}

/** Those that can be joined, by the path that the program is looked for in. */
const inhibitors = new Map<string, Inhibitor>();

/**
 * Asks systemd to keep the machine awake. The lock lives as long as a child that reads from this process: it goes even
 * when this process is killed. All who ask for it at the same time share one child. Undefined where there is no systemd,
 * or it does not answer at once.
 */
export async function inhibitSleep(clock: Clock, why: string, path = process.env['PATH'] ?? ''): Promise<End> {
  const inhibitor = inhibitors.get(path) ?? startInhibitor(clock, why, path);
  inhibitor.users++;
  const end = await inhibitor.held;
  let left = false;
  const leave = () => {
    if (left) return;
    left = true;
    if (--inhibitor.users > 0) return;
    forget(path, inhibitor);
    end?.();
  };
  if (end) return leave;
  leave();
  return undefined;
}

function startInhibitor(clock: Clock, why: string, path: string): Inhibitor {
  const inhibitor: Inhibitor = { users: 0, held: findAndInhibit(clock, why, path, () => forget(path, inhibitor)) };
  inhibitors.set(path, inhibitor);
  return inhibitor;
}

/** Whoever asks from now on starts another one. */
function forget(path: string, inhibitor: Inhibitor): void {
  if (inhibitors.get(path) === inhibitor) inhibitors.delete(path);
}

async function findAndInhibit(clock: Clock, why: string, path: string, onExit: () => void): Promise<End> {
  // Looked for first: starting a process stops this one for as long as it takes to copy it.
  const folders = path.split(':').filter((folder) => folder !== '');
  const found = await Promise.all(folders.map((folder) => isProgram(join(folder, PROGRAM))));
  return found.includes(true) ? inhibit(clock, why, path, onExit) : undefined;
}

const PROGRAM = 'systemd-inhibit';

const isProgram = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

function inhibit(clock: Clock, why: string, path: string, onExit: () => void): Promise<End> {
  return new Promise((resolve) => {
    const args = ['--what=sleep:idle', '--who=e3272', `--why=${why}`, '--mode=block', 'sh', '-c', 'echo held; cat'];
    let child: ReturnType<typeof spawn>;
    try {
      child = spawn(PROGRAM, args, { stdio: ['pipe', 'pipe', 'ignore'], env: { ...process.env, PATH: path } });
    } catch {
      resolve(undefined);
      return;
    }
    // Without descriptors left there are no pipes, and an error follows.
    const pipes = [child.stdin, child.stdout];
    const end = () => {
      timer.cancel();
      for (const pipe of pipes) pipe?.destroy();
    };
    const timer = clock.after(TIMEOUTS.power.inhibit, () => {
      child.kill();
      end();
      resolve(undefined);
    });
    child.on('error', () => {
      end();
      resolve(undefined);
    });
    child.on('exit', () => {
      onExit();
      end();
      resolve(undefined);
    });
    for (const pipe of pipes) pipe?.on('error', () => undefined);
    child.stdout?.once('data', () => {
      timer.cancel();
      resolve(end);
    });
  });
}
