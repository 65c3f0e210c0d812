/** A stick whose device nodes belong to groups, as the udev rule has it on a host. */

import { chmodSync, chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BusStick, BusStickOptions } from './bus-stick';

export const [DIALOUT, PLUGDEV] = [20, 46] as const;

function give(path: string, group: number): void {
  chownSync(path, 0, group);
  chmodSync(path, 0o660);
}

/** Plugs in a fresh one. */
export async function permitted(stick: BusStick, options: BusStickOptions): Promise<void> {
  await stick.fresh(options);
  await stick.plugged();
  for (const name of readdirSync('/dev').filter((n) => n.startsWith('ttyUSB'))) give(join('/dev', name), DIALOUT);
  for (const name of readdirSync('/dev/bus/usb/001')) give(join('/dev/bus/usb/001', name), PLUGDEV);
}
