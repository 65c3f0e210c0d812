/**
 * The jobs of this process, by stick. A job outlives whoever started it: a deploy destroys a node, but never the firmware
 * write that it began. Everybody may watch it, however many; what was told last, and the report, are kept for those who
 * come later. The result goes to its owner alone (a node's id): whoever comes under that id takes up where the other left.
 */

import { asDriverError, type DriverError, failure } from '../errors';
import type { JobEvent, JobReport } from '../flash/events';
import { processWide } from '../process-wide';

/** Hears of a job. What it throws is its own matter. */
export interface JobWatcher {
  onEvent(event: JobEvent): void;
  /** The end: nothing comes after it. */
  onEnd(report: JobReport): void;
}

/** A job as everybody sees it. Events and report belong to all: who hands them on to a flow hands on a copy. */
export interface JobView {
  /** Where its stick is: port path, or name of a virtual stick. */
  readonly stick: string;
  /** The id of the node that it belongs to; undefined = nobody waits for its result. */
  readonly owner: string | undefined;
  /** Undefined while it is under way. */
  readonly report: JobReport | undefined;
  /** Somebody has asked it to stop: it does so at its next safe point. */
  readonly cancelling: boolean;
  /** Tells `watcher` at once what was told last, then everything; of a job that has ended, its report. Returns how to stop. */
  watch(watcher: JobWatcher): () => void;
}

/** A job as its owner has it. */
export interface OwnJob<C> extends JobView {
  /** What it was started with. */
  readonly context: C;
  /** The same as {@link watch}, but the end is told once: to the first follower who is there, or comes, for it. */
  follow(watcher: JobWatcher): () => void;
  /** Asks it to stop at its next safe point. False if it has ended. */
  cancel(): boolean;
}

export interface JobStart<C> {
  stick: string;
  owner?: string;
  /** For whoever takes the job over under the same owner. Kept until the owner has the result. */
  context: C;
}

/** A job, as it is run: must not reject; if it does, the job ends with a report of failure all the same. */
export type RunJob = (o: { signal: AbortSignal; onEvent: (event: JobEvent) => void }) => Promise<JobReport>;

/** Of jobs that have ended so many are kept, by stick and by owner: the latest. */
const KEPT = 32;

class Running implements JobView {
  readonly stick: string;
  readonly owner: string | undefined;
  report: JobReport | undefined;
  readonly #cancel = new AbortController();
  readonly #watchers = new Set<JobWatcher>();
  #stage: JobEvent | undefined;
  /** The last event of the stage: a progress, or what a person is waited for. */
  #since: { event: JobEvent; at: number } | undefined;

  constructor(stick: string, owner: string | undefined) {
    this.stick = stick;
    this.owner = owner;
  }

  get cancelling(): boolean {
    return this.#cancel.signal.aborted && !this.report;
  }

