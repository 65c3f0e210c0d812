/** Records of half-written sticks where another stick is plugged in at the same place: neither is forgotten, nor called done. */

import assert from 'node:assert/strict';
import type { JobReport } from '../../src/flash/events';
import type { Plan } from '../../src/flash/job-types';
import { holdStick } from '../../src/stick/hold';
import { waitForStick } from '../../src/stick/watch';
import type { VirtualStick } from '../../src/virtual/stick';
import { cliHint } from '../support/errors';
import { type Journey, journey, makeFirmware, makeLoader } from './journey';

const images = [
  { code: 0x101, size: 5_000 },
  { code: 0x550103, size: 12_288 },
  { code: 0x107, size: 9_000 },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };
const none = { loader: undefined, firmware: undefined };
const flow = ({ change }: Plan): boolean => change === 'flash' || change === 'setport';

async function plugged(run: Journey, stick: VirtualStick, how: { bootPin?: boolean; at?: string } = {}): Promise<void> {
  stick.plug(how);
  const there = await run.run(
    waitForStick(
      run.host,
      stick.portPath,
      (s) => s !== undefined && s.mode !== 'storage' && s.ttys.length > 0 && s.withoutTty === 0,
      { timeoutMs: 30_000 },
    ),
  );
  assert.ok(there, 'it came up');
}

const at = (run: Journey, which: string, more: Parameters<Journey['convert']>[0] = {}): Promise<JobReport> =>
  run.convert({ which, confirm: flow, ...none, ...more });

/** The stick at 1-1, half-written, with its IMEI on record or without; it has been unplugged. Beside it another one, not plugged in. */
async function halfWritten(pin: boolean): Promise<{ run: Journey; first: VirtualStick; other: VirtualStick }> {
  const modem = { firmware: 'stick', setport: 'FF;10,12' } as const;
  const run = journey(files, modem, [modem]);
  await plugged(run, run.stick, { bootPin: pin });
  run.stick.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
  const report = await run.convert({ reflash: true, confirm: flow });
  assert.equal(report.error?.code, 'STICK_GONE', report.error?.message);
  return { run, first: run.stick, other: run.others[0] as VirtualStick };
}

/** It was left half-written: no job without files takes it for done, wherever it is. */
async function assertKnown(run: Journey, stick: VirtualStick): Promise<void> {
  for (const place of ['1-1', '1-3']) {
    await plugged(run, stick, { at: place });
    const { error } = await at(run, place);
    assert.match(error?.message ?? 'done', /an earlier write .* missing: .*System_R1/, place);
    stick.unplug();
  }
}

async function assertWhole(run: Journey, stick: VirtualStick, place: string): Promise<void> {
  await plugged(run, stick, { at: place });
  assert.equal((await at(run, place)).error, undefined);
  stick.unplug();
}

