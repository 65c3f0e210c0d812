import assert from 'node:assert/strict';
import {
  addressesOf,
  armBranch,
  behindReturn,
  branchAt,
  branchesInto,
  callTarget,
  encodeCall,
  functionEnd,
  functionStart,
  isIndirect,
  runsInto,
  thumbBranch,
} from '../../src/firmware/arm';
import { random } from './help';

/** Words of ARM code. */
const arm = (...words: number[]): Buffer => {
  const code = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => {
    code.writeUInt32LE(word, 4 * i);
  });
  return code;
};

const NOP = 0xe1a00000;
const RETURN = 0xe8bd8ff0;

describe('firmware/arm', () => {
  it('reads branches of ARM code', () => {
    assert.deepEqual(armBranch(0xeb004a49, 0xdc4), { at: 0xdc4, target: 0x136f0, link: true, condition: 14 });
    assert.deepEqual(armBranch(0x1afffffe, 0x100), { at: 0x100, target: 0x100, link: false, condition: 1 });
    // BLX counts in halfwords.
    assert.deepEqual(armBranch(0xfb000000, 0), { at: 0, target: 10, link: true, condition: 15 });
    assert.deepEqual(armBranch(0xfa000000, 0), { at: 0, target: 8, link: true, condition: 15 });
    assert.equal(armBranch(0xe1a0f00e, 0), undefined);
    assert.equal(armBranch(0xec000000, 0), undefined);
    assert.deepEqual(encodeCall(0xdc4, 0x136f0), Buffer.from('494a00eb', 'hex'));
    assert.deepEqual(encodeCall(0x2000, 0x1000), arm(0xebfffbfe));
    const code = arm(0xeb000001, NOP, NOP, NOP, 0xea000000, 0xebfffff0);
    assert.equal(callTarget(code, 0), 12);
    for (const at of [4, 16, 20, 21, 24]) assert.equal(callTarget(code, at), undefined, String(at));
    // To the first word and to the last one, but not before or behind; only if it always goes there.
    assert.equal(callTarget(arm(NOP, 0xebfffffd), 4), 0);
    assert.equal(callTarget(arm(NOP, 0xebfffffc), 4), undefined);
    assert.equal(callTarget(arm(0xeb000000, NOP, NOP), 0), 8);
    assert.equal(callTarget(arm(0xeb000000, NOP, NOP).subarray(0, 11), 0), undefined);
    assert.equal(callTarget(arm(0x0b000000, NOP, NOP), 0), undefined);
    assert.equal(branchAt(arm(0xeb000000), 0)?.target, 8);
    assert.equal(branchAt(arm(0xeb000000), 1), undefined);
  });

  it('reads branches of Thumb code that take two halfwords', () => {
    const read: [number, number, number, { target: number; link: boolean } | undefined][] = [
      // BL, BLX (from a multiple of 4), B, B<cond>, to where they stand and to 4 behind.
      [0xf7ff, 0xfffe, 0x100, { target: 0x100, link: true }],
      [0xf000, 0xf800, 0x102, { target: 0x106, link: true }],
      [0xf000, 0xe800, 0x100, { target: 0x104, link: true }],
      [0xf000, 0xe800, 0x102, { target: 0x104, link: true }],
      [0xf7ff, 0xeffe, 0x102, { target: 0x100, link: true }],
      [0xf7ff, 0xbffe, 0x100, { target: 0x100, link: false }],
      [0xf000, 0xb800, 0x100, { target: 0x104, link: false }],
      [0xf43f, 0xaffe, 0x100, { target: 0x100, link: false }],
      [0xf001, 0x8000, 0x100, { target: 0x1104, link: false }],
      // The first encoding: 11 bits each. 4 MiB on and back, then what only Thumb-2 can.
      [0xf3ff, 0xffff, 0, { target: 0x400002, link: true }],
      [0xf400, 0xf800, 0, { target: 4 - 0x400000, link: true }],
      [0xf000, 0xd000, 0, { target: 4 + 0xc00000, link: true }],
      [0xf400, 0xd000, 0, { target: 4 - 0x1000000, link: true }],
      // No branches: an odd BLX, a condition that is none, other instructions.
      [0xf000, 0xe801, 0x100, undefined],
      [0xf3af, 0x8000, 0x100, undefined],
      [0xf000, 0x7800, 0x100, undefined],
      [0xe000, 0xf800, 0x100, undefined],
    ];
    for (const [first, second, at, expected] of read) {
      const branch = thumbBranch(first, second, at);
      assert.deepEqual(
        branch && { target: branch.target, link: branch.link },
        expected,
        `${first.toString(16)} ${second.toString(16)}`,
      );
    }
  });

  it('reads what was written of any kind, from any place to any other', () => {
    const next = random(7);
    const bit = (value: number, n: number) => (value >> n) & 1;
    for (let i = 0; i < 3000; i++) {
      const at = 2 * next(0x800000);
      const sign = next(2);
      // ARM: 24 bits of words, and one bit more for BLX.
      const [condition, kind, words] = [next(16), next(2), next(0x800000) - sign * 0x800000];
      const word = ((condition << 28) | (0b101 << 25) | (kind << 24) | (words & 0xffffff)) >>> 0;
      assert.deepEqual(armBranch(word, at), {
        at,
        target: at + 8 + 4 * words + (condition === 15 ? 2 * kind : 0),
        link: condition === 15 || kind === 1,
        condition,
      });
      // Thumb: 24 bits of halfwords.
      const halves = next(0x800000) - sign * 0x800000;
      const j = (n: number) => 1 ^ bit(halves, n) ^ sign;
      const first = 0xf000 | (sign << 10) | ((halves >> 11) & 0x3ff);
      const second = (j(22) << 13) | (j(21) << 11) | (halves & 0x7ff);
      const target = at + 4 + 2 * halves;
      assert.deepEqual(thumbBranch(first, 0xd000 | second, at), { at, target, link: true, condition: 14 });
      assert.deepEqual(thumbBranch(first, 0x9000 | second, at), { at, target, link: false, condition: 14 });
      // To ARM code: from a multiple of 4 to one.
      const blx = halves % 2 === 0 ? { at, target: target - (at % 4), link: true, condition: 14 } : undefined;
      assert.deepEqual(thumbBranch(first, 0xc000 | second, at), blx);
      // With one of 14 conditions: 20 bits of halfwords.
      const near = next(0x80000) - sign * 0x80000;
      const head = 0xf000 | (sign << 10) | (next(14) << 6) | ((near >> 11) & 0x3f);
      const tail = 0x8000 | (bit(near, 17) << 13) | (bit(near, 18) << 11) | (near & 0x7ff);
      assert.deepEqual(thumbBranch(head, tail, at), { at, target: at + 4 + 2 * near, link: false, condition: 14 });
      // Of any other word, and of any other halfwords, none.
      const others = [0, 1, 2, 3, 4, 6, 7];
      assert.equal(armBranch(((word & 0xf1ffffff) | ((others[next(7)] as number) << 25)) >>> 0, at), undefined);
      assert.equal(thumbBranch((next(30) << 11) | (first & 0x7ff), 0xd000 | second, at), undefined);
      assert.equal(thumbBranch(first, next(0x8000), at), undefined);
    }
  });

  it('finds what leads into a range from outside, at any place that may hold code', () => {
    const data = Buffer.alloc(0x200);
    encodeCall(0x20, 0x100).copy(data, 0x20);
    // From inside, and just before and behind it.
    encodeCall(0x104, 0x108).copy(data, 0x104);
    encodeCall(0x24, 0xfc).copy(data, 0x24);
    encodeCall(0x28, 0x110).copy(data, 0x28);
    encodeCall(0x1f0, 0x10c).copy(data, 0x1f0);
    // Thumb code stands on even places: from 0x42 to 0x104.
    data.writeUInt16LE(0xf000, 0x42);
    data.writeUInt16LE(0xf85f, 0x44);
    const found = branchesInto({ address: 0x1000, data }, 0x1100, 0x1110);
    assert.deepEqual(
      found.map(({ at, target }) => [at, target]),
      [
        [0x1020, 0x1100],
        [0x1042, 0x1104],
        [0x11f0, 0x110c],
      ],
    );
  });

  it('finds what leads into a range from its very borders', () => {
    const into = (...branches: [from: number, to: number][]) => {
      const data = Buffer.alloc(0x200);
      for (const [from, to] of branches) encodeCall(from, to).copy(data, from);
      return branchesInto({ address: 0x1000, data }, 0x1100, 0x1110).map(({ at, target }) => [
        at - 0x1000,
        target - 0x1000,
      ]);
    };
    assert.deepEqual(into([0, 0x100], [0xfc, 0x10c], [0x110, 0x100], [0x1fc, 0x104]), [
      [0, 0x100],
      [0xfc, 0x10c],
      [0x110, 0x100],
      [0x1fc, 0x104],
    ]);
    assert.deepEqual(into([0x100, 0x104], [0x10c, 0x100]), []);
    // ARM code stands on multiples of 4.
    assert.deepEqual(into([0x22, 0x102]), []);
    // Behind the last whole word there is nothing.
    const cut = Buffer.concat([Buffer.alloc(0x20), encodeCall(0x20, 0x8)]);
    const found = (data: Buffer) => branchesInto({ address: 0, data }, 8, 0x10).length;
    assert.deepEqual([found(cut), found(cut.subarray(0, -1))], [1, 0]);
    const thumb = Buffer.alloc(0x24);
    thumb.writeUInt16LE(0xf7ff, 0x20);
    thumb.writeUInt16LE(0xfff2, 0x22);
    assert.deepEqual([found(thumb), found(thumb.subarray(0, -1))], [1, 0]);
  });

  it('finds addresses as data, at any place, also those of Thumb code', () => {
    const data = Buffer.alloc(0x40);
    data.writeUInt32LE(0x30002000, 0);
    data.writeUInt32LE(0x30002001, 5);
    data.writeUInt32LE(0x30002007, 0x10);
    data.writeUInt32LE(0x30002009, 0x20);
    data.writeUInt32LE(0x30001fff, 0x28);
    data.writeUInt32LE(0x30002008, 0x34);
    data.writeUInt32LE(0x30002006, 0x3c);
    assert.deepEqual(addressesOf(data, 0x30002000, 0x30002008), [0, 5, 0x10, 0x3c]);
  });

  it('finds the end of a function, past returns that a branch leads past', () => {
    // b +2 words; return; nop; return.
    assert.equal(functionEnd(arm(NOP, RETURN, NOP), 0), 8);
    assert.equal(functionEnd(arm(0x0a000000, RETURN, NOP, RETURN, NOP), 0), 16);
    assert.equal(functionEnd(arm(0x0b000000, RETURN, NOP, RETURN), 0), 8);
    for (const word of [0xe12fff1e, 0xe1a0f00e, 0xe49df004]) assert.equal(functionEnd(arm(NOP, word, NOP), 0), 8);
    // A return with a condition, and none at all.
    assert.equal(functionEnd(arm(NOP, 0x08bd8ff0, NOP), 0), 12);
    assert.equal(functionEnd(Buffer.alloc(0x1000), 0x20), 0x420);
    for (const word of [0xe8bd8000, 0xe8bd8001, 0xe8bdffff]) assert.equal(functionEnd(arm(word, NOP), 0), 4);
    for (const word of [0xe8bd4ff0, 0xe8bc8ff0, 0xe12fff1d, 0xe1a0f00d, 0xe49df008]) {
      assert.equal(functionEnd(arm(word, NOP), 0), 8);
    }
    // To a return it leads past nothing; to the end of what is looked at past all.
    assert.equal(functionEnd(arm(0x0a000000, NOP, RETURN, NOP), 0), 12);
    const far = new Array<number>(0x110).fill(NOP).fill(RETURN, 1, 2);
    const past = (words: number) => functionEnd(arm(0x0a000000 + words - 2, ...far.slice(1)), 0);
    assert.deepEqual([past(0xff), past(0x100), past(0x101)], [0x400, 0x400, 8]);
    // In a code that is shorter.
    assert.equal(functionEnd(arm(0x0a000001, RETURN, NOP), 0), 12);
    assert.equal(functionEnd(arm(0x0a000002, RETURN, NOP), 0), 8);
    assert.equal(functionEnd(arm(NOP, NOP, RETURN).subarray(0, 11), 0), 11);
  });

  it('goes back as far as code may run into a place', () => {
    assert.equal(behindReturn(arm(NOP, RETURN, 0, NOP), 12), 8);
    assert.equal(behindReturn(arm(NOP, NOP, NOP, NOP), 12), 0);
    assert.equal(behindReturn(Buffer.alloc(0x1000), 0x800), 0x400);
    assert.equal(behindReturn(arm(NOP, NOP, RETURN, NOP), 12), 12);
    assert.equal(behindReturn(arm(RETURN, NOP, NOP, NOP), 12), 4);
    // 0x400 bytes before, and not one word more.
    const returns = (at: number) => {
      const code = Buffer.alloc(0x1000, 0xe1);
      code.writeUInt32LE(RETURN, at);
      return [behindReturn(code, 0x800), runsInto(code, 0x800)];
    };
    assert.deepEqual(returns(0x400), [0x404, 0x404]);
    assert.deepEqual(returns(0x3fc), [0x400, 0x400]);
    assert.equal(runsInto(arm(NOP, NOP, RETURN, NOP), 12), 12);
    assert.equal(runsInto(arm(RETURN, NOP, NOP, NOP), 12), 4);
    assert.equal(runsInto(arm(0x01a00000, NOP, NOP, NOP), 12), 4);
    assert.equal(runsInto(arm(NOP, RETURN, NOP, NOP), 12), 8);
    assert.equal(runsInto(arm(NOP, 0x01a00000, NOP, NOP), 12), 8);
    assert.equal(runsInto(arm(NOP, NOP, NOP, NOP), 12), 0);
    assert.equal(runsInto(Buffer.alloc(0x1000, 0xe1), 0x800), 0x400);
  });

  it('goes back to where a function begins', () => {
    const code = arm(NOP, 0xe92d4ff0, NOP, 0xe52de004, NOP, NOP);
    assert.equal(functionStart(code, 0, 20), 12);
    assert.equal(functionStart(code, 0, 8), 4);
    assert.equal(functionStart(code, 16, 20), 16);
    assert.equal(functionStart(arm(0xe92d0ff0, NOP, NOP), 0, 8), 0);
    assert.equal(functionStart(arm(NOP, NOP, 0xe92d4000), 0, 8), 8);
    for (const word of [0xe92d4001, 0xe92dffff]) assert.equal(functionStart(arm(NOP, word, NOP), 0, 8), 4);
    for (const word of [0xe92c4ff0, 0xe92d3ff1, 0xe52de008]) assert.equal(functionStart(arm(NOP, word, NOP), 0, 8), 0);
  });

  it('knows what goes on where a register says', () => {
    for (const word of [
      0xe1a0f003, 0x11a0f003, 0xe12fff13, 0xe12fff33, 0x012fff33, 0xe08ff103, 0xe59ff018, 0xe793f102,
    ]) {
      assert.ok(isIndirect(word), word.toString(16));
    }
    for (let register = 0; register < 16; register++) {
      // mov pc; bx; blx; add pc, pc; ldr pc from a place in a register, before and behind which it counts.
      const link = register === 14;
      for (const [word, indirect] of [
        [0xe1a0f000, !link],
        [0xe12fff10, !link],
        [0xe12fff30, true],
        [0xe08ff000, true],
        [0xe28ff000, true],
        [0xe790f000, true],
        [0xe59ff000, true],
        [0xe1a0e000, false],
        [0xe12fff20, false],
        [0xe08fe000, false],
        [0xe59fe000, false],
        [0xe58ff000, false],
      ] as const) {
        assert.equal(isIndirect(word + register), indirect, (word + register).toString(16));
      }
    }
    for (const word of [NOP, RETURN, 0xe12fff1e, 0x012fff1e, 0xe1a0f00e, 0xe49df004, 0xe59fc35c, 0xe08fc103]) {
      assert.ok(!isIndirect(word), word.toString(16));
    }
  });
});
