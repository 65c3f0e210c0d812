import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { detectCompression, lzmaHeader } from '../../src/firmware/compression';
import { LzmaDecoder } from '../../src/firmware/lzma';
import { compressLzma } from '../../src/virtual/make-lzma';
import { noise, text } from '../../src/virtual/make-noise';
import { random } from './help';
import { OTHER_PROPERTIES, PLAIN, USUAL, VARIED, VARIED_PACKED } from './lzma-data';

const PACKED = [USUAL, OTHER_PROPERTIES];

function unpack(packed: Uint8Array, limit = 1 << 20, inputStep = 1 << 20, outputStep = 1 << 20): Buffer {
  const decoder = new LzmaDecoder({ limit, what: 'test image' });
  const out: Buffer[] = [];
  const drain = () => {
    for (let piece = decoder.read(outputStep); piece.length > 0; piece = decoder.read(outputStep)) {
      assert.ok(piece.length <= outputStep);
      out.push(piece);
    }
  };
  for (let at = 0; at < packed.length; at += inputStep) {
    decoder.push(packed.subarray(at, at + inputStep));
    drain();
  }
  decoder.end();
  drain();
  assert.ok(decoder.done);
  return Buffer.concat(out);
}

/** The stream with the size of the output in its header. */
function withSize(packed: Buffer, size: number | bigint): Buffer {
  const copy = Buffer.from(packed);
  copy.writeBigUInt64LE(BigInt(size), 5);
  return copy;
}

const fails = (work: () => unknown, code: 'FIRMWARE_INVALID' | 'FIRMWARE_TRUNCATED' | 'FIRMWARE_TOO_LARGE') =>
  assert.throws(work, (error) => isDriverError(error, code), code);

