import type { Host } from '../host/host';
import type { Checks } from './checks';

/** Check 6: what may cut the stick off in the middle. What cannot be had is a warning, never the end of a job. */
export class PowerGuard {
  readonly #host: Host;
  readonly #checks: Checks;
  #awake: Promise<(() => void) | undefined> | undefined;

  constructor(host: Host, checks: Checks) {
    this.#host = host;
    this.#checks = checks;
  }

  /**
   * Before each write, and again after each enumeration, which turns autosuspend on again: off with it, and the machine is
   * kept awake until {@link release}.
   */
  async secure(portPath: string): Promise<void> {
    const { clock } = this.#host;
    const power = await clock.during(this.#host.power(portPath, true));
    this.#awake ??= clock.during(this.#host.stayAwake('a stick is being written').catch(() => undefined));
    this.#checks.power(power, (await this.#awake) !== undefined, false);
  }

  /** For a dry run, which changes nothing. */
  async look(portPath: string): Promise<void> {
    this.#checks.power(await this.#host.clock.during(this.#host.power(portPath, false)), false, true);
  }

  async release(): Promise<void> {
    (await this.#awake)?.();
    this.#awake = undefined;
  }
}
