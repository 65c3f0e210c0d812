import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import { upload, write } from '../../src/flash/upload-and-write';
import type { StickEvent } from '../../src/virtual/events';
import { BIG_IMAGES, imageData, type MadeImage } from '../../src/virtual/make-files';
import { cliHint, made } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const images: MadeImage[] = [
  { code: 0x100, size: 2_048 },
  { code: 0x550103, size: 20_480 },
  { code: 0x107, size: 9_000, compression: 'lzma' },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };

function assertStored(run: Journey, expected: readonly MadeImage[]): void {
  for (const image of expected) {
    assert.ok(
      imageData(image).equals(run.stick.flash.get(image.code) ?? Buffer.alloc(0)),
      `image ${image.code.toString(16)}`,
    );
  }
}

/** A stick whose loader runs already. */
async function inLoader(run: Journey): Promise<void> {
  await run.plug({ bootPin: true });
  const report = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
  assert.equal(report.error, undefined);
  assert.equal(report.mode, 'loader');
}

const writing = (run: Journey, more = {}): Promise<JobReport> =>
  run.run(write(run.host, { which: '1-1', firmware: files.firmware, confirm: () => true, ...more }));

/** What a job did to the stick, as the stick saw it. */
function record(run: Journey): StickEvent[] {
  const events: StickEvent[] = [];
  run.stick.onEvent((e) => {
    if (e.what === 'cbw' || e.what === 'uploaded' || e.what === 'image' || e.what === 'setport' || e.what === 'reset')
      events.push(e);
  });
  return events;
}

