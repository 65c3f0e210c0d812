import { DriverError } from '../../errors';
import type { Clock } from '../../host/host';
import { Listeners } from '../../listeners';
import type { Mode } from '../../stick/modes';
import { ownNameText, parseOwnName } from '../../stick/own-name';
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

const HOW_TO_CONVERT = 'Convert it first: the flash node or `e3272 convert` takes it from there to an AT port.';

const MODE_HINTS: Partial<Record<Mode, string>> = {
  storage: 'Switch it out of its CD-ROM mode first (the modeswitch node, or `e3272 switch`).',
  hilink: HOW_TO_CONVERT,
  boot: HOW_TO_CONVERT,
  loader: HOW_TO_CONVERT,
};

/** Why no command can be sent now. */
export function unavailable({ state, stick, mode, error }: AtState, which: string): DriverError {
  if (error) return error;
  const details = stick === undefined ? {} : { stick };
  const where = stick === undefined ? '' : ` at ${stick}`;
  switch (state) {
    case 'busy':
      return new DriverError('BUSY', `A job holds the stick${where}: no AT command was sent.`, {
        ...details,
        hint: 'Wait until the job has ended; the AT port comes back by itself.',
      });
    case 'released':
      return new DriverError('BUSY', `The port of the stick${where} was handed over to another program.`, {
        ...details,
        hint: 'Take it back first: send {"port": "take"} to an e3272-at node.',
      });
    case 'recovering':
      return new DriverError('TIMEOUT', `The stick${where} does not answer and is being brought back.`, {
        ...details,
        hint: 'Try again in a minute; the status tells when it answers.',
      });
    case 'mode':
      return new DriverError('WRONG_MODE', `The stick${where} is in ${mode} mode: it has no AT port.`, {
        ...details,
        hint: MODE_HINTS[mode ?? 'unknown'] ?? 'Unplug it, wait five seconds and plug it in again.',
      });
    case 'absent':
      return new DriverError('STICK_NOT_FOUND', nobodyAt(which), {
        ...details,
        hint: 'Plug it in; the AT port is opened by itself.',
      });
  }
  return new DriverError('TIMEOUT', `The AT port of the stick${where} is not open yet.`, {
    ...details,
    hint: 'It may still be starting: try again in a few seconds.',
  });
}

function nobodyAt(which: string): string {
  if (which === 'auto') return 'No Huawei stick is plugged in.';
  const own = parseOwnName(which);
  return own ? `${ownNameText(own)} is plugged in.` : `No Huawei stick is plugged in at ${which}.`;
}

/** The stick was given away in the middle of a command. */
export function interrupted(state: 'busy' | 'released', stick: string, cause: unknown): DriverError {
  const who =
    state === 'released' ? `The port of the stick at ${stick} was handed over` : `A job took the stick at ${stick}`;
  return new DriverError('BUSY', `${who} while the AT command was under way.`, {
    stick,
    hint: 'If it had been sent already, the stick may have carried it out: look before you send it again.',
    cause,
  });
}

export const otherStick = (stick: string): DriverError =>
  new DriverError('CANCELLED', `Another stick is plugged in at ${stick} now: the AT command was not sent.`, {
    stick,
    hint: 'Send it again if this one is meant.',
  });

export const stickGone = (stick: string): DriverError =>
  new DriverError('STICK_GONE', `The stick at ${stick} has left the bus.`, {
    stick,
    hint: 'Plug it in again; the AT port is opened by itself.',
  });
