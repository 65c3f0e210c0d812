/** Ethernet, ARP, IPv4, UDP and TCP as far as the network of a stick in HiLink mode speaks them. Numbers are big-endian. */

/** Of the host's side of the cable: the same on all sticks of a batch (facts/hilink.md 1.3). */
export const HOST_MAC = Buffer.from('0c5b8f279a64', 'hex');
/** Of the stick itself: made up, nobody needs to know it beforehand. */
export const STICK_MAC = Buffer.from('0a5b8f279a64', 'hex');

export const ETHERNET_HEAD = 14;
export const ARP = 0x0806;
export const IPV4 = 0x0800;
export const ICMP = 1;
export const TCP = 6;
export const UDP = 17;

/** Octets of a segment that fit into a frame of 1514. */
export const SEGMENT = 1460;

export type Address = string;

export interface Packet {
  /** MAC address of the sender. */
  mac: Buffer;
  protocol: number;
  from: Address;
  to: Address;
  body: Buffer;
}

export interface Datagram {
  fromPort: number;
  toPort: number;
  body: Buffer;
}

export interface Segment {
  fromPort: number;
  toPort: number;
  seq: number;
  ack: number;
  syn?: boolean;
  fin?: boolean;
  rst?: boolean;
  /** `ack` says something. */
  acks?: boolean;
  window: number;
  body: Buffer;
}

export const bytesOf = (address: Address): Buffer => Buffer.from(address.split('.').map(Number));
const addressAt = (bytes: Buffer, at: number): Address => [...bytes.subarray(at, at + 4)].join('.');

/** The sum of RFC 1071: 0 over what holds its own. */
export function checksum(...parts: readonly Buffer[]): number {
  const bytes = Buffer.concat(parts);
  let sum = bytes.length % 2 === 1 ? (bytes.at(-1) ?? 0) << 8 : 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum += bytes.readUInt16BE(at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

/** What goes before UDP and TCP in their sums. */
function pseudo(from: Address, to: Address, protocol: number, length: number): Buffer {
  return Buffer.concat([bytesOf(from), bytesOf(to), Buffer.of(0, protocol, length >> 8, length & 0xff)]);
}

/** undefined: no whole IPv4 packet, or a fragment of one. */
export function readPacket(frame: Buffer): Packet | undefined {
  if (frame.length < ETHERNET_HEAD + 20 || frame.readUInt16BE(12) !== IPV4) return undefined;
  const ip = frame.subarray(ETHERNET_HEAD);
  const head = (ip.readUInt8(0) & 0x0f) * 4;
  const length = ip.readUInt16BE(2);
  if (ip.readUInt8(0) >> 4 !== 4 || head < 20 || length < head || length > ip.length) return undefined;
  if ((ip.readUInt16BE(6) & 0x3fff) !== 0 || checksum(ip.subarray(0, head)) !== 0) return undefined;
  return {
    mac: Buffer.from(frame.subarray(6, 12)),
    protocol: ip.readUInt8(9),
    from: addressAt(ip, 12),
    to: addressAt(ip, 16),
    // A frame may be longer than its packet: the host pads.
    body: ip.subarray(head, length),
  };
}

export function ethernet(to: Buffer, type: number, body: Buffer): Buffer {
  return Buffer.concat([to, STICK_MAC, Buffer.of(type >> 8, type & 0xff), body]);
}

/** The frame with a packet for the host; `mac` is where it goes. */
export function packetFrame({ mac, protocol, from, to, body }: Packet): Buffer {
  const head = Buffer.alloc(20);
  head.set([0x45]);
  head.writeUInt16BE(20 + body.length, 2);
  head.set([0x40, 0, 64, protocol], 6);
  head.set(bytesOf(from), 12);
  head.set(bytesOf(to), 16);
  head.writeUInt16BE(checksum(head), 10);
  return ethernet(mac, IPV4, Buffer.concat([head, body]));
}

/** The answer to a question for `own`; undefined = it is for somebody else. */
export function arpAnswer(frame: Buffer, own: Address): Buffer | undefined {
  if (frame.length < ETHERNET_HEAD + 28 || frame.readUInt16BE(12) !== ARP) return undefined;
  const arp = frame.subarray(ETHERNET_HEAD);
  if (arp.toString('hex', 0, 8) !== '0001080006040001' || addressAt(arp, 24) !== own) return undefined;
  const asker = arp.subarray(8, 18);
  const head = Buffer.from('0001080006040002', 'hex');
  return ethernet(arp.subarray(8, 14), ARP, Buffer.concat([head, STICK_MAC, bytesOf(own), asker]));
}

/** The answer to a ping; undefined = it is none. */
export function echoAnswer(body: Buffer): Buffer | undefined {
  if (body.length < 8 || body.readUInt8(0) !== 8) return undefined;
  const out = Buffer.from(body);
  out.writeUInt8(0, 0);
  out.writeUInt16BE(0, 2);
  out.writeUInt16BE(checksum(out), 2);
  return out;
}

export function readDatagram(body: Buffer): Datagram | undefined {
  if (body.length < 8) return undefined;
  return { fromPort: body.readUInt16BE(0), toPort: body.readUInt16BE(2), body: body.subarray(8) };
}

export function datagram({ fromPort, toPort, body }: Datagram, from: Address, to: Address): Buffer {
  const out = Buffer.concat([Buffer.alloc(8), body]);
  out.writeUInt16BE(fromPort, 0);
  out.writeUInt16BE(toPort, 2);
  out.writeUInt16BE(out.length, 4);
  out.writeUInt16BE(checksum(pseudo(from, to, UDP, out.length), out) || 0xffff, 6);
  return out;
}

/** undefined: no TCP, or damaged. */
export function readSegment({ body, from, to }: Packet): Segment | undefined {
  if (body.length < 20 || checksum(pseudo(from, to, TCP, body.length), body) !== 0) return undefined;
  const head = (body.readUInt8(12) >> 4) * 4;
  if (head < 20 || head > body.length) return undefined;
  const flags = body.readUInt8(13);
  return {
    fromPort: body.readUInt16BE(0),
    toPort: body.readUInt16BE(2),
    seq: body.readUInt32BE(4),
    ack: body.readUInt32BE(8),
    fin: (flags & 1) !== 0,
    syn: (flags & 2) !== 0,
    rst: (flags & 4) !== 0,
    acks: (flags & 16) !== 0,
    window: body.readUInt16BE(14),
    body: body.subarray(head),
  };
}

/** With the SYN goes how long a segment may be; there are no other options, so windows are not scaled. */
export function segment(what: Segment, from: Address, to: Address): Buffer {
  const options = what.syn ? Buffer.of(2, 4, SEGMENT >> 8, SEGMENT & 0xff) : Buffer.alloc(0);
  const out = Buffer.concat([Buffer.alloc(20), options, what.body]);
  out.writeUInt16BE(what.fromPort, 0);
  out.writeUInt16BE(what.toPort, 2);
  out.writeUInt32BE(what.seq, 4);
  out.writeUInt32BE(what.ack, 8);
  const push = what.body.length > 0;
  const flags = [what.fin, what.syn, what.rst, push, what.acks].reduce((sum, on, bit) => sum + (on ? 1 << bit : 0), 0);
  out.set([(20 + options.length) << 2, flags], 12);
  out.writeUInt16BE(what.window, 14);
  out.writeUInt16BE(checksum(pseudo(from, to, TCP, out.length), out), 16);
  return out;
}
