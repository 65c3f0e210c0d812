/**
 * What a gateway wants to know of its stick, asked in one call: signal, network, SIM, data, temperature, identity. Only
 * questions are sent, never one about messages: reading them would mark them as read.
 */

import type { AtRunner } from '../at/ask';
import { lineValue } from '../at/fields';
import type { AtReply } from '../at/reply';
import { type Connection, parseDsflowqry, parseNdisstatqry } from '../at/values/data';
import { hottest, parseChiptemp } from '../at/values/device';
import { parseFirmwareVersion, parseIdentity, parseImei } from '../at/values/identity';
import { parseSysinfo, parseSysinfoex, type SystemInfo } from '../at/values/network';
import { known, knownOrNothing } from '../at/values/read';
import {
  isRoaming,
  parseCops,
  parseRegistration,
  type Registration,
  type RegistrationStatus,
} from '../at/values/registration';
import { plain } from '../at/values/registry';
import { barsOf, parseCsq, parseHcsq, type Signal } from '../at/values/signal';
import { parseCpin, parseCpinTries, parseIccid, parseImsi, READ_ICCID } from '../at/values/sim';
import { isDriverError } from '../errors';

export const STATUS_PARTS = ['signal', 'network', 'sim', 'data', 'temperature', 'identity'] as const;
export type StatusPart = (typeof STATUS_PARTS)[number];

/** Plain data. What the stick does not know, or its firmware cannot tell, is not there. */
export interface Status {
  /** dBm and dB as in {@link Signal}; 0 to 5 bars. */
  signal?: Signal & { bars?: number };
  network?: NetworkStatus;
  sim?: SimStatus;
  data?: DataStatus;
  /** Degrees Celsius, the hottest power amplifier. */
  temperature?: number;
  identity?: IdentityStatus;
}

export interface NetworkStatus {
  /** Name of the network, or its number where the stick is set to that. */
  operator?: string;
  /** The best of what `+CEREG`, `+CREG` and `+CGREG` say: on LTE alone only the first counts. */
  registration?: RegistrationStatus;
  registered?: boolean;
  roaming?: boolean;
  service?: SystemInfo['service'];
  /** `LTE`, `WCDMA`, `GSM`, and what of it, in the stick's own words. */
  system?: string;
  submode?: string;
  /** Location or tracking area and cell, where the stick is set to tell (`+CEREG=2`). */
  lac?: number;
  ci?: number;
}

export interface SimStatus {
  /** `READY`, `SIM PIN`, `SIM PUK` ... as the stick says; `NOT INSERTED`, `BUSY`, `FAILURE`, `WRONG` for its errors. */
  state: string;
  pinTries?: number;
  pukTries?: number;
}

/** Bytes and seconds, of the last connection and in all since the stick has power. Text only beyond 9 PB. */
export interface DataStatus {
  connection?: NonNullable<Connection['ipv4']>['state'];
  seconds?: number;
  txBytes?: number | string;
  rxBytes?: number | string;
  totalSeconds?: number;
  totalTxBytes?: number | string;
  totalRxBytes?: number | string;
}

export interface IdentityStatus {
  manufacturer?: string;
  model?: string;
  revision?: string;
  hardware?: string;
  /** These three only when they are asked for. */
  imei?: string;
  imsi?: string;
  iccid?: string;
}

export interface StatusOptions {
  parts: readonly StatusPart[];
  /** IMEI, IMSI and ICCID too, with the part `identity`. */
  personal?: boolean;
  signal?: AbortSignal;
}

/** SIM states by the number of the CME error. */
const SIM_ERRORS: Readonly<Record<number, string>> = {
  10: 'NOT INSERTED',
  11: 'SIM PIN',
  12: 'SIM PUK',
  13: 'FAILURE',
  14: 'BUSY',
  15: 'WRONG',
  17: 'SIM PIN2',
  18: 'SIM PUK2',
};

