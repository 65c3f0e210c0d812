/** Which loaders a job sends, and of those that it refuses: not one byte. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { CheckId } from '../../src/flash/checks';
import type { JobReport } from '../../src/flash/events';
import { loadLoader } from '../../src/flash/files';
import { Job } from '../../src/flash/job';
import type { Override } from '../../src/flash/overrides';
import { uploadLoader } from '../../src/flash/stage-upload';
import { write } from '../../src/flash/upload-and-write';
import type { StickEvent } from '../../src/virtual/events';
import {
  HOSTILE,
  type Hostile,
  imageData,
  type MadeLoader,
  makeFirmware,
  makeLoader,
  partitionsWith,
  SMALL_IMAGES,
} from '../../src/virtual/make-files';
import { KNOWN_AT, knownAs } from '../firmware/help';
import { onWrites } from '../support/bench';
import { type Journey, journey } from './journey';

const firmware = makeFirmware();
const ALL: Override[] = ['unsafe-loader', 'other-device', 'signed-firmware', 'other-version'];

/** A stick in its boot ROM, and what reaches it. */
async function inBootRom(loader: Uint8Array): Promise<{ run: Journey; bytes: () => number; events: StickEvent[] }> {
  const run = journey({ loader, firmware });
  await run.plug({ bootPin: true });
  const events: StickEvent[] = [];
  run.stick.onEvent((event) => {
    if (event.what !== 'tty' && event.what !== 'mode') events.push(event);
  });
  let bytes = 0;
  onWrites(run.host, (data) => {
    bytes += data.length;
    return data;
  });
  return { run, bytes: () => bytes, events };
}

const check = ({ checks }: JobReport, id: CheckId) => {
  const found = checks.find((c) => c.id === id);
  assert.ok(found, id);
  return found;
};

/** The whole job is refused, and the stick has seen nothing of it. */
async function refusedUnseen(
  loader: Uint8Array,
  code: string,
  words: RegExp,
  overrides: Override[] = [],
): Promise<void> {
  const { run, bytes, events } = await inBootRom(loader);
  const report = await run.convert({ overrides });
  assert.equal(report.error?.code, code, report.error?.message);
  assert.match(check(report, 'loader').compared, words);
  assert.equal(check(report, 'loader').result, 'failed');
  assert.equal(bytes(), 0);
  assert.deepEqual(events, []);
  assert.equal(run.stick.nvErased, false);
}

describe('loaders that erase', () => {
  for (const hostile of Object.keys(HOSTILE) as Hostile[]) {
    it(`${hostile} (${HOSTILE[hostile]}): LOADER_UNSAFE, and not one byte is sent`, async () => {
      for (const shape of ['small', 'real'] as const) {
        await refusedUnseen(makeLoader({ hostile, shape }), 'LOADER_UNSAFE', /erases? IMEI/);
      }
    });
  }

  for (const hostile of ['middle', 'second-loop', 'do-while', 'first-component'] as const) {
    it(`${hostile}: no override leads past it`, () =>
      refusedUnseen(makeLoader({ hostile }), 'LOADER_UNSAFE', /erases IMEI/, ALL));
  }

  it('that nobody can tell from harmless ones are sent when somebody insists, and do what they do', async () => {
    for (const hostile of ['pointer', 'thumb', 'second-call'] as const) {
      const { run } = await inBootRom(makeLoader({ hostile, size: 20_000 }));
      const report = await run.convert({ overrides: ['unsafe-loader'] });
      assert.equal(report.error, undefined);
      assert.equal(report.loader?.verdict, 'unknown');
      assert.equal(check(report, 'loader').result, 'warned');
      assert.ok(report.warnings.some((w) => /not a known one and may erase .* forced by the caller/.test(w)));
      // What check 3 is for.
      assert.equal(run.stick.nvErased, true);
    }
  });
});

describe('loaders of another device', () => {
  const foreign: [string, MadeLoader, RegExp][] = [
    ['another product', { product: 'H6920CS_WINGLE' }, /another product with the chip of the E3272/],
    ['another chip', { product: 'H6930CS_STICK' }, /a product with another chip/],
    [
      'the table of another product',
      { partitions: partitionsWith(0x104, { start: 0x135 }) },
      /FastBoot .* at block 0x135/,
    ],
  ];
  for (const [name, options, words] of foreign) {
    it(`${name}: LOADER_INVALID, and not one byte is sent, whatever is overridden`, async () => {
      for (const shape of ['small', 'real'] as const) {
        await refusedUnseen(makeLoader({ ...options, shape }), 'LOADER_INVALID', words, ALL);
      }
    });
  }

  it('past the check, FastBoot lands where the stick has its IMEI', async () => {
    const table = partitionsWith(0x104, { start: 0x135 });
    const { run, events } = await inBootRom(makeLoader({ size: 20_000 }));
    const data = makeLoader({ size: 20_000, partitions: table }) as Buffer<ArrayBuffer>;
    const uploaded = await run.run(
      new Job(run.host, { which: '1-1' }).run(async (job) => {
        const loader = await loadLoader(job, makeLoader({ size: 20_000 }));
        const found = await job.finder.find(await job.holding.take('a test'));
        assert.ok(found.kind === 'boot');
        await uploadLoader(job, found, { ...loader, data });
      }),
    );
    assert.equal(uploaded.error, undefined);
    const fastboot = makeFirmware({ images: [{ code: 0x104 }] });
    const report = await run.run(
      write(run.host, { which: '1-1', firmware: fastboot, confirm: () => true, keep: true }),
    );
    assert.equal(report.error, undefined);
    assert.deepEqual(
      events.filter(({ what }) => what === 'nv'),
      [{ what: 'nv', code: 0x104, block: 0x135 }],
    );
    assert.equal(run.stick.nvErased, true);
  });
});

