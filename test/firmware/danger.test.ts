import assert from 'node:assert/strict';
import { findDanger } from '../../src/firmware/danger';
import { inspectLoader, type Loader, loaderComponents, readLoader } from '../../src/firmware/loader';
import { openSource } from '../../src/firmware/source';
import { HOSTILE, type Hostile, type MadeLoader, makeLoader } from '../../src/virtual/make-files';
import { cliHint } from '../support/errors';
import { refused } from './help';

/** Offsets in the file: component 1, component 2. */
const FIRST = 0x54;
const PROPER = 0x3c0;
/** Offsets in component 2 of makeLoader: the known call, the erase function, its loop, its count, other code. */
const CALL = 0xdc4;
const FUNCTION = 0x2000;
const LOOP = FUNCTION + 0x24;
const COUNT = FUNCTION + 0x2c;
const COMPARED = COUNT + 8;
const RETURN = FUNCTION + 0x80;
const ELSEWHERE = 0x1800;
const ADDRESS = 0x30004000;
const FIRST_ADDRESS = 0x2ffe4000;

const ZERO = 0xe3a00000;
const NOP = 0xe1a00000;

/** A branch of ARM code, of this upper byte, by offsets in component 2. */
const branch = (kind: number, from: number, to: number): number =>
  ((kind << 24) | (((to - from - 8) >> 2) & 0xffffff)) >>> 0;
const [B, BL, BLNE, BHI, BLE, BEQ] = [0xea, 0xeb, 0x1b, 0x8a, 0xda, 0x0a];

const arm = (...words: number[]): Buffer => {
  const code = Buffer.alloc(4 * words.length);
  words.forEach((word, i) => {
    code.writeUInt32LE(word, 4 * i);
  });
  return code;
};

class Patient {
  readonly file: Buffer;

  constructor(options: MadeLoader = { erase: 'live' }) {
    this.file = makeLoader(options);
  }

  word(at: number, value: number): this {
    this.file.writeUInt32LE(value >>> 0, PROPER + at);
    return this;
  }

  halves(at: number, ...values: number[]): this {
    values.forEach((value, i) => {
      this.file.writeUInt16LE(value, PROPER + at + 2 * i);
    });
    return this;
  }

  first(at: number, ...values: number[]): this {
    values.forEach((value, i) => {
      this.file.writeUInt32LE(value >>> 0, FIRST + at + 4 * i);
    });
    return this;
  }

  async look(): Promise<Loader> {
    return inspectLoader(await openSource(this.file));
  }
}

const patient = (options?: MadeLoader) => new Patient(options);
/** The two halfwords of a branch in Thumb code, from and to multiples of 4 less than 2 KiB apart; `second` says which. */
const thumb = (second: number, from: number, to: number): [number, number] => [0xf000, second | ((to - from - 4) >> 1)];
const SIGNATURE = [0xe3e0e23d, 0xe59ee000, 0xe59fc35c, 0xe15e000c, 0x0a000000];
const COUNTING = [0xe59d000c, 0xe59d1004, ZERO, 0xe1a0e00b, 0xe150000e];
const NEAR = FUNCTION - 0x400;