/** The firmware does not have the command: it never will. `ERROR` says so on HiLink firmware. */
const NOT_SUPPORTED = 4;

/** So often in a row one command may stay unanswered, while others are answered, before it is left alone. */
const SILENT = 2;

type Reader<T> = (lines: readonly string[]) => T | undefined;

/** One line's reader as a reader of the reply. */
const line =
  <T>(prefix: string, read: (value: string) => T | undefined): Reader<T> =>
  (lines) => {
    for (const text of lines) {
      const value = lineValue(text, prefix);
      const found = value === undefined ? undefined : read(value);
      if (found !== undefined) return found;
    }
    return undefined;
  };

export class StatusReader {
  readonly #at: AtRunner;
  /** Commands that this firmware does not have. */
  readonly #refused = new Set<string>();
  /** How often each stayed without an answer, since its last one. */
  readonly #silent = new Map<string, number>();
  #signal: AbortSignal | undefined;
  /** Of the read that runs: whether the stick answered anything, and what it left unanswered. */
  #answered = false;
  #unanswered = new Map<string, unknown>();
  #lastSilent = false;

  constructor(at: AtRunner) {
    this.#at = at;
  }

  /** Another stick or firmware may be there now: what was refused is asked again. */
  forget(): void {
    this.#refused.clear();
    this.#silent.clear();
  }

  /**
   * Asks for the wanted parts, one read at a time. A part that the stick refuses is left out. Errors: TIMEOUT when two
   * commands in a row stay unanswered, or all; and those of `run` otherwise.
   */
  async read(options: StatusOptions): Promise<Status> {
    this.#signal = options.signal;
    this.#answered = false;
    this.#unanswered.clear();
    this.#lastSilent = false;
    const status = await this.#read(options);
    for (const [command, error] of this.#unanswered) {
      if (!this.#answered) throw error;
      // That command's fault, since the stick is well.
      const times = (this.#silent.get(command) ?? 0) + 1;
      this.#silent.set(command, times);
      if (times >= SILENT) this.#refused.add(command);
    }
    return status;
  }

  async #read({ parts, personal = false }: StatusOptions): Promise<Status> {
    const status: Status = {};
    if (parts.includes('signal')) status.signal = await this.#readSignal();
    let info: SystemInfo | undefined;
    if (parts.includes('network')) {
      info = await this.#systemInfo();
      status.network = await this.#network(info);
    }
    if (parts.includes('sim')) status.sim = (await this.#sim()) ?? simOf(info);
    if (parts.includes('data')) status.data = await this.#data();
    if (parts.includes('temperature')) {
      const all = await this.#ask('AT^CHIPTEMP?', line('^CHIPTEMP', parseChiptemp));
      status.temperature = all && hottest(all);
    }
    if (parts.includes('identity')) status.identity = await this.#identity(personal);
    return known(status);
  }

  async #readSignal(): Promise<Status['signal']> {
    const signal =
      (await this.#ask('AT^HCSQ?', line('^HCSQ', parseHcsq))) ?? (await this.#ask('AT+CSQ', line('+CSQ', parseCsq)));
    return signal && knownOrNothing({ ...signal, bars: barsOf(signal) });
  }

  async #systemInfo(): Promise<SystemInfo | undefined> {
    return (
      (await this.#ask('AT^SYSINFOEX', line('^SYSINFOEX', parseSysinfoex))) ??
      (await this.#ask('AT^SYSINFO', line('^SYSINFO', parseSysinfo)))
    );
  }

  async #network(info: SystemInfo | undefined): Promise<NetworkStatus | undefined> {
    const now = await this.#ask('AT+COPS?', line('+COPS', parseCops), 'needs SIM');
    const registration = await this.#registration();
    return knownOrNothing({
      operator: now?.operator ?? now?.plmn,
      registration: registration?.status,
      registered: registration?.registered,
      roaming: registration?.registered ? isRoaming(registration.status) : info?.roaming,
      service: info?.service,
      system: info?.system,
      submode: info?.submode,
      lac: registration?.lac,
      ci: registration?.ci,
    });
  }

  /** T48: with LTE alone `+CREG` says that the stick is not registered; the one that says it is counts. */
  async #registration(): Promise<Registration | undefined> {
    let best: Registration | undefined;
    for (const prefix of ['+CEREG', '+CREG', '+CGREG']) {
      const found = await this.#ask(`AT${prefix}?`, line(prefix, parseRegistration), 'needs SIM');
      if (found?.registered) return found;
      if (found && (!best || best.status === 'idle')) best = found;
    }
    return best;
  }

  async #sim(): Promise<SimStatus | undefined> {
    const tries = await this.#ask('AT^CPIN?', line('^CPIN', parseCpinTries), 'needs SIM');
    if (tries) return known({ state: tries.state, pinTries: tries.pinTries, pukTries: tries.pukTries });
    const reply = await this.#run('AT+CPIN?', 'needs SIM');
    const state = reply && (SIM_ERRORS[reply.number ?? 0] ?? line('+CPIN', parseCpin)(reply.lines)?.state);
    return state === undefined ? undefined : { state };
  }

