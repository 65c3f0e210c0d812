/**
 * What all jobs share: the hold on the stick, events, the report, and the waits for the bus (or, where there is no bus,
 * for the port to answer again).
 */

import { asDriverError, DriverError, isDriverError } from '../errors';
import { type Host, sleep, type TtyPort } from '../host/host';
import { type Hold, holdStick } from '../stick/hold';
import type { Mode } from '../stick/modes';
import { lastingObstacle } from '../stick/obstacle';
import { describeStick, findStick, obstacleError, type Stick } from '../stick/stick';
import { reenumerated, waitForStick, waitForTtys } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import { Checks, checkText } from './checks';
import { blankReport, type JobEvent, type JobReport, type Stage } from './events';
import type { Change, Found, JobOptions } from './found';
import { JobLog } from './log';
import { type Override, overrideWarning } from './overrides';
import { PowerGuard } from './power-guard';
import { SameStick } from './same-stick';
import { type PortKind, silentStick, stuckPort, surveyBoot, surveyStick } from './survey';

export type { AtFound, BootFound, Change, Found, JobOptions, LoaderFound, Plan } from './found';

export class Job {
  readonly host: Host;
  readonly options: JobOptions;
  readonly report: JobReport;
  readonly checks: Checks;
  readonly power: PowerGuard;
  readonly same: SameStick;
  readonly #log: JobLog;
  #hold: Hold | undefined;
  #stage: { stage: Stage; began: number } | undefined;
  readonly #confirmed = new Set<Change>();
  #open: TtyPort | undefined;
  #shielded = false;
  #logged = false;
  /** What the last survey found, for sticks whose product id does not tell. */
  #last: { address: number; mode: Mode } | undefined;

  constructor(host: Host, options: JobOptions) {
    this.host = host;
    this.options = options;
    const stick = options.which === 'auto' ? '' : options.which;
    this.report = blankReport(stick, host.hasBus ? 'bus' : 'acknowledgements', options.dryRun);
    this.checks = new Checks(this.report.checks, (check) =>
      this.emit({ type: 'check', check, text: checkText(check) }),
    );
    this.power = new PowerGuard(host, this.checks);
    this.same = new SameStick(host, this.report);
    this.#log = new JobLog(host);
  }

  /** Runs `work` and always returns the report: a failure stands in it as `error`. */
  async run(work: (job: Job) => Promise<void>): Promise<JobReport> {
    for (const override of this.options.overrides ?? []) {
      this.report.overrides.push(override);
      this.warn(overrideWarning(override));
    }
    try {
      await work(this);
      this.report.ok = true;
    } catch (error) {
      const cancelled = this.options.signal?.aborted && error === this.options.signal.reason;
      this.report.error = cancelled
        ? asDriverError(error, 'CANCELLED', 'The job was cancelled', { stick: this.report.stick })
        : asDriverError(error, 'PROTOCOL', `The job on ${this.report.stick || 'the stick'} failed`, {
            stick: this.report.stick,
          });
      this.checks.blame(this.report.error);
    } finally {
      // Whatever fails here, the stick is given back and the report is told.
      for (const step of [
        () => this.#endStage(),
        () => this.closePort(),
        () => this.#lookOnce(),
        () => this.power.release(),
        () => this.#openLog(),
        () => this.#log.end(this.report),
      ]) {
        try {
          await step();
        } catch (error) {
          this.report.warnings.push(
            `The job could not be tidied up: ${error instanceof Error ? error.message : error}`,
          );
        }
      }
      this.#hold?.release();
    }
    return this.report;
  }

  /** Absent while the stick restarts: nobody should leave it in the middle of that. */
  get signal(): AbortSignal | undefined {
    return this.#shielded ? undefined : this.options.signal;
  }

  /** Runs `work` to its end even if the job is cancelled meanwhile; the next checkpoint ends it. */
  async shielded<T>(work: () => Promise<T>): Promise<T> {
    this.#shielded = true;
    try {
      return await work();
    } finally {
      this.#shielded = false;
    }
  }

  emit(event: JobEvent): void {
    this.#log.event(event);
    try {
      this.options.onEvent?.(event);
    } catch {
      // A listener's fault must not end a job in the middle of a write.
    }
  }

  stage(stage: Stage, text: string): void {
    this.#endStage();
    this.#stage = { stage, began: this.host.clock.now() };
    this.emit({ type: 'stage', stage, text });
  }

  warn(text: string): void {
    this.report.warnings.push(text);
    this.emit({ type: 'warn', text });
  }

