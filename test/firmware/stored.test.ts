import assert from 'node:assert/strict';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ByteSource } from '../../src/firmware/byte-source';
import { checkFirmware } from '../../src/firmware/check';
import { openImage } from '../../src/firmware/reader';
import { STEP, storedPieces } from '../../src/firmware/stored';
import { makeFirmware } from '../../src/virtual/make-files';
import { read, refused } from './help';

const MIB = 1024 * 1024;

describe('firmware/stored', () => {
  const file = makeFirmware({
    images: [
      { code: 0x101, size: 5000 },
      { code: 0x103, size: 3 * MIB + 7, blockSize: 1000 },
    ],
  });

  it('hands out the image in pieces of 1 MiB, in memory of their own or in the buffers that it is given', async () => {
    const { source, firmware } = await read(file);
    const [, image] = firmware.images;
    assert.ok(image);
    const whole = file.subarray(image.offset, image.offset + image.storedSize);
    for (const buffers of [[], [Buffer.alloc(STEP), Buffer.alloc(STEP)]]) {
      let at = 0;
      let n = 0;
      for await (const piece of storedPieces(source, image, buffers)) {
        assert.ok(piece.equals(whole.subarray(at, at + STEP)), `piece ${n}`);
        const given = buffers[n % 2];
        assert.equal(piece.buffer === given?.buffer, given !== undefined);
        at += piece.length;
        n++;
      }
      assert.deepEqual([at, n], [whole.length, 4]);
    }
  });

  it('names the block, its place in the file, and how many there are', async () => {
    const { source, firmware } = await read(Buffer.from(file));
    const [, image] = firmware.images;
    assert.ok(image);
    for (const block of [0, 1048, 1049, 2097, 3145]) {
      const damaged = Buffer.from(file);
      const at: number = image.offset + 1000 * block;
      damaged[at] = (damaged[at] as number) ^ 1;
      const text: string = `The image 2 (VxWorks_R1) of buffer does not match its checksums: block ${block + 1} of 3146, from byte 0x${at.toString(16)} of the file.`;
      const { source: other } = await read(damaged);
      const error = await refused(checkFirmware(firmware, other), 'FIRMWARE_CRC');
      assert.equal(error.message, text);
    }
    assert.equal((await checkFirmware(firmware, source)).images.length, 2);
  });

  it('names the place from which on a file has changed since its check, to 64 KiB', async () => {
    const bytes = Buffer.from(file);
    const { source, firmware } = await read(bytes);
    const image = (await checkFirmware(firmware, source)).images[1];
    assert.ok(image);
    for (const place of [0, 65_535, 65_536, 2 * MIB + 70_000, image.storedSize - 1]) {
      const at = image.offset + place;
      bytes[at] = (bytes[at] as number) ^ 1;
      const from = image.offset + place - (place % 65_536);
      const text = new RegExp(`has changed since it was checked: from byte 0x${from.toString(16)} of the file\\.`);
      const reader = openImage(source, image);
      await refused(Promise.resolve(reader.next(4 * MIB)), 'FIRMWARE_CRC', text);
      await reader.close();
      bytes[at] = (bytes[at] as number) ^ 1;
    }
  });

  it('is quiet about a piece ahead that could not be read, when nobody asks for it any more', async () => {
    const { source, firmware } = await read(file);
    const [, image] = firmware.images;
    assert.ok(image);
    let failed = 0;
    const failing: ByteSource = {
      ...source,
      async read(offset, length, into) {
        if (offset < image.offset + STEP) return source.read(offset, length, into);
        failed++;
        throw new Error('gone');
      },
    };
    const unhandled: unknown[] = [];
    const listener = (error: unknown) => unhandled.push(error);
    process.prependListener('unhandledRejection', listener);
    try {
      const pieces = storedPieces(failing, image);
      assert.equal((await pieces.next()).value?.length, STEP);
      await nextTurn();
      await nextTurn();
      await pieces.return();
    } finally {
      process.off('unhandledRejection', listener);
    }
    assert.deepEqual([failed, unhandled], [1, []]);
  });
});
