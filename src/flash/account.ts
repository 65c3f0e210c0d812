import type { Clock, Host } from '../host/host';
import type { JobEvent, JobReport, Stage } from './events';
import { foldReport, type JobFact } from './facts';
import type { JobOptions } from './job-types';
import { JobLog } from './log';

/** What a job says of itself: events for those who listen and for the log, facts for the report. */
export class Account {
  readonly #clock: Clock;
  readonly #hasBus: boolean;
  readonly #options: JobOptions;
  readonly #log: JobLog;
  readonly #facts: JobFact[] = [];
  #stage: { stage: Stage; began: number } | undefined;
  #logged = false;

  constructor(host: Host, options: JobOptions) {
    this.#clock = host.clock;
    this.#hasBus = host.hasBus;
    this.#options = options;
    this.#log = new JobLog(host);
  }

  event(event: JobEvent): void {
    this.#log.event(event);
    try {
      this.#options.onEvent?.(event);
    } catch {
      // A listener's fault must not end a job in the middle of a write.
    }
  }

  fact(fact: JobFact): void {
    this.#facts.push(fact);
  }

  /** A stage begins, and with it the one before has ended. */
  stage(stage: Stage, text: string): void {
    this.endStage();
    this.#stage = { stage, began: this.#clock.now() };
    this.event({ type: 'stage', stage, text });
  }

  endStage(): void {
    if (!this.#stage) return;
    const { stage, began } = this.#stage;
    this.#stage = undefined;
    this.fact({ type: 'took', stage, ms: Math.round(this.#clock.now() - began) });
  }

  warn(text: string): void {
    this.fact({ type: 'warn', text });
    this.event({ type: 'warn', text });
  }

  /**
   * A progress function for one stage: computes the rate and passes on about one event per percent. `already` was done
   * before it began, at another rate; else the first call tells that.
   */
  progress(
    stage: 'files' | 'upload' | 'write',
    total: number,
    what: () => { text: string; image?: { index: number; count: number; name: string } },
    already?: number,
  ): (done: number) => void {
    const began = this.#clock.now();
    const step = Math.max(1, Math.floor(total / 100));
    let next = 0;
    let first = already;
    return (done) => {
      first ??= done;
      if (done < next && done !== total) return;
      next = done + step;
      const seconds = (this.#clock.now() - began) / 1000;
      const rate = seconds > 0 ? Math.round((done - first) / seconds) : 0;
      const left = rate > 0 ? { left: Math.ceil((total - done) / rate) } : {};
      this.event({ type: 'progress', stage, done, total, rate, ...left, ...what() });
    };
  }

  /** The log gets the name of the stick at `place`; a job that ended before it had one is logged all the same. Only once. */
  openLog(place: string): void {
    if (this.#logged) return;
    this.#logged = true;
    const path = this.#log.open(place || 'none');
    if (path !== undefined) this.fact({ type: 'log', path });
  }

  /** The report, of all that was told; the log is closed with it. */
  end(): JobReport {
    const { which, dryRun } = this.#options;
    const report = foldReport(which, this.#hasBus ? 'bus' : 'acknowledgements', dryRun, this.#facts);
    try {
      this.#log.end(report);
    } catch (error) {
      report.warnings.push(untidy(error));
    }
    return report;
  }
}

export const untidy = (error: unknown): string =>
  `The job could not be tidied up: ${error instanceof Error ? error.message : error}`;
