import { type DriverError, failure } from '../../errors';
import type { Clock } from '../../host/host';
import { Listeners } from '../../listeners';
import type { Mode } from '../../stick/modes';
import { parseOwnName } from '../../stick/own-name';
import type { WebState } from '../hilink/states';
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

const same = (a: AtState, b: AtState): boolean =>
  a.state === b.state &&
  a.stick === b.stick &&
  a.mode === b.mode &&
  a.step === b.step &&
  a.sim === b.sim &&
  a.network === b.network &&
  a.silent === b.silent &&
  a.elsewhere === b.elsewhere &&
  a.notSwitched === b.notSwitched &&
  a.web === b.web &&
  a.error?.code === b.error?.code &&
  a.error?.message === b.error?.message;

/** The present state, and those who want to know of changes. */
export class AtStates {
  #now: AtState = { state: 'connecting' };
  readonly #listeners = new Listeners<AtState>();

  get now(): AtState {
    return this.#now;
  }

  /** Tells the listeners, unless nothing has changed: the same error is told once. */
  set(next: AtState): void {
    if (same(this.#now, next)) return;
    this.#now = next;
    this.#listeners.tell(next);
  }

  on(listener: (state: AtState) => void): () => void {
    return this.#listeners.add(listener);
  }

  /** While `connecting`: resolves when that is over, or after `ms`; rejects with the signal's reason. */
  settled(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const end = () => {
        timer.cancel();
        off();
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        end();
        reject(signal?.reason);
      };
      const finish = () => {
        end();
        resolve();
      };
      const timer = clock.after(ms, finish);
      const off = this.on((state) => {
        if (state.state !== 'connecting') finish();
      });
      signal?.addEventListener('abort', onAbort, { once: true });
    });
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