describe('writing a firmware', () => {
  it('stores the bytes of the file, decompressed, and comes back with AT', async () => {
    const run = journey(files);
    await inLoader(run);
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assertStored(run, images);
    assert.ok(report.images.every((i) => i.complete));
    assert.deepEqual(report.device, { product: 'E3272', identity: 'HUAWEI E3272', softwareVersion: '22.470.07.00.00' });
  });

  it('stores 60 MB, zlib and LZMA images among them, byte for byte', async () => {
    const run = journey({ ...files, firmware: makeFirmware({ images: BIG_IMAGES }) });
    await run.plug();
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assertStored(run, BIG_IMAGES);
  });

  it('an ACK of the last block but one that comes late, and a last block damaged on its way: stored whole', async () => {
    const run = journey(files);
    await inLoader(run);
    // Blocks: 1 of the first image, 5 of the second.
    run.stick.faults.order({ fault: 'late', at: 'block', nth: 5, ms: 10_500 });
    run.stick.faults.order({ fault: 'damaged', at: 'block', nth: 6 });
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assert.equal(run.stick.faults.open, 0);
    assertStored(run, images);
    assert.ok(report.warnings.some((w) => /sent again/.test(w)));
  });

  it('survives a storm: every other block lost, damaged or answered with junk', async () => {
    const run = journey(files);
    await inLoader(run);
    const storm = ['lost', 'damaged', 'garbage', 'silence', 'badcrc', 'noise'] as const;
    storm.forEach((fault, i) => {
      run.stick.faults.order({ fault, at: 'block', nth: 2 + 2 * i });
    });
    assert.equal((await writing(run)).error, undefined);
    assertStored(run, images);
  });

  it('a bootrom image with another partition table: restart in the middle, then on with the next image', async () => {
    const other = Buffer.from(makeLoader({ size: 20_000 }));
    // The length of the last partition: name[16], start, load size, length.
    const at = other.indexOf('cdromiso') + 24;
    other.writeUInt32LE(other.readUInt32LE(at) - 0x20000, at);
    const bootrom = { code: 0x102, data: other.subarray(0, 40_000) };
    const withBootrom: MadeImage[] = [bootrom, ...images];
    const run = journey({ ...files, firmware: makeFirmware({ images: withBootrom }) });
    await run.plug();
    const events = record(run);
    const report = await run.convert();
    assert.equal(report.error, undefined);
    assertStored(run, withBootrom);
    assert.ok(events.some((e) => e.what === 'reset' && e.by === 'restart'));
    assert.ok(report.warnings.some((w) => /restart in the middle/.test(w)));
  });

  it('a NAK is named, and the report says which images are complete', async () => {
    const run = journey(files);
    await inLoader(run);
    run.stick.faults.order({ fault: 'nak', at: 'block', nth: 3, code: 7 });
    const report = await writing(run);
    assert.equal(report.error?.code, 'NAK');
    assert.equal(report.error?.number, 7);
    assert.match(
      report.error?.message ?? '',
      /NAK 07, operation failed.*Complete: Ptable_R1\. Not complete: VxWorks_R1, System_R1/,
    );
    assert.equal(report.mode, 'loader');
    assert.deepEqual(
      report.images.map((i) => i.complete),
      [true, false, false],
    );
    assert.equal((await writing(run)).error, undefined);
    assertStored(run, images);
  });

  it('cancelled, it ends between two images, and the same call goes on from there', async () => {
    const run = journey(files);
    await inLoader(run);
    const cancel = new AbortController();
    const report = await writing(run, {
      signal: cancel.signal,
      onEvent: (e: { type: string; image?: { index: number } }) => {
        if (e.type === 'progress' && e.image?.index === 1) cancel.abort(made('CANCELLED', 'Cancelled.'));
      },
    });
    assert.equal(report.error?.code, 'CANCELLED');
    assert.deepEqual(
      report.images.map((i) => i.complete),
      [true, true, false],
    );
    assert.equal((await writing(run)).error, undefined);
    assertStored(run, images);
  });

  it('refuses a stick whose loader calls it by another name, before anything is written', async () => {
    for (const product of ['E3372', 'B310']) {
      const run = journey(files, { product });
      await inLoader(run);
      const events = record(run);
      const report = await writing(run);
      assert.equal(report.error?.code, 'FIRMWARE_WRONG_DEVICE');
      assert.match(report.error?.message ?? '', new RegExp(product));
      assert.deepEqual(events, []);
    }
  });

  it('refuses while another program may type into the port', async () => {
    const run = journey(files);
    await inLoader(run);
    run.host.intruderList = ['ModemManager runs (pid 7).'];
    const report = await writing(run);
    assert.equal(report.error?.code, 'PORT_BUSY');
    assert.match(report.error?.message ?? '', /ModemManager/);
    assert.match(cliHint(report.error), /e3272\.rules/);
    assert.deepEqual([...run.stick.flash.keys()], []);
  });

  it('refuses a port that another program holds, and names it', async () => {
    const run = journey(files);
    await inLoader(run);
    for (const tty of run.stick.ttys) run.host.occupy(tty.path, 'minicom (pid 99)');
    const report = await writing(run);
    assert.equal(report.error?.code, 'PORT_BUSY');
    assert.match(report.error?.message ?? '', /minicom/);
  });

  it('refuses made-up files on a real host, whoever says yes', async () => {
    const run = journey(files);
    await run.plug();
    Object.defineProperty(run.host, 'real', { value: true });
    const events = record(run);
    const report = await run.convert();
    assert.equal(report.error?.code, 'FIRMWARE_SYNTHETIC');
    assert.deepEqual(events, []);
  });

  it('refuses a loader that would erase the stick; a caller who insists gets it, and a warning', async () => {
    const live = makeLoader({ size: 20_000, erase: 'none' });
    const run = journey({ ...files, loader: live });
    await run.plug({ bootPin: true });
    const events = record(run);
    assert.equal((await run.convert()).error?.code, 'LOADER_UNSAFE');
    assert.deepEqual(events, []);
    const forced = await run.convert({ overrides: ['unsafe-loader'] });
    assert.equal(forced.error, undefined);
    assert.ok(forced.warnings.some((w) => /not a known one and may erase/.test(w)));
  });

  it('takes the erase call out of a vendor loader on its way: IMEI and calibration stay', async () => {
    const run = journey({ ...files, loader: makeLoader({ size: 20_000, erase: 'live' }) });
    await run.plug();
    assert.equal((await run.convert()).error, undefined);
    assert.equal(run.stick.nvErased, false);
  });
});

