/** An image whose header is destroyed is never left out: not the first, not the last, in no form of a file. */

import assert from 'node:assert/strict';
import { crcX25 } from '../../src/codec/crc';
import { isDriverError } from '../../src/errors';
import { isHeaderlessAt, isHeaderlessBefore } from '../../src/firmware/headerless';
import { openSource } from '../../src/firmware/source';
import { type MadeImage, makeFirmware } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { read, refused } from './help';
import { makeProgram, type ProgramOptions } from './program';

const MIB = 1024 * 1024;
const HEADER = 98;

const IMAGES: readonly MadeImage[] = [
  { code: 0x100, size: 2048 },
  { code: 0x101, size: 5001 },
  { code: 0x104, size: 30_000, compression: 'zlib' },
  { code: 0x550103, size: 40_000 },
];

/** What may become of the 98 bytes at `at`. */
const FATES: Record<string, (file: Buffer, at: number) => Buffer> = {
  zeros: (file, at) => Buffer.from(file).fill(0, at, at + HEADER),
  ones: (file, at) => Buffer.from(file).fill(0xff, at, at + HEADER),
  letters: (file, at) => Buffer.from(file).fill('gone ', at, at + HEADER),
  noise: (file, at) => Buffer.concat([file.subarray(0, at), noise(HEADER, at), file.subarray(at + HEADER)]),
  'another place of the file': (file, at) => {
    const copy = Buffer.from(file);
    file.copy(copy, at, at - 92, at - 92 + HEADER);
    return copy;
  },
};

async function isRefused(file: Buffer, what: string): Promise<void> {
  const error = await read(file).then(
    ({ firmware }) => assert.fail(`${what}: accepted with ${firmware.images.length} images`),
    (e: unknown) => e,
  );
  assert.ok(isDriverError(error, 'FIRMWARE_CRC', 'FIRMWARE_INVALID'), `${what}: ${error}`);
}

/** Each header in turn, by each fate. */
async function assertMissed(file: Buffer, count: number): Promise<void> {
  const { firmware } = await read(file);
  assert.equal(firmware.images.length, count);
  for (const { index, headerOffset } of firmware.images) {
    for (const [name, fate] of Object.entries(FATES)) {
      await isRefused(fate(file, headerOffset), `${name} for header ${index + 1} of ${count}`);
    }
  }
}

const bin = makeFirmware({ images: IMAGES });

