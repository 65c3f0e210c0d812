/** Whether a broker passes on what is published: it must come back, and the connection must last. */

import type { Clock, Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';

/** Connections in a row that end at once: somebody ends them for what is published. */
const MOST = 3;

export class Echo {
  readonly #clock: Clock;
  readonly #tell: (passes: boolean) => void;
  #timer: Timer | undefined;
  #heard = false;
  /** Connections in a row that have ended at once: before an echo, and behind it. */
  #unheard = 0;
  #short = 0;
  /** When the last of them has ended. */
  #ended = Number.NEGATIVE_INFINITY;

  /** `tell` is told what is found out, again and again. */
  constructor(clock: Clock, tell: (passes: boolean) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Something is published on a connection that has begun. */
  begin(): void {
    this.stop();
    this.#heard = false;
    if (this.#clock.now() - this.#ended > TIMEOUTS.gateway.again) this.#short = 0;
    this.#timer = this.#clock.after(TIMEOUTS.gateway.echo, () => {
      this.#timer = undefined;
      this.#short = 0;
      this.#tell(this.#heard);
    });
  }

  /** It has come back. */
  heard(): void {
    this.#heard = true;
    this.#unheard = 0;
    if (this.#short < MOST) this.#tell(true);
  }

  /** The connection has ended. */
  ended(): void {
    if (!this.#timer) return;
    this.stop();
    this.#ended = this.#clock.now();
    // RabbitMQ ends the connection of who publishes what it may not, and so does mqtt.js with MQTT 5: maybe behind the echo.
    if (this.#heard) this.#short++;
    else this.#unheard++;
    if (Math.max(this.#short, this.#unheard) >= MOST) this.#tell(false);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }
}
