/** A file that is changed after its check: what is written is what was checked, or the job says that it is not. */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crcX25 } from '../../src/codec/crc';
import type { JobReport } from '../../src/flash/events';
import { upload, write } from '../../src/flash/upload-and-write';
import type { MadeImage } from '../../src/virtual/make-files';
import { tempFolder } from '../support/temp-folder';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const MAGIC = Buffer.from('55aa5aa5', 'hex');
const loader = makeLoader({ size: 20_000 });
const VXWORKS = 0x550103;

/** The firmware with another third block in its second image, and the checksum of that block made right. */
function forged(firmware: Buffer): Buffer {
  const copy = Buffer.from(firmware);
  const header = copy.indexOf(MAGIC, copy.indexOf(MAGIC) + 4);
  const block = header + copy.readUInt32LE(header + 4) + 2 * 4096;
  copy.fill(0xee, block, block + 4096);
  copy.writeUInt16LE(crcX25(copy, block, block + 4096), header + 98 + 4);
  return copy;
}

const withVxWorks = (vxworks: Partial<MadeImage>): Buffer =>
  makeFirmware({
    images: [
      { code: 0x101, size: 5_000 },
      { code: VXWORKS, ...vxworks },
    ],
  });

/** Converts a stick with `input`, which `change` changes after the check. */
async function converted(input: Uint8Array | string, change: () => void): Promise<{ run: Journey; report: JobReport }> {
  const run = journey({ loader, firmware: Buffer.alloc(0) });
  await run.plug({ bootPin: true });
  const confirm = () => {
    change();
    return true;
  };
  return { run, report: await run.convert({ firmware: input, confirm }) };
}

function assertNotWritten({ run, report }: { run: Journey; report: JobReport }): void {
  assert.equal(report.error?.code, 'FIRMWARE_CRC', report.error?.message);
  assert.match(report.error?.message ?? '', /VxWorks_R1.*has changed since it was checked/);
  assert.equal(report.images[1]?.complete, false);
  assert.equal(run.stick.flash.has(VXWORKS), false);
}

describe('a firmware file that is changed after its check', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('changed');
  });
  after(() => rmSync(folder, { recursive: true }));

  const good = withVxWorks({ size: 40_000 });
  const changes: [string, Buffer, Buffer][] = [
    ['in one block, with its checksum', good, forged(good)],
    ['for another one of the same layout', good, withVxWorks({ data: Buffer.alloc(40_000, 0x41) })],
    [
      'for another one that decompresses to the same size',
      withVxWorks({ data: Buffer.alloc(50_000, 0x41), compression: 'zlib' }),
      withVxWorks({ data: Buffer.alloc(50_000, 0x42), compression: 'zlib' }),
    ],
  ];
  for (const [name, before, after] of changes) {
    it(`is not written when it was changed ${name}`, async () => {
      assert.equal(before.length, after.length);
      const path = join(folder, 'firmware.bin');
      writeFileSync(path, before);
      assertNotWritten(await converted(path, () => writeFileSync(path, after, { flag: 'r+' })));
    });

    it(`nor when it is the caller's own memory, changed ${name}`, async () => {
      const bytes = Buffer.from(before);
      assertNotWritten(await converted(bytes, () => after.copy(bytes)));
    });
  }

  it('is not written when it is a folder and one of its files was changed', async () => {
    const path = join(folder, 'images');
    mkdirSync(path);
    const file = join(path, '01-00550103-E3272-VIRTUAL.bin');
    writeFileSync(join(path, '00-00000101-Bootloader_R1.bin'), Buffer.alloc(5_000, 1));
    writeFileSync(file, Buffer.alloc(40_000, 1));
    assertNotWritten(await converted(path, () => writeFileSync(file, Buffer.alloc(40_000, 2), { flag: 'r+' })));
  });

  it('does not reach the stick with a changed byte, however large its blocks are', async () => {
    const size = 4 << 20;
    const bytes = withVxWorks({ size, blockSize: size });
    const end = bytes.length - size + (1 << 20);
    let sent = 0;
    const run = journey({ loader, firmware: bytes });
    await run.plug({ bootPin: true });
    const report = await run.convert({
      confirm() {
        bytes.fill(0xee, end);
        return true;
      },
      onEvent(event) {
        if (event.type === 'progress' && event.stage === 'write') sent = event.done - 5_000;
      },
    });
    assertNotWritten({ run, report });
    assert.ok(sent <= 1 << 20, `${sent} bytes were sent, the change begins behind the first MiB`);
  });

  it('is not taken for written by the next run, which gets the right file again', async () => {
    const firmware = (fill: number) =>
      makeFirmware({
        images: [
          { code: VXWORKS, data: Buffer.alloc(20_000, fill) },
          { code: 0x107, size: 20_000 },
        ],
      });
    const [right, bytes] = [firmware(0x41), firmware(0x41)];
    const run = journey({ loader, firmware: right });
    await run.plug({ bootPin: true });
    await run.run(upload(run.host, { which: '1-1', loader, confirm: () => true }));
    const writing = (file: Uint8Array, confirm = () => true) =>
      run.run(write(run.host, { which: '1-1', firmware: file, keep: true, confirm }));
    const first = await writing(bytes, () => {
      firmware(0x42).copy(bytes);
      return true;
    });
    assert.equal(first.error?.code, 'FIRMWARE_CRC');
    assert.equal((await writing(right)).error, undefined);
    assert.ok(Buffer.alloc(20_000, 0x41).equals(run.stick.flash.get(VXWORKS) ?? Buffer.alloc(0)));
  });
});