describe('an image whose header is destroyed', () => {
  it('is missed in a .BIN', () => assertMissed(bin, IMAGES.length));

  it('is missed in a .BIN with filler behind it', () =>
    assertMissed(Buffer.concat([bin, Buffer.alloc(5000)]), IMAGES.length));

  for (const trailing of [0, 1, 3, 500, 20_000, MIB + 5]) {
    it(`is missed in an .EXE of which nothing is known, with ${trailing} bytes behind it`, () =>
      assertMissed(Buffer.concat([makeFirmware({ images: IMAGES, exe: 5003 }), noise(trailing, 17)]), IMAGES.length));
  }

  it('is missed whatever its size: one byte, one block, a block more or less', async () => {
    for (const size of [1, 2, 3, 4, 40, 4095, 4096, 4097, 8191, 8192, 8193, 12_288, 100_000]) {
      for (const trailing of [0, 300]) {
        const images: MadeImage[] = [
          { code: 0x101, size },
          { code: 0x104, size: 700 },
          { code: 0x103, size },
        ];
        await assertMissed(Buffer.concat([makeFirmware({ images, exe: 3001 }), noise(trailing, size)]), 3);
      }
    }
  });

  it('is missed whatever its blocks: of a size that no other image has, or of an odd one that another has', async () => {
    for (const blockSize of [64, 512, 1024, 8192, 65_536]) {
      const images: MadeImage[] = [
        { code: 0x103, size: 200_000, blockSize },
        { code: 0x104, size: 700 },
        { code: 0x103, size: 200_000, blockSize },
      ];
      const one = makeFirmware({ images: images.slice(1), exe: 3001 });
      await assertMissed(Buffer.concat([one, noise(300, 3)]), 2);
      await assertMissed(Buffer.concat([makeFirmware({ images: images.slice(0, 2), exe: 3001 }), noise(300, 3)]), 2);
    }
    const odd = [700, 100_000, 50_000].map((size): MadeImage => ({ code: 0x103, size, blockSize: 1000 }));
    await assertMissed(Buffer.concat([makeFirmware({ images: odd, exe: 3001 }), noise(300, 3)]), 3);
  });

  it('is missed when nothing of the header is there any more: the file is shorter by it', async () => {
    for (const trailing of [0, 700]) {
      const file = Buffer.concat([makeFirmware({ images: IMAGES, exe: 5003 }), noise(trailing, 17)]);
      for (const { headerOffset: at } of (await read(file)).firmware.images.slice(1)) {
        for (const length of [HEADER, 50, 4]) {
          const cut = Buffer.concat([file.subarray(0, at), file.subarray(at + length)]);
          await isRefused(cut, `${length} bytes cut out at ${at}, ${trailing} behind`);
        }
      }
    }
    // The last one is one block up to the end of the file.
    const file = makeFirmware({
      images: [
        { code: 0x103, size: 900 },
        { code: 0xa0000, size: 41 },
      ],
      exe: 5003,
    });
    const [, last] = (await read(file)).firmware.images;
    assert.ok(last);
    const at = last.headerOffset;
    await isRefused(Buffer.concat([file.subarray(0, at), file.subarray(at + HEADER)]), 'the header of the last one');
  });

  it('is missed when its first checksums and blocks are destroyed with it, as long as the last ones are not', async () => {
    const images: MadeImage[] = [
      { code: 0x550103, size: 3 * MIB },
      { code: 0x104, size: 700 },
      { code: 0x107, size: 3 * MIB },
    ];
    const file = Buffer.concat([makeFirmware({ images, exe: 5003 }), noise(3000, 17)]);
    const [first, , last] = (await read(file)).firmware.images;
    assert.ok(first && last);
    for (const { headerOffset, offset } of [first, last]) {
      await isRefused(Buffer.from(file).fill(0, headerOffset, headerOffset + 512), 'a sector of zeros');
      const some = Buffer.from(file).fill(0x11, headerOffset, headerOffset + 300);
      await isRefused(some.fill(0x22, offset, offset + 10_000), 'the first blocks too');
    }
  });

  it('is missed when the one behind it is damaged as well', async () => {
    const file = makeFirmware({ images: IMAGES, exe: 5003 });
    const [, second, third] = (await read(file)).firmware.images;
    assert.ok(second && third);
    const both = Buffer.from(file).fill(0, second.headerOffset, second.headerOffset + 300);
    for (const at of [0, 4, 24, 60, 92]) {
      const damaged = Buffer.from(both);
      damaged[third.headerOffset + at] = (damaged[third.headerOffset + at] as number) ^ 0x10;
      await isRefused(damaged, `byte ${at} of the next header`);
    }
  });

  it('is looked for from its start, however far that is in front of the next one', async () => {
    for (const size of [MIB - 700, MIB, 2 * MIB + 1, 5 * MIB + 2]) {
      const images: MadeImage[] = [
        { code: 0x107, size },
        { code: 0x104, size: 700 },
      ];
      for (const exe of [3000, 3001]) {
        const file = makeFirmware({ images, exe });
        const [first] = (await read(file)).firmware.images;
        assert.ok(first);
        await isRefused(Buffer.from(file).fill(0, first.headerOffset, first.headerOffset + HEADER), `${size}, ${exe}`);
      }
    }
  });
});

describe('what stands behind the chain', () => {
  const other = makeFirmware({ images: [{ code: 0x104, size: 700 }] }).subarray(0x5c);
  const exe = makeFirmware({ images: IMAGES, exe: 5003 });

  it('is no further header in a program, wherever it begins: it is read in pieces', async () => {
    for (const gap of [4, 101, MIB - 200, MIB - 98, MIB - 97, MIB - 50, MIB - 4, MIB - 1, MIB, MIB + 1, 2 * MIB]) {
      const file = Buffer.concat([exe, noise(gap, 3), other]);
      const text = new RegExp(`an image at byte 0x${(exe.length + gap).toString(16)} that does not follow`);
      await refused(read(file), 'FIRMWARE_INVALID', text);
      // The constant alone is none, nor is what is left of a header at the end of the file.
      for (const length of [4, 97]) {
        const { firmware } = await read(Buffer.concat([exe, noise(gap, 3), other.subarray(0, length)]));
        assert.equal(firmware.images.length, IMAGES.length);
      }
    }
  });

  it('is no further header with a damaged byte; the constant with a text behind it may be part of the program', async () => {
    for (const at of [8, 12, 24, 92]) {
      const damaged = Buffer.from(other);
      damaged[at] = (damaged[at] as number) ^ 0x40;
      await refused(read(Buffer.concat([exe, noise(300, 3), damaged])), 'FIRMWARE_INVALID', /does not follow/);
    }
    const words = Buffer.alloc(200).fill('Open port failed\0Download error\0');
    const constant = Buffer.concat([Buffer.from('55aa5aa5', 'hex'), words]);
    const { firmware } = await read(Buffer.concat([exe, noise(300, 3), constant, noise(300, 4)]));
    assert.equal(firmware.images.length, IMAGES.length);
  });

  it('is filler in a .BIN: 00 or FF, and nothing but one of them', async () => {
    for (const fill of [0, 0xff]) {
      for (const length of [1, 100, MIB, 2 * MIB + 3]) {
        const filler = Buffer.alloc(length, fill);
        assert.equal((await read(Buffer.concat([bin, filler]))).firmware.trailing, length);
        for (const at of new Set([0, length >> 1, length - 1])) {
          const odd = Buffer.from(filler);
          odd[at] = 0x41;
          const wrong = read(Buffer.concat([bin, odd]));
          if (length > 1) await refused(wrong, 'FIRMWARE_INVALID', new RegExp(`has ${length} bytes behind its last`));
          else await refused(wrong, 'FIRMWARE_INVALID');
        }
      }
    }
    await refused(read(Buffer.concat([bin, Buffer.alloc(500, 0x41)])), 'FIRMWARE_INVALID', /500 bytes/);
  });
});

