/** A stick that was left half-written is never taken for a whole one, wherever it is plugged in; no whole stick is blocked for ever. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import type { Plan } from '../../src/flash/job-types';
import { write } from '../../src/flash/upload-and-write';
import { waitForStick } from '../../src/stick/watch';
import type { VirtualStick } from '../../src/virtual/stick';
import { onWrites } from '../support/bench';
import { cliHint, nodeHint } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const images = [
  { code: 0x101, size: 5_000 },
  { code: 0x550103, size: 12_288 },
  { code: 0x107, size: 9_000 },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };
const none = { loader: undefined, firmware: undefined };
/** What a flow says: yes to changes, and nobody who could be asked about records. */
const flow = ({ change }: Plan): boolean => change === 'flash' || change === 'setport';

async function plugged(run: Journey, stick: VirtualStick, how: { bootPin?: boolean; at?: string } = {}): Promise<void> {
  stick.plug(how);
  const there = await run.run(
    waitForStick(
      run.host,
      stick.portPath,
      (s) => s !== undefined && s.ttys.length + s.withoutTty > 0 === (s.mode !== 'storage') && s.withoutTty === 0,
      {
        timeoutMs: 30_000,
      },
    ),
  );
  assert.ok(there, 'it came up');
}

/**
 * A stick at 1-1 with stick firmware, of which the last image was not written; it starts and answers AT. `pin`: through the
 * boot pin, where nobody could ask for the IMEI. Beside it a whole one at 1-2.
 */
async function halfWritten(pin: boolean): Promise<Journey> {
  const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' }, [
    { firmware: 'stick', setport: 'FF;10,12', portPath: '1-2' },
  ]);
  await plugged(run, run.stick, { bootPin: pin });
  run.stick.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
  const report = await run.convert({ reflash: true, confirm: flow });
  assert.equal(report.error?.code, 'STICK_GONE', report.error?.message);
  return run;
}

const at = (run: Journey, which: string, more: Parameters<Journey['convert']>[0] = {}): Promise<JobReport> =>
  run.convert({ which, confirm: flow, ...none, ...more });

const otherStick = (run: Journey): VirtualStick => run.others[0] as VirtualStick;

describe('a half-written stick that is plugged in at another port', () => {
  it('is known by its IMEI: without files it is refused, with them it is written, and then nothing is left on record', async () => {
    const run = await halfWritten(false);
    await plugged(run, run.stick, { at: '1-3' });
    const refused = await at(run, '1-3');
    assert.equal(refused.error?.code, 'BAD_ARGUMENT');
    assert.match(refused.error?.message ?? '', /1-3 runs, but .* missing: System_R1/);
    assert.equal((await at(run, '1-3', files)).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
    assert.equal((await at(run, '1-3')).error, undefined);
  });

  it('whose IMEI is not on record: refused in a flow, also where it answers AT and where only its boot ROM answers', async () => {
    const run = await halfWritten(true);
    for (const bootPin of [false, true]) {
      await plugged(run, run.stick, { at: '1-3', bootPin });
      const { error } = await at(run, '1-3', files);
      assert.equal(error?.code, 'NOT_CONFIRMED');
      assert.match(error?.message ?? '', /At 1-1 an earlier write .* missing: VxWorks_R1|System_R1/);
      assert.match(nodeHint(error), /msg\.asIs = "1-3"/);
      assert.match(cliHint(error), /--as-is 1-3/);
    }
  });

  it('another stick that tells another IMEI is not concerned', async () => {
    const run = await halfWritten(false);
    await plugged(run, otherStick(run));
    assert.equal((await at(run, '1-2')).error, undefined);
    assert.notDeepEqual(run.host.listNotes(), [], 'the record stays');
  });

  it('another stick is not asked about while the half-written one has not left its place, nor while that is being written', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' }, [
      { firmware: 'stick', setport: 'FF;10,12', portPath: '1-2' },
    ]);
    await plugged(run, run.stick, { bootPin: true });
    run.stick.faults.order({ fault: 'nak', at: 'start', nth: 3 });
    assert.equal((await run.convert({ confirm: flow })).error?.code, 'NAK');
    await plugged(run, otherStick(run));
    assert.equal((await at(run, '1-2')).error, undefined);
    // Nobody has seen it since it was pulled.
    run.stick.unplug();
    assert.equal((await at(run, '1-2')).error?.code, 'NOT_CONFIRMED');
  });
});

