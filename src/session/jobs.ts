/**
 * Running jobs that outlive whoever started them: a deploy destroys a node, but never the firmware write that it began.
 * Each job belongs to an owner (a node's id); whoever comes later under the same name takes up where the other left.
 */

import { asDriverError, DriverError } from '../errors';
import type { JobEvent, JobReport } from '../flash/events';
import { processWide } from './process-wide';

/** Hears of a job. What it is given is its own: what it does to that changes neither job nor report. */
export interface JobListener {
  onEvent(event: JobEvent): void;
  /** The end, told to exactly one listener. */
  onEnd(report: JobReport): void;
}

export interface RunningJob<C> {
  /** What the job was started with. */
  readonly context: C;
  /**
   * Tells `listener` instead of whoever listened so far: at once what was told last, or the report that nobody has heard
   * yet; then everything. Returns how to stop listening.
   */
  listen(listener: JobListener): () => void;
}

interface Entry extends RunningJob<unknown> {
  cancel: AbortController;
  report?: JobReport;
}

const jobs = processWide('jobs', () => new Map<string, Entry>());

/**
 * Starts `run` for `owner`. Error: BUSY if the owner's last job has not ended. `run` must not reject; if it does, the job
 * ends with a report of failure all the same.
 */
export function startJob<C>(
  owner: string,
  run: (o: { signal: AbortSignal; onEvent: (event: JobEvent) => void }) => Promise<JobReport>,
  context: C,
): RunningJob<C> {
  const last = jobs.get(owner);
  if (last && !last.report) {
    throw new DriverError('BUSY', 'The last job has not ended yet.', {
      hint: 'Wait until it has ended, or cancel it.',
    });
  }
  let listener: JobListener | undefined;
  let stage: JobEvent | undefined;
  /** The last event of the stage: a progress, or what a person is waited for. */
  let since: JobEvent | undefined;

  const conclude = () => {
    const { report } = entry;
    if (!report || !listener) return;
    if (jobs.get(owner) === entry) jobs.delete(owner);
    const { error, ...rest } = report;
    contained(() => listener?.onEnd({ ...structuredClone(rest), ...(error && { error }) }));
  };
  const entry: Entry & RunningJob<C> = {
    context,
    cancel: new AbortController(),
    listen(next) {
      listener = next;
      if (entry.report) conclude();
      else for (const event of [stage, since]) if (event) contained(() => next.onEvent(copyOf(event)));
      return () => {
        if (listener === next) listener = undefined;
      };
    },
  };
  jobs.set(owner, entry);
  const onEvent = (event: JobEvent) => {
    if (event.type === 'stage') {
      stage = event;
      since = undefined;
    } else if (event.type === 'progress' || event.type === 'wait') since = event;
    contained(() => listener?.onEvent(copyOf(event)));
  };
  void run({ signal: entry.cancel.signal, onEvent })
    .catch(crashed)
    .then((report) => {
      entry.report = report;
      conclude();
    });
  return entry;
}

/**
 * The job of `owner` that is under way, or has ended without anybody listening. `C` is what its owner gave: only a node
 * of the same kind asks under its id.
 */
export function currentJob<C>(owner: string): RunningJob<C> | undefined {
  return jobs.get(owner) as RunningJob<C> | undefined;
}

/** Asks the job of `owner` to stop at its next safe point. False if none is under way. */
export function cancelJob(owner: string): boolean {
  const job = jobs.get(owner);
  if (!job || job.report) return false;
  job.cancel.abort(
    new DriverError('CANCELLED', 'The job was cancelled.', {
      hint: 'The same job, started again, takes up from where this one stopped.',
    }),
  );
  return true;
}

/** The same for every job that was started with such a context, whoever owns it. True if there was one. */
export function cancelJobs<C>(wanted: (context: C) => boolean): boolean {
  const owners = [...jobs].filter(([, job]) => wanted(job.context as C)).map(([owner]) => owner);
  return owners.map(cancelJob).includes(true);
}

/** Progress comes with every block: its copy is made by hand, which is ten times as fast. */
function copyOf(event: JobEvent): JobEvent {
  if (event.type !== 'progress') return structuredClone(event);
  return { ...event, ...(event.image && { image: { ...event.image } }) };
}

/** A listener's fault is its own matter: the job goes on. */
function contained(tell: () => void): void {
  try {
    tell();
  } catch {
    // See above.
  }
}

async function crashed(cause: unknown): Promise<JobReport> {
  // Only now: nodes that are loaded and not used load nothing of the driver.
  const { blankReport } = await import('../flash/events.js');
  const error = asDriverError(cause, 'PROTOCOL', 'The job failed');
  return { ...blankReport('', 'bus'), error };
}