describe('a loader of the known shape', () => {
  const genuine = makeLoader({ shape: 'real', erase: 'live', product: 'H6920CS_STICK' });
  const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

  /** Uploads it to a stick that counts as a real one. */
  async function uploadReal(file: Buffer): Promise<{ report: JobReport; uploads: string[]; erased: boolean }> {
    const { run, events } = await inBootRom(file);
    Object.defineProperty(run.host, 'real', { value: true });
    const report = await run.run(
      new Job(run.host, { which: '1-1' }).run(async (job) => {
        job.checks.begin();
        const loader = await loadLoader(job, file, [knownAs(genuine)]);
        const found = await job.finder.find(await job.holding.take('a test'));
        assert.ok(found.kind === 'boot');
        assert.equal((await uploadLoader(job, found, loader)).kind, 'loader');
      }),
    );
    const uploads = events.flatMap((event) => (event.what === 'uploaded' ? [event.sha256] : []));
    return { report, uploads, erased: run.stick.nvErased };
  }

  it('that is known passes check 3, and both words are sent as mov r0, #0 although the file holds live ones', async () => {
    const { report, uploads, erased } = await uploadReal(genuine);
    assert.equal(report.error, undefined);
    assert.deepEqual([report.loader?.verdict, report.loader?.known], ['known', 'made.bin']);
    assert.match(report.loader?.finding ?? '', /known|by the sha256 of both components/);
    assert.equal(check(report, 'loader').result, 'passed');
    const sent = Buffer.from(genuine.subarray(KNOWN_AT.PROPER));
    assert.notEqual(sent.readUInt32LE(KNOWN_AT.COUNT), 0xe3a00000);
    for (const at of [KNOWN_AT.CALL, KNOWN_AT.COUNT]) sent.write('0000a0e3', at, 'hex');
    assert.deepEqual(uploads, [sha256(genuine.subarray(0x54, KNOWN_AT.PROPER)), sha256(sent)]);
    assert.equal(erased, false);
  });

  it('with one other byte is named as a copy, and is not sent', async () => {
    const copy = Buffer.from(genuine);
    copy[100_000] = (copy[100_000] as number) ^ 1;
    const { report, uploads } = await uploadReal(copy);
    assert.equal(report.error?.code, 'LOADER_UNSAFE');
    assert.match(report.error?.message ?? '', /damaged or altered copy of made\.bin: .* block 25 of 429/);
    assert.deepEqual(uploads, []);
  });

  it('that is made up goes through all of a conversion on a virtual stick', async () => {
    for (const erase of ['safe', 'live', 'patched'] as const) {
      const { run, events } = await inBootRom(makeLoader({ shape: 'real', erase }));
      const report = await run.convert();
      assert.equal(report.error, undefined);
      assert.deepEqual([report.loader?.verdict, report.loader?.known], ['unknown', undefined]);
      assert.match(report.loader?.finding ?? '', /made up, and stands for a known loader on a virtual stick only/);
      assert.equal(check(report, 'loader').result, 'passed');
      assert.equal(events.filter(({ what }) => what === 'uploaded').length, 2);
      for (const image of SMALL_IMAGES) {
        assert.deepEqual(Buffer.from(run.stick.flash.get(image.code) ?? []), imageData(image));
      }
      assert.equal(run.stick.nvErased, false);
    }
  });

  it('that is made up never reaches a real stick, whatever it is and whatever is overridden', async () => {
    for (const options of [{}, { erase: 'none' }, { hostile: 'middle' }] as const) {
      const { run, bytes, events } = await inBootRom(makeLoader(options));
      Object.defineProperty(run.host, 'real', { value: true });
      for (const overrides of [[], ALL]) {
        assert.equal((await run.convert({ overrides })).error?.code, 'FIRMWARE_SYNTHETIC');
      }
      assert.equal(bytes(), 0);
      assert.deepEqual(events, []);
    }
  });
});
