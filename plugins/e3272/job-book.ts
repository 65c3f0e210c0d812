/** What the jobs of this process have told, for those who look later or again: the newest lines of each stick's last job. */

import { type ErrorData, errorData } from '../../nodes/shared/failure';
import { addonCured } from '../../src/cures/addon';
import type { JobEvent, JobReport } from '../../src/flash/events';
import { type JobView, listJobs, onJob } from '../../src/jobs/registry';
import type { Failure, JobLine, JobLog, JobShown, ReportShown } from './shapes';

/** Lines kept of a job. */
const MOST_LINES = 1_000;

interface Told {
  began: number;
  heard: number;
  count: number;
  lines: JobLine[];
  stage?: string;
  progress?: Extract<JobEvent, { type: 'progress' }>;
  wait?: { act: Extract<JobEvent, { type: 'wait' }>['act']; until?: number };
  text?: string;
  checks: Extract<JobEvent, { type: 'check' }>['check'][];
  ended?: { report: JobReport; error?: Failure };
}

export function failureOf({ code = 'PROTOCOL', reason, params, besides, message, hint }: ErrorData): Failure {
  const addon = addonCured([`${code}/${reason}`, ...(besides ?? []).map(({ what }) => what)]);
  return {
    code,
    ...(reason !== undefined && { reason }),
    ...(params !== undefined && { params }),
    ...(besides !== undefined && { besides }),
    ...(addon.length > 0 && { addon }),
    message,
    ...(hint !== undefined && { hint }),
  };
}

const secondsTo = (until: number): number => Math.max(0, Math.round((until - performance.now()) / 1_000));

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10;

export class JobBook {
  readonly #jobs = new Map<string, { job: JobView; told: Told; stop: () => void }>();
  readonly #changed: () => void;
  readonly #off: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
    this.#off = onJob((job) => this.#watch(job));
    for (const job of listJobs()) this.#watch(job);
  }

  stop(): void {
    this.#off();
    for (const { stop } of this.#jobs.values()) stop();
  }

  /** The sticks that have, or had, a job. */
  get sticks(): string[] {
    return [...this.#jobs.keys()];
  }

  shown(stick: string): JobShown | undefined {
    const entry = this.#jobs.get(stick);
    if (!entry) return undefined;
    const { told, job } = entry;
    const { stage, progress, wait, text, ended } = told;
    return {
      ...(stage !== undefined && { stage }),
      ...(progress && !ended && { progress: progressOf(progress) }),
      ...(wait && !ended && { wait: wait.act, ...(wait.until !== undefined && { waitLeft: secondsTo(wait.until) }) }),
      ...(job.cancelling && { cancelling: true }),
      ...(text !== undefined && { text }),
      ago: seconds(told.heard),
      ...(ended && {
        ended: { ok: ended.report.ok, dryRun: ended.report.dryRun, ...(ended.error && { error: ended.error }) },
      }),
    };
  }

  /** Lines behind number `after`, checks, and the report at the end. */
  log(stick: string, after: number): JobLog {
    const told = this.#jobs.get(stick)?.told;
    if (!told) return { lines: [], checks: [] };
    const { lines, ended } = told;
    // Of a job that nobody watched from its beginning the report knows more.
    const checks = ended && ended.report.checks.length > 0 ? ended.report.checks : told.checks;
    return { lines: lines.filter(({ no }) => no > after), checks, ...(ended && { report: reportOf(ended) }) };
  }

  /** Of the jobs that have ended, one for each stick. */
  reports(): JobReport[] {
    return [...this.#jobs.values()].flatMap(({ told }) => (told.ended ? [told.ended.report] : []));
  }

  /** Forgets a job that has ended: its end has been seen. False where there is none. */
  dismiss(stick: string): boolean {
    const entry = this.#jobs.get(stick);
    if (!entry?.told.ended) return false;
    this.#jobs.delete(stick);
    this.#changed();
    return true;
  }

  #watch(job: JobView): void {
    this.#jobs.get(job.stick)?.stop();
    const now = performance.now();
    const told: Told = { began: now, heard: now, count: 0, lines: [], checks: [] };
    const entry = { job, told, stop: () => {} };
    this.#jobs.set(job.stick, entry);
    entry.stop = job.watch({
      onEvent: (event) => this.#event(told, event),
      onEnd: (report) => void this.#end(told, report),
    });
  }

  #event(told: Told, event: JobEvent): void {
    told.heard = performance.now();
    told.text = event.text;
    if (event.type === 'stage') {
      told.stage = event.stage;
      delete told.progress;
      delete told.wait;
    } else if (event.type === 'progress') told.progress = event;
    else if (event.type === 'wait') {
      const { act, left } = event;
      told.wait = { act, ...(left !== undefined && { until: performance.now() + left * 1_000 }) };
    } else if (event.type === 'check') {
      told.checks = [...told.checks.filter(({ id }) => id !== event.check.id), event.check];
    }
    // Progress is a bar, not a line.
    if (event.type !== 'progress') this.#line(told, event.type, event.text);
    this.#changed();
  }

  async #end(told: Told, report: JobReport): Promise<void> {
    const error = report.error && failureOf(await errorData(report.error));
    told.ended = { report, ...(error && { error }) };
    told.heard = performance.now();
    if (error) this.#line(told, 'end', error.message);
    this.#changed();
  }

  #line(told: Told, kind: JobLine['kind'], text: string): void {
    told.lines.push({ no: ++told.count, at: seconds(told.began), text, kind });
    if (told.lines.length > MOST_LINES) told.lines.shift();
  }
}

const progressOf = ({
  done,
  total,
  rate,
  left,
  image,
}: Extract<JobEvent, { type: 'progress' }>): NonNullable<JobShown['progress']> => ({
  done,
  total,
  rate,
  ...(left !== undefined && { left }),
  ...(image && { image: { index: image.index, count: image.count } }),
});

/** With the error as one that is made for people. */
function reportOf({ report, error }: NonNullable<Told['ended']>): ReportShown {
  const { ok, dryRun, mode, ttys, setport, modem, saved, log, said, warnings } = report;
  return {
    ...{ ok, dryRun, ttys, warnings, plan: said?.plan ?? [], did: said?.did ?? [] },
    ...(mode && { mode }),
    ...(setport && { setport }),
    ...(modem && { modem }),
    ...(saved !== undefined && { saved }),
    ...(log !== undefined && { log }),
    ...(error && { error }),
  };
}
