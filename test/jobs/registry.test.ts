import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { blankReport, type JobEvent, type JobReport } from '../../src/flash/events';
import { cancelJob, type JobView, jobAt, listJobs, onJob, ownJob, startJob } from '../../src/jobs/registry';

const report = (ok: boolean): JobReport => ({ ...blankReport('1-1', 'bus'), ok });

const stage: JobEvent = { type: 'stage', stage: 'write', text: 'Writing.' };
const wait: JobEvent = { type: 'wait', act: 'boot-pin', stick: '1-1', text: 'Hold the pin.' };
const progress = (done: number): JobEvent => ({
  type: 'progress',
  stage: 'write',
  done,
  total: 100,
  rate: 1,
  text: '',
});

let count = 0;

/** A job that the test leads, at a place of its own. */
function led({ stick = `test-${++count}`, owner }: { stick?: string; owner?: string } = {}) {
  let end: (report: JobReport) => void = () => undefined;
  let onEvent: (event: JobEvent) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const job = startJob({ stick, ...(owner !== undefined && { owner }), context: { owner } }, (o) => {
    ({ onEvent, signal } = o);
    return new Promise((resolve) => {
      end = resolve;
    });
  });
  const ended = new Promise<void>((resolve) => job.watch({ onEvent: () => undefined, onEnd: () => resolve() }));
  return {
    job,
    stick,
    emit: (event: JobEvent) => onEvent(event),
    /** Resolves when all who watched when this was called have been told. */
    async end(r: JobReport = report(true)) {
      end(r);
      await ended;
      await new Promise((resolve) => setImmediate(resolve));
    },
    signal: () => signal,
  };
}

const heard = () => {
  const events: JobEvent[] = [];
  const reports: JobReport[] = [];
  let resolve: (report: JobReport) => void = () => undefined;
  const end = new Promise<JobReport>((r) => {
    resolve = r;
  });
  return {
    events,
    reports,
    end,
    onEvent: (event: JobEvent) => void events.push(event),
    onEnd(r: JobReport) {
      reports.push(r);
      resolve(r);
    },
  };
};

describe('a job and its owner', () => {
  it('go on without each other, and a new life of the owner is told what was told last', async () => {
    const { job, emit, end } = led({ owner: 'node-1' });
    const first = heard();
    const detach = job.follow(first);
    emit(stage);
    emit(progress(1));
    detach();
    emit(progress(2));
    const taken = ownJob<{ owner: string }>('node-1');
    assert.deepEqual(taken?.context, { owner: 'node-1' });
    const second = heard();
    taken.follow(second);
    emit(progress(3));
    await end();
    assert.deepEqual(first.events, [stage, progress(1)]);
    assert.deepEqual(first.reports, []);
    assert.deepEqual(second.events, [stage, progress(2), progress(3)]);
    assert.deepEqual(second.reports, [report(true)]);
    assert.equal(ownJob('node-1'), undefined);
  });

  it('the result waits for an owner who is away, is told to one follower, and once', async () => {
    const { job, end } = led({ owner: 'node-2' });
    job.follow(heard())();
    await end();
    const [late, later] = [heard(), heard()];
    ownJob('node-2')?.follow(late);
    job.follow(later);
    assert.deepEqual([late.reports.length, later.reports.length], [1, 0]);
    assert.equal(ownJob('node-2'), undefined);
  });

  it('who watches does not take the result from the owner', async () => {
    const { job, end } = led({ owner: 'node-2b' });
    job.watch(heard());
    await end();
    const owner = heard();
    ownJob('node-2b')?.follow(owner);
    assert.equal(owner.reports.length, 1);
  });

  it('a wait is told to whoever comes later with the time that is left then', async () => {
    const { job, emit, end } = led();
    emit({ ...wait, left: 600 } as JobEvent);
    const { now } = performance;
    performance.now = () => now.call(performance) + 45_000;
    try {
      const late = heard();
      job.watch(late);
      assert.deepEqual(late.events, [{ ...wait, left: 555 }]);
    } finally {
      performance.now = now;
    }
    assert.equal(job.cancelling, false);
    cancelJob(job.stick);
    assert.equal(job.cancelling, true);
    await end();
    assert.equal(job.cancelling, false);
  });

  it('are one at a time', async () => {
    const { job, end } = led({ owner: 'node-3' });
    job.follow(heard());
    assert.throws(
      () => led({ owner: 'node-3' }),
      (error) => isDriverError(error, 'BUSY'),
    );
    await end();
    await led({ owner: 'node-3' }).end();
  });

  it('who has it may cancel it, until it has ended', async () => {
    const { end, signal, job } = led({ owner: 'node-4' });
    assert.equal(job.cancel(), true);
    assert.ok(isDriverError(signal()?.reason, 'CANCELLED'));
    await end(report(false));
    assert.equal(job.cancel(), false);
  });

  it('a job without an owner belongs to nobody, and whoever follows it hears its end', async () => {
    const { job, end } = led();
    const [one, two] = [heard(), heard()];
    job.follow(one);
    job.follow(two);
    await end();
    assert.deepEqual([one.reports.length, two.reports.length], [1, 1]);
    assert.equal(jobAt(job.stick)?.owner, undefined);
  });
});