  /** Something has been done to the stick: a sentence for the report. */
  did(text: string): void {
    this.report.did.push(text);
  }

  /** Cancelled jobs end here, at a safe point. */
  checkpoint(): void {
    const { signal } = this.options;
    if (signal?.aborted) throw asDriverError(signal.reason, 'CANCELLED', 'The job was cancelled');
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
    const began = this.host.clock.now();
    const step = Math.max(1, Math.floor(total / 100));
    let next = 0;
    let first = already;
    return (done) => {
      first ??= done;
      if (done < next && done !== total) return;
      next = done + step;
      const seconds = (this.host.clock.now() - began) / 1000;
      const rate = seconds > 0 ? Math.round((done - first) / seconds) : 0;
      const left = rate > 0 ? { left: Math.ceil((total - done) / rate) } : {};
      this.emit({ type: 'progress', stage, done, total, rate, ...left, ...what() });
    };
  }

  /** Finds the stick and takes it for this job. */
  async take(purpose: string): Promise<Stick> {
    // Asking the ports what they are may take seconds, which are none of the files'.
    this.#endStage();
    const stick = await findStick(this.host, this.options.which);
    this.report.stick = stick.path;
    for (const problem of this.host.stateProblems()) this.warn(problem);
    this.#hold = await holdStick(this.host, stick.path, { purpose });
    this.#openLog();
    return stick;
  }

  /** The first START was accepted: see {@link Hold.writes}. */
  writes(): void {
    this.#hold?.writes();
  }

  /** With the stick's path in its name; a job that ended before it had one is logged all the same. */
  #openLog(): void {
    if (this.#logged) return;
    this.#logged = true;
    const log = this.#log.open(this.report.stick || 'none');
    if (log !== undefined) this.report.log = log;
  }

  overridden(override: Override): boolean {
    return this.report.overrides.includes(override);
  }

  /**
   * The question before the first change of a kind; a yes to a flash covers the ports as well, which its steps name, but not
   * another partition table. Errors: NOT_CONFIRMED. In a dry run it is never reached.
   */
  async confirm(stick: Stick, change: 'flash' | 'setport', steps: string[]): Promise<void> {
    if (this.#confirmed.has(change) || this.#confirmed.has('flash')) return;
    this.report.plan = steps;
    await this.#ask(stick, change, steps, 'Confirm it to go on (--yes on the command line).');
    const { tableChanges = [] } = this.report;
    if (change === 'flash' && tableChanges.length > 0) {
      await this.#ask(
        stick,
        'partition-table',
        tableChanges,
        'The firmware brings another partition table, which takes a yes of its own (--new-table on the command line, ' +
          'msg.newTable in a flow).',
      );
    }
    if (change === 'flash') {
      this.checks.set('plan', 'passed', `For the stick at ${stick.path} this was confirmed: ${steps.join(' ')}`);
    }
  }