describe('a firmware in a program', () => {
  const PLACES: Record<string, ProgramOptions> = {
    'as a resource between others': { resources: [noise(300), bin, noise(700, 2)] },
    'as the only resource': { resources: [bin] },
    'as a resource of a program for 64 bits': { resources: [noise(300), bin], wide: true },
    'as a resource, with something appended': { resources: [bin], appended: noise(5000, 3) },
    appended: { appended: bin },
    'appended, with certificates': { resources: [noise(300)], appended: bin, certificates: 6000 },
    'appended, with a few bytes behind it': { appended: Buffer.concat([bin, noise(60, 4)]) },
    'appended, with a few bytes in front of it': { appended: Buffer.concat([noise(60, 4), bin]) },
    'appended, with filler behind it': { appended: Buffer.concat([bin, Buffer.alloc(4000), Buffer.alloc(9, 0xff)]) },
    'in the middle of its code': { code: Buffer.concat([noise(900, 5), bin, noise(3000, 6)]) },
  };

  for (const [place, options] of Object.entries(PLACES)) {
    it(`is found ${place}, and no image of it is left out`, async () => {
      const { file } = makeProgram(options);
      await assertMissed(file, IMAGES.length);
      const { firmware } = await read(file);
      assert.deepEqual(firmware.problems, []);
      assert.equal(firmware.doubt === undefined, place !== 'in the middle of its code');
      assert.equal(firmware.warnings.includes(firmware.doubt ?? ''), firmware.doubt !== undefined);
    });

    if (place === 'in the middle of its code') continue;
    it(`is refused ${place} when all of a header and its checksums is destroyed`, async () => {
      const { file } = makeProgram(options);
      for (const { headerOffset, headerSize } of (await read(file)).firmware.images) {
        for (const fill of [0, 0xff, 0x5a]) {
          await isRefused(Buffer.from(file).fill(fill, headerOffset, headerOffset + headerSize), `${headerOffset}`);
        }
      }
    });
  }

  it('has room for less than an image beside it, where the program names it as one thing', async () => {
    const more = (bytes: number) => Buffer.alloc(bytes, 0x41);
    const places = (chain: Buffer): ProgramOptions[] => [{ appended: chain }, { resources: [chain, noise(300)] }];
    for (const options of [...places(Buffer.concat([bin, more(100)])), ...places(Buffer.concat([more(100), bin]))]) {
      assert.equal((await read(makeProgram(options).file)).firmware.images.length, IMAGES.length);
    }
    for (const options of places(Buffer.concat([bin, more(101)]))) {
      await refused(read(makeProgram(options).file), 'FIRMWARE_INVALID', /has 101 bytes behind its last image, where/);
    }
    for (const options of places(Buffer.concat([more(101), bin]))) {
      await refused(
        read(makeProgram(options).file),
        'FIRMWARE_INVALID',
        /has 101 bytes in front of its first image, where/,
      );
    }
  });

  it('has as much filler behind it as it likes, but nothing in the middle of that', async () => {
    const zeros = Buffer.alloc(3 * MIB);
    const { file } = makeProgram({ appended: Buffer.concat([bin, zeros]) });
    assert.equal((await read(file)).firmware.images.length, IMAGES.length);
    for (const at of [200, MIB + 1, 2 * MIB, 3 * MIB - 1]) {
      const odd = Buffer.from(zeros);
      odd[at] = 0x41;
      const text = new RegExp(`has ${at + 1} bytes behind its last image, where`);
      await refused(read(makeProgram({ appended: Buffer.concat([bin, odd]) }).file), 'FIRMWARE_INVALID', text);
    }
  });

  it('is judged by its images alone where the program is damaged', async () => {
    const { file, appended } = makeProgram({ resources: [noise(300)], appended: Buffer.concat([bin, noise(500, 9)]) });
    await refused(read(file), 'FIRMWARE_INVALID', /500 bytes behind its last image/);
    const changes: [number, number][] = [
      // No PE, no such kind of program, no section, more than there can be, one behind the end of the file.
      [0x80, 0],
      [0x98, 0x107],
      [0x86, 0],
      [0x86, 97],
      [0x98 + 224 + 16 + 2, 0x7fff],
    ];
    for (const [at, value] of changes) {
      const damaged = Buffer.from(file);
      damaged.writeUInt16LE(value, at);
      assert.equal((await read(damaged)).firmware.chainOffset, appended + 0x5c, `${at}`);
    }
    // The program ends behind the offset of its header.
    const odd = Buffer.from(file);
    odd.writeUInt32LE(0xfffffff0, 0x3c);
    assert.equal((await read(odd)).firmware.images.length, IMAGES.length);
  });

  it('is judged by its images alone where the tables of the resources lead nowhere, or in a circle', async () => {
    const { file, resources } = makeProgram({ resources: [bin, noise(300)] });
    const root = (resources[0] as number) - 16 - 2 * 8 - 2 * 64;
    const circle = Buffer.from(file);
    circle.writeUInt32LE(0x80000000, root + 16 + 4);
    circle.writeUInt32LE(0x80000000, root + 24 + 4);
    const crowd = Buffer.from(file);
    crowd.writeUInt16LE(0xffff, root + 14);
    const away = Buffer.from(file);
    away.writeUInt32LE(0x7ffffff0, root + 16 + 4);
    away.writeUInt32LE(0x7ffffff0, root + 24 + 4);
    const none = Buffer.from(file);
    none.writeUInt32LE(0, 0x98 + 96 + 16);
    for (const damaged of [circle, crowd, away, none]) {
      const { firmware } = await read(damaged);
      assert.deepEqual([firmware.images.length, firmware.doubt === undefined], [IMAGES.length, false]);
    }
  });
});