describe('another stick at the place of a half-written one', () => {
  it('that tells its IMEI and is written: the first one is not forgotten', async () => {
    const { run, first, other } = await halfWritten(false);
    await plugged(run, other, { at: '1-1' });
    assert.equal((await at(run, '1-1', { ...files, reflash: true })).error, undefined);
    other.unplug();
    await assertKnown(run, first);
    await assertWhole(run, other, '1-1');
    // Nor for ever.
    await plugged(run, first, { at: '1-3' });
    assert.equal((await at(run, '1-3', files)).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
    assert.deepEqual(run.host.toldToAll(), []);
  });

  it('that tells it only after it was written: neither is the first one forgotten', async () => {
    const { run, first, other } = await halfWritten(false);
    await plugged(run, other, { at: '1-1', bootPin: true });
    assert.equal((await at(run, '1-1', files)).error, undefined);
    other.unplug();
    await assertKnown(run, first);
    await assertWhole(run, other, '1-1');
  });

  it('that is left half-written too, before it could tell its IMEI: both are known', async () => {
    const { run, first, other } = await halfWritten(false);
    await plugged(run, other, { at: '1-1', bootPin: true });
    other.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
    assert.equal((await at(run, '1-1', files)).error?.code, 'STICK_GONE');
    await assertKnown(run, other);
    await assertKnown(run, first);
  });

  it('of which a person has said that the record is not about it, is half-written there from its boot ROM: known', async () => {
    const { run, first, other } = await halfWritten(true);
    await plugged(run, other, { at: '1-2' });
    assert.equal((await at(run, '1-2', { asIs: '1-2' })).error, undefined);
    await plugged(run, other, { at: '1-1', bootPin: true });
    other.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
    assert.equal((await at(run, '1-1', files)).error?.code, 'STICK_GONE');
    await assertKnown(run, other);
    await plugged(run, first);
    assert.match((await at(run, '1-1')).error?.message ?? '', /missing: .*System_R1/);
  });

  it('of which a person has said so, is written there as a whole from its boot ROM: the first one is not forgotten', async () => {
    const { run, first, other } = await halfWritten(true);
    await plugged(run, other, { at: '1-2' });
    assert.equal((await at(run, '1-2', { asIs: '1-2' })).error, undefined);
    await plugged(run, other, { at: '1-1', bootPin: true });
    assert.equal((await at(run, '1-1', files)).error, undefined);
    other.unplug();
    await plugged(run, first, { at: '1-3' });
    assert.match((await at(run, '1-3')).error?.message ?? 'done', /At 1-1 an earlier write .* missing: System_R1/);
  });

  it('of which a person says that the record is over: it is, also where that stick turns out to be another one', async () => {
    const { run, other } = await halfWritten(false);
    await plugged(run, other, { at: '1-1', bootPin: true });
    assert.equal((await at(run, '1-1', { ...files, asIs: '1-1' })).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
  });

  it('whose record is set aside: under the next free key, of which no person has to know', async () => {
    const { run, other } = await halfWritten(false);
    const older = { firmware: 'old.bin', complete: [], missing: ['Z'], files: [], images: {}, identity: 'a third' };
    run.host.writeNote('1-1~2', JSON.stringify(older));
    const record = run.host.readNote('1-1');
    await plugged(run, other, { at: '1-1' });
    assert.equal((await at(run, '1-1', { ...files, reflash: true })).error, undefined);
    assert.deepEqual(
      run.host.listNotes().map(({ key }) => key),
      ['1-1~2', '1-1~3'],
    );
    assert.deepEqual(JSON.parse(run.host.readNote('1-1~3') ?? ''), JSON.parse(record ?? ''));
    await plugged(run, other, { at: '1-4', bootPin: true });
    const { error } = await at(run, '1-4', files);
    assert.match(`${error?.message} ${cliHint(error)}`, /^At 1-1 an earlier.* at 1-1 is gone for good/);
    assert.ok(!error?.message.includes('~'));
    assert.equal((await at(run, '1-4', { ...files, asIs: '1-1' })).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
  });

  it('the same one, that tells its IMEI, is left half-written once more: there is one record of it', async () => {
    const { run, first } = await halfWritten(false);
    await plugged(run, first);
    first.faults.order({ fault: 'unplug', at: 'start', nth: 2 });
    assert.equal((await at(run, '1-1', files)).error?.code, 'STICK_GONE');
    assert.deepEqual(
      run.host.listNotes().map(({ key }) => key),
      ['1-1'],
    );
  });

  it('it was the same one after all: written through the boot pin, nothing is left on record', async () => {
    const { run, first } = await halfWritten(false);
    await plugged(run, first, { bootPin: true });
    assert.equal((await at(run, '1-1', files)).error, undefined);
    assert.deepEqual(run.host.listNotes(), []);
    assert.deepEqual(run.host.toldToAll(), []);
  });
});

it('a stick that was put in the place of the one that was asked, with the boot pin, and left half-written, is known', async () => {
  const modem = { firmware: 'stick', setport: 'FF;10,12' } as const;
  const run = journey(files, modem, [modem]);
  const other = run.others[0] as VirtualStick;
  await plugged(run, run.stick);
  run.person = () => {
    run.stick.unplug();
    other.plug({ at: '1-1', bootPin: true });
  };
  other.faults.order({ fault: 'unplug', at: 'start', nth: 3 });
  const { error } = await run.convert({ wayIn: 'boot-pin', reflash: true, confirm: flow });
  assert.equal(error?.code, 'STICK_GONE');
  await assertKnown(run, other);
});

it('a half-written stick that was moved is not taken for done because somebody uses another one at its old place', async () => {
  const { run, first, other } = await halfWritten(true);
  await plugged(run, other, { at: '1-1' });
  const hold = await holdStick(run.host, '1-1', { purpose: 'AT session' });
  await plugged(run, first, { at: '1-3' });
  assert.equal((await at(run, '1-3')).error?.code, 'NOT_CONFIRMED');
  hold.release();
});

it('what another user has left half-written at a place counts beside an own record of that place', async () => {
  const { run, other } = await halfWritten(false);
  const told = { version: 2, firmware: 'theirs.bin', complete: [], missing: ['VxWorks_R1'], files: [], images: {} };
  await run.host.tellAll('1-1', JSON.stringify(told));
  await plugged(run, other, { at: '1-1' });
  const { error } = await at(run, '1-1');
  assert.match(error?.message ?? 'done', /theirs\.bin was not completed .* missing: VxWorks_R1/);
});

it('what two users have left half-written at one place is missing together', async () => {
  const { run, first } = await halfWritten(true);
  const told = { version: 2, firmware: 'theirs.bin', complete: [], missing: ['VxWorks_R1'], files: [], images: {} };
  await run.host.tellAll('1-1', JSON.stringify(told));
  await plugged(run, first);
  assert.match((await at(run, '1-1')).error?.message ?? '', /missing: System_R1, VxWorks_R1\)/);
});
