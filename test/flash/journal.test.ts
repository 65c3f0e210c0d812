/** A write that ended in the middle is taken up behind the images that are complete, when nothing can have come between. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { JobEvent, JobReport } from '../../src/flash/events';
import { upload, write } from '../../src/flash/upload-and-write';
import { sleep } from '../../src/host/host';
import { TIMEOUTS } from '../../src/timeouts';
import { sha256 } from '../../src/virtual/events';
import { imageData, type MadeImage } from '../../src/virtual/make-files';
import { Served } from '../cli/served';
import { onWrites } from '../support/bench';
import { cliHint, made } from '../support/errors';
import { tempFolder } from '../support/temp-folder';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const images: MadeImage[] = [
  { code: 0x101, size: 5_000 },
  { code: 0x550103, size: 40_000 },
  { code: 0x107, size: 20_000, compression: 'zlib' },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };

async function inLoader(run: Journey): Promise<void> {
  await run.plug({ bootPin: true });
  const report = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
  assert.equal(report.error, undefined);
}

const writing = (run: Journey, firmware: Uint8Array = files.firmware): Promise<JobReport> =>
  run.run(write(run.host, { which: '1-1', firmware, keep: true, confirm: () => true }));

/** Codes of the images that the stick has been sent to their end. */
function sent(run: Journey): number[] {
  const codes: number[] = [];
  run.stick.onEvent((event) => event.what === 'image' && codes.push(event.code));
  return codes;
}

/** A write whose third image was refused: two are complete. */
async function interrupted(): Promise<Journey> {
  const run = journey(files);
  await inLoader(run);
  run.stick.faults.order({ fault: 'nak', at: 'start', nth: 3 });
  assert.equal((await writing(run)).error?.code, 'NAK');
  return run;
}

function assertWhole(run: Journey): void {
  for (const image of images) {
    assert.ok(imageData(image).equals(run.stick.flash.get(image.code) ?? Buffer.alloc(0)), image.code.toString(16));
  }
}

