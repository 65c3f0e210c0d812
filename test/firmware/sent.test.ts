import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import type { ByteSource } from '../../src/firmware/byte-source';
import { checkFirmware } from '../../src/firmware/check';
import { openImage } from '../../src/firmware/reader';
import { sentPieces } from '../../src/firmware/sent';
import { STEP } from '../../src/firmware/stored';
import { makeFirmware } from '../../src/virtual/make-files';
import { compressLzma } from '../../src/virtual/make-lzma';
import { noise, text } from '../../src/virtual/make-noise';
import { made } from '../support/errors';
import { check, read, refused } from './help';

const MIB = 1024 * 1024;
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

describe('firmware/sent', () => {
  it('decompresses images of many pieces, each as it was read', async () => {
    const plain = noise(6 * MIB);
    const images = [
      { code: 0x107, data: deflateSync(plain, { level: 1 }) },
      { code: 0x103, data: compressLzma(plain.subarray(0, 2 * MIB)) },
    ];
    const report = await check(makeFirmware({ images }), { sha256: true });
    assert.deepEqual(
      report.images.map((image) => [image.size, image.sha256]),
      [
        [6 * MIB, sha256(plain)],
        [2 * MIB, sha256(plain.subarray(0, 2 * MIB))],
      ],
    );
  });

  it('hands out what has come so far, before all of the image was read', async () => {
    for (const data of [noise(8 * MIB), deflateSync(noise(8 * MIB), { level: 1 }), compressLzma(noise(2 * MIB))]) {
      const { source, firmware } = await read(makeFirmware({ images: [{ code: 0x107, data }] }));
      const [image] = firmware.images;
      assert.ok(image);
      let furthest = 0;
      const counting: ByteSource = {
        ...source,
        read(offset, length, into) {
          furthest = Math.max(furthest, offset + length);
          return source.read(offset, length, into);
        },
      };
      const pieces = sentPieces(counting, image);
      assert.equal((await pieces.next()).done, false);
      const ahead = image.compression === 'lzma' ? 2 * STEP : 6 * STEP;
      assert.ok(furthest <= image.offset + ahead, `${furthest} of ${image.storedSize} for ${image.compression}`);
      await pieces.return();
    }
  });

  it('hands on the very error of the file, also through a decompression, and says what zlib says', async () => {
    const data = deflateSync(noise(3 * MIB), { level: 1 });
    const file = makeFirmware({ images: [{ code: 0x107, data }] });
    const { source, firmware } = await read(file);
    const [image] = firmware.images;
    assert.ok(image);
    for (const gone of [new Error('gone'), made('FILE_UNREADABLE', 'It is gone.')]) {
      const failing: ByteSource = {
        ...source,
        read: (offset, length, into) =>
          offset > image.offset ? Promise.reject(gone) : source.read(offset, length, into),
      };
      const all = (async () => {
        for await (const piece of sentPieces(failing, image)) assert.ok(piece.length > 0);
      })();
      await assert.rejects(all, (error) => error === gone);
    }
    const wrong = Buffer.from(data);
    wrong[wrong.length - 1] = (wrong.at(-1) ?? 0) ^ 1;
    const damaged = makeFirmware({ images: [{ code: 0x107, data: wrong }] });
    const error = await refused(check(damaged), 'FIRMWARE_INVALID', /does not decompress \(incorrect data check\)/);
    assert.equal((error.cause as NodeJS.ErrnoException).code, 'Z_DATA_ERROR');
    const short = makeFirmware({ images: [{ code: 0x107, data: data.subarray(0, 5_000) }] });
    const cut = await refused(check(short), 'FIRMWARE_TRUNCATED', /are cut off/);
    assert.equal((cut.cause as NodeJS.ErrnoException).code, 'Z_BUF_ERROR');
  });

  it('refuses an image that decompresses to nothing', async () => {
    for (const level of [0, 9]) {
      const file = makeFirmware({ images: [{ code: 0x104, data: deflateSync(Buffer.alloc(0), { level }) }] });
      await refused(check(file), 'FIRMWARE_INVALID', /has 0 bytes where some belong/);
    }
  });

  it('refuses an image that decompresses to another size than it had in the check', async () => {
    for (const data of [deflateSync(text(9_000)), compressLzma(text(9_000), true)]) {
      const { source, firmware } = await read(makeFirmware({ images: [{ code: 0x104, data }] }));
      const [image] = (await checkFirmware(firmware, source)).images;
      assert.equal(image?.size, 9_000);
      for (const size of [8_999, 9_001]) {
        const reader = openImage(source, { ...image, size });
        const text = new RegExp(`has 9000 bytes where ${size} belong`);
        await refused(Promise.resolve(reader.next(10_000)), 'FIRMWARE_INVALID', text);
        await reader.close();
      }
    }
  });
});
