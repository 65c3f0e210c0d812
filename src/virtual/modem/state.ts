/** What the running firmware knows and keeps. Settings are lost when it restarts; SIM, NV and network outlive it. */

import type { StickEvent } from '../events';
import type { Identity } from '../identity';
import type { InterfaceRole } from '../personality';
import type { Centre } from '../sms/centre';
import type { LocalTime } from '../sms/fields';
import { SmsStore } from '../sms/store';
import type { Timing } from '../timing';
import type { Context, DataLink } from './data-link';
import type { Cure } from './hang';
import type { Quirk } from './quirks';
import type { Radio } from './radio';
import type { ErrorMode } from './reply';
import { freshSyscfgex, type Syscfgex } from './selection';
import { freshSms, type SmsSettings } from './sms-settings';
import { freshSession, type UssdReply, type UssdSession } from './ussd-session';

export type SimState = 'ready' | 'pin' | 'puk' | 'absent' | 'busy';

export const BOOKS = ['SM', 'ON'] as const;
export type Book = (typeof BOOKS)[number];

/** An entry of a phone book. */
export interface Contact {
  number: string;
  name: string;
}

export interface Sim {
  state: SimState;
  /** It asks for its PIN after each start. */
  locked: boolean;
  pin: string;
  puk: string;
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
  /** By index from 1 on. */
  readonly contacts: Map<number, Contact>;
}

/** What the stick keeps by itself, without power too. */
export interface Nv {
  readonly messages: SmsStore;
  readonly syscfgex: Syscfgex;
  /** +CGDCONT. */
  readonly contexts: Map<number, Context>;
  u2diag: number;
  /** ^SFM: factory mode. */
  factory: boolean;
  cardlockTries: number;
}

/** Messages that a stick keeps by itself, with stick firmware and with HiLink firmware. */
const PLACES = { stick: 100, hilink: 500 };

/** `firmware`: what the stick comes with. */
export const freshNv = (firmware: 'hilink' | 'stick'): Nv => ({
  messages: new SmsStore('ME', PLACES[firmware]),
  syscfgex: freshSyscfgex(),
  contexts: new Map([[1, { type: 'IP', apn: 'internet' }]]),
  u2diag: 276,
  factory: false,
  cardlockTries: 10,
});

export type RegistrationName = '+CREG' | '+CGREG' | '+CEREG';

/** What ATZ sets back. */
interface Profile {
  echo: boolean;
  /** V1: result codes as words. */
  verbose: boolean;
  /** Q1: no result codes. */
  quiet: boolean;
  /** How calls are told: the caller's number, and of what kind it is. */
  calls: Record<'+CLIP' | '+CRC', number>;
  cmee: ErrorMode;
  creg: Record<RegistrationName, number>;
  /** S registers that were set. */
  registers: Map<number, number>;
  sms: SmsSettings;
}

export interface Settings extends Profile {
  /** ^CURC: no URCs of that kind, all, or those of the mask. */
  curc: 0 | 1 | 2;
  curcMask: bigint;
  /** ^PORTSEL: URCs to PCUI (0) or to the modem port (1). */
  portsel: 0 | 1;
  /** +CFUN: 1 = radio on. */
  cfun: number;
  /** +COPS: 0 by itself, 1 by hand, 2 not at all; 0 long, 1 short, 2 numeric. */
  cops: { mode: number; format: number };
  /** ^TMODE: out of service until a restart. */
  outOfService: boolean;
  /** What +CCLK= added to the network's time, milliseconds. */
  clockOffset: number;
  /** When the PIN was given; undefined = not since the start. */
  pinAt: number | undefined;
  /** +CPBS. */
  book: Book;
  /** ^SIGNVER was there: ^DATAMODE works once. */
  signed: boolean;
  /** ^USSDMODE: hex of packed text (1) instead of text. */
  ussdPacked: boolean;
  /** +CUSD URCs are wanted. */
  ussdReports: boolean;
  ussd: UssdSession;
}

/** Defaults of stick firmware are verbose CME errors, of HiLink firmware numeric ones. */
export const freshProfile = (firmware: 'hilink' | 'stick'): Profile => ({
  echo: true,
  verbose: true,
  quiet: false,
  calls: { '+CLIP': 0, '+CRC': 0 },
  cmee: firmware === 'stick' ? 2 : 1,
  creg: { '+CREG': 0, '+CGREG': 0, '+CEREG': 0 },
  registers: new Map(),
  sms: freshSms(),
});

export const freshSettings = (firmware: 'hilink' | 'stick'): Settings => ({
  ...freshProfile(firmware),
  curc: 1,
  curcMask: 0n,
  portsel: 0,
  cfun: 1,
  cops: { mode: 0, format: 0 },
  outOfService: false,
  clockOffset: 0,
  pinAt: undefined,
  book: 'SM',
  signed: false,
  ussdPacked: true,
  ussdReports: false,
  ussd: freshSession(),
});

/** What the stick gives to its firmware at each start. */
export interface ModemParts {
  readonly firmware: 'hilink' | 'stick';
  readonly version: string;
  readonly product: string;
  /** Hardware version. */
  readonly hardware: string;
  /** The same as the web server tells it. */
  readonly board: string;
  readonly identity: Identity;
  readonly sim: Sim;
  readonly nv: Nv;
  readonly radio: Radio;
  readonly centre: Centre;
  /** USSD codes that the network knows. */
  readonly codes: ReadonlyMap<string, UssdReply>;
  readonly data: DataLink;
  readonly settings: Settings;
  readonly quirks: ReadonlySet<Quirk>;
  readonly times: Pick<Timing, 'sms' | 'scan' | 'dial' | 'ussd'>;
  /** Whether ^GODLOAD works; newer firmware refuses it. */
  readonly godload: boolean;
  /** Roles of the interfaces, in order. */
  readonly roles: readonly InterfaceRole[];
  /** Codes of SETPORT that it knows, with their names. */
  readonly portCodes: ReadonlyMap<string, string>;
  /** The running SETPORT, and the one for the next restart. */
  readonly setport: string;
  storeSetport(value: string): void;
  /** The stick restarts some seconds after the final result code. */
  restart(into: 'firmware' | 'loader'): void;
  now(): LocalTime;
  event(event: StickEvent): void;
}

/** The running firmware, as its commands see it. */
export interface ModemContext extends ModemParts {
  /** Says a URC to the port that listens, if ^CURC lets it through. */
  urc(line: string): void;
  /** Makes a change and says what is different afterwards: registration, signal, system. */
  change(fn: () => void): void;
  /** Runs `fn` later, unless the stick has left the bus by then. */
  after(ms: number, fn: () => void): void;
  /** The port that is being served hangs, or all do, until `cure`. */
  hang(cure: Cure): void;
  /** The port that is being served talks HDLC from now on. */
  toHdlc(): void;
}
