/** Weak points of files, checks and results. */

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { crcX25 } from '../../src/codec/crc';
import { e3272 } from '../cli/e3272';
import { journey, makeFirmware, makeLoader } from './journey';
import { assertStored, files, inLoader, refusal, type WeakPoint, writing } from './weak-points';

/** The first header with one change, its CRC made right again. */
function header(change: (header: Buffer) => void): Buffer {
  const file = Buffer.from(files.firmware);
  const head = file.subarray(0x5c, 0x5c + 98);
  change(head);
  head.writeUInt16LE(0, 92);
  head.writeUInt16LE(crcX25(head), 92);
  return file;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'e3272-weak-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const converts = async (firmware: Uint8Array): Promise<ReturnType<typeof journey>> => {
  const run = journey(files);
  await run.plug();
  assert.equal((await run.convert({ firmware })).error, undefined);
  return run;
};

export const FILES: readonly WeakPoint[] = [
  {
    weak: 'More than 120 partitions overrun a table.',
    ours: 'More than 20 images, which the stick itself would not take, are refused.',
    async prove() {
      const many = Array.from({ length: 130 }, () => ({ code: 0x101, size: 16 }));
      assert.equal(await refusal(makeFirmware({ images: many })), 'FIRMWARE_TOO_LARGE');
    },
  },
  {
    weak: 'A checksum block of 0 bytes: division by zero.',
    ours: 'Refused as damaged.',
    async prove() {
      assert.equal(await refusal(header((h) => h.writeUInt32LE(0, 94))), 'FIRMWARE_INVALID');
    },
  },
  {
    weak: 'A header size below 98, or a huge image size: wild allocations.',
    ours: 'Lengths are checked against each other and the file before anything is read.',
    async prove() {
      assert.equal(await refusal(header((h) => h.writeUInt32LE(97, 4))), 'FIRMWARE_INVALID');
      assert.equal(await refusal(header((h) => h.writeUInt32LE(0xffffffff, 24))), 'FIRMWARE_TOO_LARGE');
    },
  },
  {
    weak: 'A file that was cut between two partitions is flashed without a word.',
    ours: 'Refused where the file type says that something is missing; where it does not say, a warning.',
    async prove() {
      assert.equal(await refusal(makeFirmware({ dloadId: 5 })), 'FIRMWARE_TRUNCATED');
      const run = journey(files);
      await run.plug({ bootPin: true });
      const report = await run.convert({ dryRun: true, firmware: makeFirmware({ images: [{ code: 0x101 }] }) });
      assert.ok(report.warnings.some((w) => /no VxWorks image/.test(w)));
    },
  },
  {
    weak: 'Results of reads are not checked: a file that changes or shrinks is sent as it is by then.',
    ours: 'The checksums are checked again on the bytes as they are sent; the image is not called complete.',
    prove: () =>
      inFolder(async (folder) => {
        const path = join(folder, 'firmware.bin');
        writeFileSync(path, files.firmware);
        const run = await inLoader();
        const report = await writing(run, {
          firmware: path,
          onEvent(e: { type: string; stage?: string }) {
            if (e.type !== 'stage' || e.stage !== 'write') return;
            const bytes = readFileSync(path);
            const at = bytes.length - 100;
            bytes[at] = (bytes[at] ?? 0) ^ 1;
            writeFileSync(path, bytes);
          },
        });
        assert.match(report.error?.code ?? '', /^(FIRMWARE|FILE)_/);
        assert.equal(report.images.at(-1)?.complete, false);
      }),
  },
  {
    weak: 'A folder of images: gaps end the list silently, files beyond 30 are left out.',
    ours: 'A gap is an error.',
    prove: () =>
      inFolder(async (folder) => {
        const parts = join(folder, 'parts');
        mkdirSync(parts);
        for (const name of ['00-00000101-Bootloader.bin', '02-00000104-Fastboot.bin']) {
          writeFileSync(join(parts, name), Buffer.alloc(512, 1));
        }
        assert.match((await refusal(parts)) ?? '', /^(FIRMWARE|FILE)_/);
      }),
  },
  {
    weak: 'In an .EXE the first constant that looks like the start is taken, and a start at an odd offset is not found.',
    ours: 'Every place is tried; the one whose header is right and whose lengths fit is taken.',
    async prove() {
      const images = [{ code: 0x101, size: 5_000 }, { code: 0x550103 }];
      for (const exe of [4_096, 4_097, 4_098]) assertStored(await converts(makeFirmware({ images, exe })), images);
    },
  },
  {
    weak: 'LZMA: errors are missed, and the output can run past its buffer.',
    ours: 'Decoded within bounds, with known and unknown size, to the exact end.',
    async prove() {
      const images = [
        { code: 0x104, size: 50_000, compression: 'lzma' as const },
        { code: 0x550103, size: 50_000, compression: 'lzma-marker' as const },
      ];
      assertStored(await converts(makeFirmware({ images })), images);
      const bomb = Buffer.from([
        0x5d,
        0xff,
        0xff,
        0xff,
        0xff,
        ...new Array<number>(8).fill(0xff),
        ...new Array<number>(64).fill(0),
      ]);
      assert.equal(await refusal(makeFirmware({ images: [{ code: 0x104, data: bomb }] })), 'FIRMWARE_TOO_LARGE');
    },
  },
  {
    weak: 'zlib data of another level than 9 goes into the partition compressed.',
    ours: 'Every zlib header is known; what is sent is decompressed.',
    async prove() {
      const plain = Buffer.alloc(30_000, 'text that compresses well. ');
      for (const level of [1, 6, 9]) {
        const image = { code: 0x104, data: deflateSync(plain, { level }) };
        const run = await converts(makeFirmware({ images: [image, { code: 0x550103 }] }));
        assert.ok(plain.equals(run.stick.flash.get(0x104) ?? Buffer.alloc(0)), `level ${level}`);
      }
    },
  },
  {
    weak: 'A signature whose length is larger than its image is read out of bounds.',
    ours: 'Signed firmware is refused: the loader of this stick knows no signatures.',
    async prove() {
      const data = Buffer.alloc(64, 1);
      data.writeUInt32LE(0xfffffff0, 52);
      data.writeUInt32LE(0xffaaaffa, 60);
      assert.equal(
        await refusal(makeFirmware({ images: [{ code: 0x101, data }, { code: 0x550103 }] })),
        'FIRMWARE_UNSUPPORTED',
      );
    },
  },
  {
    weak: 'Exit code 0 when the port cannot be opened or the file is bad; a random one after an upload.',
    ours: '0 only when it is done, 1 when it was refused or failed, 2 for wrong usage.',
    prove: () =>
      inFolder(async (folder) => {
        const path = join(folder, 'bad.bin');
        writeFileSync(path, files.firmware.subarray(0, 5_000));
        assert.equal((await e3272('check', path)).code, 1);
        assert.equal((await e3272('--tty', join(folder, 'none'), 'write', path, '--yes')).code, 1);
        assert.equal((await e3272('--virtual', 'write')).code, 2);
      }),
  },
  {
    weak: 'The identity of the stick is printed, but compared with nothing; nobody is asked.',
    ours: 'The loader must call the stick E3272 or E3276, twice; without a yes that names the stick nothing is changed.',
    async prove() {
      const other = await inLoader({ product: 'E3372' });
      assert.equal((await writing(other)).error?.code, 'FIRMWARE_WRONG_DEVICE');
      const run = await inLoader();
      assert.equal((await writing(run, { confirm: () => false })).error?.code, 'NOT_CONFIRMED');
      assert.deepEqual([...run.stick.flash.keys(), ...other.stick.flash.keys()], []);
    },
  },
  {
    weak: 'A loader of the same family that was built differently is not recognised, and its erase function is left alive on demand.',
    ours: 'A loader is known by the sha256 of what is sent, or is refused; what is known of it is taken out on the way, wherever its constant lies.',
    async prove() {
      const loader = Buffer.from(makeLoader({ size: 20_000, erase: 'live' }));
      const call = loader.indexOf(Buffer.from('3de2e0e300e09ee5', 'hex'));
      assert.ok(call > 0);
      loader[call + 8] = 0x28;
      const run = journey({ ...files, loader });
      await run.plug();
      assert.equal((await run.convert()).error, undefined);
      assert.equal(run.stick.nvErased, false);
    },
  },
  {
    weak: '"Flash even with CRC errors" has no second question.',
    ours: 'Nothing switches the checksums off.',
    async prove() {
      const bad = Buffer.from(files.firmware);
      bad[bad.length - 100] = (bad[bad.length - 100] ?? 0) ^ 1;
      const overrides = ['unsafe-loader', 'other-device', 'signed-firmware'];
      assert.equal(await refusal(bad, { overrides, reflash: true }), 'FIRMWARE_CRC');
    },
  },
  {
    weak: 'An image of no bytes is acknowledged by the loader, a slip.',
    ours: 'Refused as damaged.',
    async prove() {
      assert.equal(
        await refusal(makeFirmware({ images: [{ code: 0x101, data: Buffer.alloc(0) }] })),
        'FIRMWARE_INVALID',
      );
    },
  },
];
