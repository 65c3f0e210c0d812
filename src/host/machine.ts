/**
 * What of a machine decides whether sticks can be used on it: read from its files, nothing is changed and nothing written. No
 * private data: no names of hosts or users.
 */

import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { join } from 'node:path';
import { isAddon } from './addon';
import type { Broken, ContainerKind, DriverName, DriverState, Machine, NetworkManager, OtherDevice } from './facts';
import { listIfThere, readIfThere } from './files';
import { listPrograms } from './holders';
import { HUAWEI } from './host';
import { readRule } from './rule';

export interface MachineOptions {
  /** Folder that stands for `/`. */
  root: string;
  env: NodeJS.ProcessEnv;
}

/** Loads the native modules: apart from the rest, for it takes a small machine seconds. */
export async function findBroken(load: Readonly<Record<keyof Broken, () => Promise<unknown>>>): Promise<Broken> {
  const [serialport, usb] = await Promise.all([whyBroken(load.serialport), whyBroken(load.usb)]);
  return { ...(serialport !== undefined && { serialport }), ...(usb !== undefined && { usb }) };
}

export async function readMachine({ root, env }: MachineOptions): Promise<Machine> {
  const [container, drivers, newIds, managers, others] = await Promise.all([
    readContainer(root, env),
    readDrivers(root),
    readNewIds(root),
    readManagers(root),
    readOthers(root),
  ]);
  const rule = container === undefined ? await readRule(root) : undefined;
  return {
    system: process.platform,
    kernel: release(),
    node: process.versions.node,
    ...(container && { container }),
    bus: (await listIfThere(join(root, '/sys/bus/usb'))).length > 0,
    drivers,
    newIds,
    ...(rule && { rule }),
    managers,
    others,
  };
}

const text = async (path: string): Promise<string> =>
  (await readIfThere(path).catch(() => undefined))?.toString('latin1').trim() ?? '';

/** facts/fleet.md 4 on the add-on; Docker and Podman leave their files, systemd and LXC their word. */
async function readContainer(root: string, env: NodeJS.ProcessEnv): Promise<ContainerKind | undefined> {
  if (isAddon(env)) return 'addon';
  const top = await listIfThere(join(root, '/'));
  if (top.includes('.dockerenv')) return 'docker';
  if ((await listIfThere(join(root, '/run'))).includes('.containerenv')) return 'podman';
  const said = `${env['container'] ?? ''} ${await text(join(root, '/run/systemd/container'))}`;
  const groups = await text(join(root, '/proc/1/cgroup'));
  const found = /\b(docker|podman|lxc)\b/.exec(`${said} ${groups}`)?.[1] as ContainerKind | undefined;
  if (found) return found;
  return said.trim() !== '' || /kubepods|containerd|machine\.slice/.test(groups) ? 'container' : undefined;
}

async function readDrivers(root: string): Promise<Machine['drivers']> {
  const there = await listIfThere(join(root, '/sys/bus/usb/drivers'));
  const folder = join(root, '/lib/modules', release());
  const [modules, builtin] = await Promise.all([
    text(join(folder, 'modules.dep')),
    text(join(folder, 'modules.builtin')),
  ]);
  const stateOf = (name: DriverName): DriverState => {
    if (there.includes(name)) return 'there';
    if (modules === '') return 'unknown';
    // The file of a module has either of the two where its name has one.
    return new RegExp(`/${name.replace(/[-_]/, '[-_]')}\\.ko`).test(`${modules}\n${builtin}`) ? 'loadable' : 'absent';
  };
  return { option: stateOf('option'), cdc_ether: stateOf('cdc_ether'), 'usb-storage': stateOf('usb-storage') };
}

/** A driver of usb-serial is on two buses; the list is that of its USB half, and of some kernels that of the other. */
async function readNewIds(root: string): Promise<string[]> {
  const lists = await Promise.all(
    ['usb/drivers/option', 'usb-serial/drivers/option1'].map((name) => text(join(root, '/sys/bus', name, 'new_id'))),
  );
  const lines = lists.join('\n').split('\n');
  return [...new Set(lines.map((line) => line.trim()).filter((line) => line !== ''))];
}

async function whyBroken(load: () => Promise<unknown>): Promise<string | undefined> {
  try {
    await load();
    return undefined;
  } catch (error) {
    // What follows the first line is a list of all places that were looked at.
    return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
  }
}

/** The kernel's short names have 15 characters. */
const MANAGERS: Readonly<Record<string, NetworkManager>> = {
  NetworkManager: 'NetworkManager',
  'systemd-network': 'systemd-networkd',
  dhcpcd: 'dhcpcd',
};

async function readManagers(root: string): Promise<NetworkManager[]> {
  const found = (await listPrograms(root)).flatMap(({ name }) => MANAGERS[name] ?? []);
  return [...new Set(found)].sort();
}

const HUB_CLASS = 9;

async function readOthers(root: string): Promise<OtherDevice[]> {
  const folder = join(root, '/sys/bus/usb/devices');
  const names = (await listIfThere(folder)).filter((name) => /^\d+-\d+(?:\.\d+)*$/.test(name));
  const found = await Promise.all(
    names.map(async (portPath) => {
      const hex = async (file: string) =>
        Number.parseInt(await readFile(join(folder, portPath, file), 'latin1').catch(() => ''), 16);
      const [vendorId, productId, cls] = [await hex('idVendor'), await hex('idProduct'), await hex('bDeviceClass')];
      const isOther = !Number.isNaN(vendorId + productId) && vendorId !== HUAWEI && cls !== HUB_CLASS;
      return isOther ? [{ portPath, vendorId, productId }] : [];
    }),
  );
  return found.flat().sort((a, b) => a.portPath.localeCompare(b.portPath, 'en', { numeric: true }));
}