describe('the way out for a stick that is whole', () => {
  it('its own place: the record of the other one stays, and this stick is never asked about again', async () => {
    const run = await halfWritten(true);
    await plugged(run, otherStick(run));
    assert.equal((await at(run, '1-2', { asIs: '1-2' })).error, undefined);
    assert.equal((await at(run, '1-2')).error, undefined, 'never again');
    await plugged(run, run.stick);
    assert.match((await at(run, '1-1')).error?.message ?? '', /1-1 runs, but .* missing: System_R1/);
  });

  it('the other place: its record is over', async () => {
    const run = await halfWritten(true);
    await plugged(run, otherStick(run));
    assert.equal((await at(run, '1-2', { asIs: '1-1' })).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
  });

  it('a person who is asked says yes', async () => {
    const run = await halfWritten(true);
    await plugged(run, otherStick(run));
    const asked: Plan[] = [];
    const { error } = await at(run, '1-2', { confirm: (plan) => asked.push(plan) > 0 });
    assert.equal(error, undefined);
    assert.deepEqual(
      asked.map(({ change, stick }) => [change, stick]),
      [['as-is', '1-2']],
    );
    assert.match(asked[0]?.steps.join(' ') ?? '', /At 1-1 an earlier write/);
    assert.equal((await at(run, '1-2')).error, undefined, 'not asked again');
    await plugged(run, run.stick);
    assert.match((await at(run, '1-1')).error?.message ?? '', /1-1 runs, but .* missing: System_R1/);
  });

  it('each stick that it was said of counts', async () => {
    const modem = { firmware: 'stick', setport: 'FF;10,12' } as const;
    const run = journey(files, { ...modem, portPath: '1-2' }, [{ ...modem, portPath: '1-3' }]);
    const note = { firmware: 'a.bin', complete: [], missing: ['System_R1'], files: [], images: {} };
    run.host.writeNote('1-1', JSON.stringify(note));
    const sticks: [string, VirtualStick][] = [
      ['1-2', run.stick],
      ['1-3', otherStick(run)],
    ];
    for (const [place, stick] of sticks) {
      await plugged(run, stick);
      assert.equal((await at(run, place, { asIs: place })).error, undefined);
    }
    for (const [place] of sticks) assert.equal((await at(run, place)).error, undefined, place);
  });

  it('where it cannot be kept who it was said of, the record stays as it is', async () => {
    const newer = JSON.stringify({ version: 3 });
    const told = { version: 2, firmware: 'theirs.bin', complete: [], missing: ['System_R1'], files: [], images: {} };
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await plugged(run, run.stick);
    run.host.writeNote('1-7', newer);
    await run.host.tellAll('1-8', JSON.stringify(told));
    // Its IMEI is not told.
    for (const silent of [false, true]) {
      if (silent) {
        run.host.writeNote('1-9', '{"files": 7');
        onWrites(run.host, (data) => (/^AT\+CGSN/.test(Buffer.from(data).toString('latin1')) ? undefined : data));
      }
      assert.equal((await at(run, '1-1', { asIs: '1-1' })).error, undefined);
      assert.deepEqual(
        run.host.listNotes().map(({ text }) => text),
        silent ? [newer, '{"files": 7'] : [newer],
      );
    }
  });

  it("a place that is nobody's is an error, and nothing is forgotten", async () => {
    const run = await halfWritten(true);
    await plugged(run, otherStick(run));
    const { error } = await at(run, '1-2', { asIs: '1-7' });
    assert.equal(error?.code, 'BAD_ARGUMENT');
    assert.match(error?.message ?? '', /1-7/);
    assert.equal(run.host.listNotes().length, 1);
    // Also where nothing would be judged: a dry run on a CD-ROM.
    const other = journey(files);
    await other.plug();
    assert.equal((await other.convert({ asIs: 'yes', dryRun: true })).error?.code, 'BAD_ARGUMENT');
  });

  it('a dry run says what the real one would ask, and changes no record', async () => {
    const run = await halfWritten(true);
    await plugged(run, otherStick(run));
    const before = run.host.listNotes();
    const report = await at(run, '1-2', { dryRun: true });
    assert.equal(report.error, undefined);
    assert.match(report.warnings.join(' '), /At 1-1 an earlier write .* the real run ends here/);
    assert.deepEqual(run.host.listNotes(), before);
  });
});

describe('a record that cannot be read', () => {
  const broken: [string, string][] = [
    ['no JSON', '{"files": 7'],
    ['empty', ''],
    ['nothing missing', JSON.stringify({ firmware: 'a', complete: [], missing: [], files: [], images: {} })],
    ['no list', JSON.stringify({ firmware: 'a', complete: [], missing: 'System_R1', files: [], images: {} })],
    ['a list', '[]'],
    ['of other things', JSON.stringify({ firmware: 'a', complete: [], missing: [7], files: [], images: {} })],
  ];
  for (const [name, text] of broken) {
    it(`(${name}) at this place or another: refused in a flow, and as-is is the way out for good`, async () => {
      for (const place of ['1-1', '1-9']) {
        const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
        await plugged(run, run.stick);
        run.host.writeNote(place, text);
        const { error } = await at(run, '1-1');
        assert.equal(error?.code, 'NOT_CONFIRMED', place);
        assert.match(error?.message ?? '', /damaged/);
        assert.equal(/at 1-9 is gone for good/.test(cliHint(error)), place === '1-9');
        assert.equal((await at(run, '1-1', { asIs: '1-1' })).error, undefined);
        assert.equal((await at(run, '1-1')).error, undefined, 'not asked again');
        // At its place it is over; elsewhere it may be about another stick.
        assert.equal(run.host.listNotes().length, place === '1-9' ? 1 : 0);
        if (place === '1-9') continue;
        run.host.writeNote(place, text);
        assert.equal((await at(run, '1-1', { confirm: () => true })).error, undefined);
        assert.deepEqual(run.host.listNotes(), []);
      }
    });
  }

  it('of a newer version is left alone, and said', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await plugged(run, run.stick);
    const newer = JSON.stringify({ version: 3, anything: true });
    run.host.writeNote('1-1', newer);
    assert.match((await at(run, '1-1')).error?.message ?? '', /version 3/);
    const written = await at(run, '1-1', { ...files, reflash: true, asIs: true });
    assert.equal(written.error?.code, 'FILE_NOT_WRITTEN');
    assert.equal(run.host.readNote('1-1'), newer);
    assert.deepEqual([...run.stick.flash], [], 'nothing was written');
    await plugged(run, run.stick);
    assert.equal((await at(run, '1-1', { asIs: '1-1' })).error, undefined);
    assert.equal(run.host.readNote('1-1'), newer, 'that stays for the newer one to judge');
  });

  it('of 0.1, which has no version: believed', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await plugged(run, run.stick);
    const old = { firmware: 'old.bin', complete: ['Bootloader_R1'], missing: ['System_R1'], files: ['a'], images: {} };
    run.host.writeNote('1-1', JSON.stringify(old));
    assert.match((await at(run, '1-1')).error?.message ?? '', /old\.bin.*missing: System_R1/);
  });
});