describe('those who watch a job', () => {
  it('are any number, and each hears all of it', async () => {
    const { stick, emit, end } = led({ owner: 'watched-1' });
    const [one, two] = [heard(), heard()];
    jobAt(stick)?.watch(one);
    jobAt(stick)?.watch(two);
    emit(stage);
    emit(progress(1));
    await end();
    for (const { events, reports } of [one, two]) {
      assert.deepEqual(events, [stage, progress(1)]);
      assert.deepEqual(reports, [report(true)]);
    }
  });

  it('may come late: the last events, or the report, are kept until the stick has another job', async () => {
    const { stick, emit, end } = led();
    emit(stage);
    emit(progress(1));
    emit(wait);
    const late = heard();
    jobAt(stick)?.watch(late);
    assert.deepEqual(late.events, [stage, wait]);
    emit({ ...stage, text: 'Anew.' });
    const later = heard();
    jobAt(stick)?.watch(later);
    assert.deepEqual(later.events, [{ ...stage, text: 'Anew.' }]);
    await end();
    for (const _ of [1, 2]) {
      const after = heard();
      jobAt(stick)?.watch(after);
      assert.deepEqual(after.reports, [report(true)]);
      assert.deepEqual(after.events, []);
    }
    const next = led({ stick });
    assert.equal(jobAt(stick)?.report, undefined);
    await next.end();
  });

  it('are not told any more when they have stopped', async () => {
    const { stick, emit, end } = led();
    const [gone, staying] = [heard(), heard()];
    const stop = jobAt(stick)?.watch(gone);
    jobAt(stick)?.watch(staying);
    stop?.();
    emit(stage);
    await end();
    assert.deepEqual([gone.events, gone.reports], [[], []]);
    assert.deepEqual(staying.events, [stage]);
  });

  it('who watches twice stops once at a time', () => {
    const { stick, emit } = led();
    const twice = heard();
    const stop = jobAt(stick)?.watch(twice);
    jobAt(stick)?.watch(twice);
    stop?.();
    emit(stage);
    assert.deepEqual(twice.events, [stage]);
    void cancelJob(stick);
  });

  it('one that throws, or rejects, harms neither the others nor the job', async () => {
    const { stick, emit, end } = led();
    const bad = () => {
      throw new Error('a fault of the watcher');
    };
    jobAt(stick)?.watch({ onEvent: bad, onEnd: bad });
    jobAt(stick)?.watch({ onEvent: async () => bad(), onEnd: async () => bad() });
    const good = heard();
    jobAt(stick)?.watch(good);
    emit(stage);
    await end();
    assert.deepEqual(good.events, [stage]);
    assert.deepEqual(good.reports, [report(true)]);
  });

  it('hear of each job that begins, before its first event', async () => {
    const begun: JobView[] = [];
    const first = heard();
    const stop = onJob((job) => {
      begun.push(job);
      job.watch(first);
    });
    const stopBad = onJob(() => {
      throw new Error('a fault of the watcher');
    });
    const stick = `test-${++count}`;
    const job = startJob({ stick, context: undefined }, async ({ onEvent }) => {
      onEvent(stage);
      return report(true);
    });
    await first.end;
    assert.deepEqual(
      begun.map((b) => b.stick),
      [stick],
    );
    assert.deepEqual(first.events, [stage]);
    assert.equal(job.stick, stick);
    stop();
    stopBad();
    await led().end();
    assert.equal(begun.length, 1);
  });
});

describe('jobs of one stick', () => {
  it("are one at a time: another owner's ends at once with BUSY, and nobody who watches hears of it", async () => {
    const { stick, job, signal, end } = led({ owner: 'first' });
    const watcher = heard();
    jobAt(stick)?.watch(watcher);
    let ran = false;
    const second = startJob({ stick, owner: 'second', context: undefined }, async () => {
      ran = true;
      return report(true);
    });
    const owner = heard();
    second.follow(owner);
    const { ok, error, stick: named } = await owner.end;
    assert.deepEqual([ok, error?.code, error?.stick, named, ran], [false, 'BUSY', stick, stick, false]);
    assert.deepEqual(watcher.reports, []);
    assert.equal(jobAt(stick)?.owner, 'first');
    assert.equal(job.report, undefined);
    assert.equal(signal()?.aborted, false);
    await end();
    assert.equal(watcher.reports.length, 1);
  });

  it("are cancelled by the stick's name, and by no other", async () => {
    const [one, two] = [led(), led()];
    assert.equal(cancelJob(two.stick), true);
    assert.equal(cancelJob('test-none'), false);
    assert.equal(one.signal()?.aborted, false);
    assert.ok(isDriverError(two.signal()?.reason, 'CANCELLED'));
    await one.end();
    await two.end();
    assert.equal(cancelJob(two.stick), false);
  });

  it('end with a report even when they crash', async () => {
    const job = startJob({ stick: 'test-crash', owner: 'crash', context: undefined }, async ({ onEvent }) => {
      onEvent(stage);
      await Promise.resolve();
      throw new Error('a fault of ours');
    });
    const listener = heard();
    job.follow(listener);
    const { ok, error, stick } = await listener.end;
    assert.deepEqual([ok, stick], [false, 'test-crash']);
    assert.match(error?.message ?? '', /a fault of ours/);
  });

  it('that have ended are forgotten when there are too many, those under way never', async () => {
    const running = led({ owner: 'limit-running' });
    for (let i = 0; i < 40; i++) await led({ owner: `limit-${i}` }).end();
    assert.equal(ownJob('limit-0'), undefined);
    assert.ok(ownJob('limit-39'));
    const ended = listJobs().filter((job) => job.report);
    assert.ok(ended.length > 0 && ended.length <= 33, String(ended.length));
    assert.equal(jobAt(running.stick)?.owner, 'limit-running');
    assert.ok(ownJob('limit-running'));
    await running.end();
  });
});
