/**
 * Health of a stick: an answered `AT`, never traffic. URCs go on while the command processor is dead (T35), so an idle
 * stick is asked from time to time, and one that left a command unanswered at once.
 */

import type { AtChannel } from '../../at/channel';
import { type DriverError, isDriverError } from '../../errors';
import type { Clock } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import { Nap } from '../nap';
import type { RecoveryStep } from './events';

/** Asks the stick whether it is alive, for as long as its port is open. */
export class Pulse {
  readonly #clock: Clock;
  readonly #everyMs: number;
  #answeredAt: number;
  #suspected = false;
  readonly #nap: Nap;

  /** `everyMs`: an idle stick is asked after so much silence; 0 = only one that left a command unanswered. */
  constructor(clock: Clock, everyMs: number) {
    this.#clock = clock;
    this.#nap = new Nap(clock);
    this.#everyMs = everyMs > 0 ? everyMs : Number.POSITIVE_INFINITY;
    this.#answeredAt = clock.now();
  }

  /** A command was answered, by whatever. */
  answered(): void {
    this.#answeredAt = this.#clock.now();
  }

  /** A command was not answered: the stick is asked at once. */
  suspect(): void {
    this.#suspected = true;
    this.#nap.wake();
  }

  /**
   * Resolves with why, once the stick is dead: neither `AT` nor leaving a prompt and getting into step again was answered.
   * Resolves with undefined when the channel ended or `signal` was aborted. `report` hears of silence and of its end.
   */
  async watch(
    channel: AtChannel,
    signal: AbortSignal,
    report: (what: 'unanswered' | 'answers') => void,
  ): Promise<DriverError | undefined> {
    while (!signal.aborted && channel.isOpen) {
      const due = this.#suspected ? 0 : this.#answeredAt + this.#everyMs - this.#clock.now();
      if (due > 0) {
        await this.#nap.take(signal, Number.isFinite(due) ? { ms: due } : {});
        continue;
      }
      this.#suspected = false;
      if (await this.#ask(channel)) continue;
      if (!channel.isOpen) break;
      report('unanswered');
      // Once more: the channel leaves a prompt and gets into step before it sends the AT.
      const error = await this.#fails(channel);
      if (error && channel.isOpen) return error;
      if (!error) report('answers');
    }
    return undefined;
  }

  async #ask(channel: AtChannel): Promise<boolean> {
    return (await this.#fails(channel)) === undefined;
  }

  /** Why a plain `AT` was not answered; undefined if it was, also by an error. */
  async #fails(channel: AtChannel): Promise<DriverError | undefined> {
    try {
      await channel.run('AT', { timeout: TIMEOUTS.health.answer });
      this.answered();
      return undefined;
    } catch (error) {
      if (isDriverError(error)) return error;
      throw error;
    }
  }
}

const STEPS: readonly RecoveryStep[] = ['reopen', 'cfun', 'reset', 'reauthorize'];

/**
 * Which step is next for a stick that does not answer. It never loops: a stick that falls silent again soon after a step
 * gets the next stronger one, after the last one it is left alone for a while, and longer each time.
 */
export class Ladder {
  #next = 0;
  #step: RecoveryStep | undefined;
  #answersSince: number | undefined;
  #restUntil = Number.NEGATIVE_INFINITY;
  #rest: number = TIMEOUTS.health.rest;

  /** The step that is being tried, until the stick answers. */
  get step(): RecoveryStep | undefined {
    return this.#step;
  }

  /** The stick does not answer: the step to take; `rest` after the last one, undefined while it is left alone. */
  strike(now: number, steps: readonly RecoveryStep[] = STEPS): RecoveryStep | 'rest' | undefined {
    const { health } = TIMEOUTS;
    if (this.#answersSince !== undefined && now - this.#answersSince >= health.steady) {
      this.#next = 0;
      this.#rest = health.rest;
      this.#restUntil = Number.NEGATIVE_INFINITY;
    }
    this.#answersSince = undefined;
    this.#step = undefined;
    if (now < this.#restUntil) return undefined;
    this.#step = steps[this.#next++];
    if (this.#step) return this.#step;
    this.#next = 0;
    this.#restUntil = now + this.#rest;
    this.#rest = Math.min(this.#rest * 2, health.restMax);
    return 'rest';
  }

  /** The stick answers: the step that helped, if one was being tried. */
  answers(now: number): RecoveryStep | undefined {
    const helped = this.#step;
    this.#step = undefined;
    this.#answersSince ??= now;
    return helped;
  }
}