describe('what is no image without its header', () => {
  const found = async (rest: Buffer): Promise<boolean[]> => {
    const source = await openSource(Buffer.concat([rest, noise(1, 1)]));
    return [await isHeaderlessAt(source, 0, [4096]), await isHeaderlessBefore(source, source.size, [4096])];
  };

  it('is filler, text, and code, of any length', async () => {
    for (const length of [0, 1, 97, 98, 99, 100, 101, 5000, 200_000, 2 * MIB]) {
      for (const fill of [0, 0xff, 0x41])
        assert.deepEqual(await found(Buffer.alloc(length, fill)), [false, false], `${length} ${fill}`);
    }
    const words = 'Open port failed\0Download error %d\0Please insert device\0';
    assert.deepEqual(await found(Buffer.alloc(60_000, words)), [false, false]);
  });

  it('is noise, but for one in some fifty: a single block may have any size', async () => {
    let wrong = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const [behind, before] = await found(noise(4400 + seed, seed));
      wrong += Number(behind) + Number(before);
    }
    assert.ok(wrong < 8, `${wrong} of 120`);
  });

  it('is a program behind which nothing is said about its end', async () => {
    const file = makeFirmware({ images: IMAGES, exe: 5003 });
    const { firmware: clean } = await read(file);
    assert.equal(clean.doubt, undefined);
    const { firmware: filled } = await read(Buffer.concat([file, Buffer.alloc(5000)]));
    assert.equal(filled.doubt, undefined);
    for (const [bytes, doubt] of [
      [100, false],
      [101, true],
      [5000, true],
    ] as const) {
      const { firmware } = await read(Buffer.concat([file, noise(bytes, 2)]));
      assert.equal(/whether one more was lost cannot be told/.test(firmware.warnings.join()), doubt, `${bytes}`);
    }
    // Bytes in front of the chain that nobody knows are no reason to refuse it.
    const odd = Buffer.from(file);
    odd[5003 + 40] = 7;
    assert.equal((await read(odd)).firmware.images.length, IMAGES.length);
  });

  it('is a program in front whose end matches by chance, as long as the start of the firmware stands behind it', async () => {
    // The last bytes of the program and the 92 of the start could be an image of one block.
    for (const [byte, accepted] of [
      [0, true],
      [7, false],
    ] as const) {
      const file = makeFirmware({ images: IMAGES, exe: 5000 });
      file[5000 + 40] = byte;
      file.writeUInt16LE(crcX25(file, 4600, 5092), 4598);
      if (accepted) assert.equal((await read(file)).firmware.images.length, IMAGES.length);
      else await refused(read(file), 'FIRMWARE_CRC', /in front of byte 0x13e4 whose header is destroyed/);
    }
  });

  it('is filler behind a .BIN, but a small image may have been where it is', async () => {
    assert.equal((await read(Buffer.concat([bin, Buffer.alloc(100)]))).firmware.doubt, undefined);
    for (const fill of [0, 0xff]) {
      const { firmware } = await read(Buffer.concat([bin, Buffer.alloc(101, fill)]));
      assert.match(firmware.warnings.join(), /101 bytes of filler follow the last image/);
    }
  });
});
