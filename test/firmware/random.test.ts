import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { checkFirmware } from '../../src/firmware/check';
import { loaderComponents, readLoader } from '../../src/firmware/loader';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { random } from './help';

/** Headers and hashes of all images of an accepted file; undefined for a refused one. */
async function accepted(file: Uint8Array): Promise<object[] | undefined> {
  try {
    const source = await openSource(file);
    const firmware = await readFirmware(source);
    const report = await checkFirmware(firmware, source, { sha256: true });
    return report.images;
  } catch (error) {
    assert.ok(isDriverError(error), `no DriverError: ${error instanceof Error ? error.stack : error}`);
    return undefined;
  }
}

const FILES = [
  makeFirmware({
    images: [
      { code: 0x101, size: 300, blockSize: 64 },
      { code: 0x104, size: 900, compression: 'zlib' },
      { code: 0x550103, size: 700, compression: 'lzma' },
    ],
  }),
  makeFirmware({
    exe: 700,
    images: [
      { code: 0x102, size: 97 },
      { code: 0x107, size: 800, compression: 'lzma-marker' },
    ],
  }),
];

describe('firmware files with random damage', () => {
  it('are refused, or every image is as it was', async () => {
    const next = random(4711);
    let refusals = 0;
    for (const file of FILES) {
      const original = await accepted(file);
      assert.ok(original);
      for (let i = 0; i < 1500; i++) {
        const damaged = Buffer.from(file);
        for (let n = next(3); n >= 0; n--) {
          const at = next(file.length);
          damaged[at] = next(2) ? next(256) : (damaged[at] as number) ^ (1 << next(8));
        }
        const images = await accepted(damaged);
        if (images) assert.deepEqual(images, original);
        else refusals++;
      }
    }
    assert.ok(refusals > 1500);
  });

  it('are refused when they were cut, unless the cut is between two images', async () => {
    for (const file of FILES) {
      const original = (await accepted(file)) as { headerOffset: number; offset: number; storedSize: number }[];
      const ends = original.map((image) => image.offset + image.storedSize);
      for (let length = 1; length < file.length; length++) {
        const images = await accepted(file.subarray(0, length));
        if (!images) continue;
        const end = ends[images.length - 1] as number;
        assert.ok(length >= end && length <= end + 3, `cut at ${length}`);
        assert.deepEqual(images, original.slice(0, images.length));
      }
    }
  });

  it('are refused when they are noise', async () => {
    for (let i = 1; i < 300; i++) {
      const file = noise(i * 7, i);
      if (i % 3 === 0) file.write('MZ');
      if (i % 3 === 1 && file.length > 100) file.writeUInt32LE(0xa55aaa55, 0x5c);
      assert.equal(await accepted(file), undefined);
    }
  });
});

describe('loader files with random damage', () => {
  it('are refused, or are sent without a live call', async () => {
    const file = makeLoader({ erase: 'live', size: 18_000 });
    const header = 0x54;
    const next = random(12);
    for (let i = 0; i < 1500; i++) {
      let damaged = Buffer.from(file);
      // Where it matters: the descriptors, the code around the call, the table.
      const areas = [header, 0x54 + 876 + 0xd80, 0x54 + 876 + 0x4000] as const;
      const base = areas[next(3)] ?? 0;
      for (let n = next(4); n >= 0; n--) damaged[(base === header ? 0 : base) + next(128)] = next(256);
      if (next(4) === 0) damaged = damaged.subarray(0, next(damaged.length) + 1);
      try {
        const loader = await readLoader(await openSource(damaged));
        assert.deepEqual([loader.verdict, loader.standIn], ['unknown', true]);
        const [, proper] = loaderComponents(loader);
        for (const { offset, to } of loader.patches) {
          assert.deepEqual(proper.data.subarray(offset, offset + 4), to);
        }
      } catch (error) {
        assert.ok(isDriverError(error), String(error));
      }
    }
  });
});
