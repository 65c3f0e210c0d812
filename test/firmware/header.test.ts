import assert from 'node:assert/strict';
import { crcX25 } from '../../src/codec/crc';
import { judgeHeader } from '../../src/firmware/chain';
import {
  expectedHeaderSize,
  fieldsPadded,
  HEADER_LENGTH,
  headerCrc,
  headerCrcRight,
  lengthsAgree,
  parseHeader,
  readsLikeHeader,
  requireSound,
} from '../../src/firmware/header';
import { noise } from '../../src/virtual/make-noise';
import { cliHint } from '../support/errors';
import { refused, smallest } from './help';

const NAND = 256 * 1024 * 1024;

/** A right header of an image of `size` bytes, changed, its checksum made right; behind `at` other bytes. */
function header(change: (h: Buffer) => void = () => {}, at = 0): Buffer {
  const file = Buffer.concat([noise(at, 9), smallest().subarray(0x5c, 0x5c + HEADER_LENGTH), noise(30, 8)]);
  const h = file.subarray(at, at + HEADER_LENGTH);
  change(h);
  h.writeUInt16LE(0, 92);
  h.writeUInt16LE(crcX25(h), 92);
  return file;
}

const sized = (size: number, headerSize: number, block = 4096, at = 0): Buffer =>
  header((h) => {
    h.writeUInt32LE(headerSize, 4);
    h.writeUInt32LE(size, 24);
    h.writeUInt32LE(block, 94);
  }, at);

/** 98 and 2 for each block. */
const sizeFor = (size: number, block = 4096): number => 98 + 2 * Math.ceil(size / block);

