/** The stick's DHCP server (RFC 2131) for the one host on its cable, which always gets the same address. */

import { type Address, bytesOf } from './frames';

export const SERVER_PORT = 67;
export const CLIENT_PORT = 68;

/** The stick's own network. */
export interface LanSettings {
  /** Of the stick: gateway, name server and DHCP server in one. */
  address: Address;
  mask: Address;
  /** First and last address for hosts. */
  pool: readonly [first: Address, last: Address];
}

/** Seconds (facts/hilink.md 1.1). */
export const LEASE = 86_400;

const COOKIE = 0x63825363;
const HEAD = 240;
const OPTION = { mask: 1, router: 3, dns: 6, requested: 50, lease: 51, type: 53, server: 54, end: 255 } as const;
const DISCOVER = 1;
const OFFER = 2;
const REQUEST = 3;
const ACK = 5;
const NAK = 6;

export interface DhcpAnswer {
  message: Buffer;
  /** What the host has from now on. */
  leased?: Address;
}

/** undefined: nothing is answered to this. */
export function dhcpAnswer(message: Buffer, lan: LanSettings): DhcpAnswer | undefined {
  if (message.length < HEAD || message.readUInt8(0) !== 1 || message.readUInt32BE(236) !== COOKIE) return undefined;
  const options = readOptions(message.subarray(HEAD));
  const [offered] = lan.pool;
  const type = options.get(OPTION.type)?.[0];
  if (type === DISCOVER) return { message: reply(message, OFFER, lan) };
  if (type !== REQUEST) return undefined;
  const server = options.get(OPTION.server);
  if (server && !server.equals(bytesOf(lan.address))) return undefined;
  // What it has already, where it only wants to keep it.
  const wanted = options.get(OPTION.requested) ?? message.subarray(12, 16);
  if (!wanted.equals(bytesOf(offered))) return { message: reply(message, NAK, lan) };
  return { message: reply(message, ACK, lan), leased: offered };
}

function readOptions(bytes: Buffer): Map<number, Buffer> {
  const options = new Map<number, Buffer>();
  for (let at = 0; at + 1 < bytes.length && bytes[at] !== OPTION.end; ) {
    const length = bytes[at] === 0 ? -1 : (bytes[at + 1] ?? 0);
    if (length >= 0) options.set(bytes[at] ?? 0, bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return options;
}

function reply(request: Buffer, type: number, { address, mask, pool: [offered] }: LanSettings): Buffer {
  const head = Buffer.alloc(HEAD);
  head.set([2, 1, 6]);
  request.copy(head, 4, 4, 8);
  request.copy(head, 10, 10, 12);
  if (type !== NAK) head.set(bytesOf(offered), 16);
  request.copy(head, 28, 28, 44);
  head.writeUInt32BE(COOKIE, 236);
  const own = bytesOf(address);
  const option = (code: number, value: Buffer) => Buffer.concat([Buffer.of(code, value.length), value]);
  const lease = Buffer.alloc(4);
  lease.writeUInt32BE(LEASE);
  const given =
    type === NAK
      ? []
      : [
          option(OPTION.lease, lease),
          option(OPTION.mask, bytesOf(mask)),
          option(OPTION.router, own),
          option(OPTION.dns, own),
        ];
  const options = [option(OPTION.type, Buffer.of(type)), option(OPTION.server, own), ...given, Buffer.of(OPTION.end)];
  return Buffer.concat([head, ...options]);
}
