/**
 * The nine checks of a flash, in the order of the recommendation that they follow: each with its rule in words, what was
 * compared, and the result. One report for people, the same in a dry run and after the real one.
 */

import { asDriverError, type DriverError, type ErrorCode, isDriverError } from '../errors';
import type { Power } from '../host/host';
import { type CheckId, RULES } from './rules';

export type { CheckId } from './rules';

export type CheckResult = 'passed' | 'warned' | 'failed' | 'not possible yet';

export interface CheckReport {
  /** 1 to 9. */
  number: number;
  id: CheckId;
  result: CheckResult;
  rule: string;
  /** What was looked at, or why nothing could be. */
  compared: string;
}

/** One line for people. What is not all right begins with its reason: the rule alone tells nobody what to do. */
export const checkText = ({ result, rule, compared }: CheckReport): string =>
  result === 'passed' ? `passed: ${rule} ${compared}` : `${result}: ${compared} Rule: ${rule}`;

const NOT_REACHED = 'The job did not get this far.';

/** facts/fleet.md 4 */
const ADDON =
  ' It is an add-on of Home Assistant: an update restarts it in the middle, and it cannot bring back a stick that hangs. Another ' +
  'machine is the better place for a conversion.';

const IDS = Object.keys(RULES) as CheckId[];
/** From good to bad: a check that is made twice keeps the worse result. Before it is made it has none. */
const RANK: readonly CheckResult[] = ['passed', 'warned', 'failed'];

/** Errors that come from the depth of a job, and the check that they belong to. */
const BLAME: Partial<Record<ErrorCode, CheckId>> = {
  PORT_BUSY: 'port',
  NO_PERMISSION: 'port',
  DRIVER_MISSING: 'port',
  STICK_NOT_FOUND: 'port',
  STICK_AMBIGUOUS: 'port',
  NOT_CONFIRMED: 'plan',
};

export class Checks {
  readonly #rows: CheckReport[];
  readonly #tell: (check: CheckReport) => void;

  /** Fills `rows`, which stay empty until {@link begin}. */
  constructor(rows: CheckReport[], tell: (check: CheckReport) => void) {
    this.#rows = rows;
    this.#tell = tell;
  }

  /** This job flashes, or might. `notNeeded` says which checks it has nothing for, and why. */
  begin(notNeeded: Partial<Record<CheckId, string>> = {}): void {
    IDS.forEach((id, i) => {
      const compared = notNeeded[id] ?? NOT_REACHED;
      this.#rows.push({ number: i + 1, id, result: 'not possible yet', rule: RULES[id], compared });
    });
  }

  /** Makes one check: what `work` compared, in words, or its error as the reason of the failure. */
  async run<T extends string | { compared: string }>(id: CheckId, work: () => T | Promise<T>): Promise<T> {
    try {
      const outcome = await work();
      this.set(id, 'passed', typeof outcome === 'string' ? outcome : outcome.compared);
      return outcome;
    } catch (error) {
      // A cancel in the middle says nothing of what was looked at.
      if (!isDriverError(error, 'CANCELLED')) this.fail(id, error);
      throw error;
    }
  }

  set(id: CheckId, result: CheckResult, compared: string): void {
    const row = this.#rows.find((r) => r.id === id);
    if (!row) return;
    if (row.result === 'not possible yet') row.compared = compared;
    else if (!row.compared.includes(compared)) row.compared += ` ${compared}`;
    if (RANK.indexOf(result) > RANK.indexOf(row.result)) row.result = result;
    this.#tell({ ...row });
  }

  fail(id: CheckId, error: unknown): void {
    this.set(id, 'failed', asDriverError(error, 'PROTOCOL/check', {}).message);
  }

  /** The check that an error of the job belongs to, unless it has said so itself. */
  blame(error: DriverError): void {
    const id = BLAME[error.code];
    if (id && !this.#rows.some((r) => r.result === 'failed')) this.fail(id, error);
  }

  power({ autosuspend, hub, addon }: Power, awake: boolean, dryRun: boolean): void {
    const unknown = hub === 'unknown' || autosuspend === 'unknown';
    const bad = unknown || addon || hub === 'unpowered' || (!dryRun && (autosuspend === 'allowed' || !awake));
    const machine = awake
      ? 'kept awake'
      : dryRun
        ? 'to be kept awake while it is written'
        : 'nothing here can keep it awake';
    const suspend =
      autosuspend === 'allowed' && dryRun
        ? 'on, turned off when it is written'
        : { off: 'off', allowed: 'on', unknown: 'not known' }[autosuspend];
    const hubs = {
      none: 'none',
      powered: 'with their own supply',
      unpowered: 'one without a supply',
      unknown: 'not known',
    };
    const doubt = unknown ? ' What is not known may still cut the stick off in the middle.' : '';
    const place = addon ? ADDON : '';
    const compared = `Autosuspend: ${suspend}. Hubs: ${hubs[hub]}. Machine: ${machine}.${doubt}${place}`;
    this.set('power', bad ? 'warned' : 'passed', compared);
  }

  /** The job has ended well before these checks: `why`. */
  notNeeded(why: string): void {
    for (const row of this.#rows) if (row.compared === NOT_REACHED) row.compared = why;
  }

  /** Why the checks that are still open are so. */
  explain(device: string, plan: string): void {
    for (const row of this.#rows) {
      if (row.result !== 'not possible yet') continue;
      if (row.id === 'port' || row.id === 'device') row.compared = device;
      else if (row.id === 'plan') row.compared = plan;
      else if (row.id === 'write' || row.id === 'after') row.compared = 'A dry run writes nothing.';
    }
  }
}