describe('a loader as it would be sent', () => {
  for (const shape of ['small', 'real'] as const) {
    for (const erase of ['safe', 'live', 'patched'] as const) {
      it(`made up, ${shape}, ${erase}: stands for a known one, and nothing in it leads to its erase function`, async () => {
        const loader = await patient({ shape, erase }).look();
        assert.deepEqual([loader.verdict, loader.standIn], ['unknown', true], loader.text);
        assert.match(loader.text, /made up, and stands for a known loader on a virtual stick only/);
        const { data } = loaderComponents(loader)[1];
        const at = shape === 'real' ? 0x1371c : COUNT;
        assert.deepEqual([data.readUInt32LE(CALL), data.readUInt32LE(at)], [ZERO, ZERO]);
      });
    }
  }

  it('of a product that is real: the same bytes are unknown', async () => {
    const loader = await patient({ product: 'H6920CS_STICK', erase: 'safe' }).look();
    assert.deepEqual([loader.verdict, loader.standIn], ['unknown', false]);
    assert.match(loader.text, /none of the loaders that are known/);
  });

  const erasing: [string, () => Patient, RegExp][] = [
    [
      'B behind the count',
      () => patient().word(ELSEWHERE, branch(B, ELSEWHERE, COUNT + 4)),
      /0x1800 of component 2 to 0x2030, and behind/,
    ],
    [
      'BLNE behind the count',
      () => patient().word(ELSEWHERE, branch(BLNE, ELSEWHERE, RETURN - 4)),
      /behind its block count/,
    ],
    ['BLX of ARM code behind the count', () => patient().word(ELSEWHERE, branch(0xfb, ELSEWHERE, COUNT + 8)), /behind/],
    ['BL of Thumb code behind the count', () => patient().halves(NEAR, ...thumb(0xf800, NEAR, COUNT + 4)), /behind/],
    ['BLX of Thumb code behind the count', () => patient().halves(NEAR, ...thumb(0xe800, NEAR, COUNT + 4)), /behind/],
    ['B.W of Thumb code behind the count', () => patient().halves(NEAR, ...thumb(0xb800, NEAR, COUNT + 4)), /behind/],
    [
      'B<cond>.W of Thumb code behind the count',
      () => patient().halves(NEAR, ...thumb(0x8000, NEAR, COUNT + 4)),
      /behind/,
    ],
    [
      'a branch in component 1 behind the count',
      () => patient().first(0x40, branch(BL, FIRST_ADDRESS + 0x40, ADDRESS + COUNT + 4)),
      /0x40 of component 1 to 0x2030/,
    ],
    [
      'a call of a function with two loops',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2050, branch(BHI, 0x2050, 0x204c)),
      /has 2 loops/,
    ],
    [
      'a call of a function with another loop in front of its count',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2048, NOP)
          .word(0x200c, branch(BHI, 0x200c, 0x2008)),
      /loop .* at 0x200c, can be run through before/,
    ],
    [
      'a call of a function with another loop behind a return',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2008, branch(BEQ, 0x2008, RETURN + 8))
          .word(RETURN + 12, branch(BHI, RETURN + 12, RETURN + 8))
          .word(RETURN + 16, 0xe8bd8ff0),
      /has 2 loops/,
    ],
    [
      'a call of a function whose loop is not left by its count',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(COMPARED + 4, NOP),
      /before its block count is looked at/,
    ],
    [
      'a call of a function whose loop is left by another comparison',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(COMPARED + 4, branch(BEQ, COMPARED + 4, 0x204c)),
      /before its block count is looked at/,
    ],
    [
      'a call of a function whose loop is entered past its count',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2008, branch(B, 0x2008, COMPARED + 8)),
      /before its block count is looked at/,
    ],
    [
      'a call of a function whose loop is entered behind its count',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2008, branch(BEQ, 0x2008, COUNT + 4)),
      /before its block count is looked at/,
    ],
    [
      'a call of a function whose comparison is passed by',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2008, branch(B, 0x2008, COMPARED + 4)),
      /before its block count is looked at/,
    ],
    [
      'a call of a function whose comparison leads back into its loop',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(COMPARED + 4, branch(0x9a, COMPARED + 4, 0x2048)),
      /before its block count is looked at/,
    ],
    [
      'a call of a function that also goes round in one place',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2050, branch(BHI, 0x2050, 0x2050)),
      /has 2 loops/,
    ],
    [
      'a call of a function that also begins anew',
      () =>
        patient()
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2050, branch(BHI, 0x2050, FUNCTION)),
      /has 2 loops/,
    ],
    [
      'a call of a function that counts twice',
      () => {
        const two = patient().word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION));
        COUNTING.forEach((word, i) => {
          two.word(0x2050 + 4 * i, word);
        });
        return two;
      },
      /counts blocks in 2 places/,
    ],
    [
      'a call of another function of the kind, which counts its blocks',
      () => {
        const two = patient();
        two.file.copy(two.file, PROPER + 0x3000, PROPER + FUNCTION, PROPER + RETURN + 4);
        return two.word(0x2ffc, 0xe8bd8ff0).word(ELSEWHERE, branch(BL, ELSEWHERE, 0x3000));
      },
      /to 0x3000, and the erase function counts the blocks of the whole/,
    ],
    [
      'a call of a function with another loop behind a return, that is found by its count',
      () =>
        patient({ erase: 'patched' })
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION))
          .word(0x2008, branch(BEQ, 0x2008, RETURN + 8))
          .word(RETURN + 12, branch(BHI, RETURN + 12, RETURN + 8))
          .word(RETURN + 16, 0xe8bd8ff0),
      /has 2 loops/,
    ],
    [
      'no known call, but another one',
      () => patient({ erase: 'none' }).word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION)),
      /counts the blocks of the whole/,
    ],
    [
      'a call where the code before runs into the function',
      () =>
        patient({ erase: 'none' })
          .word(FUNCTION - 8, NOP)
          .word(FUNCTION - 4, NOP)
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION - 8)),
      /to 0x1ff8, and the erase function counts/,
    ],
    ['the known call with a condition', () => patient().word(CALL, branch(BLNE, CALL, FUNCTION)), /from 0xdc4/],
    [
      'the known call leads out of the loader',
      () => patient().word(CALL, branch(BL, CALL, 0x800000)),
      /leads out of the loader/,
    ],
    [
      'the known call leads right behind the loader',
      () => patient({ size: 0x5000 }).word(CALL, branch(BL, CALL, 0x5000)),
      /^The known call of the erase function leads out of the loader, where nobody can look\. It is none of the loaders that are known/,
    ],
    [
      'the known call leads to the first word of the loader, and so does another one',
      () =>
        patient()
          .word(CALL, branch(BL, CALL, 0))
          .word(ELSEWHERE, branch(BL, ELSEWHERE, 0)),
      /^A branch leads into the erase function, from 0x1800 of component 2 to 0x0, and where .* was not found\. It is none/,
    ],
    [
      'two known calls',
      () => {
        const two = patient();
        two.file.copy(two.file, PROPER + 0xe00, PROPER + CALL - 20, PROPER + CALL + 4);
        return two.word(0xe14, branch(BL, 0xe14, FUNCTION));
      },
      /from 0xdc4 .*from 0xe14/s,
    ],
    [
      'the known call of a function that is not understood, and another one',
      () =>
        patient()
          .word(COUNT + 4, NOP)
          .word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION)),
      /where the erase function counts its blocks was not found/,
    ],
    [
      'the known call in component 1',
      () => patient().first(0x40, ...SIGNATURE, 0xeb000010),
      /^Component 1 holds the known call .*, at 0x40/,
    ],
    [
      'an erase function in component 1',
      () => patient().first(0x40, ...COUNTING.slice(0, 2), 0xeb000010, ...COUNTING.slice(3)),
      /Component 1 holds a function like the erase function, at 0x48/,
    ],
  ];
  for (const [name, make, reason] of erasing) {
    it(`erases: ${name}`, async () => {
      const sick = make();
      const loader = await sick.look();
      assert.equal(loader.verdict, 'erases', loader.text);
      assert.match(loader.text, reason);
      // Nobody can insist.
      const error = await refused(readLoader(await openSource(sick.file), { allowUnsafe: true }), 'LOADER_UNSAFE');
      assert.match(error.message, /erases IMEI/);
      assert.match(cliHint(error), /no way around/);
    });
  }

  const doubtful: [string, () => Patient, RegExp][] = [
    [
      'another call, while the count is 0',
      () => patient().word(ELSEWHERE, branch(BL, ELSEWHERE, FUNCTION)),
      /block count is 0/,
    ],
    ['a branch in front of the count', () => patient().word(ELSEWHERE, branch(B, ELSEWHERE, LOOP)), /block count is 0/],
    ['a branch to the count itself', () => patient().word(ELSEWHERE, branch(BL, ELSEWHERE, COUNT)), /block count is 0/],
    ['BLX of Thumb code', () => patient().halves(NEAR, ...thumb(0xe800, NEAR, FUNCTION)), /block count is 0/],
    [
      'its address as data',
      () => patient().word(ELSEWHERE, ADDRESS + FUNCTION),
      /stands as data at 0x1800 of component 2/,
    ],
    [
      'its address as data, as of Thumb code',
      () => patient().word(ELSEWHERE, ADDRESS + FUNCTION + 1),
      /stands as data/,
    ],
    ['an address inside it as data', () => patient().word(ELSEWHERE, ADDRESS + COUNT), /stands as data/],
    ['its address as data, on an odd place', () => patient().word(ELSEWHERE + 1, ADDRESS + FUNCTION), /data at 0x1801/],
    [
      'its address as data in component 1',
      () => patient().first(0x80, ADDRESS + FUNCTION),
      /data at 0x80 of component 1/,
    ],
    ['two loops and no call', () => patient().word(0x2050, branch(BHI, 0x2050, 0x204c)), /has 2 loops/],
    [
      'a call beside its loop',
      () => patient().word(0x2008, branch(BL, 0x2008, ELSEWHERE)),
      /also goes to 0x1800, at 0x2008/,
    ],
    ['a way out of it', () => patient().word(0x2008, branch(BEQ, 0x2008, ELSEWHERE)), /also goes to 0x1800, at 0x2008/],
    ['a jump by a register in it', () => patient().word(0x2008, 0xe12fff33), /where a register says, at 0x2008/],
    [
      'another function of the kind',
      () => {
        const two = patient();
        two.file.copy(two.file, PROPER + 0x3000, PROPER + FUNCTION, PROPER + RETURN + 4);
        return two;
      },
      /2 functions count blocks/,
    ],
    [
      'a count of which nothing is understood',
      () => patient().word(COUNT, NOP),
      /in place of its block count is not understood/,
    ],
    ['no known call', () => patient({ erase: 'none' }), /No known call of the erase function was found/],
    [
      'a known call that is taken out otherwise',
      () => patient().word(CALL, NOP),
      /in place of the erase call is not understood/,
    ],
    [
      'a known call behind another comparison',
      () => patient({ erase: 'safe' }).word(CALL - 12, 0xe59fb35c),
      /comparison/,
    ],
    [
      'the known call in component 1, taken out',
      () => patient().first(0x40, ...SIGNATURE, ZERO),
      /Component 1 holds the known call/,
    ],
    [
      'a function like the erase function in component 1, with a count of 0',
      () => patient().first(0x40, ...COUNTING),
      /Component 1 holds a function/,
    ],
  ];
  for (const [name, make, reason] of doubtful) {
    it(`unknown: ${name}`, async () => {
      const sick = make();
      const loader = await sick.look();
      assert.deepEqual([loader.verdict, loader.standIn], ['unknown', false], loader.text);
      assert.match(loader.text, reason);
      await refused(readLoader(await openSource(sick.file)), 'LOADER_UNSAFE', /may erase IMEI/);
      assert.equal((await readLoader(await openSource(sick.file), { allowUnsafe: true })).verdict, 'unknown');
    });
  }

  const harmless: [string, () => Patient][] = [
    ['its loop may be left by LE', () => patient().word(COMPARED + 4, branch(BLE, COMPARED + 4, 0x204c))],
    ['its loop may begin at the count', () => patient().word(0x2048, branch(B, 0x2048, COUNT))],
    ['it may have no loop', () => patient().word(0x2040, NOP).word(0x2048, NOP)],
    ['what looks like a branch to nowhere is none', () => patient().word(0x2008, 0x0a7fffff).word(0x200c, 0x1b900000)],
  ];
  for (const [name, make] of harmless) {
    it(`made up: ${name}`, async () => {
      const loader = await make().look();
      assert.equal(loader.standIn, true, loader.text);
    });
  }

  it('may end in the middle of a function, on an odd byte', async () => {
    const odd = patient({ size: 20_003 });
    COUNTING.forEach((word, i) => {
      odd.word(19_960 + 4 * i, word);
    });
    const loader = await odd.look();
    assert.equal(loader.verdict, 'unknown');
    assert.match(loader.text, /2 functions count blocks/);
    // And with its loop cut off.
    const cut = patient({ size: 20_004 }).word(19_980, branch(BHI, 19_980, 19_980));
    COUNTING.forEach((word, i) => {
      cut.word(19_984 + 4 * i, word);
    });
    assert.equal((await cut.look()).verdict, 'unknown');
  });

  it('names six reasons, of however many', async () => {
    const reasons = async (pointers: number) => {
      const many = patient();
      for (let i = 0; i < pointers; i++) many.word(ELSEWHERE + 4 * i, ADDRESS + FUNCTION);
      return (await many.look()).text.split(/(?<=\.) /);
    };
    const six = await reasons(5);
    assert.equal(six.length, 6);
    assert.match(six[0] ?? '', /^It is none of the loaders that are known, .* erases nothing\.$/);
    assert.match(
      six[5] ?? '',
      /^An address in the erase function stands as data at 0x1810 of component 2: a pointer to it\.$/,
    );
    for (const more of [6, 100]) {
      assert.deepEqual(await reasons(more), [...six, 'There are more reasons of these kinds.']);
    }
  });

  it('is looked through for 16 functions and 64 reasons of a kind, each once', async () => {
    const none = { address: FIRST_ADDRESS, data: Buffer.alloc(0) };
    const look = (file: Buffer, targets: number[] = []) =>
      findDanger(none, { address: ADDRESS, data: file.subarray(PROPER) }, targets);
    const counting = 'the erase function counts the blocks of the whole flash memory';
    assert.deepEqual(look(patient({ erase: 'none' }).file, [FUNCTION, FUNCTION]), { erases: [], doubts: [counting] });
    const functions = (count: number) => {
      const many = patient({ erase: 'none' });
      for (let i = 1; i < count; i++) {
        many.file.copy(many.file, PROPER + 0x5000 + 0x100 * i, PROPER + FUNCTION - 4, PROPER + RETURN + 4);
        many.word(0x5000 + 0x100 * i, 0xe8bd8ff0);
      }
      return look(many.file).doubts.filter((doubt) => doubt === counting).length;
    };
    assert.deepEqual([15, 16, 17, 20].map(functions), [15, 16, 16, 16]);
    const pointers = patient();
    for (let i = 0; i < 100; i++) pointers.word(ELSEWHERE + 4 * i, ADDRESS + FUNCTION);
    assert.equal(look(pointers.file).doubts.length, 64);
    const first = { address: FIRST_ADDRESS, data: arm(...Array.from({ length: 100 }, () => COUNTING).flat()) };
    assert.equal(findDanger(first, none, []).doubts.length, 64);
  });

  it('does not follow functions of the kind without end', async () => {
    // Each of them ends in a return; to look through the file for each would take minutes.
    const many = patient({ size: 2_000_000 });
    for (let at = 0x5000; at < 1_900_000; at += 24) {
      [...COUNTING.slice(0, 2), ZERO, ...COUNTING.slice(3), 0xe8bd8ff0].forEach((word, i) => {
        many.word(at + 4 * i, word);
      });
    }
    const loader = await many.look();
    assert.deepEqual([loader.verdict, loader.standIn], ['unknown', false]);
    assert.match(loader.text, /functions count blocks/);
  });

  const verdicts: Record<Hostile, 'erases' | 'unknown'> = {
    pointer: 'unknown',
    thumb: 'unknown',
    middle: 'erases',
    'second-call': 'unknown',
    'second-loop': 'erases',
    'do-while': 'erases',
    'first-component': 'erases',
  };
  for (const hostile of Object.keys(HOSTILE) as Hostile[]) {
    it(`refuses a made-up loader that erases: ${HOSTILE[hostile]}`, async () => {
      for (const shape of ['small', 'real'] as const) {
        for (const erase of ['safe', 'live', 'patched'] as const) {
          const file = makeLoader({ shape, erase, hostile });
          await refused(readLoader(await openSource(file)), 'LOADER_UNSAFE');
          const { verdict, standIn } = await inspectLoader(await openSource(file));
          assert.deepEqual([verdict, standIn], [verdicts[hostile], false], `${shape} ${erase}`);
        }
      }
    });
  }
});
