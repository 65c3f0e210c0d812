/** What is looked at right before a write, how often it is tried, and what is said at its end. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import { upload, type WriteJobOptions, write } from '../../src/flash/upload-and-write';
import type { FaultOrder } from '../../src/virtual/faults';
import { onWrites } from '../support/bench';
import { made } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const images = [
  { code: 0x101, size: 5_000 },
  { code: 0x550103, size: 12_288 },
];
const total = 5_000 + 12_288;
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };

/** A stick whose loader runs, and the images that are begun and completed there. */
async function inLoader() {
  const run = journey(files);
  await run.plug({ bootPin: true });
  const { error } = await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: () => true }));
  assert.equal(error, undefined);
  const written: number[] = [];
  run.stick.onEvent((e) => e.what === 'image' && written.push(e.code));
  return { run, written };
}

const writing = (run: Journey, more: Partial<WriteJobOptions> = {}): Promise<JobReport> =>
  run.run(write(run.host, { which: '1-1', firmware: files.firmware, confirm: () => true, ...more }));

const check = (report: JobReport, id: string) => report.checks.find((c) => c.id === id);

describe('a write', () => {
  it('is not begun when another program has come while a person was thinking', async () => {
    const { run, written } = await inLoader();
    const report = await writing(run, {
      confirm: () => {
        run.host.intruderList = ['ModemManager runs (pid 7).'];
        return true;
      },
    });
    assert.equal(report.error?.code, 'PORT_BUSY');
    assert.equal(check(report, 'port')?.result, 'failed');
    assert.deepEqual([written, run.host.listNotes()], [[], []]);
  });

  it('turns autosuspend off and keeps the machine awake before its first frame', async () => {
    const { run } = await inLoader();
    run.host.powerState = { autosuspend: 'allowed', hub: 'none' };
    let awake = 0;
    run.host.stayAwake = async () => {
      awake++;
      return () => awake--;
    };
    const seen: [string, number][] = [];
    onWrites(run.host, (data) => {
      if (data[1] === 0x41) seen.push([run.host.powerState.autosuspend, awake]);
      return data;
    });
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assert.deepEqual(seen, [
      ['off', 1],
      ['off', 1],
    ]);
    assert.equal(check(report, 'power')?.result, 'passed');
    assert.equal(awake, 0);
  });

  it('tells how far it has come, image by image, to the last byte', async () => {
    const { run } = await inLoader();
    const told: [number, number, number | undefined, string | undefined][] = [];
    const report = await writing(run, {
      onEvent: (e) => {
        if (e.type !== 'progress' || e.stage !== 'write') return;
        told.push([e.done, e.total, e.image?.index, e.image?.name]);
        assert.match(e.text, new RegExp(`^Writing ${e.image?.name} \\(${(e.image?.index ?? 9) + 1} of 2\\)\\.$`));
        assert.equal(e.image?.count, 2);
      },
    });
    assert.equal(report.error, undefined);
    assert.deepEqual(told, [
      [4_096, total, 0, 'Bootloader_R1'],
      [5_000, total, 0, 'Bootloader_R1'],
      [5_000 + 4_096, total, 1, 'VxWorks_R1'],
      [5_000 + 8_192, total, 1, 'VxWorks_R1'],
      [total, total, 1, 'VxWorks_R1'],
    ]);
    assert.ok(!report.warnings.some((w) => /sent again/.test(w)));
    assert.match(check(report, 'write')?.compared ?? '', /^2 of 2 images; 0 frames were sent again\.$/);
    assert.deepEqual(report.did.slice(0, 2), [
      'Bootloader_R1 was written, 5000 bytes.',
      'VxWorks_R1 was written, 12288 bytes.',
    ]);
  });

  it('is tried eleven times where answers get lost, and no twelfth time', async () => {
    for (const lost of [10, 11]) {
      const { run, written } = await inLoader();
      // Of each try the first block, whose repeat is acknowledged.
      for (let n = 0; n < lost; n++) run.stick.faults.order({ fault: 'lost', at: 'block', nth: 2 * n + 1 });
      const report = await writing(run);
      if (lost === 10) {
        assert.equal(report.error, undefined);
        assert.deepEqual(written, [0x101, 0x550103]);
        continue;
      }
      assert.equal(report.error?.code, 'PROTOCOL');
      assert.match(report.error?.message ?? '', /Bootloader_R1 could not be written .* with certainty/);
      assert.deepEqual(written, []);
      assert.equal(check(report, 'write')?.result, 'failed');
      assert.equal(run.stick.faults.open, 0);
      assert.equal(run.host.listNotes().length, 1);
    }
  });

  it('whose journal can be kept no more says so once', async () => {
    const { run } = await inLoader();
    const keep = run.host.writeNoteAsync.bind(run.host);
    let kept = 0;
    run.host.writeNoteAsync = async (key, text) => {
      if (text !== undefined && kept++ > 0) throw made('FILE_NOT_WRITTEN', 'The disk is full.');
      return keep(key, text);
    };
    const report = await writing(run);
    assert.equal(report.error, undefined);
    assert.deepEqual([kept, report.warnings.filter((w) => /The disk is full/.test(w)).length], [4, 1]);
    assert.deepEqual(run.host.listNotes(), []);
  });

  it('whose record cannot be removed in the end is complete, and says so', async () => {
    const { run } = await inLoader();
    const older = { firmware: 'old.bin', complete: [], missing: ['VxWorks_R1'], files: [], images: {} };
    run.host.writeNote('1-1', JSON.stringify(older));
    const keep = run.host.writeNoteAsync.bind(run.host);
    run.host.writeNoteAsync = async (key, text) => {
      if (text === undefined) throw made('FILE_NOT_WRITTEN', 'The note stays.');
      return keep(key, text);
    };
    const report = await writing(run, { keep: true });
    assert.equal(report.error, undefined);
    assert.match(report.warnings.join(' '), /The note stays/);
  });

  it('that is refused fails its check, with the reason of the loader', async () => {
    const { run } = await inLoader();
    run.stick.faults.order({ fault: 'nak', at: 'block', nth: 3 });
    const report = await writing(run);
    assert.equal(report.error?.code, 'NAK');
    assert.equal(check(report, 'write')?.result, 'failed');
    assert.equal(check(report, 'after')?.result, 'not possible yet');
  });
});

