/**
 * Where the web server of a stick may be: in the network of its own interface, and nowhere else (facts/hilink.md 1.1). What is
 * sent to an address of that network leaves by that interface, as long as no other one is in the same network.
 */

import { type DriverError, failure } from '../errors';
import type { Host, UsbDevice } from '../host/host';
import { isOnLink, type LinkAddress, type NetworkLink } from '../host/network';
import type { Transport } from '../host/web';

export interface WebPlace {
  /** `http://192.168.8.1`. */
  url: string;
  /** Of the machine: the address of the stick's interface. */
  localAddress?: string;
  transport?: Transport;
  /** See {@link NetworkLink}. */
  tap?: (transport: Transport) => Transport;
}

/** Where sticks are found by default, and where operators have put them. */
const USUAL = ['192.168.8.1', '192.168.1.1', '192.168.9.1', '192.168.0.1', '192.168.100.1', '192.168.3.1'];

/**
 * The most certain place first. `given`: by hand, and then the only one. Errors: HILINK_ERROR (no interface, or one without
 * address; another interface of the machine is in the same network), STICK_AMBIGUOUS (another stick is, or has the address).
 */
export async function webPlaces(host: Host, device: UsbDevice, given?: string): Promise<WebPlace[]> {
  const stick = device.portPath;
  const links = (await host.network?.(device)) ?? [];
  const usable = links.filter(({ addresses }) => addresses.length > 0);
  if (given !== undefined) {
    const way = usable.find(({ addresses }) => addresses.some((own) => isOnLink(hostOf(given), own)));
    const [down] = links;
    // By the machine's default route somebody else's password and SMS would go to a router of the same address.
    if (down && usable.length === 0 && !/^(?:127\.|localhost$)/.test(hostOf(given))) {
      throw failure('HILINK_ERROR/no-lan-address', { stick, interface: down.name });
    }
    if (!way) {
      await requireNoOther(host, device, given);
      return [{ url: given }];
    }
    await requireOnlyOne(host, stick, way, links);
    return [placeAt(given, way, hostOf(given))];
  }
  const [first] = links;
  if (!first) throw failure('HILINK_ERROR/no-interface', { stick });
  if (usable.length === 0) throw failure('HILINK_ERROR/no-lan-address', { stick, interface: first.name });
  for (const link of usable) await requireOnlyOne(host, stick, link, links);
  return usable.flatMap((link) => addressesOf(link).map((address) => placeAt(`http://${address}`, link, address)));
}

function placeAt(url: string, { addresses, transport, tap }: NetworkLink, address: string): WebPlace {
  const heard = tap && { tap };
  if (transport) return { url, transport, ...heard };
  const own = addresses.find((one) => isOnLink(address, one));
  return { url, ...(own && { localAddress: own.address }), ...heard };
}

/** `192.168.8.1` of `http://192.168.8.1:80`; what it is no address of is found out by whoever opens it. */
const hostOf = (url: string): string => url.replace(/^[a-z]+:\/\//i, '').replace(/[:/].*$/, '');

function addressesOf({ addresses, gateways }: NetworkLink): string[] {
  const isTheirs = (address: string) =>
    addresses.some((own) => isOnLink(address, own)) && !addresses.some((own) => own.address === address);
  return [...new Set([...gateways, ...addresses.map(firstOf), ...USUAL])].filter(isTheirs);
}

/** `192.168.8.1` for `192.168.8.100`. */
const firstOf = ({ address }: LinkAddress): string => address.replace(/\d+$/, '1');

/** Binding to the machine's own address does not choose the interface: the first one in the network gets it all. */
async function requireOnlyOne(host: Host, stick: string, { name, rivals }: NetworkLink, own: readonly NetworkLink[]) {
  const others = rivals.filter((rival) => !own.some((link) => link.name === rival));
  if (others.length > 0) throw await taken(host, stick, name, others);
}

/** What lies in the network of another stick is that one's, although the network of this one cannot be seen. */
async function requireNoOther(host: Host, { portPath: stick }: UsbDevice, url: string): Promise<void> {
  const isTheirs = ({ addresses }: NetworkLink) => addresses.some((own) => isOnLink(hostOf(url), own));
  const other = await otherStick(host, stick, isTheirs);
  if (other !== undefined) throw failure('STICK_AMBIGUOUS/other-lan', { stick, other, url });
}

async function taken(host: Host, stick: string, name: string, rivals: readonly string[]): Promise<DriverError> {
  const other = await otherStick(host, stick, (link) => rivals.includes(link.name));
  return other === undefined
    ? failure('HILINK_ERROR/lan-taken', { stick, interface: name, other: rivals[0] ?? '' })
    : failure('STICK_AMBIGUOUS/same-lan', { stick, other });
}

/** Port path of the first other stick that has such an interface. */
async function otherStick(
  host: Host,
  stick: string,
  wanted: (link: NetworkLink) => boolean,
): Promise<string | undefined> {
  for (const device of await host.scan()) {
    const links = device.portPath === stick ? [] : ((await host.network?.(device)) ?? []);
    if (links.some(wanted)) return device.portPath;
  }
  return undefined;
}
