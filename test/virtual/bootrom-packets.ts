/** Boot ROM packets, made from the protocol's description. */

import { crcXmodem } from '../../src/codec/crc';

function closed(bytes: Uint8Array): Buffer {
  const crc = crcXmodem(bytes);
  return Buffer.concat([bytes, Uint8Array.of(crc >> 8, crc & 0xff)]);
}

export function head(mode: number, size: number, address: number): Buffer {
  const out = Buffer.from([0xfe, 0, 0xff, mode, 0, 0, 0, 0, 0, 0, 0, 0]);
  out.writeUInt32BE(size, 4);
  out.writeUInt32BE(address, 8);
  return closed(out);
}

export const data = (n: number, payload: Uint8Array): Buffer =>
  closed(Buffer.concat([Uint8Array.of(0xda, n & 0xff, ~n & 0xff), payload]));

export const end = (n: number): Buffer => closed(Uint8Array.of(0xed, n & 0xff, ~n & 0xff));

/** Every packet of one component. */
export function component(mode: number, bytes: Uint8Array, address = 0x30004000): Buffer[] {
  const out = [head(mode, bytes.length, address)];
  let n = 1;
  for (let at = 0; at < bytes.length; at += 1024) out.push(data(n++, bytes.subarray(at, at + 1024)));
  out.push(end(n));
  return out;
}