describe('the restart after a write', () => {
  const ends: [string, FaultOrder, string, RegExp][] = [
    ['is refused', { fault: 'nak', at: 'reset' }, 'NAK', /refused the reset/],
    ['brings something else', { fault: 'othermode', at: 'enumerate' }, 'WRONG_MODE', /instead of the new firmware/],
    ['brings nothing', { fault: 'noreturn', at: 'enumerate' }, 'TIMEOUT', /did not come back at 1-1 within \d+ s/],
    ['is not begun: the stick was pulled', { fault: 'unplug', at: 'reset' }, 'TIMEOUT', /did not come back at 1-1/],
  ];
  for (const [name, order, code, words] of ends) {
    it(`${name}: the write is told as complete, the job as failed, and the record stays`, async () => {
      const { run, written } = await inLoader();
      run.stick.faults.order(order);
      const report = await writing(run);
      assert.equal(report.error?.code, code);
      assert.match(report.error?.message ?? '', words);
      assert.deepEqual(written, [0x101, 0x550103]);
      assert.equal(check(report, 'write')?.result, 'passed');
      assert.equal(check(report, 'after')?.result, code === 'NAK' ? 'not possible yet' : 'failed');
      assert.equal(run.host.listNotes().length, 1);
    });
  }

  for (const fault of ['lost', 'late'] as const) {
    it(`whose ACK is ${fault} is judged by the return of the stick`, async () => {
      const { run } = await inLoader();
      run.stick.faults.order({ fault, at: 'reset' });
      const report = await writing(run);
      assert.equal(report.error, undefined);
      assert.match(report.did.at(-1) ?? '', /It was restarted and came back/);
      assert.equal(report.stages.at(-1)?.stage, 'reset');
      assert.deepEqual(run.host.listNotes(), []);
    });
  }
});
