import assert from 'node:assert/strict';
import { deflateSync } from 'node:zlib';
import type { ByteSource } from '../../src/firmware/byte-source';
import { type ImageReader, openImage } from '../../src/firmware/reader';
import { imageData, type MadeImage, makeFirmware } from '../../src/virtual/make-files';
import { compressLzma } from '../../src/virtual/make-lzma';
import { text } from '../../src/virtual/make-noise';
import { read, refused } from './help';

const MIB = 1024 * 1024;

const IMAGES: MadeImage[] = [
  { code: 0x101, size: 4096 },
  { code: 0x104, size: 5000 },
  { code: 0x103, size: 3 * MIB },
  { code: 0x102, size: MIB + 1, blockSize: 1000 },
  { code: 0x105, size: 600_000, compression: 'zlib' },
  { code: 0x107, size: 1_000_000, compression: 'lzma' },
  { code: 0x107, size: 300_000, compression: 'lzma-marker' },
];

async function readAll(reader: ImageReader, size: number): Promise<{ data: Buffer; atOnce: number; blocks: number }> {
  const blocks: Buffer[] = [];
  let atOnce = 0;
  for (;;) {
    const block = reader.next(size);
    if (Buffer.isBuffer(block)) atOnce++;
    // Copied: a block is promised to last until the next call only.
    const bytes = Buffer.from(await block);
    if (bytes.length === 0) break;
    blocks.push(bytes);
  }
  assert.ok(blocks.slice(0, -1).every((block) => block.length === size));
  await reader.close();
  return { data: Buffer.concat(blocks), atOnce, blocks: blocks.length };
}

describe('firmware/reader', () => {
  it('hands out every image as sent, in blocks of any size, again and again', async () => {
    const { source, firmware } = await read(makeFirmware({ images: IMAGES }));
    for (const [i, image] of firmware.images.entries()) {
      const wanted = imageData(IMAGES[i] as MadeImage);
      for (const size of [4096, 8192, 1000, 2 * MIB]) {
        const { data } = await readAll(openImage(source, image), size);
        assert.ok(data.equals(wanted), `image ${i}, blocks of ${size}`);
      }
    }
  });

  it('hands out most blocks at once', async () => {
    const { source, firmware } = await read(makeFirmware({ images: [{ code: 0x103, size: 3 * MIB }] }));
    const [image] = firmware.images;
    assert.ok(image);
    const { atOnce, blocks } = await readAll(openImage(source, image), 4096);
    assert.equal(blocks, 768);
    assert.ok(atOnce >= blocks - 4);
  });

  it('notices that the file has changed since it was checked', async () => {
    const file = makeFirmware({ images: IMAGES });
    const { source, firmware } = await read(file);
    for (const image of firmware.images) {
      const at = image.offset + image.storedSize - 1;
      const before = file[at] as number;
      file[at] = before ^ 0x80;
      await refused(readAll(openImage(source, image), 4096), 'FIRMWARE_CRC');
      file[at] = before;
      assert.ok((await readAll(openImage(source, image), 4096)).data.length > 0);
    }
  });

  it('never hands out the last block of an image that is wrong', async () => {
    const file = makeFirmware({ images: [{ code: 0x103, size: 2 * MIB + 100, blockSize: 0x1000000 }] });
    const { source, firmware } = await read(file);
    const [image] = firmware.images;
    assert.ok(image);
    file[image.offset] = 1;
    const reader = openImage(source, image);
    let got = 0;
    const all = async () => {
      for (let block = await reader.next(4096); block.length > 0; block = await reader.next(4096)) got += block.length;
    };
    await refused(all(), 'FIRMWARE_CRC');
    assert.ok(got < image.storedSize);
    await reader.close();
  });

  it('nor where what is wrong shows only behind the last byte, which ends a block', async () => {
    const plain = text(8192);
    for (const data of [deflateSync(plain), compressLzma(plain, true), compressLzma(plain)]) {
      const longer = Buffer.concat([data, Buffer.from([1])]);
      const { source, firmware } = await read(makeFirmware({ images: [{ code: 0x103, data: longer }] }));
      const [image] = firmware.images;
      assert.ok(image);
      for (const size of [4096, 8192]) {
        const reader = openImage(source, image);
        let got = 0;
        const all = async () => {
          for (let block = await reader.next(size); block.length > 0; block = await reader.next(size))
            got += block.length;
        };
        await refused(all(), 'FIRMWARE_INVALID');
        assert.ok(got < plain.length, `${got} bytes in blocks of ${size}`);
        await reader.close();
      }
    }
  });

  it('is cancelled while it waits for a piece, which is handed out to nobody', async () => {
    const { source, firmware } = await read(makeFirmware({ images: [{ code: 0x103, size: 3 * MIB }] }));
    const [image] = firmware.images;
    assert.ok(image);
    const controller = new AbortController();
    const slow: ByteSource = {
      ...source,
      async read(offset, length, into) {
        if (offset > image.offset + MIB) controller.abort(new Error('enough'));
        return source.read(offset, length, into);
      },
    };
    const reader = openImage(slow, image, { signal: controller.signal });
    await assert.rejects(Promise.resolve(reader.next(4 * MIB)), { code: 'CANCELLED' });
    await reader.close();
  });

  it('hands on a failing source', async () => {
    const { source, firmware } = await read(makeFirmware({ images: IMAGES }));
    for (const image of firmware.images) {
      const broken: ByteSource = { ...source, read: () => Promise.reject(new Error('gone')) };
      const reader = openImage(broken, image);
      await assert.rejects(Promise.resolve(reader.next(4096)), /gone/);
      await reader.close();
    }
  });

  it('can be closed and cancelled in the middle', async () => {
    const { source, firmware } = await read(makeFirmware({ images: IMAGES }));
    for (const image of firmware.images) {
      const reader = openImage(source, image);
      await reader.next(100);
      await reader.close();
      await reader.close();
      assert.equal((await reader.next(100)).length, 0);
      const controller = new AbortController();
      const cancelled = openImage(source, image, { signal: controller.signal });
      await cancelled.next(100);
      controller.abort(new Error('enough'));
      await assert.rejects(Promise.resolve(cancelled.next(100)), { code: 'CANCELLED' });
      await cancelled.close();
    }
  });
});
