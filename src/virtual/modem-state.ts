/** What the running firmware knows and keeps: identity, SIM, settings. Settings are lost when it restarts. */

import type { Identity } from './identity';
import type { InterfaceRole } from './personality';

export type SimState = 'ready' | 'pin' | 'puk' | 'absent' | 'busy';

export interface Sim {
  state: SimState;
  pin: string;
  /** Tries left. */
  pinTries: number;
  pukTries: number;
}

export interface Settings {
  echo: boolean;
  /** V1: result codes as words. */
  verbose: boolean;
  cmee: 0 | 1 | 2;
  /** ^CURC: periodic URCs. */
  curc: boolean;
  /** ^PORTSEL: URCs to PCUI (0) or to the modem port (1). */
  portsel: 0 | 1;
  creg: Record<'+CREG' | '+CGREG' | '+CEREG', number>;
  /** +CFUN: 1 = radio on. */
  cfun: number;
}

/** Defaults of stick firmware are verbose CME errors, of HiLink firmware numeric ones. */
export const freshSettings = (firmware: 'hilink' | 'stick'): Settings => ({
  echo: true,
  verbose: true,
  cmee: firmware === 'stick' ? 2 : 1,
  curc: true,
  portsel: 0,
  creg: { '+CREG': 0, '+CGREG': 0, '+CEREG': 0 },
  cfun: 1,
});

export interface ModemContext {
  readonly firmware: 'hilink' | 'stick';
  readonly version: string;
  readonly product: string;
  readonly identity: Identity;
  readonly sim: Sim;
  readonly settings: Settings;
  /** Whether ^GODLOAD works; newer firmware refuses it. */
  readonly godload: boolean;
  /** Roles of the interfaces, in order. */
  readonly roles: readonly InterfaceRole[];
  /** The running SETPORT, and the one for the next restart. */
  readonly setport: string;
  storeSetport(value: string): void;
  /** The stick restarts some seconds after the final result code. */
  restart(into: 'firmware' | 'loader'): void;
}

export const registered = (m: ModemContext): boolean => m.sim.state === 'ready' && m.settings.cfun === 1;
