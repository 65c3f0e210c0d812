import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { detectCompression, mayBeLzma, needsDictionary } from '../../src/firmware/compression';
import { exportImages } from '../../src/firmware/export';
import { makeFirmware } from '../../src/virtual/make-files';
import { compressLzma } from '../../src/virtual/make-lzma';
import { noise, text } from '../../src/virtual/make-noise';
import { journey, makeLoader } from '../flash/journey';
import { tempFolder } from '../support/temp-folder';
import { check, read, refused } from './help';
import { OTHER_PROPERTIES, PLAIN } from './lzma-data';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const FASTBOOT = 0x104;
const VXWORKS = 0x550103;
const PAGES = [0x113, 0x560000];

const of = (data: Uint8Array, code = FASTBOOT): Buffer => makeFirmware({ images: [{ code, data }] });

/** The image is sent as these bytes. */
async function assertSent(data: Uint8Array, sent: Uint8Array): Promise<void> {
  const [image] = (await check(of(data), { sha256: true })).images;
  assert.deepEqual([image?.size, image?.sha256], [sent.length, sha256(sent)]);
}

const dictionary = Buffer.from('words that both sides know before: welcome, password, settings');
const WITH_DICTIONARY = [
  ...[1, 6, 9].map((level) => deflateSync(text(20_000), { level, dictionary })),
  ...[9, 12, 15].map((windowBits) => deflateSync(text(20_000), { windowBits, dictionary })),
  deflateSync(noise(2_000), { level: 0, dictionary }),
  deflateSync(Buffer.from('short'), { dictionary }),
];

/** Compressed in ways that nobody here undoes. */
const PACKED: readonly (readonly [string, Uint8Array])[] = [
  ['gzip', gzipSync(text(20_000))],
  ['zip', Buffer.concat([Buffer.from('PK\x03\x04\x14\0\0\0\x08\0'), noise(3_000)])],
  ['xz', Buffer.concat([Buffer.from('fd377a585a000004', 'hex'), noise(3_000)])],
  ['bzip2', Buffer.concat([Buffer.from('BZh91AY&SY'), noise(3_000)])],
  ['7z', Buffer.concat([Buffer.from('377abcaf271c0004', 'hex'), noise(3_000)])],
  ['zstd', Buffer.concat([Buffer.from('28b52ffd', 'hex'), noise(3_000)])],
  ['lz4', Buffer.concat([Buffer.from('04224d18', 'hex'), noise(3_000)])],
  ['lz4', Buffer.concat([Buffer.from('02214c18', 'hex'), noise(3_000)])],
  ['lzop', Buffer.concat([Buffer.from('894c5a4f000d0a1a0a', 'hex'), noise(3_000)])],
  ['lzip', Buffer.concat([Buffer.from('LZIP\x01'), noise(3_000)])],
  ['cab', Buffer.concat([Buffer.from('MSCF\0\0\0\0'), noise(3_000)])],
  ['rar', Buffer.concat([Buffer.from('Rar!\x1a\x07\0'), noise(3_000)])],
  ['compress', Buffer.concat([Buffer.from('1f9d90', 'hex'), noise(3_000)])],
  ['szdd', Buffer.concat([Buffer.from('535a444488f02733', 'hex'), noise(3_000)])],
];

