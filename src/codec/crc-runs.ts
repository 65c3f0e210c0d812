/**
 * CRC-16/X-25 of very many pieces of the same bytes, each in a few steps. All rests on this: the register of a piece that
 * was begun with 0 is the sum (XOR) of what each of its bytes leaves in it, and so is what the first register leaves.
 */

import { X25_INIT, x25Update } from './crc';

/** What a byte leaves in a register of 0. */
const OF_BYTE = Uint16Array.from({ length: 256 }, (_, byte) => x25Update(0, Uint8Array.of(byte)));

const BITS = 16;

/** The register of `register` some zero bytes later; `later[k]` is what bit k has become by then. */
function after(later: Uint16Array, register: number): number {
  let sum = 0;
  for (let bit = 0, rest = register; rest !== 0; bit++, rest >>>= 1) if (rest & 1) sum ^= later[bit] as number;
  return sum;
}

/** The sums of `data[i, i + width)` for each i that has room; `width` is at least 1. */
export function windowSums(data: Uint8Array, width: number): Uint16Array {
  if (data.length < width) return new Uint16Array(0);
  const sums = new Uint16Array(data.length - width + 1);
  const zeros = new Uint8Array(width);
  const later = Uint16Array.from({ length: BITS }, (_, bit) => x25Update(1 << bit, zeros));
  // What a byte has left that is `width` bytes back.
  const gone = OF_BYTE.map((register) => after(later, register));
  const constant = after(later, X25_INIT) ^ 0xffff;
  let register = x25Update(0, data, 0, width);
  sums[0] = register ^ constant;
  for (let i = 1; i < sums.length; i++) {
    const next = data[i + width - 1] as number;
    register =
      (register >>> 8) ^ (OF_BYTE[(register ^ next) & 0xff] as number) ^ (gone[data[i - 1] as number] as number);
    sums[i] = register ^ constant;
  }
  return sums;
}

/** The sums of the last n bytes of `data`, for n from 0 to all of them. */
export function suffixSums(data: Uint8Array): Uint16Array {
  const sums = new Uint16Array(data.length + 1);
  const later = Uint16Array.from({ length: BITS }, (_, bit) => 1 << bit);
  let register = 0;
  for (let n = 0; ; n++) {
    sums[n] = register ^ after(later, X25_INIT) ^ 0xffff;
    if (n === data.length) return sums;
    register ^= after(later, OF_BYTE[data[data.length - 1 - n] as number] as number);
    for (let bit = 0; bit < BITS; bit++) {
      const old = later[bit] as number;
      later[bit] = (old >>> 8) ^ (OF_BYTE[old & 0xff] as number);
    }
  }
}
