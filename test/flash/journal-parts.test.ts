/** The journal by itself: what is read from a note, what is taken up, what is left of an older one. */

import assert from 'node:assert/strict';
import { Job } from '../../src/flash/job';
import { completeBefore, type Journal, keepJournal, parseJournal } from '../../src/flash/journal';
import type { Work, WorkImage } from '../../src/flash/work';
import { TIMEOUTS } from '../../src/timeouts';
import { virtualBench } from '../support/bench';

const note = { version: 2, firmware: 'a.bin', complete: ['A'], missing: ['B'], files: ['f'], images: { 0: 'a' } };
const parsed = (more: object): ReturnType<typeof parseJournal> => parseJournal(JSON.stringify({ ...note, ...more }));

describe('a note', () => {
  it('is damaged where a part of it is not what a journal has there', () => {
    const parts: object[] = [
      ...[{ firmware: undefined }, { firmware: 7 }],
      ...[{ complete: undefined }, { complete: 'A' }, { complete: [7] }],
      ...[{ missing: undefined }, { missing: 'B' }, { missing: [null] }, { missing: [] }],
      ...[{ files: undefined }, { files: { 0: 'f' } }, { files: [1] }],
      ...[{ images: undefined }, { images: null }, { images: 7 }, { images: { 0: 1 } }],
      // Whole, and something is missing.
      ...[{ whole: true }, { missing: [], whole: 1 }],
    ];
    for (const part of parts) assert.deepEqual(parsed(part), { journal: undefined }, JSON.stringify(part));
    for (const text of [undefined, '', 'null', '7', '"text"', '[]', '{'])
      assert.deepEqual(parseJournal(text), { journal: undefined }, text);
  });

  it('of this version, of an older one and of none is read; of a newer one only its version is', () => {
    const { version, ...journal } = note;
    assert.equal(version, 2);
    for (const known of [2, 1, undefined, 'two']) assert.deepEqual(parsed({ version: known }), { journal });
    assert.deepEqual(parsed({ version: 3 }), { newer: 3 });
    assert.deepEqual(parseJournal('{"version":4}'), { newer: 4 });
  });

  it('keeps what it may have besides, and leaves out what is not as it should be', () => {
    const { version: _, ...journal } = note;
    const more = {
      ...{ presence: 'p', time: 5, told: true, identity: 'i', others: ['o'] },
      device: { product: 'E3272', identity: 'HUAWEI E3272', softwareVersion: '' },
    };
    assert.deepEqual(parsed(more), { journal: { ...journal, ...more } });
    assert.deepEqual(parsed({ presence: 1, time: '5', told: 1, identity: 2, others: [1] }), { journal });
    assert.deepEqual(parsed({ missing: [], whole: true }), { journal: { ...journal, missing: [], whole: true } });
  });
});

const image = (index: number, name: string, complete: boolean): WorkImage => ({
  index,
  name,
  size: 1,
  sha256: `sum ${index}`,
  complete,
});

/** A job on a plugged-in stick with two images, the first of them complete, and the journal that it would keep. */
async function begun() {
  const { host, stick, plug, run } = virtualBench({ firmware: 'stick', setport: 'FF;10,12' });
  const found = await plug();
  const job = new Job(host, { which: '1-1' });
  const work: Work = {
    files: [{ name: 'new.bin', sha256: 'file' }],
    images: [image(0, 'A', true), image(1, 'B', false)],
    device: { product: 'E3272', identity: 'HUAWEI E3272', softwareVersion: '' },
  };
  const keep = (earlier?: Journal, restarts = true) =>
    run(keepJournal(job, found, work, { earlier, restarts, told: false }));
  const noted = (): Journal => {
    const read = parseJournal(host.readNote('1-1'));
    assert.ok('journal' in read && read.journal);
    return read.journal;
  };
  await keep();
  return { host, stick, found, job, work, keep, noted };
}

describe('what is taken up', () => {
  it('are the images that the journal has as complete, with the sums that they have now', async () => {
    const { job, work, found, noted } = await begun();
    const names = (journal: Journal) => completeBefore(job, found, work, journal).map(({ name }) => name);
    assert.deepEqual(names(noted()), ['A']);
    assert.deepEqual(names({ ...noted(), images: { 0: 'another', 1: 'sum 1' } }), ['B']);
    assert.deepEqual(completeBefore(job, found, work, undefined), []);
  });

  it('is nothing once the journal is an hour old, is of the future, or has no time', async () => {
    const { host, job, work, found, noted } = await begun();
    const now = host.clock.date().getTime();
    for (const [time, count] of [
      [now, 1],
      [now - TIMEOUTS.loader.takeUp, 1],
      [now - TIMEOUTS.loader.takeUp - 1, 0],
      [now + 1, 0],
      [undefined, 0],
    ] as const) {
      const { time: _, ...journal } = noted();
      const taken = completeBefore(job, found, work, { ...journal, ...(time !== undefined && { time }) });
      assert.equal(taken.length, count, String(time));
    }
  });

  it('is nothing where the stay on the bus is not known, before or now', async () => {
    const { host, job, work, found, noted } = await begun();
    const { presence, ...journal } = noted();
    assert.ok(presence !== undefined);
    assert.deepEqual(completeBefore(job, found, work, journal), []);
    Object.assign(host, { presence: () => undefined });
    assert.deepEqual(completeBefore(job, found, work, journal), []);
    assert.deepEqual(completeBefore(job, found, work, { ...journal, presence }), []);
  });

  it('is nothing where all were told something else, or what this write had told is gone', async () => {
    const { host, job, work, found, noted, keep } = await begun();
    const taken = (journal: Journal): number => completeBefore(job, found, work, journal).length;
    const told = host.marks.get('1-1');
    for (const [mark, before, count] of [
      [told, false, 1],
      [told, true, 1],
      [undefined, false, 1],
      [undefined, true, 0],
      ['{}', false, 0],
    ] as const) {
      if (mark === undefined) host.marks.delete('1-1');
      else host.marks.set('1-1', mark);
      assert.equal(taken({ ...noted(), ...(before && { told: true }) }), count);
    }
    // Of another place: of no concern.
    host.marks.clear();
    host.marks.set('1-2', '{}');
    assert.equal(taken(noted()), 1);
    // When all is written nobody is told any more.
    for (const row of work.images) row.complete = true;
    await keep();
    assert.equal(host.marks.has('1-1'), false);
    assert.equal(taken({ ...noted(), told: true }), 2);
  });
});

describe('what an older journal has missing', () => {
  const older: Journal = { firmware: 'old.bin', complete: [], missing: ['A', 'Z'], files: [], images: {} };

  it('stays missing until it is written, under the name of the file that is not complete', async () => {
    const { work, keep, noted } = await begun();
    await keep(older);
    // One image of the new file is open: that is told first.
    assert.deepEqual([noted().firmware, noted().missing], ['new.bin', ['B', 'Z']]);
    for (const row of work.images) row.complete = true;
    await keep(older);
    assert.deepEqual([noted().firmware, noted().missing, noted().whole], ['old.bin', ['Z'], undefined]);
    await keep({ ...older, missing: ['A'] });
    assert.deepEqual([noted().missing, noted().whole], [[], true]);
    await keep();
    assert.deepEqual([noted().firmware, noted().whole], ['new.bin', true]);
  });

  it('goes with its note where nothing is missing and nothing restarts', async () => {
    const { host, work, keep } = await begun();
    for (const row of work.images) row.complete = true;
    await keep({ ...older, missing: ['A'] }, false);
    assert.deepEqual([host.listNotes(), host.toldToAll()], [[], []]);
  });
});
