/** What happens to an AT session beside its state: told to all who use the stick, and written to the log by the nodes. */

/** Steps that bring a stick back which does not answer AT, the gentle ones first. */
export type RecoveryStep = 'resync' | 'reopen' | 'cfun' | 'reset' | 'reauthorize';

/**
 * `unanswered`: a stick that was asked said nothing. `recovering`: a step to bring it back begins. `recovered`: it answers
 * again. `resting`: all steps are used up, the next round comes later. `setting`: something that is sent after each
 * opening failed. `pin`: the SIM's PIN was entered, or not, and why. `others`: another program may use the ports.
 * `released`, `taken`: the port was handed over to another program, or taken back. `call`: an incoming call is over.
 * `switching`: the stick has come back as a CD-ROM, and the session switches it.
 */
export type AtEventKind =
  | 'unanswered'
  | 'recovering'
  | 'recovered'
  | 'resting'
  | 'setting'
  | 'pin'
  | 'others'
  | 'released'
  | 'taken'
  | 'call'
  | 'switching';

export interface AtEvent {
  event: AtEventKind;
  level: 'info' | 'warn';
  /** Port path of the stick. */
  stick: string;
  /** In words, without secrets. */
  text: string;
  /** With `recovering` and `recovered`. */
  step?: RecoveryStep;
}
