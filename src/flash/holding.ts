import type { Host } from '../host/host';
import { type Hold, holdStick } from '../stick/hold';
import { requirePlace } from '../stick/own-name';
import { findStick, type Stick } from '../stick/stick';
import type { Account } from './account';

/** The stick of one job: found once, and held to the end. */
export class Holding {
  readonly #host: Host;
  readonly #which: string;
  readonly #account: Account;
  #place: string;
  #hold: Hold | undefined;

  constructor(host: Host, which: string, account: Account) {
    this.#host = host;
    this.#which = which;
    this.#account = account;
    this.#place = which === 'auto' ? '' : which;
  }

  /** Port path, or the tty path where there is no bus; empty before `auto` has been found. */
  get place(): string {
    return this.#place;
  }

  /**
   * Finds the stick and takes it for this job. Errors: those of {@link requirePlace}, {@link findStick} and
   * {@link holdStick}.
   */
  async take(purpose: string): Promise<Stick> {
    // Asking the ports what they are may take seconds, which are none of the files'.
    this.#account.endStage();
    requirePlace(this.#which, `A ${purpose}`);
    const stick = await findStick(this.#host, this.#which);
    this.#place = stick.path;
    this.#account.fact({ type: 'stick', stick: stick.path });
    for (const problem of this.#host.stateProblems()) this.#account.warn(problem);
    this.#hold = await holdStick(this.#host, stick.path, { purpose });
    this.#account.openLog(stick.path);
    return stick;
  }

  /** The first START was accepted: see {@link Hold.writes}. */
  writes(): void {
    this.#hold?.writes();
  }

  release(): void {
    this.#hold?.release();
  }
}
