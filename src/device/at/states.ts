import { type DriverError, failure } from '../../errors';
import type { Mode } from '../../stick/modes';
import { parseOwnName } from '../../stick/own-name';
import type { WebState } from '../hilink/states';
import { States } from '../states';
import type { RecoveryStep } from './events';
import type { Outlook } from './outlook';

/**
 * What an AT session is at. `absent`: no stick on the bus. `mode`: it is there, but has no AT port in its present mode.
 * `connecting`: its port is being found and opened. `ready`: commands are taken. `busy`: a job holds the stick; the
 * session comes back by itself. `released`: the port was handed over to another program. `recovering`: the stick does not
 * answer and is being brought back. `error`: the port could not be opened; it is tried again. With `ready` comes what the stick
 * tells of SIM and network, see {@link Outlook}: commands are taken whatever that is; with `connecting` what it has told so far.
 */
export interface AtState extends Outlook {
  state: 'absent' | 'mode' | 'connecting' | 'ready' | 'busy' | 'released' | 'recovering' | 'error';
  /** Port path, as soon as it is known which stick is meant. */
  stick?: string;
  mode?: Mode;
  /** Why: with `error`, and with `absent` where the bus itself cannot be seen. */
  error?: DriverError;
  /** With `absent`: there is a stick in another socket. */
  elsewhere?: true;
  /** With `mode`: it was switched, and is still the CD-ROM that it was. */
  notSwitched?: true;
  /** What is being tried, with `recovering`. */
  step?: RecoveryStep;
  /** With `mode` `hilink`, for users that can do with it: what its web API is at. */
  web?: WebState;
}

export class AtStates extends States<AtState> {
  constructor() {
    super({ state: 'connecting' });
  }
}

/** Why no command can be sent now. */
export function unavailable({ state, stick, mode = 'unknown', error }: AtState, which: string): DriverError {
  if (error) return error;
  const place = { stick: stick ?? null };
  switch (state) {
    case 'busy':
      return failure('BUSY/at-job', place);
    case 'released':
      return failure('BUSY/handed-over', place);
    case 'recovering':
      return failure('TIMEOUT/recovering', place);
    case 'mode':
      return failure('WRONG_MODE/no-at-port', { ...place, mode });
    case 'absent':
      return nobodyAt(which, stick === undefined ? {} : { stick });
  }
  return failure('TIMEOUT/not-open', place);
}

function nobodyAt(which: string, details: { stick?: string }): DriverError {
  if (which === 'auto') return failure('STICK_NOT_FOUND/awaited', {}, details);
  const own = parseOwnName(which);
  if (own) return failure('STICK_NOT_FOUND/awaited-own-name', { what: own.what }, details);
  return failure('STICK_NOT_FOUND/awaited-place', { which }, details);
}

/** The stick was given away in the middle of a command. */
export const interrupted = (state: 'busy' | 'released', stick: string, cause: unknown): DriverError =>
  failure(state === 'released' ? 'BUSY/handed-over-meanwhile' : 'BUSY/job-began', { stick }, { cause });

export const otherStick = (stick: string): DriverError => failure('CANCELLED/other-stick', { stick });

export const stickGone = (stick: string): DriverError => failure('STICK_GONE/at-port', { stick });
