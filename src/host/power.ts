/** What may cut a stick off in the middle of a write: autosuspend, a hub without a supply, a machine that goes to sleep. */

import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
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

/**
 * Asks systemd to keep the machine awake. The lock lives as long as a child that reads from this process: it goes even
 * when this process is killed. Undefined where there is no systemd, or it does not answer at once.
 */
export function inhibitSleep(clock: Clock, why: string, path?: string): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const args = ['--what=sleep:idle', '--who=e3272', `--why=${why}`, '--mode=block', 'sh', '-c', 'echo held; cat'];
    const child = spawn('systemd-inhibit', args, {
      stdio: ['pipe', 'pipe', 'ignore'],
      ...(path !== undefined && { env: { ...process.env, PATH: path } }),
    });
    const end = () => {
      timer.cancel();
      child.stdin.destroy();
      child.stdout.destroy();
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
      end();
      resolve(undefined);
    });
    for (const stream of [child.stdin, child.stdout]) stream.on('error', () => undefined);
    child.stdout.once('data', () => {
      timer.cancel();
      resolve(end);
    });
  });
}
