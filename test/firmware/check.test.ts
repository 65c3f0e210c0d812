import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { deflateSync } from 'node:zlib';
import { DriverError } from '../../src/errors';
import type { ByteSource } from '../../src/firmware/byte-source';
import { checkFirmware } from '../../src/firmware/check';
import { readFirmware } from '../../src/firmware/read-firmware';
import { BIG_IMAGES, imageData, type MadeImage, makeFirmware, SMALL_IMAGES } from '../../src/virtual/make-files';
import { compressLzma } from '../../src/virtual/make-lzma';
import { text } from '../../src/virtual/make-noise';
import { check, read, refused } from './help';

const MIB = 1024 * 1024;
const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');
const only = (image: MadeImage) => check(makeFirmware({ images: [image] }), { sha256: true });

describe('firmware/check', () => {
  it('finds sizes and hashes of file and images', async () => {
    const images: MadeImage[] = [
      ...SMALL_IMAGES,
      { code: 0x104, size: 100_000, compression: 'zlib' },
      { code: 0x105, size: 90_000, compression: 'lzma' },
      { code: 0x107, size: 80_000, compression: 'lzma-marker', blockSize: 1000 },
      { code: 0x102, size: 70_000, blockSize: 1 },
      { code: 0x102, size: 70_000, blockSize: 0x7fffffff },
    ];
    const file = makeFirmware({ images });
    const steps: number[] = [];
    const report = await check(file, { sha256: true, onProgress: (done) => steps.push(done) });
    assert.equal(report.sha256, sha256(file));
    assert.deepEqual(
      report.images.map((image) => [image.size, image.sha256]),
      images.map((image) => [imageData(image).length, sha256(imageData(image))]),
    );
    assert.deepEqual(report.problems, []);
    assert.equal(steps.at(-1), file.length);
    assert.deepEqual(
      steps,
      [...steps].sort((a, b) => a - b),
    );
    assert.equal((await check(file)).images[0]?.sha256, undefined);
  });

  it('tells once what headers and images both tell', async () => {
    const { problems } = await check(makeFirmware({ images: [{ code: 0xa0000, size: 501 }] }), { collect: true });
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['FIRMWARE_TOO_LARGE'],
    );
  });

  it('finds a flipped bit in any image, also in the checksums', async () => {
    const file = makeFirmware();
    const { firmware } = await read(file);
    for (const image of firmware.images) {
      for (const at of [image.headerOffset + 98, image.offset, image.offset + image.storedSize - 1]) {
        const flipped = Buffer.from(file);
        flipped[at] = (flipped[at] as number) ^ 0x08;
        await refused(check(flipped), 'FIRMWARE_CRC', new RegExp(`image ${image.index + 1} .*block`));
      }
    }
  });

  it('refuses compressed images that do not decompress exactly', async () => {
    const packed = deflateSync(text(50_000));
    const damaged = Buffer.from(packed);
    damaged[1000] = (damaged[1000] as number) ^ 0x40;
    await refused(only({ code: 0x105, data: damaged }), 'FIRMWARE_INVALID', /does not decompress/);
    await refused(only({ code: 0x105, data: packed.subarray(0, 3000) }), 'FIRMWARE_TRUNCATED', /cut off/);
    for (const extra of [1, 5000]) {
      const longer = Buffer.concat([packed, Buffer.alloc(extra)]);
      await refused(only({ code: 0x105, data: longer }), 'FIRMWARE_INVALID', new RegExp(`${extra} bytes follow`));
    }
    const lzma = compressLzma(text(50_000));
    await refused(only({ code: 0x105, data: lzma.subarray(0, 3000) }), 'FIRMWARE_TRUNCATED');
    await refused(only({ code: 0x105, data: Buffer.concat([lzma, Buffer.alloc(9)]) }), 'FIRMWARE_INVALID');
  });

  it('stops a zlib bomb and an LZMA bomb at the size of the partition', async () => {
    const zeros = Buffer.alloc(20 * MIB);
    await refused(only({ code: 0x104, data: deflateSync(zeros) }), 'FIRMWARE_TOO_LARGE', /more than 393216/);
    await refused(only({ code: 0x104, data: compressLzma(zeros, true) }), 'FIRMWARE_TOO_LARGE', /more than 393216/);
    await refused(only({ code: 0x104, data: compressLzma(zeros) }), 'FIRMWARE_TOO_LARGE', /20971520 bytes/);
    const greedy = compressLzma(text(1000), true);
    greedy.writeUInt32LE(0xffffffff, 1);
    await refused(only({ code: 0x104, data: greedy }), 'FIRMWARE_TOO_LARGE', /dictionary of 4294967295/);
  });

  it('collects all problems where they are to be shown', async () => {
    const images: MadeImage[] = [
      { code: 0x66 },
      { code: 0x101, size: 3000 },
      { code: 0x103, data: deflateSync(text(5000)).subarray(0, 500) },
      { code: 0x200000 },
    ];
    const report = await check(makeFirmware({ images }), { collect: true });
    assert.deepEqual(
      report.problems.map((problem) => problem.code),
      ['FIRMWARE_UNSUPPORTED', 'FIRMWARE_WRONG_DEVICE', 'FIRMWARE_TRUNCATED'],
    );
    assert.deepEqual(
      report.images.map((image) => image.code),
      [0x66, 0x101, 0x200000],
    );
  });

  it('stops when it is cancelled, before and in the middle', async () => {
    const { source, firmware } = await read(makeFirmware({ images: BIG_IMAGES.slice(0, 4) }));
    const aborted = AbortSignal.abort(new Error('enough'));
    await assert.rejects(checkFirmware(firmware, source, { signal: aborted }), { code: 'CANCELLED' });
    const controller = new AbortController();
    const onProgress = () => controller.abort(new Error('enough'));
    const { signal } = controller;
    await assert.rejects(checkFirmware(firmware, source, { signal, onProgress }), { code: 'CANCELLED' });
  });

  it('is cancelled as a whole, also where all problems are collected: a cancel is none of an image', async () => {
    const { source, firmware } = await read(makeFirmware());
    const controller = new AbortController();
    let calls = 0;
    const onProgress = () => {
      calls++;
      controller.abort(new Error('enough'));
    };
    const options = { collect: true, signal: controller.signal, onProgress };
    await assert.rejects(checkFirmware(firmware, source, options), { code: 'CANCELLED' });
    assert.equal(calls, 1);
  });

  it('leaves the bytes it was given alone, and does the same in a worker', async () => {
    const file = makeFirmware({ images: BIG_IMAGES });
    const before = sha256(file);
    const report = await check(file, { sha256: true });
    assert.equal(sha256(file), before);
    assert.equal(report.sha256, before);
    assert.deepEqual(
      report.images.map((image) => image.sha256),
      BIG_IMAGES.map((image) => sha256(imageData(image))),
    );
    const last = report.images.at(-1);
    assert.ok(last);
    file[last.offset + last.storedSize - 5] = (file[last.offset + last.storedSize - 5] as number) ^ 1;
    await refused(check(file), 'FIRMWARE_CRC', /image 5 \(System_R1\)/);
  });

  it('lets this thread go before a worker', async () => {
    const file = makeFirmware({ images: BIG_IMAGES });
    const { source, firmware } = await read(file);
    const nice = new Set<number>();
    const onProgress = () => {
      for (const thread of readdirSync('/proc/self/task')) {
        try {
          // Behind the name, which can have blanks: state is field 3, nice field 19.
          const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'latin1');
          nice.add(Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]));
        } catch {
          // It has ended meanwhile.
        }
      }
    };
    const own = getPriority();
    await checkFirmware(firmware, source, { sha256: true, onProgress });
    assert.ok(nice.has(Math.max(own, 10)), [...nice].join());
    assert.equal(getPriority(), own);
  });

  it('never holds more than some pieces, whatever the size of the file', async () => {
    const file = makeFirmware({ images: [{ code: 0x107, size: 28 * MIB, blockSize: 65536 }] });
    const pieces = { largest: 0, total: 0, waiting: 0, mostWaiting: 0 };
    const source: ByteSource = {
      name: 'counted',
      size: file.length,
      async read(offset, length, into) {
        pieces.largest = Math.max(pieces.largest, length);
        pieces.total += length;
        pieces.mostWaiting = Math.max(pieces.mostWaiting, ++pieces.waiting);
        await new Promise<void>((resolve) => setImmediate(resolve));
        pieces.waiting--;
        const piece = file.subarray(offset, offset + length);
        into?.set(piece);
        return piece;
      },
      async close() {},
    };
    const firmware = await readFirmware(source);
    await checkFirmware(firmware, source, { sha256: true });
    assert.ok(pieces.total > 2 * 28 * MIB);
    assert.ok(pieces.largest <= MIB);
    assert.ok(pieces.mostWaiting <= 2);
  });

  it('hands on what the source says, also out of a worker', async () => {
    const file = makeFirmware({ images: [{ code: 0x107, size: 28 * MIB }] });
    const { source, firmware } = await read(file);
    const gone = Object.assign(new Error('EIO: i/o error'), { code: 'EIO' });
    const failing: ByteSource = {
      ...source,
      read: (offset, length, into) => (offset > 5 * MIB ? Promise.reject(gone) : source.read(offset, length, into)),
    };
    await assert.rejects(checkFirmware(firmware, failing), /EIO/);
    await assert.rejects(checkFirmware(firmware, failing, { sha256: true }), (error) => {
      assert.ok(error instanceof DriverError);
      assert.deepEqual([error.code, error.reason], ['FILE_UNREADABLE', 'reading']);
      assert.deepEqual({ ...error.params }, { text: 'EIO: i/o error' });
      return true;
    });
  });
});