describe('a write that was begun and not completed', () => {
  async function halfWritten(): Promise<Journey> {
    const run = journey(files);
    await inLoader(run);
    run.stick.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
    assert.equal((await writing(run)).error?.code, 'STICK_GONE');
    await run.plug();
    return run;
  }

  it('is not taken for converted, although AT answers: without files it is refused, with them it is written again', async () => {
    const run = await halfWritten();
    const { error } = await run.convert({ loader: undefined, firmware: undefined });
    assert.equal(error?.code, 'BAD_ARGUMENT');
    assert.match(error?.message ?? '', /not completed.*missing: System_R1/);
    assert.equal((await run.convert()).error, undefined);
    assertStored(run, images);
    assert.equal((await run.convert({ loader: undefined, firmware: undefined })).error, undefined);
  });

  it('is not forgotten because another file was written as a whole', async () => {
    const run = await halfWritten();
    const small = makeFirmware({ images: [{ code: 0x550103, size: 4_096 }] });
    const after = await run.convert({ firmware: small });
    assert.match(after.error?.message ?? '', /has been written, but .* missing: System_R1/);
    const { error } = await run.convert({ loader: undefined, firmware: undefined });
    assert.match(error?.message ?? '', /missing: System_R1/);
  });

  it('is none while the loader has not accepted anything', async () => {
    const run = journey(files);
    await inLoader(run);
    run.stick.faults.order({ fault: 'nak', at: 'start' });
    assert.equal((await writing(run)).error?.code, 'NAK');
    assert.equal(run.host.readNote('1-1'), undefined);
  });

  it('is taken as it is by somebody who says that it is another stick', async () => {
    const run = await halfWritten();
    assert.equal((await run.convert({ loader: undefined, firmware: undefined, asIs: true })).error, undefined);
    assert.equal(run.host.readNote('1-1'), undefined);
  });

  it('stays on record while it is written as it is: whenever that job is killed, the next one knows', async () => {
    const run = await halfWritten();
    const notes: (string | undefined)[] = [];
    let done = false;
    const look = () => done || notes.push(run.host.readNote('1-1'));
    run.stick.onEvent((e) => {
      look();
      // All has come in; its END is not acknowledged yet.
      if (e.what === 'image' && e.code === 0x107) done = true;
    });
    const before = run.host.readNote('1-1');
    assert.equal((await run.convert({ asIs: true, reflash: true, onEvent: look })).error, undefined);
    assert.ok(done && notes.includes(before));
    assert.ok(notes.some((note) => note !== before && note?.includes('"complete":["Ptable_R1","VxWorks_R1"]')));
    assert.ok(!notes.includes(undefined));
    assert.equal(run.host.readNote('1-1'), undefined);
  });

  it('written as it is, and refused before the first block: still on record; after it: as what the new write left', async () => {
    const run = await halfWritten();
    const before = run.host.readNote('1-1');
    run.stick.faults.order({ fault: 'nak', at: 'start' });
    assert.equal((await run.convert({ asIs: true, reflash: true })).error?.code, 'NAK');
    assert.equal(run.host.readNote('1-1'), before);
    run.stick.faults.order({ fault: 'nak', at: 'start', nth: 2 });
    const small = makeFirmware({ images: [{ code: 0x101, size: 5_000 }, { code: 0x550103 }] });
    assert.equal((await run.convert({ asIs: true, reflash: true, firmware: small })).error?.code, 'NAK');
    const note = JSON.parse(run.host.readNote('1-1') ?? '{}') as { complete: string[]; missing: string[] };
    // Nothing of what was said to be of another stick.
    assert.deepEqual([note.complete, note.missing], [['Bootloader_R1'], ['VxWorks_R1']]);
  });

  it('is not forgotten by a dry run, nor before the yes', async () => {
    const run = await halfWritten();
    const none = { loader: undefined, firmware: undefined };
    assert.equal((await run.convert({ ...none, asIs: true, dryRun: true })).error, undefined);
    await run.convert({ asIs: true, reflash: true, confirm: () => false });
    assert.match((await run.convert(none)).error?.message ?? '', /missing: System_R1/);
  });
});
