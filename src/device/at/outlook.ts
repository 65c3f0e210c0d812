/**
 * What stands between an open AT port and a network, as the stick tells of it: SIM, registration, silence. Nothing is asked
 * for it but once after each opening; the rest is read off answers and URCs that come anyway.
 */

import { asQuestion, questionOf, valueIn } from '../../at/commands/entry';
import { SIMST, SYSINFO, SYSINFOEX } from '../../at/commands/network';
import { CEREG, CGREG, CREG } from '../../at/commands/registration';
import { CPIN, PIN_COUNTS } from '../../at/commands/sim';
import { urcValue } from '../../at/commands/value';
import { parseFinal } from '../../at/finals';
import type { AtReply } from '../../at/reply';
import type { RegistrationStatus } from '../../values/registration';
import type { SystemInfo } from '../../values/service';
import { type Run, unlessSilent } from './opening-steps';

/**
 * `ready`: the SIM wants nothing. `pin`, `puk`: it wants its code; `pin-refused`: the PIN that is configured was refused, now
 * or before. `busy`: it is starting. `failed`: it does not work in this stick.
 */
export type SimCondition = 'ready' | 'absent' | 'busy' | 'pin' | 'pin-refused' | 'puk' | 'failed';

/** `denied`: a network is there and does not let the SIM in. `none`: neither found, nor looked for. */
export type NetworkCondition = 'registered' | 'searching' | 'denied' | 'none';

/** What is not known is missing. */
export interface Outlook {
  sim?: SimCondition;
  network?: NetworkCondition;
  /** A command was left unanswered, and it is not known yet whether the stick is alive. */
  silent?: true;
}

/** By the number of the error that any command may end with: CME (27.007), and CMS (27.005) from 300 on. */
const SIM_ERRORS: Readonly<Record<number, SimCondition>> = {
  10: 'absent',
  11: 'pin',
  12: 'puk',
  13: 'failed',
  14: 'busy',
  15: 'failed',
  310: 'absent',
  311: 'pin',
  313: 'failed',
  314: 'busy',
  315: 'failed',
  316: 'puk',
};

const SIM_STATES: Readonly<Record<string, SimCondition>> = { READY: 'ready', 'SIM PIN': 'pin', 'SIM PUK': 'puk' };

const REGISTRATIONS = [CEREG, CREG, CGREG] as const;
const SERVICES = [SYSINFOEX, SYSINFO] as const;

const serves = (service: SystemInfo['service']): boolean => service === 'valid' || service === 'power save';
const isIn = (status: RegistrationStatus): boolean => /(home|roaming)$/.test(status);

export class OutlookOfStick {
  readonly #changed: () => void;
  #sim: SimCondition | undefined;
  #service: SystemInfo['service'];
  readonly #registrations = new Map<string, RegistrationStatus>();
  #silent = false;
  #told = '';

  /** `changed` is called when {@link now} has become another one. */
  constructor(changed: () => void) {
    this.#changed = changed;
  }

  get now(): Outlook {
    const network = this.#network;
    return {
      ...(this.#sim !== undefined && { sim: this.#sim }),
      ...(network !== undefined && { network }),
      ...(this.#silent && { silent: true as const }),
    };
  }

  /** The port was closed: whatever is behind the next one says so itself. */
  forget(): void {
    this.#sim = undefined;
    this.#service = undefined;
    this.#registrations.clear();
    this.#silent = false;
    this.#tell();
  }

  /** The PIN was refused, if it is still what the SIM wants. */
  pinRefused(): void {
    if (this.#sim === 'pin') this.#sim = 'pin-refused';
    this.#tell();
  }

  silent(is: boolean): void {
    this.#silent = is;
    this.#tell();
  }

  heard(line: string): void {
    const sim = urcValue(line, SIMST.name)?.sim;
    // Valid may be one that wants its PIN, and invalid too: who hears this asks for more.
    if (sim !== undefined) this.#sim = sim === 'absent' ? 'absent' : undefined;
    const pin = urcValue(line, CPIN.name)?.state;
    if (pin !== undefined) this.#simSays(pin);
    this.#serves(urcValue(line, '^SRVST')?.service);
    for (const { name } of REGISTRATIONS) this.#registers(name, urcValue(line, name)?.status);
    this.#tell();
  }

  /** A command was answered, by anything. */
  answered({ command, ok, lines, number, final }: AtReply): void {
    if (ok) {
      const asked = asQuestion(command);
      for (const entry of [CPIN, PIN_COUNTS]) {
        if (asked === questionOf(entry)) this.#simSays(valueIn(entry, lines)?.state);
      }
      // The right PIN: the stick says so by the OK, and with luck by a URC.
      if (/^AT[+^]CPIN=/.test(asked)) this.#sim = 'ready';
      for (const entry of SERVICES) if (asked === questionOf(entry)) this.#serves(valueIn(entry, lines)?.service);
      for (const entry of REGISTRATIONS) {
        if (asked === questionOf(entry)) this.#registers(entry.name, valueIn(entry, lines)?.status);
      }
    } else if (number !== undefined && ['cme', 'cms'].includes(parseFinal(final)?.kind ?? '')) {
      const sim = SIM_ERRORS[number];
      if (sim !== undefined && !(sim === 'pin' && this.#sim === 'pin-refused')) this.#sim = sim;
    }
    this.#tell();
  }

  get #network(): NetworkCondition | undefined {
    const all = [...this.#registrations.values()];
    const service = this.#service;
    if (service === undefined && all.length === 0) return undefined;
    // T48: of registrations one that says no means little. The service is the whole of it.
    if (serves(service)) return 'registered';
    if (service === undefined && all.some(isIn)) return 'registered';
    if (all.includes('denied') || all.includes('emergency only') || service?.startsWith('restricted')) return 'denied';
    return all.includes('searching') ? 'searching' : 'none';
  }

  #simSays(state: string | undefined): void {
    const sim = state === undefined ? undefined : SIM_STATES[state];
    if (sim !== undefined && !(sim === 'pin' && this.#sim === 'pin-refused')) this.#sim = sim;
  }

  #serves(service: SystemInfo['service']): void {
    if (service === undefined || service === this.#service) return;
    this.#service = service;
    // What was said before was about another situation.
    this.#registrations.clear();
  }

  #registers(name: string, status: RegistrationStatus | undefined): void {
    if (status === undefined) return;
    this.#registrations.set(name, status);
    // Newer than the service that is known, or the stick never speaks of that.
    if (isIn(status) && !serves(this.#service)) this.#service = undefined;
  }

  #tell(): void {
    const now = JSON.stringify(this.now);
    if (now === this.#told) return;
    this.#told = now;
    this.#changed();
  }
}

/**
 * Asks for the service, once after the opening; where there is none, by what the registrations say, why. Refusals and silence
 * are no errors: the stick then does not tell.
 */
export async function askService(run: Run): Promise<void> {
  for (const entry of SERVICES) {
    const reply = await unlessSilent(run(questionOf(entry)));
    const service = reply?.ok ? valueIn(entry, reply.lines)?.service : undefined;
    if (serves(service)) return;
    if (service !== undefined) break;
  }
  for (const entry of [CEREG, CREG]) await unlessSilent(run(questionOf(entry)));
}
