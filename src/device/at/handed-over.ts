import type { Clock, Timer } from '../../host/host';
import type { AtEvent } from './events';

/**
 * The port in another program's hands (gammu, Home Assistant), for a time or until it is taken back. Outlives the users of
 * the session: a deploy must not take the port away from that program.
 */
export class Release {
  readonly #clock: Clock;
  readonly #stick: string;
  readonly #tell: (event: AtEvent) => void;
  readonly #wake: () => void;
  /** On the clock; undefined = not handed over. */
  #until: number | undefined;
  #timer: Timer | undefined;

  constructor(clock: Clock, stick: string, tell: (event: AtEvent) => void, wake: () => void) {
    this.#clock = clock;
    this.#stick = stick;
    this.#tell = tell;
    this.#wake = wake;
  }

  /** Asked by a life that goes on: sets the alarm anew where a former life has left it. */
  get active(): boolean {
    if (this.#until === undefined) return false;
    const left = this.#until - this.#clock.now();
    if (left <= 0) this.end();
    else if (!this.#timer && Number.isFinite(left)) this.#timer = this.#clock.after(left, () => this.end());
    return this.#until !== undefined;
  }

  begin(ms: number | undefined): void {
    this.sleep();
    this.#until = this.#clock.now() + (ms ?? Number.POSITIVE_INFINITY);
    const time = ms === undefined ? '' : ` for ${Math.round(ms / 1000)} s`;
    const text = `The port of the stick at ${this.#stick} is left to another program${time}.`;
    this.#tell({ event: 'released', level: 'info', stick: this.#stick, text });
  }

  end(): void {
    this.sleep();
    if (this.#until === undefined) return;
    this.#until = undefined;
    const text = `The port of the stick at ${this.#stick} is taken back.`;
    this.#tell({ event: 'taken', level: 'info', stick: this.#stick, text });
    this.#wake();
  }

  /** Nobody uses the session: no timer is left behind. */
  sleep(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