  async run(work: RunJob): Promise<void> {
    let report: JobReport;
    try {
      report = await work({ signal: this.#cancel.signal, onEvent: (event) => this.#tell(event) });
    } catch (error) {
      report = await failed(this.stick, asDriverError(error, 'PROTOCOL/job', {}));
    }
    this.report = report;
    const watchers = [...this.#watchers];
    this.#watchers.clear();
    for (const watcher of watchers) contained(() => watcher.onEnd(report));
  }

  watch(watcher: JobWatcher): () => void {
    const { report } = this;
    if (report) {
      contained(() => watcher.onEnd(report));
      return () => undefined;
    }
    // One of its own for each call: the same one may watch twice.
    const own = bound(watcher);
    this.#watchers.add(own);
    for (const event of [this.#stage, this.#since && aged(this.#since)]) if (event) contained(() => own.onEvent(event));
    return () => {
      this.#watchers.delete(own);
    };
  }

  cancel(): boolean {
    if (this.report) return false;
    this.#cancel.abort(failure('CANCELLED/job', {}));
    return true;
  }

  #tell(event: JobEvent): void {
    if (event.type === 'stage') {
      this.#stage = event;
      this.#since = undefined;
    } else if (event.type === 'progress' || event.type === 'wait') this.#since = { event, at: performance.now() };
    for (const watcher of [...this.#watchers]) contained(() => watcher.onEvent(event));
  }
}

class Owned<C> implements OwnJob<C> {
  readonly context: C;
  readonly #job: Running;

  constructor(job: Running, context: C) {
    this.#job = job;
    this.context = context;
  }

  get stick(): string {
    return this.#job.stick;
  }

  get owner(): string | undefined {
    return this.#job.owner;
  }

  get report(): JobReport | undefined {
    return this.#job.report;
  }

  get cancelling(): boolean {
    return this.#job.cancelling;
  }

  watch(watcher: JobWatcher): () => void {
    return this.#job.watch(watcher);
  }

  follow(watcher: JobWatcher): () => void {
    const { onEvent, onEnd } = bound(watcher);
    return this.#job.watch({
      onEvent,
      onEnd: (report) => {
        if (this.owner !== undefined) {
          if (all.owned.get(this.owner) !== this) return;
          all.owned.delete(this.owner);
        }
        onEnd(report);
      },
    });
  }

  cancel(): boolean {
    return this.#job.cancel();
  }
}

const all = processWide('jobs', () => ({
  /** The one that is under way, or the last one. */
  sticks: new Map<string, Running>(),
  /** Those that are under way, or whose end the owner has not heard. */
  owned: new Map<string, OwnJob<unknown>>(),
  begins: new Set<(job: JobView) => void>(),
}));

/**
 * Starts `run` for the stick. Where that stick has a job of somebody else the new one ends at once, with BUSY in its report,
 * as it does when another program has the stick. Error: BUSY if the owner's own last job has not ended.
 */
export function startJob<C>({ stick, owner, context }: JobStart<C>, run: RunJob): OwnJob<C> {
  const last = owner === undefined ? undefined : all.owned.get(owner);
  if (last && !last.report) throw failure('BUSY/own-job', { stick: last.stick });
  const present = all.sticks.get(stick);
  const taken = present !== undefined && !present.report;
  const job = new Running(stick, owner);
  const own = new Owned(job, context);
  if (owner !== undefined) keep(all.owned, owner, own);
  if (taken) {
    void job.run(() => failed(stick, failure('BUSY/job', { stick })));
    return own;
  }
  keep(all.sticks, stick, job);
  for (const begun of [...all.begins]) contained(() => begun(job));
  void job.run(run);
  return own;
}

/** The job of `owner` that is under way, or whose end nobody has heard. `C` is what its owner gave: only a node of the same kind asks under its id. */
export const ownJob = <C>(owner: string): OwnJob<C> | undefined => all.owned.get(owner) as OwnJob<C> | undefined;

/** The job of the stick that is under way, or the last one it had. */
export const jobAt = (stick: string): JobView | undefined => all.sticks.get(stick);

/** One for each stick: the job that is under way, or the last one. */
export const listJobs = (): JobView[] => [...all.sticks.values()];

/** Calls `listener` for every job that begins at some stick, before its first event. Returns how to stop. */
export function onJob(listener: (job: JobView) => void): () => void {
  const own = (job: JobView) => listener(job);
  all.begins.add(own);
  return () => {
    all.begins.delete(own);
  };
}

/**
 * Asks the job of the stick to stop at its next safe point, whoever owns it. False if none is under way. Whether the one
 * who asks may do so is for the caller to judge.
 */
export const cancelJob = (stick: string): boolean => all.sticks.get(stick)?.cancel() ?? false;

/** The latest stands last; of those that have ended the oldest go. */
function keep<T extends Pick<JobView, 'report'>>(jobs: Map<string, T>, key: string, job: T): void {
  jobs.delete(key);
  jobs.set(key, job);
  const ended = [...jobs].filter(([, { report }]) => report !== undefined);
  for (const [old] of ended.slice(0, Math.max(0, ended.length - KEPT))) jobs.delete(old);
}

/** As it would be told now. */
function aged({ event, at }: { event: JobEvent; at: number }): JobEvent {
  if (event.type !== 'wait' || event.left === undefined) return event;
  return { ...event, left: Math.max(0, Math.round(event.left - (performance.now() - at) / 1_000)) };
}

const bound = (watcher: JobWatcher): JobWatcher => ({
  onEvent: (event) => watcher.onEvent(event),
  onEnd: (report) => watcher.onEnd(report),
});

/** A watcher's fault is its own matter: the job goes on, and the others hear of it. */
function contained(tell: () => void): void {
  try {
    const result: unknown = tell();
    if (result instanceof Promise) result.catch(() => undefined);
  } catch {
    // See above.
  }
}

async function failed(stick: string, error: DriverError): Promise<JobReport> {
  // Only now: nodes that are loaded and not used load nothing of the driver.
  const { blankReport } = await import('../flash/events.js');
  return { ...blankReport(stick, 'bus'), error };
}