describe('firmware/header', () => {
  it('takes the texts up to their NUL, or as long as their fields are, and shows nothing that is no text', () => {
    const texts = (date: string, time: string, version: string) => {
      const h = header((b) => {
        b.fill(0, 28, 92);
        b.write(date, 28, 'latin1');
        b.write(time, 44, 'latin1');
        b.write(version, 60, 'latin1');
      });
      const { date: d, time: t, platform, version: v } = parseHeader(h);
      return [d, t, platform, v];
    };
    const full = 'x'.repeat(32);
    assert.deepEqual(texts('2014.01.02', '12:34:56', ':E3272S:21.420'), ['2014.01.02', '12:34:56', 'E3272S', '21.420']);
    assert.deepEqual(texts('0123456789abcdef', 'ABCDEFGHIJKLMNOP', full), [
      '0123456789abcdef',
      'ABCDEFGHIJKLMNOP',
      '',
      full,
    ]);
    assert.deepEqual(texts('2014\x00rest', ' 12 ', 'a\x1b[31mb\x7f\xe4'), ['2014', '12', '', 'a?[31mb??']);
    // Only the last colon parts, and only where the text begins with one.
    assert.deepEqual(texts('a', 'b', ':E3272:S:21'), ['a', 'b', 'E3272:S', '21']);
    assert.deepEqual(texts('a', 'b', 'E3272:21'), ['a', 'b', '', 'E3272:21']);
    assert.deepEqual(texts('a', 'b', ':21'), ['a', 'b', '', '21']);
    assert.deepEqual(texts('a', 'b', ''), ['a', 'b', '', '']);
    assert.deepEqual(texts('', '', '\x00:E:1'), ['', '', '', '']);
  });

  it('has a checksum that covers each byte but itself', () => {
    const h = header(() => {}, 7);
    assert.equal(headerCrcRight(h, 7), true);
    assert.equal(headerCrcRight(h, 8), false);
    for (let i = 0; i < HEADER_LENGTH; i++) {
      const damaged = Buffer.from(h);
      damaged[7 + i] = (damaged[7 + i] as number) ^ 1;
      assert.equal(headerCrcRight(damaged, 7), false, `byte ${i}`);
    }
    const zeroed = Buffer.from(header());
    zeroed.writeUInt16LE(0, 92);
    assert.equal(headerCrc(zeroed), headerCrc(header()));
  });

  it('has lengths that agree with each other and with the flash memory', () => {
    assert.equal(expectedHeaderSize(1, 0), undefined);
    assert.equal(expectedHeaderSize(4097, 4096), 102);
    for (const size of [1, 4096, 4097, NAND - 1, NAND]) {
      assert.equal(lengthsAgree(sized(size, sizeFor(size), 4096, 5), 5), true, `${size}`);
      for (const wrong of [-2, -1, 1, 2]) assert.equal(lengthsAgree(sized(size, sizeFor(size) + wrong)), false);
    }
    assert.equal(lengthsAgree(sized(0, 98)), false);
    assert.equal(lengthsAgree(sized(NAND + 1, sizeFor(NAND + 1))), false);
    assert.equal(lengthsAgree(sized(10, 98, 0)), false);
  });

  it('is refused with the reason, and what to do about it', async () => {
    const why = async (h: Buffer) => {
      const error = await refused(
        (async () => requireSound(parseHeader(h), 'image 1 of fw.bin'))(),
        h[92] === 0 ? 'FIRMWARE_CRC' : parseHeader(h).storedSize > NAND ? 'FIRMWARE_TOO_LARGE' : 'FIRMWARE_INVALID',
      );
      return `${error.message} ${cliHint(error)}`;
    };
    const damaged = header((h) => h.writeUInt32LE(7, 8));
    damaged.writeUInt16LE(0, 92);
    assert.match(await why(damaged), /image 1 of fw\.bin does not match its checksum\. The file is damaged/);
    assert.match(await why(sized(0, 98)), /no bytes\. This is no firmware for an E3272/);
    assert.match(await why(sized(NAND + 1, sizeFor(NAND + 1))), /268435457 bytes, more than the whole flash memory/);
    assert.match(await why(sized(10, 98, 0)), /block size of 0/);
    assert.match(await why(sized(10, 102)), /has 102 bytes where 100 belong/);
    requireSound(parseHeader(sized(NAND, sizeFor(NAND))), 'the largest');
  });

  it('reads like one as long as its texts are texts and the date is there', () => {
    const at = 11;
    assert.equal(
      readsLikeHeader(
        header(() => {}, at),
        at,
      ),
      true,
    );
    for (const i of [28, 43, 44, 59, 60, 91]) {
      for (const [byte, reads] of [
        [0x00, i !== 28],
        [0x1f, false],
        [0x20, true],
        [0x7e, true],
        [0x7f, false],
        [0xff, false],
      ] as const) {
        const h = header((b) => b.writeUInt8(byte, i), at);
        assert.equal(readsLikeHeader(h, at), reads, `byte ${i} is ${byte}`);
      }
    }
    for (const i of [27, 92, 94]) {
      const h = header(() => {}, at);
      h[at + i] = 0xff;
      assert.equal(readsLikeHeader(h, at), true, `byte ${i}`);
    }
  });

  it('has fields that are text and then nothing but NUL, or full', () => {
    const at = 6;
    assert.equal(
      fieldsPadded(
        header(() => {}, at),
        at,
      ),
      true,
    );
    assert.equal(
      fieldsPadded(
        header((h) => h.fill('x', 28, 92), at),
        at,
      ),
      true,
    );
    for (const [from, to] of [
      [28, 44],
      [44, 60],
      [60, 92],
    ] as const) {
      const torn = header((h) => h.fill(0, from, to).write('b', to - 1), at);
      assert.equal(fieldsPadded(torn, at), false, `${from}`);
      const empty = header((h) => h.fill(0, from, to), at);
      assert.equal(fieldsPadded(empty, at), true, `${from}`);
    }
  });

  it('is judged: right, damaged, doubtful, or nothing but the constant', () => {
    const judge = (change: (h: Buffer) => void) => {
      const h = header(() => {}, 3);
      change(h.subarray(3));
      return judgeHeader(h, 3);
    };
    assert.equal(
      judge(() => {}),
      'right',
    );
    // Lengths alone, a known code with texts, and texts in fields, are enough.
    assert.equal(
      judge((h) => h.fill(0xff, 28, 92)),
      'damaged',
    );
    assert.equal(
      judge((h) => h.writeUInt32LE(7, 4)),
      'damaged',
    );
    const torn = (h: Buffer) => h.fill('text ', 28, 92).fill(0, 50, 52).writeUInt32LE(7, 4);
    assert.equal(judge(torn), 'damaged');
    assert.equal(
      judge((h) => {
        torn(h);
        h.writeUInt32LE(0x12345, 20);
      }),
      'doubtful',
    );
    assert.equal(
      judge((h) => h.fill(0xff, 28, 92).writeUInt32LE(7, 4)),
      undefined,
    );
  });
});
