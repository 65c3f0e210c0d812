/**
 * Which host serves a stick setting: this machine, or the virtual stick of that name. Both exist once in the process,
 * whatever is deployed: jobs, ports and virtual sticks live as long as Node-RED.
 */

import type { NodeAPI } from 'node-red';
import type { Host } from '../../src/host/host';
import { processWide } from '../../src/session/process-wide';
import type { VirtualHost } from '../../src/virtual/host';
import type { StickOptions } from '../../src/virtual/options';
import type { VirtualStick } from '../../src/virtual/stick';

export interface Virtual {
  stick: VirtualStick;
  host: VirtualHost;
}

export type FreshFirmware = NonNullable<StickOptions['firmware']>;

const machine = processWide('machine', (): { host?: Promise<Host> } => ({}));
const virtuals = processWide('virtual', () => new Map<string, Virtual>());
const fresh = processWide('virtual-firmware', () => new Map<string, FreshFirmware>());

/** `virtual-1`, `virtual-2` ... are virtual sticks; every other setting means this machine. */
export const isVirtual = (which: string): boolean => /^virtual-[1-9]\d{0,3}$/.test(which);

/** Node-RED, as far as its settings go: its user folder is where state is kept. */
type Runtime = Pick<NodeAPI, 'settings'>;

/** The host that `which` means: a virtual stick's own one, else this machine. */
export async function hostFor(RED: Runtime, which: string): Promise<Host> {
  return isVirtual(which) ? (await virtualStick(which)).host : localHost(RED);
}

/** This machine, once for all: there is one Node-RED in a process. */
export function localHost(RED: Runtime): Promise<Host> {
  machine.host ??= makeLocalHost(RED.settings.userDir).catch((error: unknown) => {
    // Not for ever: the next one may find it.
    delete machine.host;
    throw error;
  });
  return machine.host;
}

async function makeLocalHost(userDir: string | undefined): Promise<Host> {
  const [{ createLocalHost }, { stateFolders }] = await Promise.all([
    import('../../src/host/local.js'),
    import('../../src/host/state-folders.js'),
  ]);
  return createLocalHost({ stateFolders: stateFolders({ userDir }) });
}

/** Says what a virtual stick that does not exist yet will have; the last word before its first use counts. */
export function declareVirtual(name: string, firmware: FreshFirmware): void {
  fresh.set(name, firmware);
}

/**
 * The virtual stick called `name`, made at its first use, not plugged in. It has a host of its own, so that `auto` never
 * means it. `options` count for a stick that is made by this call.
 */
export async function virtualStick(name: string, options: Partial<StickOptions> = {}): Promise<Virtual> {
  const [{ VirtualStick }, { VirtualHost }, { systemClock }] = await Promise.all([
    import('../../src/virtual/stick.js'),
    import('../../src/virtual/host.js'),
    import('../../src/host/clock.js'),
  ]);
  const present = virtuals.get(name);
  if (present) return present;
  const stick = new VirtualStick({
    clock: systemClock,
    firmware: fresh.get(name) ?? 'hilink',
    seed: Number(name.replace(/^\D+/, '')) || 1,
    ...options,
    name,
    // Its name is its place too: that is what users type into the stick field.
    portPath: name,
  });
  const made = { stick, host: new VirtualHost({ sticks: [stick], clock: stick.clock }) };
  virtuals.set(name, made);
  return made;
}

/** Virtual sticks that exist, by name. */
export const knownVirtuals = (): Virtual[] =>
  [...virtuals.values()].sort((a, b) => a.stick.name.localeCompare(b.stick.name, 'en', { numeric: true }));
