import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFirmware } from '../../src/firmware/check';
import { partFileName } from '../../src/firmware/folder';
import { readLoader } from '../../src/firmware/loader';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openImage } from '../../src/firmware/reader';
import { openSource } from '../../src/firmware/source';
import { imageData, type MadeImage, makeFirmware } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { tempFolder } from '../support/temp-folder';
import { refused } from './help';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

describe('firmware/folder', () => {
  let root: string;
  let count = 0;
  before(() => {
    root = tempFolder('folder');
  });
  after(() => rmSync(root, { recursive: true }));

  function folder(files: Readonly<Record<string, Uint8Array | string>>): string {
    const path = join(root, String(count++));
    mkdirSync(path);
    for (const [name, data] of Object.entries(files)) writeFileSync(join(path, name), data);
    return path;
  }

  const PARTS = {
    '00-00000100-Ptable_R1.bin': noise(2048, 1),
    '01-00000101-Boot-loader.bin': noise(5000, 2),
    '02-00550103-VxWorks_R1.BIN': noise(1_500_000, 3),
  };

  it('is read as one firmware, each file as one image, in the order of the numbers', async () => {
    const path = folder({ ...PARTS, 'README.txt': 'notes', sums: 'x' });
    const source = await openSource(path);
    const firmware = await readFirmware(source);
    assert.equal(firmware.form, 'folder');
    assert.equal(firmware.name, path);
    assert.equal(firmware.size, 2048 + 5000 + 1_500_000);
    assert.deepEqual(firmware.problems, []);
    assert.match(firmware.warnings.join(), /no checksums/);
    assert.deepEqual(
      firmware.images.map(({ index, code, partition, size, file }) => [index, code, partition, size, file]),
      [
        [0, 0x100, 'Ptable_R1', 2048, '00-00000100-Ptable_R1.bin'],
        [1, 0x101, 'Bootloader_R1', 5000, '01-00000101-Boot-loader.bin'],
        [2, 0x550103, 'VxWorks_R1', 1_500_000, '02-00550103-VxWorks_R1.BIN'],
      ],
    );
    const report = await checkFirmware(firmware, source, { sha256: true });
    assert.deepEqual(
      report.images.map((image) => image.sha256),
      Object.values(PARTS).map(sha256),
    );
    for (const [i, image] of report.images.entries()) {
      const reader = openImage(source, image);
      const data = Buffer.from(await reader.next(2_000_000));
      await reader.close();
      assert.ok(data.equals(Object.values(PARTS)[i] as Buffer));
    }
    await source.close();
  });

  it('has no checksums, so the bytes are held against those that were checked', async () => {
    const path = folder(PARTS);
    const source = await openSource(path);
    const { images } = await checkFirmware(await readFirmware(source), source);
    const changed = Buffer.from(PARTS['02-00550103-VxWorks_R1.BIN']);
    changed[70_000] = (changed[70_000] as number) ^ 1;
    writeFileSync(join(path, '02-00550103-VxWorks_R1.BIN'), changed);
    const last = images[2];
    assert.ok(last);
    const reader = openImage(source, last);
    const text = /has changed since it was checked: from byte 0x10000 of 02-00550103/;
    await refused(Promise.resolve(reader.next(2_000_000)), 'FIRMWARE_CRC', text);
    await reader.close();
    truncateSync(join(path, '01-00000101-Boot-loader.bin'), 100);
    const second = images[1];
    assert.ok(second);
    const short = openImage(source, second);
    await refused(Promise.resolve(short.next(5000)), 'FILE_UNREADABLE', /became shorter/);
    await short.close();
    await source.close();
  });

  it('is refused when an image is missing, stands twice or has a name that is not right', async () => {
    const open = (files: Readonly<Record<string, Uint8Array | string>>) => openSource(folder(files));
    const gap = { '00-00000100-a.bin': 'a', '02-00000101-b.bin': 'b' };
    await refused(open(gap), 'FIRMWARE_INVALID', /image 01 is missing before "02-00000101-b\.bin"/);
    await refused(open({ '01-00000100-a.bin': 'a' }), 'FIRMWARE_INVALID', /image 00 is missing/);
    const twice = { '00-00000100-a.bin': 'a', '00-00000101-b.bin': 'b' };
    await refused(open(twice), 'FIRMWARE_INVALID', /00 stands twice/);
    for (const name of ['1-00000100-a.bin', '01-100-a.bin', '01-0000010x-a.bin', '01-00000101-.bin', '001-00000101']) {
      await refused(
        open({ '00-00000100-a.bin': 'a', [name]: 'b' }),
        'FIRMWARE_INVALID',
        /name is not that of an image/,
      );
    }
    await refused(open({ 'notes.txt': 'x' }), 'FILE_NOT_REGULAR', /no folder of images/);
    await refused(open({}), 'FILE_NOT_REGULAR');
  });

  it('is refused with an image that is empty, a folder, or still has its header', async () => {
    await refused(openSource(folder({ '00-00000100-a.bin': '' })), 'FILE_EMPTY', /00-00000100-a\.bin is empty/);
    const headed = makeFirmware().subarray(0x5c);
    await refused(openSource(folder({ '00-00000100-a.bin': headed })), 'FIRMWARE_INVALID', /image header/);
    const nested = folder({ '00-00000100-a.bin': 'a' });
    mkdirSync(join(nested, '01-00000101-b.bin'));
    await refused(openSource(nested), 'FILE_NOT_REGULAR', /01-00000101-b\.bin/);
  });

  it('takes 20 images and no more', async () => {
    const many = (n: number) =>
      folder(Object.fromEntries(Array.from({ length: n }, (_, i) => [partFileName(i, 0x101, 'x'), 'x'])));
    const source = await openSource(many(20));
    assert.equal((await readFirmware(source)).images.length, 20);
    await source.close();
    for (const n of [21, 31, 100]) await refused(openSource(many(n)), 'FIRMWARE_TOO_LARGE', new RegExp(`${n} images`));
  });

  it('is in the order of the numbers, whatever that of the disk', async () => {
    const order = [7, 13, 2, 19, 0, 5, 11, 17, 3, 9, 15, 1, 18, 6, 12, 4, 10, 16, 8, 14];
    const path = folder(Object.fromEntries(order.map((i) => [partFileName(i, 0x101, `x${i}`), noise(100 + i, i)])));
    const source = await openSource(path);
    assert.deepEqual(
      source.parts?.map(({ size }) => size),
      [...order].sort((a, b) => a - b).map((i) => 100 + i),
    );
    await source.close();
  });

  it('keeps no file open, neither when it is refused nor when it was closed', async () => {
    const open = (path: string) =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(path);
        } catch {
          return false;
        }
      }).length;
    const path = folder({ ...PARTS, '03-00000105-empty.bin': '' });
    await refused(openSource(path), 'FILE_EMPTY');
    assert.equal(open(path), 0);
    rmSync(join(path, '03-00000105-empty.bin'));
    const source = await openSource(path);
    assert.equal(open(path), 3);
    await source.close();
    assert.equal(open(path), 0);
  });

  it('is held against the same rules as a file', async () => {
    const problems = async (files: Readonly<Record<string, Uint8Array>>) => {
      const source = await openSource(folder(files));
      const firmware = await readFirmware(source);
      await source.close();
      return firmware.problems.map(({ code }) => code);
    };
    assert.deepEqual(await problems({ '00-00000066-Nv.bin': noise(100) }), ['FIRMWARE_UNSUPPORTED']);
    assert.deepEqual(await problems({ '00-00200000-M3.bin': noise(100) }), ['FIRMWARE_WRONG_DEVICE']);
    assert.deepEqual(await problems({ '00-000A0000-v.bin': noise(501) }), ['FIRMWARE_TOO_LARGE']);
    const signed = Buffer.concat([noise(100), Buffer.from('faafaaff', 'hex')]);
    assert.deepEqual(await problems({ '00-00000101-b.bin': signed }), ['FIRMWARE_UNSUPPORTED']);
  });

  it('may hold compressed images, and made-up ones keep their mark in the name', async () => {
    const packed: MadeImage = { code: 0x105, size: 600_000, compression: 'lzma' };
    const chain = makeFirmware({ images: [packed] });
    const stored = chain.subarray(0x5c + chain.readUInt32LE(0x5c + 4)).subarray(0, chain.readUInt32LE(0x5c + 24));
    const source = await openSource(folder({ '00-00000105-E3272-VIRTUAL.bin': stored }));
    const firmware = await readFirmware(source);
    assert.equal(firmware.synthetic, true);
    const [image] = (await checkFirmware(firmware, source, { sha256: true })).images;
    assert.equal(image?.sha256, sha256(imageData(packed)));
    assert.ok(image);
    const reader = openImage(source, image);
    assert.ok(Buffer.from(await reader.next(600_000)).equals(imageData(packed)));
    await reader.close();
    await source.close();
  });

  it('is no loader', async () => {
    const source = await openSource(folder(PARTS));
    await refused(readLoader(source), 'LOADER_INVALID', /folder of firmware images/);
    await source.close();
  });
});
