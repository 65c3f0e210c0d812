/**
 * A whole conversion that is killed with SIGKILL at its stages, each time in a process of its own, and the same call again.
 * Covered: the job, its notes, its lock and its log, on the disk of this machine; the stick is a virtual one in this
 * process, with its bus, CD-ROM, boot ROM, loader and modem, which goes on as a real one does. Real ttys and the kernel's
 * bus are not part of it; journal.test.ts kills a write on a real tty.
 */

import assert from 'node:assert/strict';
import type { StickEvent } from '../../src/virtual/events';
import type { FaultOrder } from '../../src/virtual/faults';
import { imageData, type MadeImage } from '../../src/virtual/make-files';
import { makeFirmware, makeLoader } from './journey';
import { type EndedReport, KilledJobs } from './killed-jobs';

const images: MadeImage[] = [
  { code: 0x101, size: 20_000 },
  { code: 0x550103, size: 40_000 },
  { code: 0x107, size: 20_000, compression: 'zlib' },
];
const files = { loader: makeLoader({ size: 20_000 }), firmware: makeFirmware({ images }) };
const ALL = images.map(({ code }) => code);
const NAMES = ['Bootloader_R1', 'VxWorks_R1', 'System_R1'];

function assertWhole(jobs: KilledJobs): void {
  assert.deepEqual([...jobs.stick.flash.keys()].sort(), [...ALL].sort());
  for (const image of images) {
    const stored = jobs.stick.flash.get(image.code) ?? Buffer.alloc(0);
    assert.ok(imageData(image).equals(stored), image.code.toString(16));
  }
  assert.equal(jobs.stick.setport, 'FF;10,12');
  assert.equal(jobs.journal, undefined, 'nothing is left to take up');
}

interface Case {
  when: string;
  /** The stick is silent there: the process waits for it when it is killed. */
  fault?: FaultOrder;
  kill: Parameters<KilledJobs['convert']>[0];
  /** The journal that the killed process leaves; undefined: none. */
  complete?: string[];
  /** What the stick is when the second process begins. */
  stick: string[];
  /** Images that the second process writes. */
  writes: number[];
}

const silent = (at: FaultOrder['at'], nth: number): Pick<Case, 'fault' | 'kill'> => ({
  fault: { fault: 'silence', at, nth },
  kill: (event) => event.what === 'fault',
});

const CASES: Case[] = [
  { when: 'in the middle of the upload', ...silent('data', 10), stick: ['bootrom'], writes: ALL },
  {
    when: 'in the middle of image 1',
    // Five blocks.
    ...silent('block', 3),
    complete: [],
    stick: ['loader'],
    writes: ALL,
  },
  {
    when: 'after the end of image 1, before it heard of that',
    kill: (event) => event.what === 'image' && event.code === 0x101,
    complete: [],
    stick: ['loader'],
    writes: ALL,
  },
  {
    when: 'between images 1 and 2',
    ...silent('start', 2),
    complete: ['Bootloader_R1'],
    stick: ['loader'],
    writes: [0x550103, 0x107],
  },
  {
    when: 'in the middle of image 3',
    // Five and ten blocks before.
    ...silent('block', 17),
    complete: ['Bootloader_R1', 'VxWorks_R1'],
    stick: ['loader'],
    writes: [0x107],
  },
  {
    when: 'after the reset, before the new ports',
    kill: (event) => event.what === 'reset' && event.by === 'loader',
    // Until the restart has been seen.
    complete: ['Bootloader_R1', 'VxWorks_R1', 'System_R1'],
    stick: ['cdrom-stick'],
    writes: [],
  },
  {
    when: 'after AT^SETPORT, before the restart',
    kill: (event) => event.what === 'setport',
    stick: ['tty'],
    writes: [],
  },
];

/** What both processes left behind. */
interface Outcome {
  jobs: KilledJobs;
  first: EndedReport | undefined;
  left: KilledJobs['journal'];
  second: EndedReport | undefined;
  written: number[];
}

async function play({ fault, kill, stick }: Case): Promise<Outcome> {
  const jobs = new KilledJobs(files);
  if (fault) jobs.stick.faults.order(fault);
  const first = await jobs.convert(kill);
  const left = jobs.journal;
  await jobs.settled(...stick);
  const before = jobs.events.length;
  const second = await jobs.convert();
  const written = jobs.events.slice(before).flatMap((event) => (event.what === 'image' ? [event.code] : []));
  return { jobs, first, left, second, written };
}

/** Half-written, taken as it is, killed before anything was written, and converted in the end. */
async function playAsIs(): Promise<void> {
  const jobs = new KilledJobs(files);
  try {
    const fault = (event: StickEvent) => event.what === 'fault';
    jobs.stick.faults.order({ fault: 'silence', at: 'start', nth: 2 });
    await jobs.convert(fault);
    const before = jobs.journal;
    assert.deepEqual(before?.complete, ['Bootloader_R1']);
    jobs.stick.unplug();
    jobs.stick.plug();
    await jobs.settled('cdrom-hilink');
    jobs.stick.faults.order({ fault: 'silence', at: 'start' });
    assert.equal(await jobs.convert(fault, { asIs: true, reflash: true }), undefined, 'it was killed');
    assert.deepEqual(jobs.journal, before);
    const last = await jobs.convert();
    assert.equal(last?.message, undefined);
    assertWhole(jobs);
  } finally {
    await jobs.remove();
  }
}

describe('a whole conversion that is killed, and called again', () => {
  /** All at once: most of the time each of them waits. */
  const outcomes = new Map<string, Promise<Outcome>>();
  let asIs: Promise<void> | undefined;
  before(() => {
    for (const it of CASES) outcomes.set(it.when, play(it));
    asIs = playAsIs();
    // Their tests come later than some of their failures.
    for (const outcome of [...outcomes.values(), asIs]) outcome.catch(() => undefined);
  });
  after(async () => {
    for (const outcome of await Promise.allSettled(outcomes.values())) {
      if (outcome.status === 'fulfilled') await outcome.value.jobs.remove();
    }
  });

  for (const { when, complete, writes } of CASES) {
    it(`${when}: goes on from there, and the stick holds exactly the file`, async () => {
      const outcome = await outcomes.get(when);
      assert.ok(outcome);
      const { jobs, first, left, second, written } = outcome;
      assert.equal(first, undefined, 'it was killed');
      assert.deepEqual(left?.complete, complete);
      if (complete) assert.deepEqual([...(left?.complete ?? []), ...(left?.missing ?? [])], NAMES);
      assert.equal(second?.message, undefined);
      assert.equal(second?.ok, true);
      assert.deepEqual(written, writes);
      assertWhole(jobs);
    });
  }

  it('a half-written stick that was to be taken as it is, killed before the first block: still known as half-written', () =>
    asIs);
});
