import assert from 'node:assert/strict';
import { RangeDecoder } from '../../src/firmware/range-coder';
import { noise } from '../../src/virtual/make-noise';
import { random } from './help';

/** The same coder in numbers without a sign and without a limit, bit by bit as the format describes it. */
class Model {
  range = 0xffffffffn;
  code = 0n;
  position = 0;
  readonly probabilities: number[];

  constructor(
    readonly input: Uint8Array,
    count: number,
  ) {
    this.probabilities = new Array<number>(count).fill(1024);
    for (let i = 0; i < 4; i++) this.#shift();
  }

  #shift(): void {
    this.code = ((this.code << 8n) | BigInt(this.input[this.position++] ?? 0)) & 0xffffffffn;
  }

  #normalize(): void {
    if (this.range >= 1n << 24n) return;
    this.range <<= 8n;
    this.#shift();
  }

  bit(index: number): number {
    const probability = this.probabilities[index] ?? 0;
    const bound = (this.range >> 11n) * BigInt(probability);
    const bit = this.code < bound ? 0 : 1;
    this.probabilities[index] = probability + (bit ? -(probability >> 5) : (2048 - probability) >> 5);
    if (bit) {
      this.code -= bound;
      this.range -= bound;
    } else this.range = bound;
    this.#normalize();
    return bit;
  }

  /** Highest bit first; `reverse`: lowest first. */
  tree(base: number, bits: number, reverse = false): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(base + node);
      node = 2 * node + bit;
      value = reverse ? value + bit * 2 ** i : 2 * value + bit;
    }
    return value;
  }

  direct(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i++) {
      this.range >>= 1n;
      const bit = this.code < this.range ? 0 : 1;
      if (bit) this.code -= this.range;
      value = 2 * value + bit;
      this.#normalize();
    }
    return value;
  }
}

const COUNT = 300;

function both(input: Uint8Array): { coder: RangeDecoder; model: Model } {
  const coder = new RangeDecoder(COUNT);
  coder.input = input;
  coder.start();
  return { coder, model: new Model(input, COUNT) };
}

function assertSame({ coder, model }: ReturnType<typeof both>, what: string): void {
  const { range, code, position } = model;
  assert.deepEqual(
    [coder.range >>> 0, coder.code >>> 0, coder.position],
    [Number(range), Number(code), position],
    what,
  );
}

describe('firmware/range-coder', () => {
  it('does step by step what the format describes, whatever the input', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const input = noise(6_000, seed);
      if (seed % 3 === 0) input.fill(seed % 2 ? 0 : 0xff, 40, 60);
      // Where code and range are nearly the same, or the code is far above what an encoder makes.
      if (seed % 5 === 0) input.fill(0xff, 0, 4);
      const pair = both(input);
      const { coder, model } = pair;
      assertSame(pair, `start ${seed}`);
      const next = random(seed);
      while (model.position < 5_900) {
        const base = next(40);
        const bits = 1 + next(8);
        const step = next(4);
        const [got, wanted] = [
          () => [coder.bit(base), model.bit(base)],
          () => [coder.tree(base, bits), model.tree(base, bits)],
          () => [coder.reverseTree(base, bits), model.tree(base, bits, true)],
          () => [coder.direct(3 * bits), model.direct(3 * bits)],
        ][step]?.() ?? [0, 1];
        assert.equal(got, wanted, `step ${step}`);
        assertSame(pair, `step ${step} of seed ${seed}`);
      }
      assert.deepEqual([...coder.probabilities], model.probabilities);
    }
  });

  it('takes a code that is the border for a 1, and the one below for a 0', () => {
    const border = Math.imul(0xffffffff >>> 11, 1024) >>> 0;
    for (const [code, bit] of [
      [border - 1, 0],
      [border, 1],
      [border + 1, 1],
    ] as const) {
      const input = Buffer.alloc(8);
      input.writeUInt32BE(code);
      assert.equal(both(input).coder.bit(0), bit, code.toString(16));
    }
    for (const [code, bit] of [
      [0x7ffffffe, 0],
      [0x7fffffff, 1],
      [0x80000000, 1],
    ] as const) {
      const input = Buffer.alloc(8);
      input.writeUInt32BE(code);
      assert.equal(both(input).coder.direct(1), bit, code.toString(16));
    }
  });
});