  async #data(): Promise<DataStatus | undefined> {
    const connection = await this.#ask('AT^NDISSTATQRY?', parseNdisstatqry);
    const flow = await this.#ask('AT^DSFLOWQRY', line('^DSFLOWQRY', parseDsflowqry));
    return knownOrNothing({ connection: (connection?.ipv4 ?? connection?.ipv6)?.state, ...plain(flow) });
  }

  async #identity(personal: boolean): Promise<IdentityStatus | undefined> {
    const { manufacturer, model, revision, imei } = (await this.#ask('ATI', parseIdentity)) ?? {};
    const hardware = (await this.#ask('AT^FHVER', parseFirmwareVersion))?.hardware;
    const identity: IdentityStatus = { manufacturer, model, revision, hardware };
    if (personal) {
      identity.imei = imei ?? (await this.#ask('AT+CGSN', parseImei));
      identity.imsi = await this.#ask('AT+CIMI', parseImsi, 'needs SIM');
      identity.iccid =
        (await this.#ask('AT^ICCID?', parseIccid, 'needs SIM')) ??
        (await this.#ask(READ_ICCID, parseIccid, 'needs SIM'));
    }
    return knownOrNothing(identity);
  }

  async #ask<T>(command: string, read: Reader<T>, needs?: 'needs SIM'): Promise<T | undefined> {
    const reply = await this.#run(command, needs);
    return reply?.ok ? read(reply.lines) : undefined;
  }

  /** The reply, a refusal too; undefined for a command that this stick does not answer. */
  async #run(command: string, needs: 'needs SIM' | undefined): Promise<AtReply | undefined> {
    if (this.#refused.has(command)) return undefined;
    const signal = this.#signal;
    try {
      const reply = await this.#at.run(command, signal ? { signal } : {});
      this.#lastSilent = false;
      this.#answered = true;
      this.#silent.delete(command);
      if (!reply.ok && isUnknown(reply, needs)) this.#refused.add(command);
      return reply;
    } catch (error) {
      if (!isDriverError(error, 'TIMEOUT') || this.#lastSilent) throw error;
      this.#lastSilent = true;
      this.#unanswered.set(command, error);
      return undefined;
    }
  }
}

/** A bare `ERROR` to a question that needs the SIM may be about the SIM, where CME errors are off. */
function isUnknown({ final, number }: AtReply, needs: 'needs SIM' | undefined): boolean {
  if (number !== undefined) return number === NOT_SUPPORTED;
  return final !== 'ERROR' || needs === undefined;
}

/** For a stick that says ERROR and no more: `^SYSINFOEX` tells whether there is a SIM. */
const simOf = (info: SystemInfo | undefined): SimStatus | undefined =>
  info?.sim === 'absent' ? { state: 'NOT INSERTED' } : undefined;
