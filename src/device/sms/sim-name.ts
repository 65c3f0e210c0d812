/** What tells SIMs and sticks apart in notes. Only hashes of it are kept. */

import { createHash } from 'node:crypto';
import type { Ask } from '../../at/sms/store';
import { isDriverError } from '../../errors';
import type { Clock } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';

/** The digits that a plain question is answered by; undefined where the stick does not tell. Throws the refusal. */
async function digits(ask: Ask, command: string, shape: RegExp): Promise<string | undefined> {
  const { lines } = await ask(command);
  return lines.map((line) => line.trim()).find((line) => shape.test(line));
}

export class Names {
  readonly #ask: Ask;
  readonly #clock: Clock;
  /** Until when a SIM that does not tell its IMSI is taken for one that is still starting. */
  #until: number | undefined;

  constructor(ask: Ask, clock: Clock) {
    this.#ask = ask;
    this.#clock = clock;
  }

  /** Another SIM, or a stick that has just started. */
  reset(): void {
    this.#until = undefined;
  }

  /** A refusal of the SIM is no news yet. */
  get starting(): boolean {
    return this.#until !== undefined && this.#clock.now() < this.#until;
  }

  /** What tells this SIM from others; where it can't be read, `place` has to do. */
  async sim(place: string): Promise<string> {
    try {
      const imsi = await digits(this.#ask, 'AT+CIMI', /^\d{6,15}$/);
      if (imsi !== undefined) return imsi;
    } catch (error) {
      if (!isDriverError(error, 'AT_ERROR')) throw error;
      // A note of its own for a SIM that only was not ready would have its messages come twice.
      this.#until ??= this.#clock.now() + TIMEOUTS.sms.simStart;
      if (this.starting) throw error;
    }
    return `stick ${place}`;
  }

  /** The same for the stick: a short hash of its IMEI, else its place. */
  async stick(place: string): Promise<string> {
    try {
      const imei = await digits(this.#ask, 'AT+CGSN', /^\d{14,17}$/);
      if (imei !== undefined) return createHash('sha256').update(imei).digest('hex').slice(0, 8);
    } catch (error) {
      if (!isDriverError(error, 'AT_ERROR', 'CME_ERROR')) throw error;
    }
    return place;
  }
}
