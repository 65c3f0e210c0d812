import { failure } from '../errors';
import type { Stick } from '../stick/stick';
import type { Account } from './account';
import type { Checks } from './checks';
import type { Change, JobOptions } from './job-types';
import { type Said, textOf } from './said';

type Unconfirmed = 'NOT_CONFIRMED/changes' | 'NOT_CONFIRMED/new-table';

/** The yes to what a job will do: asked for once for each kind of change, before the first one. */
export class Consent {
  readonly #ask: JobOptions['confirm'];
  readonly #account: Account;
  readonly #checks: Checks;
  readonly #given = new Set<Change>();

  constructor(ask: JobOptions['confirm'], account: Account, checks: Checks) {
    this.#ask = ask;
    this.#account = account;
    this.#checks = checks;
  }

  /**
   * The question before the first change of a kind; a yes to a flash covers the ports as well, which its steps name, but not
   * another partition table (`tableChanges`). Errors: NOT_CONFIRMED. In a dry run it is never reached.
   */
  async require(
    stick: Stick,
    change: 'flash' | 'setport',
    steps: readonly Said[],
    tableChanges: readonly string[],
  ): Promise<void> {
    if (this.#given.has(change) || this.#given.has('flash')) return;
    this.#account.fact({ type: 'plan', steps });
    const texts = steps.map(textOf);
    await this.#require(stick, change, texts, 'NOT_CONFIRMED/changes');
    if (change !== 'flash') return;
    if (tableChanges.length > 0) {
      await this.#require(stick, 'partition-table', [...tableChanges], 'NOT_CONFIRMED/new-table');
    }
    this.#checks.set('plan', 'passed', `For the stick at ${stick.path} this was confirmed: ${texts.join(' ')}`);
  }

  async #require(stick: Stick, change: Change, steps: string[], missing: Unconfirmed): Promise<void> {
    if (!(await this.#ask?.({ stick: stick.path, change, steps }))) {
      throw failure(missing, { stick: stick.path, steps: steps.join(' ') });
    }
    this.#given.add(change);
  }
}
