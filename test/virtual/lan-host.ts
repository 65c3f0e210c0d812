/** The host's end of a stick's network cable, for tests: written from the RFCs, it shares no line with the stick's end. */

const MAC = Buffer.from('0c5b8f279a64', 'hex');
const EVERYBODY = Buffer.alloc(6, 0xff);
export const STICK = '192.168.8.1';
export const HOST = '192.168.8.100';

const ip = (address: string) => Buffer.from(address.split('.').map(Number));
const u16 = (n: number) => Buffer.of((n >> 8) & 0xff, n & 0xff);
const u32 = (n: number) => Buffer.concat([u16(n >>> 16), u16(n & 0xffff)]);

export function sum(bytes: Buffer): number {
  let total = 0;
  for (const [at, byte] of bytes.entries()) total += at % 2 === 0 ? byte << 8 : byte;
  while (total > 0xffff) total = (total % 0x10000) + Math.floor(total / 0x10000);
  return 0xffff - total;
}

const frame = (to: Buffer, type: number, body: Buffer) => Buffer.concat([to, MAC, u16(type), body]);

function packet(protocol: number, from: string, to: string, body: Buffer, damage = 0, fragment = 0): Buffer {
  const head = (check: number) =>
    Buffer.concat([
      Buffer.of(0x45, 0),
      u16(20 + body.length),
      u32(fragment),
      Buffer.of(64, protocol),
      u16(check),
      ip(from),
      ip(to),
    ]);
  return frame(EVERYBODY, 0x0800, Buffer.concat([head(sum(head(0)) ^ damage), body, Buffer.alloc(3)]));
}

const pseudo = (protocol: number, from: string, to: string, length: number) =>
  Buffer.concat([ip(from), ip(to), Buffer.of(0, protocol), u16(length)]);

export const arpFor = (address: string): Buffer =>
  frame(
    EVERYBODY,
    0x0806,
    Buffer.concat([Buffer.from('0001080006040001', 'hex'), MAC, ip(HOST), Buffer.alloc(6), ip(address)]),
  );

export const ping = (damage = 0, fragment = 0): Buffer => {
  const text = Buffer.from('08000000000100017069', 'hex');
  text.writeUInt16BE(sum(text), 2);
  return packet(1, HOST, STICK, text, damage, fragment);
};

/** A DHCP message of this type, with options as hex. */
export function dhcp(type: number, options = '', from = '0.0.0.0'): Buffer {
  const head = Buffer.alloc(240);
  head.set([1, 1, 6, 0, 0xca, 0xfe, 0xba, 0xbe]);
  head.set(from === '0.0.0.0' ? [] : ip(from), 12);
  MAC.copy(head, 28);
  head.set([0x63, 0x82, 0x53, 0x63], 236);
  const body = Buffer.concat([head, Buffer.of(53, 1, type), Buffer.from(`${options}ff`, 'hex')]);
  const udp = Buffer.concat([u16(68), u16(67), u16(8 + body.length), u16(0), body]);
  return packet(17, from, '255.255.255.255', udp);
}

/** What a DHCP answer says: type, address, and its options as hex. */
export function readDhcp(bytes: Buffer): { type: number; address: string; options: Record<number, string> } {
  const message = bytes.subarray(14 + 20 + 8);
  const options: Record<number, string> = {};
  for (let at = 240; message[at] !== 0xff; at += 2 + message.readUInt8(at + 1)) {
    options[message.readUInt8(at)] = message.toString('hex', at + 2, at + 2 + message.readUInt8(at + 1));
  }
  return { type: Number(`0x${options[53]}`), address: [...message.subarray(16, 20)].join('.'), options };
}

export const FIN = 1;
export const SYN = 2;
export const RST = 4;
export const PSH = 8;
export const ACK = 16;

export interface Seen {
  flags: number;
  seq: number;
  ack: number;
  text: string;
}

export function tcp(what: {
  from?: number;
  port?: number;
  damage?: number;
  flags: number;
  seq: number;
  ack?: number;
  text?: string;
  window?: number;
}): Buffer {
  const { from = 40_000, port = 80, damage = 0, flags, seq, ack = 0, text = '', window = 8192 } = what;
  const body = Buffer.from(text, 'latin1');
  const head = (check: number) =>
    Buffer.concat([u16(from), u16(port), u32(seq), u32(ack), Buffer.of(0x50, flags), u16(window), u16(check), u16(0)]);
  const check = sum(Buffer.concat([pseudo(6, HOST, STICK, 20 + body.length), head(0), body]));
  return packet(6, HOST, STICK, Buffer.concat([head(check ^ damage), body]));
}

/** A segment of the stick; throws where a sum is wrong. */
export function readTcp(bytes: Buffer): Seen {
  const head = bytes.subarray(14, 34);
  const body = bytes.subarray(34, 14 + head.readUInt16BE(2));
  if (head.readUInt8(9) !== 6) throw new Error(`no TCP: ${bytes.toString('hex')}`);
  if (sum(head) !== 0 || sum(Buffer.concat([pseudo(6, STICK, HOST, body.length), body])) !== 0)
    throw new Error('a wrong sum');
  const offset = (body.readUInt8(12) >> 4) * 4;
  return {
    flags: body.readUInt8(13),
    seq: body.readUInt32BE(4),
    ack: body.readUInt32BE(8),
    text: body.toString('latin1', offset),
  };
}
