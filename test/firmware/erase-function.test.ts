import assert from 'node:assert/strict';
import { type EraseFunction, functionAt } from '../../src/firmware/erase-function';

/** Offsets: the function, its loop, the word that gives its count, the comparison's branch, the end of its loop. */
const BEGIN = 0x800;
const LOOP = BEGIN + 0x24;
const COUNT = BEGIN + 0x2c;
const EXIT = COUNT + 12;
const LOOP_END = BEGIN + 0x48;
const BEHIND = BEGIN + 0x84;
/** No function that is followed goes further. */
const FURTHEST = BEGIN + 0x400;
const ELSEWHERE = 0x200;

const NOP = 0xe1a00000;
const ZERO = 0xe3a00000;
const RETURN = 0xe8bd8ff0;
const [B, BL, BEQ, BHI] = [0xea, 0xeb, 0x0a, 0x8a];

/** A branch of ARM code, of this upper byte. */
const branch = (kind: number, from: number, to: number): number =>
  ((kind << 24) | (((to - from - 8) >> 2) & 0xffffff)) >>> 0;

type Change = readonly [at: number, word: number];

/** Code that does nothing, with a function in it that erases no block, behind the return of another one. */
function code(...changes: Change[]): Buffer {
  const words = new Array<number>(0x400).fill(NOP);
  const function_: Change[] = [
    [BEGIN - 4, RETURN],
    [LOOP, 0xe59d000c],
    [LOOP + 4, 0xe59d1004],
    [COUNT, ZERO],
    [COUNT + 4, 0xe1a0e00b],
    [COUNT + 8, 0xe150000e],
    [EXIT, branch(0x9a, EXIT, LOOP_END + 4)],
    [EXIT + 8, branch(BL, EXIT + 8, 0x100)],
    [LOOP_END, branch(B, LOOP_END, LOOP)],
    [BEHIND - 4, RETURN],
  ];
  for (const [at, word] of [...function_, ...changes]) words[at / 4] = word;
  const bytes = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => {
    bytes.writeUInt32LE(word, 4 * i);
  });
  return bytes;
}

const to = (kind: number, from: number, target: number): Change => [from, branch(kind, from, target)];
const look = (...changes: Change[]): EraseFunction => functionAt(code(...changes), BEGIN);
const ENDLESS: Change = [BEHIND - 4, NOP];

describe('the body of an erase function', () => {
  it('erases nothing with a count of 0, in which nothing goes anywhere else', () => {
    assert.deepEqual(look(), {
      from: BEGIN,
      begin: BEGIN,
      to: BEHIND,
      counts: [COUNT],
      zero: COUNT,
      faults: [],
      doubts: [],
    });
  });

  const harmless: [string, Change[]][] = [
    ['goes to its count from before', [to(BEQ, BEGIN + 8, COUNT)]],
    ['calls what is no place in the code', [to(BL, BEGIN + 8, 0x1000), to(BL, BEGIN + 12, -4)]],
    ['has its loop closed by a call', [to(BL, LOOP_END, LOOP)]],
    ['goes round from its very begin', [to(B, LOOP_END, BEGIN)]],
  ];
  for (const [name, changes] of harmless) {
    it(`erases nothing where it ${name}`, () => {
      const { faults, doubts } = look(...changes);
      assert.deepEqual([faults, doubts], [[], []]);
    });
  }

  const unguarded = (at: number) =>
    `the loop of the erase function, at 0x${at.toString(16)}, can be run through before its block count is looked at`;
  const counting = 'the erase function counts the blocks of the whole flash memory';
  const goes = (target: number, at: number) =>
    `the erase function also goes to 0x${target.toString(16)}, at 0x${at.toString(16)}`;

  const bad: [string, Change[], string[], string[]][] = [
    ['divides', [to(BL, COUNT, ELSEWHERE)], [counting], []],
    ['divides without a loop', [to(BL, COUNT, ELSEWHERE), [EXIT + 8, NOP], [LOOP_END, NOP]], [counting], []],
    [
      'divides by itself',
      [to(BL, COUNT, LOOP), [LOOP_END, NOP]],
      [counting, unguarded(COUNT)],
      [goes(0x100, EXIT + 8)],
    ],
    [
      'has a loop before its count',
      [to(BHI, BEGIN + 12, BEGIN + 8), [LOOP_END, NOP]],
      [unguarded(BEGIN + 12)],
      [goes(0x100, EXIT + 8)],
    ],
    ['begins anew as well', [to(BHI, BEGIN + 0x50, BEGIN)], ['the erase function has 2 loops'], []],
    ['goes to the end of its loop from before', [to(BEQ, BEGIN + 8, LOOP_END)], [unguarded(LOOP_END)], []],
    ['goes behind its count from before', [to(BEQ, BEGIN + 8, COUNT + 4)], [unguarded(LOOP_END)], []],
    ['goes into its loop from behind', [to(BEQ, LOOP_END + 8, COUNT + 4)], ['the erase function has 2 loops'], []],
    ['calls something before its count', [to(BL, BEGIN + 8, ELSEWHERE)], [], [goes(ELSEWHERE, BEGIN + 8)]],
    ['calls something behind its loop', [to(BL, LOOP_END + 4, ELSEWHERE)], [], [goes(ELSEWHERE, LOOP_END + 4)]],
    ['calls the first word of all', [to(BL, BEGIN + 8, 0)], [], [goes(0, BEGIN + 8)]],
    ['calls the last word of all', [to(BL, BEGIN + 8, 0xffc)], [], [goes(0xffc, BEGIN + 8)]],
    ['does not end, and goes on behind', [ENDLESS, to(BEQ, BEGIN + 8, FURTHEST)], [], [goes(FURTHEST, BEGIN + 8)]],
    [
      'does not end, and has a loop in its last word',
      [ENDLESS, to(BHI, FURTHEST - 4, FURTHEST - 8)],
      ['the erase function has 2 loops'],
      [],
    ],
    [
      'goes on where a register says, in its last word',
      [ENDLESS, [FURTHEST - 4, 0xe12fff33]],
      [],
      [`the erase function goes on where a register says, at 0x${(FURTHEST - 4).toString(16)}`],
    ],
  ];
  for (const [name, changes, faults, doubts] of bad) {
    it(`is not trusted where it ${name}`, () => {
      const found = look(...changes);
      assert.deepEqual([found.faults, found.doubts], [faults, doubts]);
    });
  }

  it('is the whole of what runs into it', () => {
    const { from, begin } = look([BEGIN - 4, NOP], [BEGIN - 0x10, RETURN]);
    assert.deepEqual([from, begin], [BEGIN - 0xc, BEGIN]);
  });
});
