/** The range decoder of LZMA: bits with adaptive probabilities (11 bits, shift 5), integers in 32-bit arithmetic. */

const SIGN = 0x80000000 | 0;
const PROBABILITY_HALF = 1024;

/**
 * Reads from `input` at `position` without looking at any end: whoever calls makes sure that there are enough bytes.
 * `range` and `code` are unsigned 32-bit values held in signed ones.
 */
export class RangeDecoder {
  input: Uint8Array = new Uint8Array(0);
  position = 0;
  range = -1;
  code = 0;
  readonly probabilities: Uint16Array;

  constructor(probabilities: number) {
    this.probabilities = new Uint16Array(probabilities).fill(PROBABILITY_HALF);
  }

  /** Takes the first four bytes of code; the caller has skipped the zero byte before them. */
  start(): void {
    for (let i = 0; i < 4; i++) this.code = (this.code << 8) | (this.input[this.position++] as number);
  }

  /** One bit with the probability at `index`. */
  bit(index: number): 0 | 1 {
    const probability = this.probabilities[index] as number;
    const bound = Math.imul(this.range >>> 11, probability);
    let bit: 0 | 1;
    if ((this.code ^ SIGN) < (bound ^ SIGN)) {
      this.range = bound;
      this.probabilities[index] = probability + ((2048 - probability) >> 5);
      bit = 0;
    } else {
      this.range = (this.range - bound) | 0;
      this.code = (this.code - bound) | 0;
      this.probabilities[index] = probability - (probability >> 5);
      bit = 1;
    }
    if ((this.range & 0xff000000) === 0) {
      this.range <<= 8;
      this.code = (this.code << 8) | (this.input[this.position++] as number);
    }
    return bit;
  }

  /** A number of `bits` bits, highest first, from a tree of probabilities at `base`. */
  tree(base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.bit(base + node);
    return node - (1 << bits);
  }

  /** The same, lowest bit first. */
  reverseTree(base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }

  /** `bits` bits of equal probability, highest first; at most 31. */
  direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.range >>>= 1;
      const bit = (this.code ^ SIGN) < (this.range ^ SIGN) ? 0 : 1;
      if (bit) this.code = (this.code - this.range) | 0;
      value = (value << 1) | bit;
      if ((this.range & 0xff000000) === 0) {
        this.range <<= 8;
        this.code = (this.code << 8) | (this.input[this.position++] as number);
      }
    }
    return value;
  }
}
