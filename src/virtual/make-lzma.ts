/**
 * A small LZMA-alone encoder for made-up firmware: greedy, one candidate per position, default properties (lc 3, lp 0,
 * pb 2). Compresses worse than xz, but any LZMA decoder reads it. Written from the public description of the format.
 */

const DICTIONARY = 1 << 20;
const HASH_BITS = 15;
const MIN_MATCH = 4;
const MAX_MATCH = 273;
const PB_MASK = 3;

class RangeEncoder {
  readonly #out: number[] = [];
  readonly #chunks: Buffer[] = [];
  #low = 0;
  #range = 0xffffffff;
  #cache = 0;
  #pending = 1;

  bit(probabilities: Uint16Array, index: number, bit: number): void {
    const probability = probabilities[index] as number;
    const bound = (this.#range >>> 11) * probability;
    if (bit === 0) {
      this.#range = bound;
      probabilities[index] = probability + ((2048 - probability) >> 5);
    } else {
      this.#low += bound;
      this.#range -= bound;
      probabilities[index] = probability - (probability >> 5);
    }
    while (this.#range < 0x1000000) {
      this.#range = (this.#range * 256) % 0x100000000;
      this.#shift();
    }
  }

  tree(probabilities: Uint16Array, base: number, bits: number, value: number): void {
    let node = 1;
    for (let i = bits - 1; i >= 0; i--) {
      const bit = (value >>> i) & 1;
      this.bit(probabilities, base + node, bit);
      node = (node << 1) | bit;
    }
  }

  reverseTree(probabilities: Uint16Array, base: number, bits: number, value: number): void {
    let node = 1;
    for (let i = 0; i < bits; i++) {
      const bit = (value >>> i) & 1;
      this.bit(probabilities, base + node, bit);
      node = (node << 1) | bit;
    }
  }

  direct(bits: number, value: number): void {
    for (let i = bits - 1; i >= 0; i--) {
      this.#range = Math.floor(this.#range / 2);
      if ((value >>> i) & 1) this.#low += this.#range;
      while (this.#range < 0x1000000) {
        this.#range = (this.#range * 256) % 0x100000000;
        this.#shift();
      }
    }
  }

  finish(): Buffer {
    for (let i = 0; i < 5; i++) this.#shift();
    this.#chunks.push(Buffer.from(this.#out));
    return Buffer.concat(this.#chunks);
  }

  /** Gives out the top byte once no carry can change it any more. */
  #shift(): void {
    if (this.#low < 0xff000000 || this.#low >= 0x100000000) {
      const carry = this.#low >= 0x100000000 ? 1 : 0;
      let byte = this.#cache;
      do {
        this.#out.push((byte + carry) & 0xff);
        byte = 0xff;
      } while (--this.#pending > 0);
      this.#cache = Math.floor(this.#low / 0x1000000) & 0xff;
      if (this.#out.length > 0xffff) this.#chunks.push(Buffer.from(this.#out.splice(0)));
    }
    this.#pending++;
    this.#low = (this.#low % 0x1000000) * 256;
  }
}

interface Lengths {
  choice: Uint16Array;
  low: Uint16Array;
  mid: Uint16Array;
  high: Uint16Array;
}

const half = (n: number) => new Uint16Array(n).fill(1024);
const lengths = (): Lengths => ({ choice: half(2), low: half(4 * 8), mid: half(4 * 8), high: half(256) });

/** `endMarker`: the header says "size unknown" and a marker ends the stream; else the header gives the size. */
export function compressLzma(data: Uint8Array, endMarker = false): Buffer {
  const header = Buffer.alloc(13, 0xff);
  header[0] = 0x5d;
  header.writeUInt32LE(DICTIONARY, 1);
  if (!endMarker) header.writeBigUInt64LE(BigInt(data.length), 5);
  return Buffer.concat([header, encode(data, endMarker)]);
}

function encode(data: Uint8Array, endMarker: boolean): Buffer {
  const coder = new RangeEncoder();
  const isMatch = half(12 * 4);
  const isRep = half(12);
  const isRepG0 = half(12);
  const isRep0Long = half(12 * 4);
  const slots = half(4 * 64);
  const special = half(128);
  const align = half(16);
  const literals = half(0x300 * 8);
  const matchLengths = lengths();
  const repLengths = lengths();
  const heads = new Int32Array(1 << HASH_BITS).fill(-1);
  let state = 0;
  let rep0 = 0;

  const putLength = (set: Lengths, length: number, posState: number) => {
    coder.bit(set.choice, 0, length < 10 ? 0 : 1);
    if (length < 10) return coder.tree(set.low, posState * 8, 3, length - 2);
    coder.bit(set.choice, 1, length < 18 ? 0 : 1);
    if (length < 18) return coder.tree(set.mid, posState * 8, 3, length - 10);
    coder.tree(set.high, 0, 8, length - 18);
  };
  const putDistance = (distance: number, length: number) => {
    const top = distance < 4 ? 0 : 31 - Math.clz32(distance);
    const slot = distance < 4 ? distance : 2 * top + ((distance >>> (top - 1)) & 1);
    coder.tree(slots, Math.min(length - 2, 3) * 64, 6, slot);
    if (slot < 4) return;
    const bits = top - 1;
    const base = ((2 | (slot & 1)) << bits) >>> 0;
    if (slot < 14) return coder.reverseTree(special, base - slot, bits, distance - base);
    coder.direct(bits - 4, (distance - base) >>> 4);
    coder.reverseTree(align, 0, 4, distance & 15);
  };
  const putLiteral = (at: number) => {
    const previous = at > 0 ? (data[at - 1] as number) : 0;
    const base = 0x300 * (previous >> 5);
    const byte = data[at] as number;
    let node = 1;
    let matched = state >= 7;
    const match = matched ? (data[at - rep0 - 1] as number) : 0;
    for (let i = 7; i >= 0; i--) {
      const bit = (byte >> i) & 1;
      const matchBit = (match >> i) & 1;
      coder.bit(literals, base + (matched ? (1 + matchBit) << 8 : 0) + node, bit);
      if (matchBit !== bit) matched = false;
      node = (node << 1) | bit;
    }
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  };

  let at = 0;
  while (at < data.length) {
    const posState = at & PB_MASK;
    const { length, distance } = findMatch(data, heads, at, rep0);
    coder.bit(isMatch, state * 4 + posState, length > 0 ? 1 : 0);
    if (length === 0) {
      putLiteral(at++);
      continue;
    }
    const repeated = distance === rep0 && at > 0;
    coder.bit(isRep, state, repeated ? 1 : 0);
    if (repeated) {
      coder.bit(isRepG0, state, 0);
      coder.bit(isRep0Long, state * 4 + posState, 1);
      putLength(repLengths, length, posState);
      state = state < 7 ? 8 : 11;
    } else {
      putLength(matchLengths, length, posState);
      putDistance(distance, length);
      rep0 = distance;
      state = state < 7 ? 7 : 10;
    }
    at += length;
  }
  if (endMarker) {
    coder.bit(isMatch, state * 4 + (at & PB_MASK), 1);
    coder.bit(isRep, state, 0);
    putLength(matchLengths, 2, at & PB_MASK);
    putDistance(0xffffffff, 2);
  }
  return coder.finish();
}

/** The longest match at the last distance or at the last place with the same four bytes; `distance` less 1. */
function findMatch(
  data: Uint8Array,
  heads: Int32Array,
  at: number,
  rep0: number,
): { length: number; distance: number } {
  const limit = Math.min(MAX_MATCH, data.length - at);
  if (limit < MIN_MATCH) return { length: 0, distance: 0 };
  const run = (from: number) => {
    let n = 0;
    while (n < limit && data[from + n] === data[at + n]) n++;
    return n;
  };
  const word =
    (data[at] as number) |
    ((data[at + 1] as number) << 8) |
    ((data[at + 2] as number) << 16) |
    ((data[at + 3] as number) << 24);
  const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
  const candidate = heads[slot] as number;
  heads[slot] = at;
  const repeated = at > rep0 ? run(at - rep0 - 1) : 0;
  if (repeated >= MIN_MATCH) return { length: repeated, distance: rep0 };
  if (candidate < 0 || at - candidate > DICTIONARY) return { length: 0, distance: 0 };
  const length = run(candidate);
  return length >= MIN_MATCH ? { length, distance: at - candidate - 1 } : { length: 0, distance: 0 };
}