describe('what all users are told of a half-written stick', () => {
  it('is written with the first block, says nothing of the IMEI, and goes with the last image', async () => {
    const run = await halfWritten(false);
    const [told] = run.host.toldToAll();
    assert.equal(told?.place, '1-1');
    const note = JSON.parse(told?.text ?? '') as Record<string, unknown>;
    assert.deepEqual(note['missing'], ['System_R1']);
    assert.equal(note['version'], 2);
    assert.ok(!('identity' in note));
    await plugged(run, run.stick);
    assert.equal((await at(run, '1-1', files)).error, undefined);
    assert.deepEqual(run.host.toldToAll(), []);
  });

  it('counts for another user, who has no record of his own', async () => {
    const run = await halfWritten(false);
    run.host.writeNote('1-1', undefined);
    await plugged(run, run.stick);
    assert.match((await at(run, '1-1')).error?.message ?? '', /1-1 runs, but .* missing: System_R1/);
  });
});

describe('a write that is complete but for its restart', () => {
  it('cancelled in the last image: what was written stays on record, and the same job only restarts the stick', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await plugged(run, run.stick, { bootPin: true });
    const cancel = new AbortController();
    const codes: number[] = [];
    run.stick.onEvent((e) => {
      if (e.what !== 'image') return;
      codes.push(e.code);
      if (e.code === 0x107) cancel.abort(new Error('Ctrl-C'));
    });
    const stopped = await run.convert({ confirm: flow, signal: cancel.signal });
    assert.equal(stopped.error?.code, 'CANCELLED');
    assert.deepEqual(codes, [0x101, 0x550103, 0x107]);
    const report = await run.convert({ confirm: flow });
    assert.equal(report.error, undefined);
    assert.deepEqual(codes, [0x101, 0x550103, 0x107], 'nothing was written twice');
    assert.ok(report.images.every((image) => image.earlier));
    assert.deepEqual(run.host.listNotes(), []);
  });

  it('killed then, and plugged in anew: it runs, and nothing is missing', async () => {
    const run = journey(files, { firmware: 'stick', setport: 'FF;10,12' });
    await plugged(run, run.stick, { bootPin: true });
    run.stick.faults.order({ fault: 'unplug', at: 'reset' });
    assert.notEqual((await run.convert({ confirm: flow })).error, undefined);
    await plugged(run, run.stick);
    assert.equal((await at(run, '1-1')).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
  });
});