describe('firmware/compression', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('compression');
  });
  after(() => rmSync(folder, { recursive: true }));

  async function exported(file: Uint8Array, withHeaders: boolean): Promise<string[]> {
    const place = join(folder, `${withHeaders}-${sha256(file)}`);
    const { source, firmware } = await read(file);
    return (await exportImages(firmware, source, place, { withHeaders })).map((image) => image.file);
  }

  it('refuses zlib data that need a dictionary, whatever their level and window: nothing has it', async () => {
    for (const data of WITH_DICTIONARY) {
      for (const code of [FASTBOOT, VXWORKS, ...PAGES]) {
        await refused(check(of(data, code)), 'FIRMWARE_INVALID', /Missing dictionary/);
      }
      await refused(exported(of(data), false), 'FIRMWARE_INVALID', /Missing dictionary/);
    }
  });

  it('refuses what is compressed in any other way, and names it; the pages of HiLink get a warning', async () => {
    for (const [name, data] of PACKED) {
      await refused(check(of(data)), 'FIRMWARE_INVALID', new RegExp(`cannot be sent: it is compressed \\(${name}\\)`));
      await refused(exported(of(data), false), 'FIRMWARE_INVALID', /cannot be sent/);
      assert.deepEqual(await exported(of(data), true), ['00-00000104-Fastboot_R1.E3272-VIRTUAL.bin']);
      for (const code of PAGES) {
        const { firmware } = await read(of(data, code));
        assert.match(firmware.warnings.join(), new RegExp(`is compressed \\(${name}\\) and is written as it is`));
        assert.equal((await check(of(data, code), { sha256: true })).images[0]?.sha256, sha256(data));
      }
    }
    const { firmware } = await read(of(text(3_000), 0x113));
    assert.doesNotMatch(firmware.warnings.join(), /compressed/);
  });

  it('sends not a byte of them to a stick, signed and overridden or not', async () => {
    for (const data of [WITH_DICTIONARY[0], PACKED[0]?.[1]]) {
      assert.ok(data);
      for (const dloadId of [1, 9]) {
        const firmware = makeFirmware({ dloadId, images: [{ code: VXWORKS }, { code: FASTBOOT, data }] });
        const run = journey({ loader: makeLoader({ size: 20_000 }), firmware });
        await run.plug({ bootPin: true });
        const report = await run.convert({ overrides: ['signed-firmware'] });
        assert.equal(report.error?.code, 'FIRMWARE_INVALID');
        assert.equal(run.stick.flash.size, 0);
      }
    }
  });

  it('decompresses zlib data of every window, the smallest too', async () => {
    const plain = Buffer.from('hello hello hello hello hello hello hello');
    for (let window = 0; window <= 7; window++) {
      const data = deflateSync(plain);
      const cmf = window * 16 + 8;
      data[0] = cmf;
      data[1] = 31 - ((cmf * 256) % 31);
      await assertSent(data, plain);
    }
  });

  it('takes text for text, also where its first letters could begin zlib data', async () => {
    for (const words of ['x^Jolly text of a version file', '80.200.03.01.1080 of somebody', 'HKJ 22.001.01']) {
      await assertSent(Buffer.from(words), Buffer.from(words));
    }
    await refused(check(of(Buffer.from('x^J\x80lly text of a version file', 'latin1'))), 'FIRMWARE_INVALID');
  });

  it('decompresses LZMA data with a dictionary that no packer chooses, where their size is known', async () => {
    for (const plain of [text(100_000), text(900), Buffer.alloc(50_000), Buffer.from('few'), noise(30_000)]) {
      for (const size of [4097, 0x123457, 1_000_003]) {
        const data = compressLzma(plain);
        // Distances of the encoder go no further than the data.
        data.writeUInt32LE(Math.max(size, plain.length + 1), 1);
        await assertSent(data, plain);
      }
    }
    const greedy = compressLzma(text(3_000));
    greedy.writeUInt32LE(0xf0000001, 1);
    await refused(check(of(greedy)), 'FIRMWARE_TOO_LARGE', /dictionary of/);
  });

  describe('judges the first bytes', () => {
    const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

    it('of zlib data: method, window, check bits, and a first block that exists', () => {
      const heads: [string, 'zlib' | 'none'][] = [
        ['', 'none'],
        ['78', 'none'],
        ['789c', 'none'],
        ['789c 03', 'zlib'],
        // Block types 0 to 3, the first three last ones too.
        ['789c 02', 'zlib'],
        ['789c 04', 'zlib'],
        ['789c 05', 'zlib'],
        ['789c 06', 'none'],
        ['789c 07', 'none'],
        // Another method, a window that does not exist, check bits that are wrong.
        ['7909 03', 'none'],
        ['881c 03', 'none'],
        ['789d 03', 'none'],
        ['081d 03', 'zlib'],
        // A stored block: its length and the complement, as far as they are there.
        ['7801 01', 'zlib'],
        ['7801 01 0500 fa', 'zlib'],
        ['7801 01 0500 faff', 'zlib'],
        ['7801 01 0500 fbff', 'none'],
        ['7801 01 0500 fafe', 'none'],
        ['7801 01 0500 0500', 'none'],
      ];
      for (const [head, wanted] of heads) assert.equal(detectCompression(hex(head)), wanted, head);
    });

    it('of zlib data with a dictionary, whose sum stands in front of the first block', () => {
      const heads: [string, boolean][] = [
        ['78bb', false],
        ['78bb 11223344', false],
        ['78bb 11223344 03', true],
        ['78bb 11223344 01 0500 faff', true],
        ['78bb 11223344 01 0500 fafe', false],
        ['78bb 11223344 06', false],
        ['789c 11223344 03', false],
        ['78bc 11223344 03', false],
      ];
      for (const [head, wanted] of heads) {
        assert.equal(needsDictionary(hex(head)), wanted, head);
        if (wanted) assert.equal(detectCompression(hex(head)), 'none');
      }
    });

    it('of a text: 18 characters, blanks and line ends are none of zlib data', () => {
      const with17th = (byte: number, at = 17) => {
        const head = Buffer.from('x^J and words of a text');
        head[at] = byte;
        return detectCompression(head);
      };
      for (const byte of [0x20, 0x7e, 0x09, 0x0a, 0x0d]) assert.equal(with17th(byte), 'none', `${byte}`);
      for (const byte of [0x00, 0x08, 0x0b, 0x0c, 0x1f, 0x7f, 0x80, 0xff])
        assert.equal(with17th(byte), 'zlib', `${byte}`);
      assert.equal(with17th(0x00, 18), 'none');
    });

    it('of LZMA data: properties that exist, and a size that is unknown or goes with what packers choose', () => {
      const heads: [string, 'lzma' | 'none'][] = [
        ['5d 00008000 ffffffffffffffff 00', 'lzma'],
        ['5d 00008000 ffffffffffffffff', 'none'],
        ['5d 00008000 ffffffffffffffff 01', 'none'],
        ['e0 00008000 ffffffffffffffff 00', 'lzma'],
        ['e1 00008000 ffffffffffffffff 00', 'none'],
        ['00 11223344 ffffffffffffffff 00', 'lzma'],
        ['5d 00001000 0500000000000000 00', 'lzma'],
        ['5d 00001800 0500000000000000 00', 'lzma'],
        ['5d ffffffff 0500000000000000 00', 'lzma'],
        ['5d 00100000 0500000000000000 00', 'lzma'],
        ['5d 00080000 0500000000000000 00', 'none'],
        ['5d 00002800 0500000000000000 00', 'none'],
        ['5c 00001000 0500000000000000 00', 'none'],
        ['5d 01001000 0500000000000000 00', 'none'],
      ];
      for (const [head, wanted] of heads) assert.equal(detectCompression(hex(head)), wanted, head);
    });

    it('of LZMA data with other properties: the sizes fit together', () => {
      const may = (storedSize: number, size = '0004000000000000', rest = '00 11000000', properties = '5c') =>
        mayBeLzma(hex(`${properties} 01001000 ${size} ${rest}`), storedSize);
      assert.equal(may(100), true);
      // 1024 bytes as sent, which never have more than 1165 in the file.
      assert.equal(may(1165), true);
      assert.equal(may(1166), false);
      assert.equal(may(100, '0000001000000000'), true);
      assert.equal(may(100, '0100001000000000'), false);
      assert.equal(may(13, '0000000000000000'), false);
      assert.equal(may(100, 'ffffffffffffffff'), false);
      assert.equal(may(100, '0004000000000000', '01 11000000'), false);
      assert.equal(may(100, '0004000000000000', '00 00000000'), false);
      assert.equal(may(100, '0004000000000000', '00 00000001'), true);
      assert.equal(may(100, '0004000000000000', '00 110000'), false);
      assert.equal(may(100, '0004000000000000', '00 11000000', 'e0'), true);
      assert.equal(may(100, '0004000000000000', '00 11000000', 'e1'), false);
    });
  });

  it('knows the size as sent before anything is decompressed, where the image tells', async () => {
    const sizes = async (data: Uint8Array) => {
      const { images } = (await read(of(data))).firmware;
      return images.map(({ compression, size, storedSize }) => [compression, size, storedSize === data.length]);
    };
    const odd = compressLzma(text(9_000));
    odd.writeUInt32LE(9_001, 1);
    assert.deepEqual(await sizes(noise(500)), [['none', 500, true]]);
    assert.deepEqual(await sizes(deflateSync(text(9_000))), [['zlib', undefined, true]]);
    assert.deepEqual(await sizes(compressLzma(text(9_000))), [['lzma', 9_000, true]]);
    assert.deepEqual(await sizes(compressLzma(text(9_000), true)), [['lzma', undefined, true]]);
    assert.deepEqual(await sizes(odd), [['lzma', 9_000, true]]);
    assert.deepEqual(await sizes(gzipSync(text(9_000))), [['none', gzipSync(text(9_000)).length, true]]);
  });

  it('decompresses LZMA data with other properties, where their size is known', async () => {
    // Made by xz with lc=0 lp=2 pb=1 and a dictionary of 4 KiB, then the size put in; there is an end mark too.
    const data = Buffer.from(OTHER_PROPERTIES);
    assert.equal(data[0], 0x3f);
    await assertSent(data, PLAIN);
    data.writeBigUInt64LE(BigInt(PLAIN.length), 5);
    await assertSent(data, PLAIN);
    await refused(check(of(Buffer.concat([data, Buffer.alloc(20, 1)]))), 'FIRMWARE_INVALID', /follow its end/);
  });

  it('takes nothing else for LZMA data, however much its first words are like their header', async () => {
    let like = 0;
    for (let seed = 1; seed <= 1500; seed++) {
      const data = noise(200 + (seed % 7) * 3_000, seed);
      const next = noise(16, seed + 5_000);
      // Properties, dictionary, a size that fits, and the first byte of the range coder.
      data[0] = (next[0] as number) % 225;
      data.fill(0, 5, 14);
      data.writeUInt32LE(data.length + (next.readUInt16LE(4) % 50_000), 5);
      if (seed % 3 === 0) data.fill(0, 14, 14 + (seed % 100));
      const { firmware } = await read(of(data));
      if (firmware.images[0]?.compression === 'none') continue;
      // The usual properties and dictionary would do by themselves.
      like++;
    }
    assert.equal(like, 0);
    const elf = Buffer.concat([Buffer.from('7f454c46010101000000000000000000', 'hex'), noise(5_000)]);
    await assertSent(elf, elf);
    const words = Buffer.alloc(5_000);
    words.writeUInt32LE(0x30004000, 4);
    await assertSent(words, words);
  });

  it('leaves nothing of an export that it refuses', async () => {
    const place = join(folder, 'refused');
    mkdirSync(place);
    const { source, firmware } = await read(of(gzipSync('x')));
    await refused(exportImages(firmware, source, join(place, 'images')), 'FIRMWARE_INVALID');
    assert.equal(existsSync(join(place, 'images')), false);
  });
});
