import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import type { JobEvent, JobReport } from '../../src/flash/events';
import { cancelJob, cancelJobs, currentJob, startJob } from '../../src/session/jobs';

const report = (ok: boolean): JobReport => ({
  ok,
  dryRun: false,
  stick: '1-1',
  ttys: [],
  provenBy: 'bus',
  stages: [],
  images: [],
  warnings: [],
  checks: [],
  overrides: [],
  did: [],
  compared: [],
});

const stage: JobEvent = { type: 'stage', stage: 'write', text: 'Writing.' };
const progress = (done: number): JobEvent => ({
  type: 'progress',
  stage: 'write',
  done,
  total: 100,
  rate: 1,
  text: '',
});

/** A job that the test leads. */
function led(owner: string) {
  let end: (report: JobReport) => void = () => undefined;
  let onEvent: (event: JobEvent) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const job = startJob(
    owner,
    (o) => {
      ({ onEvent, signal } = o);
      return new Promise((resolve) => {
        end = resolve;
      });
    },
    { owner },
  );
  return { job, emit: (event: JobEvent) => onEvent(event), end: (r: JobReport) => end(r), signal: () => signal };
}

const heard = () => {
  const events: JobEvent[] = [];
  let resolve: (report: JobReport) => void = () => undefined;
  const end = new Promise<JobReport>((r) => {
    resolve = r;
  });
  return { events, end, onEvent: (event: JobEvent) => events.push(event), onEnd: (r: JobReport) => resolve(r) };
};

describe('jobs that outlive their node', () => {
  it('go on without a listener and tell a new one what was told last', async () => {
    const { job, emit, end } = led('node-1');
    const first = heard();
    const detach = job.listen(first);
    emit(stage);
    emit(progress(1));
    detach();
    emit(progress(2));
    const taken = currentJob<{ owner: string }>('node-1');
    assert.deepEqual(taken?.context, { owner: 'node-1' });
    const second = heard();
    taken.listen(second);
    emit(progress(3));
    end(report(true));
    assert.equal((await second.end).ok, true);
    assert.deepEqual(first.events, [stage, progress(1)]);
    assert.deepEqual(second.events, [stage, progress(2), progress(3)]);
    assert.equal(currentJob('node-1'), undefined);
  });

  it('keep their report for the next listener when nobody heard the end, and for no other', async () => {
    const { job, end } = led('node-2');
    job.listen(heard())();
    end(report(true));
    await new Promise((resolve) => setImmediate(resolve));
    const late = heard();
    currentJob('node-2')?.listen(late);
    assert.equal((await late.end).ok, true);
    assert.equal(currentJob('node-2'), undefined);
  });

  it('are one per owner', async () => {
    const { job, end } = led('node-3');
    const listener = heard();
    job.listen(listener);
    assert.throws(
      () => led('node-3'),
      (error) => isDriverError(error, 'BUSY'),
    );
    end(report(true));
    await listener.end;
    const next = led('node-3');
    next.job.listen(listener);
    next.end(report(true));
  });

  it('are cancelled by their owner', async () => {
    const { end, signal, job } = led('node-4');
    assert.equal(cancelJob('nobody'), false);
    assert.equal(cancelJob('node-4'), true);
    assert.ok(isDriverError(signal()?.reason, 'CANCELLED'));
    const listener = heard();
    job.listen(listener);
    end(report(false));
    await listener.end;
    assert.equal(cancelJob('node-4'), false);
  });

  it('are cancelled by what they were started with, whoever owns them', async () => {
    const one = led('one');
    const two = led('two');
    assert.equal(
      cancelJobs<{ owner: string }>(({ owner }) => owner === 'two'),
      true,
    );
    assert.equal(
      cancelJobs<{ owner: string }>(({ owner }) => owner === 'three'),
      false,
    );
    assert.equal(one.signal()?.aborted, false);
    assert.equal(two.signal()?.aborted, true);
    for (const job of [one, two]) {
      job.job.listen({ onEvent: () => undefined, onEnd: () => undefined });
      job.end(report(true));
    }
    await new Promise((resolve) => setImmediate(resolve));
  });

  it('end with a report even when they crash, whatever a listener throws', async () => {
    const listener = heard();
    const job = startJob(
      'node-5',
      async ({ onEvent }) => {
        onEvent(stage);
        await Promise.resolve();
        onEvent(progress(1));
        throw new Error('a fault of ours');
      },
      undefined,
    );
    job.listen({
      ...listener,
      onEvent() {
        throw new Error("a fault of the listener's");
      },
    });
    const { ok, error } = await listener.end;
    assert.equal(ok, false);
    assert.match(error?.message ?? '', /a fault of ours/);
  });
});
