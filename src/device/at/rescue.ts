/** What is done about a stick that does not answer, told step by step. */

import type { Clock, Host } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { AtEvent, RecoveryStep } from './events';
import { Ladder } from './health';
import { STEP_TEXTS } from './recovery-steps';

export class Rescue {
  readonly #clock: Clock;
  readonly #stick: string;
  readonly #tell: (event: AtEvent) => void;
  readonly #ladder = new Ladder();
  /** It has answered in this session: a program that flashes it would not have. */
  #hasAnswered = false;
  #restarted = false;
  #silentSince: number | undefined;
  #due: RecoveryStep | undefined;
  #others = '';

  constructor(clock: Clock, stick: string, tell: (event: AtEvent) => void) {
    this.#clock = clock;
    this.#stick = stick;
    this.#tell = tell;
  }

  /** The step to take before the port is opened, once; undefined if there is none. */
  take(): RecoveryStep | undefined {
    const step = this.#due;
    this.#due = undefined;
    this.#restarted ||= step === 'reset' || step === 'reauthorize';
    return step;
  }

  /** It has answered, or we have restarted it: what it is after that is ours to put right. */
  get isOurs(): boolean {
    return this.#hasAnswered || this.#restarted;
  }

  /** The port was opened and the stick answers. */
  answers(): void {
    this.#hasAnswered = true;
    this.#silentSince = undefined;
    this.#recovered(this.#ladder.answers(this.#clock.now()));
  }

  /** What the pulse has found; `resync` is the channel's own cure. */
  heard(what: 'unanswered' | 'answers'): void {
    if (what === 'answers') this.#recovered('resync');
    else {
      this.#report('unanswered', `The stick at ${this.#stick} does not answer AT.`);
      this.#recovering('resync');
    }
  }

  /** No port answers: the step to take, undefined to go on waiting. */
  silent(host: Host): RecoveryStep | undefined {
    const now = this.#clock.now();
    this.#silentSince ??= now;
    // One that never answered may still be starting, or may be in the middle of something that is none of our business.
    if (!this.#hasAnswered && now - this.#silentSince < TIMEOUTS.health.patience) return undefined;
    const steps: RecoveryStep[] = ['reopen', 'cfun', 'reset'];
    if (this.#hasAnswered && host.reauthorize) steps.push('reauthorize');
    const step = this.#ladder.strike(now, steps);
    if (step === 'rest') {
      this.#report(
        'resting',
        `Nothing has brought the stick at ${this.#stick} back. Pull it out and plug it in again.`,
      );
      return undefined;
    }
    if (step) this.#recovering(step);
    this.#due = step;
    return step;
  }

  /** ModemManager and the like read the port too, and take replies away (T28). Told once for each finding. */
  async warnOfOthers(host: Host): Promise<void> {
    const others = (await host.intruders(this.#stick).catch(() => [])).join(' ');
    if (others === this.#others) return;
    this.#others = others;
    if (others === '') return;
    this.#report('others', `The answers of the stick at ${this.#stick} may get lost: ${others}`);
  }

  #recovering(step: RecoveryStep): void {
    const text = `Next step to bring the stick at ${this.#stick} back: ${STEP_TEXTS[step]}.`;
    this.#tell({ event: 'recovering', level: 'warn', stick: this.#stick, step, text });
  }

  #recovered(step: RecoveryStep | undefined): void {
    if (!step) return;
    const text = `The stick at ${this.#stick} answers again.`;
    this.#tell({ event: 'recovered', level: 'info', stick: this.#stick, step, text });
  }

  #report(event: AtEvent['event'], text: string): void {
    this.#tell({ event, level: 'warn', stick: this.#stick, text });
  }
}