describe('a write that is taken up', () => {
  it('goes on with the image that is not complete, and says which were written before', async () => {
    const run = await interrupted();
    const codes = sent(run);
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assert.deepEqual(codes, [0x107]);
    assert.deepEqual(
      report.images.map((i) => [i.complete, i.earlier ?? false]),
      [
        [true, true],
        [true, true],
        [true, false],
      ],
    );
    assert.match(report.warnings.join(' '), /Bootloader_R1, VxWorks_R1 not written again/);
    assertWhole(run);
    assert.equal(run.host.readNote('1-1'), undefined);
  });

  it('its rate and what is left are those of this run from its first block on: what was done before does not count', async () => {
    const run = await interrupted();
    const before = (images[0]?.size ?? 0) + (images[1]?.size ?? 0);
    const total = before + (images[2]?.size ?? 0);
    for (let nth = 1; nth <= 5; nth++) run.stick.faults.order({ fault: 'late', at: 'block', nth, ms: 1_000 });
    const told: (JobEvent & { type: 'progress'; at: number })[] = [];
    let began = 0;
    const report = await run.run(
      write(run.host, {
        which: '1-1',
        firmware: files.firmware,
        keep: true,
        confirm: () => true,
        onEvent: (e) => {
          if (e.type === 'stage' && e.stage === 'write') began = run.clock.now();
          if (e.type === 'progress' && e.stage === 'write') told.push({ ...e, at: run.clock.now() });
        },
      }),
    );
    assert.equal(report.error, undefined);
    assert.deepEqual(
      told.map(({ done }) => done),
      [1, 2, 3, 4].map((block) => before + block * 4_096).concat(total),
    );
    for (const { at, done, rate, left } of told) {
      const now = (done - before) / ((at - began) / 1_000);
      assert.equal(rate, Math.round(now));
      assert.equal(left, Math.ceil((total - done) / rate));
    }
  });

  const anew: [string, (run: Journey, again: { firmware: Uint8Array }) => Promise<unknown> | undefined][] = [
    ['the stick has left the bus in between', (run) => inLoader(run)],
    [
      'another file was begun in between',
      async (run) => {
        run.stick.faults.order({ fault: 'nak', at: 'start', nth: 2 });
        const other = makeFirmware({ images: [{ code: 0x101, size: 6_000 }, { code: 0x550103 }] });
        assert.equal((await writing(run, other)).error?.code, 'NAK');
      },
    ],
    [
      'the journal says nothing of the stay on the bus',
      (run) => {
        const note = JSON.parse(run.host.readNote('1-1') ?? '{}') as Record<string, unknown>;
        run.host.writeNote('1-1', JSON.stringify({ ...note, presence: undefined }));
        return undefined;
      },
    ],
    [
      'the journal was written for a stick of another name',
      (run) => {
        const note = JSON.parse(run.host.readNote('1-1') ?? '{}') as { device: object };
        run.host.writeNote('1-1', JSON.stringify({ ...note, device: { ...note.device, product: 'E3276' } }));
        return undefined;
      },
    ],
    [
      'more than an hour has passed: nobody sees what another program writes through this loader',
      (run) => run.clock.run(sleep(run.clock, TIMEOUTS.loader.takeUp + 1)),
    ],
    [
      'the clock was set back since',
      (run) => {
        const note = JSON.parse(run.host.readNote('1-1') ?? '{}') as { time: number };
        run.host.writeNote('1-1', JSON.stringify({ ...note, time: note.time + 3_600_000 }));
        return undefined;
      },
    ],
    [
      'another file with the same images was named',
      (_run, again) => {
        again.firmware = makeFirmware({ images: images.map((image) => ({ ...image, date: '2014.01.02' })) });
        return undefined;
      },
    ],
    [
      'another user has begun a write in between, and all were told',
      (run) => {
        const note = { version: 2, firmware: 'theirs', complete: [], missing: ['System_R1'], files: [], images: {} };
        return run.host.tellAll('1-1', JSON.stringify(note));
      },
    ],
    ['another user has completed a write in between', (run) => run.host.tellAll('1-1', undefined)],
    [
      'the journal is damaged',
      (run) => {
        run.host.writeNote('1-1', '{"files": 7');
        return undefined;
      },
    ],
  ];
  for (const [name, meddle] of anew) {
    it(`begins anew when ${name}`, async () => {
      const run = await interrupted();
      const again = { firmware: files.firmware };
      await meddle(run, again);
      const codes = sent(run);
      const report = await writing(run, again.firmware);
      assert.equal(report.error, undefined);
      assert.deepEqual(codes, [0x101, 0x550103, 0x107]);
      assertWhole(run);
    });
  }

  it('ends before the first block when the journal of an earlier write can be neither replaced nor removed', async () => {
    const run = await interrupted();
    const stuck = made('FILE_NOT_WRITTEN', 'The note is out of date.');
    const codes = sent(run);
    const other = makeFirmware({ images: [{ code: 0x101, size: 6_000 }, { code: 0x550103 }] });
    run.host.writeNote = () => {
      throw stuck;
    };
    const report = await writing(run, other);
    assert.equal(report.error?.code, 'FILE_NOT_WRITTEN');
    assert.deepEqual(codes, []);
    assert.ok(
      imageData(images[0] as MadeImage).equals(run.stick.flash.get(0x101) ?? Buffer.alloc(0)),
      'still what was there',
    );
  });

  it('sends no block before the journal is on the disk', async () => {
    const run = journey(files);
    await inLoader(run);
    let frames = 0;
    onWrites(run.host, (data) => {
      frames++;
      return data;
    });
    const meanwhile: number[] = [];
    const keep = run.host.writeNoteAsync.bind(run.host);
    run.host.writeNoteAsync = async (key, note) => {
      const before = frames;
      // The disk is slow: many turns of the event loop.
      for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      meanwhile.push(frames - before);
      return keep(key, note);
    };
    assert.equal((await writing(run)).error, undefined);
    assert.ok(frames > 0);
    // For each of the three images: when it is begun, and when it is complete.
    assert.deepEqual(meanwhile, [0, 0, 0, 0, 0, 0]);
    assertWhole(run);
  });

  it('goes on with a warning when the journal can be written no more in the middle', async () => {
    const run = await interrupted();
    let kept = 0;
    run.host.writeNote = () => {
      if (kept++ > 0) throw made('FILE_NOT_WRITTEN', 'The note is out of date.');
    };
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assert.match(report.warnings.join(' '), /The note is out of date/);
    assertWhole(run);
  });

  it('ends before the first block where the record would not outlive this process', async () => {
    const run = journey(files);
    await inLoader(run);
    let blocks = 0;
    onWrites(run.host, (data) => {
      if (data[1] === 0x42) blocks++;
      return data;
    });
    run.host.writeNoteAsync = async () => false;
    const report = await writing(run);
    assert.equal(report.error?.code, 'FILE_NOT_WRITTEN');
    assert.match(cliHint(report.error), /E3272_STATE/);
    assert.equal(blocks, 0);
    assert.deepEqual([...run.stick.flash], []);
  });

  for (const [refusals, code] of [
    [1, undefined],
    [Number.POSITIVE_INFINITY, 'FILE_NOT_WRITTEN'],
  ] as const) {
    const end = code ? `ends with ${code}` : 'it is removed in the end';
    it(`whose record cannot be removed (${refusals} times) has nothing left to write: ${end}`, async () => {
      const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
      await run.plug();
      let left: number = refusals;
      const keep = run.host.writeNoteAsync.bind(run.host);
      run.host.writeNoteAsync = async (key, note) => {
        if (note === undefined && left-- > 0) throw made('FILE_NOT_WRITTEN', 'The note is out of date.');
        return keep(key, note);
      };
      const report = await run.convert({ reflash: true });
      assert.equal(report.error?.code, code);
      assert.match(report.warnings.join(' '), /The note is out of date/);
      assert.equal(run.host.readNote('1-1') === undefined, code === undefined);
      assertWhole(run);
    });
  }

  it('after a restart in the middle: the images before it stay complete', async () => {
    const other = Buffer.from(makeLoader({ size: 20_000 }));
    const at = other.indexOf('cdromiso') + 24;
    other.writeUInt32LE(other.readUInt32LE(at) - 0x20000, at);
    const firmware = makeFirmware({ images: [{ code: 0x102, data: other.subarray(0, 40_000) }, ...images] });
    const run = journey(files);
    await inLoader(run);
    // START 1 is the BootRom, 2 asks for the restart, 3 and 4 come after it.
    run.stick.faults.order({ fault: 'nak', at: 'start', nth: 4 });
    assert.equal((await writing(run, firmware)).error?.code, 'NAK');
    const codes = sent(run);
    assert.equal((await writing(run, firmware)).error, undefined);
    assert.deepEqual(codes, [0x550103, 0x107]);
    assertWhole(run);
  });
});

