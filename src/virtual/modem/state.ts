/** What the running firmware knows and keeps. Settings are lost when it restarts; SIM, NV and network outlive it. */

import type { StickEvent } from '../events';
import type { Identity } from '../identity';
import type { InterfaceRole } from '../personality';
import type { Centre } from '../sms/centre';
import type { LocalTime } from '../sms/fields';
import type { SmsStore } from '../sms/store';
import type { ErrorMode } from './reply';
import { freshSms, type SmsSettings } from './sms-settings';

export type SimState = 'ready' | 'pin' | 'puk' | 'absent' | 'busy';

export interface Sim {
  state: SimState;
  pin: string;
  /** Tries left. */
  pinTries: number;
  pukTries: number;
  /** Its own number; '' = not written on it. */
  number: string;
  /** Number of the service centre, +CSCA. */
  centre: string;
  /** TP-MR of the next message sent. */
  reference: number;
  readonly messages: SmsStore;
}

/** What the stick keeps by itself, without power too. */
export interface Nv {
  readonly messages: SmsStore;
}

export interface Settings {
  echo: boolean;
  /** V1: result codes as words. */
  verbose: boolean;
  cmee: ErrorMode;
  /** ^CURC: periodic URCs. */
  curc: boolean;
  /** ^PORTSEL: URCs to PCUI (0) or to the modem port (1). */
  portsel: 0 | 1;
  creg: Record<'+CREG' | '+CGREG' | '+CEREG', number>;
  /** +CFUN: 1 = radio on. */
  cfun: number;
  sms: SmsSettings;
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
  sms: freshSms(),
});

export interface ModemContext {
  readonly firmware: 'hilink' | 'stick';
  readonly version: string;
  readonly product: string;
  readonly identity: Identity;
  readonly sim: Sim;
  readonly nv: Nv;
  readonly centre: Centre;
  readonly settings: Settings;
  /** Whether ^GODLOAD works; newer firmware refuses it. */
  readonly godload: boolean;
  /** Roles of the interfaces, in order. */
  readonly roles: readonly InterfaceRole[];
  /** The running SETPORT, and the one for the next restart. */
  readonly setport: string;
  /** How long it takes until the network has a message, milliseconds. */
  readonly smsMs: number;
  storeSetport(value: string): void;
  /** The stick restarts some seconds after the final result code. */
  restart(into: 'firmware' | 'loader'): void;
  /** Says a URC to the port that listens. */
  urc(line: string): void;
  /** Runs `fn` later, unless the stick has left the bus by then. */
  after(ms: number, fn: () => void): void;
  now(): LocalTime;
  event(event: StickEvent): void;
}

export const registered = (m: ModemContext): boolean => m.sim.state === 'ready' && m.settings.cfun === 1;