describe('firmware/lzma', () => {
  it('unpacks what xz packed, in pieces of any size', () => {
    for (const packed of PACKED) {
      for (const input of [1, 7, 100, 10_000]) {
        for (const output of [1, 13, 500, 10_000]) assert.deepEqual(unpack(packed, 5000, input, output), PLAIN);
      }
    }
  });

  it('unpacks every kind of symbol, as often as their probabilities need to differ', () => {
    for (const packed of VARIED_PACKED) {
      for (const step of [1, 500, 1 << 20]) assert.deepEqual(unpack(packed, VARIED.length, step, step), VARIED);
      assert.deepEqual(unpack(withSize(packed, VARIED.length)), VARIED);
    }
  });

  it('refuses data whose last bytes are wrong: all of the output came, but the coder does not end at zero', () => {
    for (const packed of [...VARIED_PACKED, ...PACKED, compressLzma(PLAIN, true), compressLzma(PLAIN)]) {
      for (const sized of [false, true]) {
        const whole = sized && packed.readUInt32LE(5) === 0xffffffff ? withSize(packed, unpack(packed).length) : packed;
        const wrong = Buffer.from(whole);
        wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
        for (const step of [7, 1 << 20]) {
          assert.throws(
            () => unpack(wrong, 1 << 20, step),
            (error) => isDriverError(error, 'FIRMWARE_INVALID', 'FIRMWARE_TRUNCATED'),
          );
        }
      }
    }
    const marked = compressLzma(PLAIN, true);
    marked[marked.length - 1] = 1;
    assert.throws(() => unpack(marked), /its last bytes are wrong/);
  });

  it('unpacks a known size, with and without an end marker', () => {
    for (const packed of PACKED) assert.deepEqual(unpack(withSize(packed, PLAIN.length)), PLAIN);
    for (const data of [PLAIN, text(300_000), noise(70_000), Buffer.alloc(100_000), Buffer.from([7])]) {
      assert.deepEqual(unpack(compressLzma(data)), data);
      assert.deepEqual(unpack(compressLzma(data, true), data.length, 1000, 777), data);
    }
  });

  it('unpacks a known size in pieces of any size', () => {
    for (const packed of [...PACKED.map((stream) => withSize(stream, PLAIN.length)), compressLzma(PLAIN)]) {
      for (const step of [1, 7, 100]) assert.deepEqual(unpack(packed, PLAIN.length, step, 13), PLAIN);
    }
    const plain = text(9_000);
    for (const step of [1, 64, 65, 1000]) assert.deepEqual(unpack(compressLzma(plain), 9_000, step, 500), plain);
  });

  it('wants an end mark where no size is told, also when the room in the partition is full', () => {
    const packed = compressLzma(PLAIN);
    packed.fill(0xff, 5, 13);
    fails(() => unpack(packed, PLAIN.length), 'FIRMWARE_TRUNCATED');
    fails(() => unpack(packed, PLAIN.length + 1), 'FIRMWARE_TRUNCATED');
    fails(() => unpack(packed, PLAIN.length - 1), 'FIRMWARE_TOO_LARGE');
  });

  it('refuses data that do not begin with the zero of every range coder', () => {
    for (const packed of [...PACKED, compressLzma(PLAIN)]) {
      const wrong = Buffer.from(packed);
      wrong[13] = 1;
      assert.throws(() => unpack(wrong), /its data do not begin with 0/);
    }
  });

  it('goes round its dictionary', () => {
    const data = Buffer.concat([noise(5000), noise(5000), text(20_000), noise(3000)]);
    const packed = compressLzma(data.subarray(0, 4096));
    packed.writeUInt32LE(4096, 1);
    assert.deepEqual(unpack(packed), data.subarray(0, 4096));
    const repeats = Buffer.concat(Array.from({ length: 40 }, () => noise(900, 5)));
    const ring = compressLzma(repeats, true);
    ring.writeUInt32LE(4096, 1);
    for (const step of [1, 999, 1 << 20]) assert.deepEqual(unpack(ring, 1 << 20, 1 << 20, step), repeats);
    // Nothing but single bytes, whose probabilities go by the one before; many times around.
    const rounds = compressLzma(noise(60_000));
    rounds.writeUInt32LE(4096, 1);
    for (const step of [777, 1 << 20]) assert.deepEqual(unpack(rounds, 1 << 20, 1 << 20, step), noise(60_000));
  });

  it('refuses what refers to bytes that never came, or that have left the dictionary', () => {
    // A repeated match where there is nothing yet.
    const early = Buffer.concat([compressLzma(PLAIN, true).subarray(0, 14), Buffer.alloc(100, 0xff)]);
    assert.throws(() => unpack(early), /refers to bytes that never came/);
    const far = compressLzma(Buffer.concat([noise(5000), noise(5000)]));
    assert.equal(unpack(far).length, 10_000);
    far.writeUInt32LE(4999, 1);
    assert.throws(() => unpack(far), /refers to bytes that never came/);
    far.writeUInt32LE(5000, 1);
    assert.equal(unpack(far).length, 10_000);
  });

  it('reads its header: properties, dictionary, and a size that is unknown only if all of it is FF', () => {
    const header = (properties: number, dictionary: number, size: bigint) => {
      const head = Buffer.alloc(13);
      head[0] = properties;
      head.writeUInt32LE(dictionary, 1);
      head.writeBigUInt64LE(size, 5);
      return lzmaHeader(head);
    };
    assert.deepEqual(header(0x5d, 1 << 20, 7n), { lc: 3, lp: 0, pb: 2, dictionary: 1 << 20, size: 7 });
    assert.deepEqual(header(224, 0xffffffff, 2n ** 64n - 1n), {
      lc: 8,
      lp: 4,
      pb: 4,
      dictionary: 0xffffffff,
      size: undefined,
    });
    assert.equal(header(0, 0, 0xffffffffn).size, 0xffffffff);
    assert.equal(header(0, 0, 0xffffffffn << 32n).size, 0xffffffff * 2 ** 32);
    const wrong = compressLzma(PLAIN);
    wrong[0] = 225;
    assert.throws(() => unpack(wrong), /properties that do not exist/);
  });

  it('refuses data that end before their first byte', () => {
    assert.throws(() => unpack(compressLzma(Buffer.alloc(0), true)), /it ends after 0 bytes/);
    assert.throws(() => unpack(withSize(compressLzma(PLAIN), 0)), /decompresses to nothing/);
  });

  it('says that input is cut, at every place', () => {
    for (const packed of [...PACKED, compressLzma(PLAIN)]) {
      for (let length = 0; length < packed.length; length++) {
        fails(() => unpack(packed.subarray(0, length), 5000, 50), 'FIRMWARE_TRUNCATED');
      }
    }
  });

  it('refuses bytes behind the end', () => {
    for (const packed of [...PACKED, compressLzma(PLAIN)]) {
      for (const extra of [1, 10, 100, 5000]) {
        fails(() => unpack(Buffer.concat([packed, Buffer.alloc(extra)]), 5000, 64), 'FIRMWARE_INVALID');
      }
    }
  });

  it('refuses a size that is not that of the data', () => {
    for (const packed of [...PACKED, compressLzma(PLAIN)]) {
      fails(() => unpack(withSize(packed, PLAIN.length - 1)), 'FIRMWARE_INVALID');
    }
    for (const packed of PACKED) fails(() => unpack(withSize(packed, PLAIN.length + 1)), 'FIRMWARE_INVALID');
  });

  it('stops at the limit', () => {
    for (const packed of PACKED) {
      assert.equal(unpack(packed, PLAIN.length).length, PLAIN.length);
      fails(() => unpack(packed, PLAIN.length - 1), 'FIRMWARE_TOO_LARGE');
    }
    fails(() => unpack(compressLzma(PLAIN), PLAIN.length - 1), 'FIRMWARE_TOO_LARGE');
    fails(() => unpack(withSize(compressLzma(PLAIN), 2n ** 50n)), 'FIRMWARE_TOO_LARGE');
  });

  it('refuses dictionaries above 64 MiB before it takes memory for them', () => {
    for (const size of [0xffffffff, 64 * 1024 * 1024 + 1]) {
      const packed = compressLzma(PLAIN, true);
      packed.writeUInt32LE(size, 1);
      fails(() => unpack(packed), 'FIRMWARE_TOO_LARGE');
    }
  });

  it('answers damaged input with an error of its own, or with the right bytes', () => {
    const next = random(99);
    for (let i = 0; i < 2000; i++) {
      const packed = Buffer.from(PACKED[next(2)] as Buffer);
      packed[13 + next(packed.length - 13)] = next(256);
      try {
        assert.ok(unpack(packed, 5000).length <= 5000);
      } catch (error) {
        assert.ok(isDriverError(error, 'FIRMWARE_INVALID', 'FIRMWARE_TRUNCATED', 'FIRMWARE_TOO_LARGE'), String(error));
      }
    }
  });

  it('is recognised by its first bytes', () => {
    for (const packed of PACKED) assert.equal(detectCompression(packed.subarray(0, 16)), 'lzma');
    assert.equal(detectCompression(compressLzma(PLAIN).subarray(0, 16)), 'lzma');
    for (const hex of ['7801', '785e', '789c', '78da', '5885', '1819']) {
      assert.equal(detectCompression(Buffer.from(`${hex}cbc8`, 'hex')), 'zlib', hex);
    }
    const plain = ['00', '7801', '78dbcbc8', '78bbcbc8', '7801ff00', '5d000080', '18f09fe5', '000000ea'];
    for (const hex of [...plain, '0'.repeat(32), 'f'.repeat(32)]) {
      assert.equal(detectCompression(Buffer.from(hex, 'hex')), 'none', hex);
    }
    assert.equal(detectCompression(Buffer.from('7801010500faff68', 'hex')), 'zlib');
    assert.equal(detectCompression(Buffer.from('7801010500fafe68', 'hex')), 'none');
  });
});