describe('a process that is killed in the middle of a write', () => {
  let served: Served;
  let folder: string;
  before(() => {
    folder = tempFolder('killed');
  });
  afterEach(() => served.close());
  after(() => rmSync(folder, { recursive: true }));

  it('SIGKILL, started again: goes on behind the last complete image, through the loader that still runs', async () => {
    served = await Served.open('loader', 2, true);
    const firmware = join(folder, 'firmware.bin');
    const notes = join(folder, 'notes');
    writeFileSync(firmware, files.firmware);
    const begin = () => spawn(process.execPath, [join(__dirname, 'writer.js'), served.link, firmware, notes]);
    // Blocks: 2 of the first image, 10 of the second.
    served.order({ fault: 'silence', at: 'block', nth: 7 });
    const first = begin();
    const saidFirst = text(first.stdout);
    const ended = once(first, 'exit');
    const tooEarly = ended.then(async () => assert.fail(`the first writer ended before the fault: ${await saidFirst}`));
    await Promise.race([served.noticed('fault'), tooEarly]);
    tooEarly.catch(() => undefined);
    first.kill('SIGKILL');
    await ended;
    const note = readFileSync(join(notes, readdirSync(notes).find((f) => f.endsWith('.json')) ?? ''), 'utf8');
    assert.deepEqual((JSON.parse(note) as { complete: string[] }).complete, ['Bootloader_R1']);

    const second = begin();
    const report = JSON.parse(await text(second.stdout)) as JobReport & { message?: string };
    assert.equal(report.message, undefined);
    assert.ok(report.images.every((i) => i.complete));
    // The stick's log is written in a process of its own.
    await served.noticed('image', images.length);
    assert.deepEqual(
      served.events('image').map((e) => [e['code'], e['sha256']]),
      images.map((image) => [image.code, sha256(imageData(image))]),
    );
    assert.deepEqual(
      readdirSync(notes).filter((f) => f.endsWith('.json')),
      [],
      'nothing is left to take up',
    );
    // The log of the killed process tells how far it came.
    const logs = readdirSync(notes).filter((f) => f.startsWith('job-'));
    assert.ok(logs.some((f) => /stage {4}Writing/.test(readFileSync(join(notes, f), 'utf8'))));
  });
});