  async #ask(stick: Stick, change: Change, steps: string[], how: string): Promise<void> {
    if (!(await this.options.confirm?.({ stick: stick.path, change, steps }))) {
      throw new DriverError('NOT_CONFIRMED', `Nobody confirmed the changes to the stick at ${stick.path}.`, {
        stick: stick.path,
        hint: `This would happen: ${steps.join(' ')} ${how}`,
      });
    }
    this.#confirmed.add(change);
  }

  /** The end of a dry run: what would be done, and what could not be asked yet, in words. */
  async stopDry(stick: Stick, steps: string[], notYet: string): Promise<undefined> {
    this.report.plan = steps;
    await this.power.look(stick.path);
    this.checks.explain(
      notYet,
      `A dry run asks nobody. For the stick at ${stick.path} it would be asked: ${steps.join(' ')}`,
    );
    return undefined;
  }

  /** What the stick is, asking its ports where the bus does not tell. An open port belongs to the job afterwards. */
  async find(stick: Stick): Promise<Found> {
    const found = await this.#ports(stick);
    this.same.look(found.stick);
    return found;
  }

  async #ports(stick: Stick): Promise<Found> {
    const { signal } = this;
    await this.closePort();
    if (this.host.hasBus && stick.mode !== 'tty' && stick.mode !== 'loader' && stick.mode !== 'boot') {
      const obstacle = lastingObstacle(stick);
      if (obstacle) throw obstacleError(stick, obstacle);
      return { kind: stick.mode, stick };
    }
    const ready = this.host.hasBus ? await waitForTtys(this.host, stick, signal) : stick;
    const survey = ready.mode === 'boot' ? surveyBoot : surveyStick;
    const surveyed = await survey(this.host, ready, signal);
    if (!surveyed) throw silentStick(ready);
    this.#keep(surveyed.port);
    const { kind, tty, port, wasHdlc, probed, stuck } = surveyed;
    if (wasHdlc) {
      this.warn(
        `The port ${tty.path} of the stick at ${ready.path} was left in download framing by another program; it was brought back to AT.`,
      );
    }
    if (stuck !== undefined) this.warn(`${stuckPort(ready, stuck).message} The job goes on by ${tty.path}.`);
    this.#last = {
      address: ready.device.address,
      mode: kind === 'at' ? 'tty' : kind === 'loader' || kind === 'boot' ? kind : ready.mode,
    };
    if (kind === 'at' || kind === 'loader' || kind === 'boot') {
      return { kind, stick: ready, tty, port, ...(probed && { probed }) };
    }
    throw stuckPort(ready, tty.path);
  }

  /**
   * Waits until the stick has come back after `before` and is one of `kinds`; asks its ports for that.
   * Without a bus the port is asked again and again. Undefined after `timeoutMs`.
   */
  async awaitReturn(
    before: Stick,
    timeoutMs: number,
    kinds: readonly (PortKind | Mode)[],
  ): Promise<Found | { kind: 'other'; stick: Stick } | undefined> {
    const { signal } = this;
    await this.closePort();
    if (!this.host.hasBus) return this.#awaitAnswer(before, timeoutMs, kinds);
    const back = await waitForStick(
      this.host,
      before.path,
      (now) => now !== undefined && now.mode !== 'unknown' && reenumerated(before, now),
      { timeoutMs, ...(signal && { signal }) },
    );
    if (!back?.stick) return undefined;
    const found = await this.#findPatiently(back.stick);
    return kinds.includes(found.kind) ? found : { kind: 'other', stick: found.stick };
  }

  /** New firmware has its ports up some seconds before it answers on them. */
  async #findPatiently(stick: Stick): Promise<Found> {
    const end = this.host.clock.now() + TIMEOUTS.at.ready;
    for (;;) {
      try {
        return await this.find(stick);
      } catch (error) {
        if (!isDriverError(error, 'TIMEOUT') || this.host.clock.now() >= end) throw error;
      }
    }
  }

  /**
   * Without a bus the port is asked again and again. A stick goes on answering for seconds before it restarts: what it
   * was before counts only after it has been away (port gone or made anew, or silent).
   */
  async #awaitAnswer(
    before: Stick,
    timeoutMs: number,
    kinds: readonly (PortKind | Mode)[],
  ): Promise<Found | undefined> {
    const { clock } = this.host;
    const end = clock.now() + timeoutMs;
    const present = this.#last?.mode === 'tty' ? 'at' : this.#last?.mode;
    for (let away = false; ; ) {
      await sleep(clock, TIMEOUTS.loader.reopenPause, this.signal);
      try {
        const [device] = await this.host.scan();
        if (device?.address !== before.device.address) away = true;
        const found = device && (await this.find(describeStick(device)));
        if (found && kinds.includes(found.kind) && (away || found.kind !== present)) return found;
      } catch {
        if (this.signal?.aborted) throw this.signal.reason;
        // Not back yet: the port is missing, silent or just being made.
        away = true;
      }
      await this.closePort();
      if (clock.now() >= end) return undefined;
    }
  }

  async closePort(): Promise<void> {
    const port = this.#open;
    this.#open = undefined;
    await port?.close();
  }

  #keep(port: TtyPort): TtyPort {
    this.#open = port;
    return port;
  }

  #endStage(): void {
    if (!this.#stage) return;
    const { stage, began } = this.#stage;
    this.#stage = undefined;
    this.report.stages.push({ stage, ms: Math.round(this.host.clock.now() - began) });
  }

  /** What the stick is at the end, whatever happened. */
  async #lookOnce(): Promise<void> {
    try {
      const device = (await this.host.scan()).find((d) => d.portPath === this.report.stick);
      if (!device) return;
      const stick = describeStick(device);
      this.report.mode = this.#last?.address === device.address ? this.#last.mode : stick.mode;
      if (this.host.hasBus) this.report.productId = stick.productId;
      this.report.ttys = stick.ttys.map((t) => t.path);
    } catch {
      // The report is as complete as the machine allows.
    }
  }
}
