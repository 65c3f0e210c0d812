/**
 * The network interfaces that the system has made of a stick (cdc_ether, rndis_host): by sysfs below its USB interfaces, never
 * by name or MAC address, which sticks share (facts/hilink.md 1.1, 1.3). Nothing is sent, and no setting is changed.
 */

import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { listIfThere, readIfThere } from './files';
import type { Transport } from './web';

export interface NetworkLink {
  /** `enx0c5b8f279a64`. */
  name: string;
  /** The machine's own IPv4 addresses there: none while nobody has asked the stick for one. */
  addresses: LinkAddress[];
  /** Who gave the address, by the system's lease, and gateways of its routes; the most certain one first. */
  gateways: string[];
  /** Other interfaces in one of its networks: what is meant for this one may go out there (facts/hilink.md 1.3). */
  rivals: string[];
  /** What speaks to the stick where no network of the machine lies between. */
  transport?: Transport;
  /** Hears what is said to the stick, by whatever transport. @internal */
  tap?: (transport: Transport) => Transport;
}

export interface LinkAddress {
  /** `192.168.8.100`. */
  address: string;
  /** Bits of the network's part. */
  prefix: number;
}

/** As `networkInterfaces` of `node:os`. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;

/** Sorted by name; empty where this process can see none: the stick has none, or it is in another network namespace. */
export async function readNetwork(
  root: string,
  portPath: string,
  interfaces: () => Interfaces = networkInterfaces,
): Promise<NetworkLink[]> {
  const folder = join(root, '/sys/bus/usb/devices');
  const own = (await listIfThere(folder)).filter((name) => name.startsWith(`${portPath}:`));
  const names = (await Promise.all(own.map((name) => listIfThere(join(folder, name, 'net'))))).flat().sort();
  const all = new Map(Object.entries(interfaces()).map(([name, infos = []]) => [name, infos.flatMap(linkAddress)]));
  const routes = await readRoutes(root);
  return Promise.all(
    names.map(async (name) => {
      const addresses = all.get(name) ?? [];
      const servers = await leaseServers(root, name);
      const gateways = [...new Set([...servers, ...(routes.get(name) ?? [])])];
      const rivals = [...all].filter(([other, theirs]) => other !== name && overlap(addresses, theirs));
      return { name, addresses, gateways, rivals: rivals.map(([other]) => other) };
    }),
  );
}

/** Whether `address` is in the network of `link`: then the system sends what is for it there, and nowhere else. */
export const isOnLink = (address: string, link: LinkAddress): boolean =>
  network(address, link.prefix) === network(link.address, link.prefix);

function linkAddress({ family, address, cidr, internal }: NetworkInterfaceInfo): LinkAddress[] {
  const prefix = Number(cidr?.split('/')[1]);
  return family === 'IPv4' && !internal && Number.isInteger(prefix) ? [{ address, prefix }] : [];
}

const overlap = (ours: readonly LinkAddress[], theirs: readonly LinkAddress[]): boolean =>
  ours.some((a) => theirs.some((b) => isOnLink(a.address, a.prefix < b.prefix ? { ...b, prefix: a.prefix } : b)));

const network = (address: string, prefix: number): number =>
  Math.floor(address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) / 2 ** (32 - prefix));

/** Gateways by interface: address and gateway of /proc/net/route are hex, in the order of the machine, which is little-endian. */
async function readRoutes(root: string): Promise<Map<string, string[]>> {
  const text = (await readIfThere(join(root, '/proc/net/route')))?.toString('latin1') ?? '';
  const gateways = new Map<string, string[]>();
  for (const line of text.split('\n').slice(1)) {
    const [name = '', , gateway = ''] = line.trim().split(/\s+/);
    const bytes = gateway.match(/^[0-9A-F]{8}$/i) ? Buffer.from(gateway, 'hex').reverse() : undefined;
    if (!bytes || bytes.every((byte) => byte === 0)) continue;
    gateways.set(name, [...(gateways.get(name) ?? []), bytes.join('.')]);
  }
  return gateways;
}

/** Of systemd-networkd, whose leases are there for all to read. */
async function leaseServers(root: string, name: string): Promise<string[]> {
  const index = (await readIfThere(join(root, '/sys/class/net', name, 'ifindex')))?.toString('latin1').trim();
  if (!index || !/^\d+$/.test(index)) return [];
  const lease = await readIfThere(join(root, '/run/systemd/netif/leases', index)).catch(() => undefined);
  const [, server] = /^SERVER_ADDRESS=(\d+(?:\.\d+){3})$/m.exec(lease?.toString('latin1') ?? '') ?? [];
  return server === undefined ? [] : [server];
}
