import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { checkFirmware } from '../../src/firmware/check';
import { type ExportedImage, type ExportOptions, exportImages } from '../../src/firmware/export';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { imageData, type MadeImage, makeFirmware, SMALL_IMAGES } from '../../src/virtual/make-files';
import { compressLzma } from '../../src/virtual/make-lzma';
import { noise, text } from '../../src/virtual/make-noise';
import { journey, makeLoader } from '../flash/journey';
import { SEEDS } from '../fuzz/seeds';
import { tempFolder } from '../support/temp-folder';
import { read, refused } from './help';

const sha256 = (data: Uint8Array) => createHash('sha256').update(data).digest('hex');

const IMAGES = (
  [
    ...SMALL_IMAGES,
    { code: 0x104, size: 100_000, compression: 'zlib' },
    { code: 0x105, size: 600_001, compression: 'lzma' },
    { code: 0x107, size: 2_500_003 },
  ] satisfies MadeImage[]
).map((image): MadeImage => ({ ...image, platform: 'E3272' }));

describe('firmware/export', () => {
  let root: string;
  let count = 0;
  before(() => {
    root = tempFolder('export');
  });
  after(() => rmSync(root, { recursive: true }));
  // Each in a folder of its own, so that what is left beside it shows.
  const place = () => {
    const parent = join(root, String(count++));
    mkdirSync(parent);
    return join(parent, 'images');
  };

  async function exported(file: Uint8Array | string, folder: string, options?: ExportOptions) {
    const source = await openSource(file);
    try {
      return await exportImages(await readFirmware(source), source, folder, options);
    } finally {
      await source.close();
    }
  }

  it('writes each image as it is sent, and the folder reads back as the same firmware', async () => {
    const folder = place();
    const steps: number[] = [];
    const done = await exported(makeFirmware({ images: IMAGES, exe: 5001 }), folder, {
      onProgress: (n) => steps.push(n),
    });
    assert.deepEqual(
      done,
      IMAGES.map((image, i) => ({
        file: [
          '00-00000100-Ptable_R1.bin',
          '01-00000101-Bootloader_R1.bin',
          '02-00550103-VxWorks_R1.bin',
          '03-00000104-Fastboot_R1.bin',
          '04-00000105-Kernel_R1.bin',
          '05-00000107-System_R1.bin',
        ][i],
        size: imageData(image).length,
        sha256: sha256(imageData(image)),
      })),
    );
    assert.deepEqual(steps, [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(readdirSync(folder).sort(), done.map(({ file }) => file).sort());
    for (const { file, sha256: sum } of done) assert.equal(sha256(readFileSync(join(folder, file))), sum);

    const source = await openSource(folder);
    const firmware = await readFirmware(source);
    assert.equal(firmware.synthetic, false);
    const report = await checkFirmware(firmware, source, { sha256: true });
    assert.deepEqual(
      report.images.map(({ code, sha256: sum }) => [code, sum]),
      IMAGES.map((image) => [image.code, sha256(imageData(image))]),
    );
    await source.close();
    // And once more, out of the folder.
    assert.deepEqual(await exported(folder, place()), done);
  });

  it('writes each image as it lies in the file: put together again they are the file', async () => {
    const file = makeFirmware({ images: IMAGES });
    const folder = place();
    const done = await exported(file, folder, { withHeaders: true });
    const parts = done.map(({ file: name }) => readFileSync(join(folder, name)));
    const padded = parts.map((part) => Buffer.concat([part, Buffer.alloc(-part.length & 3)]));
    assert.ok(Buffer.concat([file.subarray(0, 0x5c), ...padded]).equals(file));
    await refused(openSource(folder), 'FIRMWARE_INVALID', /image header/);
    const plain = place();
    await exported(file, plain);
    await refused(exported(plain, place(), { withHeaders: true }), 'BAD_ARGUMENT', /no headers/);
  });

  it('keeps made-up images away from real sticks', async () => {
    const folder = place();
    await exported(makeFirmware(), folder);
    assert.ok(readdirSync(folder).every((name) => name.endsWith('.E3272-VIRTUAL.bin')));
    const source = await openSource(folder);
    assert.equal((await readFirmware(source)).synthetic, true);
    await source.close();
  });

  it('takes apart what an E3272 must not get', async () => {
    const foreign = makeFirmware({ dloadId: 9, images: [{ code: 0x200000 }, { code: 0x104, size: 400_000 }] });
    assert.deepEqual(
      (await exported(foreign, place())).map(({ size }) => size),
      [4096, 400_000],
    );
  });

  it('overwrites nothing', async () => {
    const folder = place();
    mkdirSync(folder);
    assert.equal((await exported(makeFirmware(), folder)).length, 3);
    // Said before anything is done.
    const onProgress = () => assert.fail('was begun');
    await refused(exported(makeFirmware({ images: IMAGES }), folder, { onProgress }), 'BAD_ARGUMENT', /not empty/);
    assert.equal(readdirSync(folder).length, 3);
    const file = place();
    writeFileSync(file, 'mine');
    await refused(exported(makeFirmware(), file, { onProgress }), 'FILE_NOT_WRITTEN', /ENOTDIR/);
    assert.equal(readFileSync(file, 'utf8'), 'mine');
    await refused(exported(makeFirmware(), join(root, 'no', 'where')), 'FILE_NOT_WRITTEN', /ENOENT/);
  });

  it('overwrites nothing either that comes into its way meanwhile, and says so when its own folder is gone', async () => {
    const folder = place();
    const onProgress = (done: number) => {
      if (done < 3) return;
      mkdirSync(folder);
      writeFileSync(join(folder, 'mine'), 'mine');
    };
    await refused(exported(makeFirmware(), folder, { onProgress }), 'BAD_ARGUMENT', /not empty/);
    assert.deepEqual(readdirSync(folder), ['mine']);
    assert.deepEqual(readdirSync(join(folder, '..')), ['images']);
    const other = place();
    const remove = (done: number) => {
      const parent = join(other, '..');
      if (done === 3) for (const name of readdirSync(parent)) rmSync(join(parent, name), { recursive: true });
    };
    await refused(exported(makeFirmware(), other, { onProgress: remove }), 'FILE_NOT_WRITTEN', /ENOENT/);
  });

  it('keeps no file open', async () => {
    const folder = place();
    await exported(makeFirmware({ images: IMAGES }), folder);
    const open = readdirSync('/proc/self/fd').filter((fd) => {
      try {
        return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
      } catch {
        return false;
      }
    });
    assert.deepEqual(open, []);
  });

  describe('gives a folder that is sent as the firmware itself is', () => {
    const plain = text(5_000);
    /** Whatever they begin like, these are the bytes that the stick gets. */
    const inner: Record<string, Uint8Array> = {
      'zlib data': deflateSync(plain),
      'zlib data of level 0': deflateSync(plain, { level: 0 }),
      'zlib data with a dictionary': deflateSync(plain, { dictionary: Buffer.from('welcome') }),
      'zlib data that are cut': deflateSync(plain).subarray(0, 500),
      'LZMA data': compressLzma(plain),
      'LZMA data with an end mark': compressLzma(plain, true),
      'gzip data': gzipSync(plain),
      'an image header': makeFirmware().subarray(0x5c),
      'nothing known': plain,
    };

    async function sent(input: Uint8Array | string): Promise<(string | undefined)[]> {
      const source = await openSource(input);
      try {
        const report = await checkFirmware(await readFirmware(source), source, { sha256: true, collect: true });
        return report.images.map((image) => image.sha256);
      } finally {
        await source.close();
      }
    }

    async function assertSame(file: Uint8Array): Promise<ExportedImage[]> {
      const [first, second] = [place(), place()];
      const done = await exported(file, first);
      const wanted = await sent(file);
      assert.deepEqual(
        done.map((image) => image.sha256),
        wanted,
      );
      assert.deepEqual(await sent(first), wanted);
      assert.deepEqual(await exported(first, second), done);
      assert.deepEqual(await sent(second), wanted);
      return done;
    }

    it('for every file that the fuzzer begins with', async () => {
      const files = SEEDS.filter(({ kind }) => kind === 'firmware');
      assert.ok(files.length >= 6);
      for (const { file } of files) await assertSame(file);
    });

    for (const [name, data] of Object.entries(inner)) {
      it(`for an image that begins like ${name} once it is decompressed`, async () => {
        const images = [
          { code: 0x104, data: deflateSync(data), platform: 'E3272' },
          { code: 0x105, data: compressLzma(data) },
          { code: 0x107, data: compressLzma(data, true) },
        ];
        const done = await assertSame(makeFirmware({ images }));
        for (const { file, sha256: sum } of done) {
          assert.equal(sum, sha256(data));
          assert.equal(/\.as-sent\.bin$/.test(file), data !== plain, file);
        }
      });
    }

    it('for an image of 4 MB that begins like zlib data, with its mark in capitals too', async () => {
      const data = Buffer.concat([deflateSync(plain), noise(4_000_000)]);
      const folder = place();
      const [image] = await exported(makeFirmware({ images: [{ code: 0x107, data: deflateSync(data) }] }), folder);
      assert.equal(image?.file, '00-00000107-System_R1.E3272-VIRTUAL.as-sent.bin');
      renameSync(join(folder, image.file), join(folder, image.file.toUpperCase()));
      assert.deepEqual(await sent(folder), [sha256(data)]);
      // Without it, it is what it looks like.
      renameSync(join(folder, image.file.toUpperCase()), join(folder, '00-00000107-System_R1.bin'));
      assert.deepEqual(await sent(folder), []);
    });

    it('and written to the stick byte by byte', async () => {
      const data = Buffer.concat([deflateSync(text(3_000))]);
      const images = [{ code: 0x550103 }, { code: 0x107, data: deflateSync(data) }];
      const folder = place();
      await exported(makeFirmware({ images }), folder);
      const run = journey({ loader: makeLoader({ size: 20_000 }), firmware: Buffer.alloc(0) });
      await run.plug({ bootPin: true });
      assert.equal((await run.convert({ firmware: folder })).error, undefined);
      assert.ok(data.equals(run.stick.flash.get(0x107) ?? Buffer.alloc(0)));
    });
  });

  it('leaves nothing when it fails or is cancelled in the middle', async () => {
    const file = makeFirmware({ images: IMAGES });
    const last = (await read(file)).firmware.images.at(-1);
    assert.ok(last);
    const damaged = Buffer.from(file);
    damaged[last.offset + 2_000_000] = (damaged[last.offset + 2_000_000] as number) ^ 1;
    for (const withHeaders of [false, true]) {
      const folder = place();
      await refused(exported(damaged, folder, { withHeaders }), 'FIRMWARE_CRC', /System_R1/);
      const controller = new AbortController();
      const options = {
        withHeaders,
        signal: controller.signal,
        onProgress: () => controller.abort(new Error('enough')),
      };
      await assert.rejects(exported(file, folder, options), { code: 'CANCELLED' });
      assert.equal(existsSync(folder), false);
      assert.deepEqual(readdirSync(join(folder, '..')), []);
    }
  });
});
