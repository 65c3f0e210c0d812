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
  /** Present where the machine's own line goes through it: its default route, the one that is in use. */
  ownLine?: true;
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
  const gatewaysOf = (name: string) =>
    routes.filter((route) => route.name === name).flatMap(({ gateway }) => gateway ?? []);
  const ownLines = inUse(routes);
  return Promise.all(
    names.map(async (name) => {
      const addresses = all.get(name) ?? [];
      const servers = await leaseServers(root, name);
      const gateways = [...new Set([...servers, ...gatewaysOf(name)])];
      const rivals = [...all].filter(([other, theirs]) => other !== name && overlap(addresses, theirs));
      const link: NetworkLink = { name, addresses, gateways, rivals: rivals.map(([other]) => other) };
      return ownLines.has(name) ? { ...link, ownLine: true } : link;
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

interface Route {
  name: string;
  /** Absent where what it leads to is on the link itself. */
  gateway?: string;
  /** Of a default route: the lower, the sooner it is taken. */
  metric?: number;
}

/** Of /proc/net/route: addresses are hex, in the order of the machine, which is little-endian. */
async function readRoutes(root: string): Promise<Route[]> {
  const text = (await readIfThere(join(root, '/proc/net/route')))?.toString('latin1') ?? '';
  return text.split('\n').slice(1).flatMap(routeOf);
}

function routeOf(line: string): Route[] {
  const [name = '', target = '', gateway = '', flags = '', , , metric = '', mask = ''] = line.trim().split(/\s+/);
  if (!/^[0-9A-F]{8}$/i.test(gateway)) return [];
  const bytes = Buffer.from(gateway, 'hex').reverse();
  // One that refuses (RTF_REJECT) leads nowhere.
  const isDefault = /^0{8}$/.test(target) && /^0{8}$/.test(mask) && (Number.parseInt(flags, 16) & REJECT) === 0;
  return [
    {
      name,
      ...(bytes.some((byte) => byte !== 0) && { gateway: bytes.join('.') }),
      ...(isDefault && { metric: Number(metric) }),
    },
  ];
}

const REJECT = 0x200;

/** The interfaces of the default route that is taken; of several where their metric is the same. */
function inUse(routes: readonly Route[]): Set<string> {
  const best = Math.min(...routes.flatMap(({ metric }) => metric ?? []));
  return new Set(routes.filter(({ metric }) => metric === best).map(({ name }) => name));
}

/** Of systemd-networkd, whose leases are there for all to read. */
async function leaseServers(root: string, name: string): Promise<string[]> {
  const index = (await readIfThere(join(root, '/sys/class/net', name, 'ifindex')))?.toString('latin1').trim();
  if (!index || !/^\d+$/.test(index)) return [];
  const lease = await readIfThere(join(root, '/run/systemd/netif/leases', index)).catch(() => undefined);
  const [, server] = /^SERVER_ADDRESS=(\d+(?:\.\d+){3})$/m.exec(lease?.toString('latin1') ?? '') ?? [];
  return server === undefined ? [] : [server];
}