describe('a firmware that is written over what another one left', () => {
  it('write says so, and is no success while something of the earlier one is missing', async () => {
    const run = await halfWritten(true);
    await plugged(run, run.stick, { bootPin: true });
    const { upload } = await import('../../src/flash/upload-and-write.js');
    assert.equal(
      (await run.run(upload(run.host, { which: '1-1', loader: files.loader, confirm: flow }))).error,
      undefined,
    );
    const small = makeFirmware({ images: [{ code: 0x550103, size: 4_096 }] });
    const report = await run.run(write(run.host, { which: '1-1', firmware: small, keep: true, confirm: flow }));
    assert.match(report.warnings.join(' '), /On the stick at 1-1 an earlier write of buffer was not completed/);
    assert.match(report.error?.message ?? '', /has been written, but .* missing: System_R1/);
  });
});

describe('a virtual stick of another process', () => {
  const SERVED = 'virtual-1@127.0.0.1:3300';

  it('never changes its place: its record concerns no other stick, and theirs do not concern it', async () => {
    for (const [here, there] of [
      ['1-1', SERVED],
      [SERVED, '1-3'],
      [SERVED, SERVED.replace('virtual-1', 'virtual-2')],
    ] as const) {
      const run = journey(files, { firmware: 'stick', setport: 'FF;10,12', portPath: here });
      const elsewhere = await halfWritten(true);
      const note = elsewhere.host.readNote('1-1');
      assert.ok(note);
      run.host.writeNote(there, note);
      run.host.marks.set(there, note);
      await plugged(run, run.stick);
      assert.equal((await at(run, here)).error, undefined, `${here} and what is noted of ${there}`);
      assert.equal(run.host.readNote(there), note);
      run.host.writeNote(here, note);
      assert.match((await at(run, here)).error?.message ?? '', /missing/, `${here} and what is noted of itself`);
    }
  });
});
