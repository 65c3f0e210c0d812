/** What all stages of a job share. Each part has its own file; the job holds them together and runs the work. */

import { asDriverError, type ParamsOf } from '../errors';
import type { Host } from '../host/host';
import type { Stick } from '../stick/stick';
import { Account, untidy } from './account';
import { type CheckReport, Checks, checkText } from './checks';
import { Consent } from './consent';
import type { JobReport, Stage } from './events';
import { Finder } from './finder';
import { Holding } from './holding';
import type { JobOptions } from './job-types';
import { type Override, overrideWarning } from './overrides';
import { type JobPlan, NOTHING } from './plan';
import { PowerGuard } from './power-guard';
import { type SAID, type Said, type SaidId, said, textOf } from './said';
import { SameStick } from './same-stick';

export type { AtFound, BootFound, Change, Found, JobOptions, LoaderFound, Plan } from './job-types';

export class Job {
  readonly host: Host;
  readonly options: JobOptions;
  /** Events and report. */
  readonly account: Account;
  readonly checks: Checks;
  readonly power: PowerGuard;
  readonly same: SameStick;
  readonly holding: Holding;
  readonly finder: Finder;
  /** What will be done with the files: set once, when all of them have been checked. */
  plan: JobPlan = NOTHING;
  readonly #consent: Consent;
  readonly #rows: CheckReport[] = [];
  #shielded = false;

  constructor(host: Host, options: JobOptions) {
    this.host = host;
    this.options = options;
    this.account = new Account(host, options);
    this.checks = new Checks(this.#rows, (check) =>
      this.account.event({ type: 'check', check, text: checkText(check) }),
    );
    this.power = new PowerGuard(host, this.checks);
    this.same = new SameStick(host, (fact) => this.account.fact(fact));
    this.holding = new Holding(host, options.which, this.account);
    this.finder = new Finder(host, this.account, this.same, () => this.signal);
    this.#consent = new Consent(options.confirm, this.account, this.checks);
  }

  /** Runs `work` and always returns the report: a failure stands in it as `error`. Then the stick is given back. */
  async run(work: (job: Job) => Promise<void>): Promise<JobReport> {
    try {
      return await this.#run(work);
    } finally {
      this.holding.release();
    }
  }

  async #run(work: (job: Job) => Promise<void>): Promise<JobReport> {
    const { account } = this;
    for (const override of this.options.overrides ?? []) {
      account.fact({ type: 'override', override });
      account.warn(overrideWarning(override));
    }
    try {
      await work(this);
      account.fact({ type: 'end' });
    } catch (cause) {
      const { place: stick } = this;
      const cancelled = this.options.signal?.aborted && cause === this.options.signal.reason;
      const error = cancelled
        ? asDriverError(cause, 'CANCELLED/job-aborted', {}, { stick })
        : asDriverError(cause, 'PROTOCOL/job-on-stick', { stick });
      account.fact({ type: 'end', error });
      this.checks.blame(error);
    }
    // Whatever fails here, the report is told.
    for (const step of [
      () => account.endStage(),
      () => this.finder.closePort(),
      () => this.finder.lookOnce(this.place),
      () => this.power.release(),
      () => account.openLog(this.place),
    ]) {
      try {
        await step();
      } catch (error) {
        account.fact({ type: 'remark', text: untidy(error) });
      }
    }
    account.fact({ type: 'checks', checks: this.#rows });
    return account.end();
  }

  /** Port path of the stick, or the tty path where there is no bus; empty before `auto` has been found. */
  get place(): string {
    return this.holding.place;
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

  /** Cancelled jobs end here, at a safe point. */
  checkpoint(): void {
    const { signal } = this.options;
    if (signal?.aborted) throw asDriverError(signal.reason, 'CANCELLED/job-aborted', {});
  }

  overridden(override: Override): boolean {
    return this.options.overrides?.includes(override) ?? false;
  }

  stage(stage: Stage, text: string): void {
    this.account.stage(stage, text);
  }

  warn(text: string): void {
    this.account.warn(text);
  }

  /** Something has been done to the stick: a sentence for the report. */
  did<K extends SaidId>(id: K, params: ParamsOf<(typeof SAID)[K]>): void {
    this.account.fact({ type: 'did', said: said(id, params) });
  }

  /** See {@link Consent.require}. */
  confirm(stick: Stick, change: 'flash' | 'setport', steps: readonly Said[]): Promise<void> {
    return this.#consent.require(stick, change, steps, this.plan.tableChanges);
  }

  /** The end of a dry run: what would be done, and what could not be asked yet, in words. */
  async stopDry(stick: Stick, steps: readonly Said[], notYet: string): Promise<undefined> {
    this.account.fact({ type: 'plan', steps });
    await this.power.look(stick.path);
    this.checks.explain(
      notYet,
      `A dry run asks nobody. For the stick at ${stick.path} it would be asked: ${steps.map(textOf).join(' ')}`,
    );
    return undefined;
  }
}
