/**
 * What a gateway wants to know of its stick, asked in one call: signal, network, SIM, data, temperature, identity. Only
 * questions are sent, never one about messages: reading them would mark them as read.
 */

import type { AtRunner } from '../at/ask';
import { DSFLOWQRY, NDISSTATQRY } from '../at/commands/data';
import { CHIPTEMP } from '../at/commands/device';
import { type Entry, questionOf, valueIn } from '../at/commands/entry';
import { ATI, CGSN, FHVER } from '../at/commands/identity';
import { SYSINFO, SYSINFOEX } from '../at/commands/network';
import { CEREG, CGREG, COPS, CREG } from '../at/commands/registration';
import { CSQ, HCSQ } from '../at/commands/signal';
import { CIMI, CPIN, ICCID, ICCID_FILE, PIN_COUNTS } from '../at/commands/sim';
import type { AtReply } from '../at/reply';
import { isDriverError } from '../errors';
import type { DataStatus } from '../values/data';
import type { IdentityStatus } from '../values/identity';
import type { NetworkStatus } from '../values/network';
import { isRoaming, type Registration } from '../values/registration';
import type { SystemInfo } from '../values/service';
import { known, knownOrNothing, type Member, type TypeOf } from '../values/shape';
import { barsOf } from '../values/signal';
import type { SimStatus } from '../values/sim';
import type { Status, StatusPart } from '../values/status';
import { hottest } from '../values/temperature';

export interface StatusOptions {
  parts: readonly StatusPart[];
  /** IMEI, IMSI and ICCID too, with the part `identity`. */
  personal?: boolean | undefined;
  signal?: AbortSignal | undefined;
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

/** What a question of this reader is. */
type Question<S extends Member> = Pick<Entry<string, S>, 'name' | 'forms' | 'value' | 'needsSim' | 'line' | 'reply'>;

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
    const wanted = (part: StatusPart): boolean => parts.includes(part);
    const signal = wanted('signal') ? await this.#readSignal() : undefined;
    const info = wanted('network') ? await this.#systemInfo() : undefined;
    const network = wanted('network') ? await this.#network(info) : undefined;
    const sim = wanted('sim') ? ((await this.#sim()) ?? simOf(info)) : undefined;
    const data = wanted('data') ? await this.#data() : undefined;
    const chips = wanted('temperature') ? await this.#ask(CHIPTEMP) : undefined;
    const identity = wanted('identity') ? await this.#identity(personal) : undefined;
    return known({ signal, network, sim, data, temperature: chips && hottest(chips), identity });
  }

  async #readSignal(): Promise<Status['signal']> {
    const signal = (await this.#ask(HCSQ)) ?? (await this.#ask(CSQ));
    return signal && knownOrNothing({ ...signal, bars: barsOf(signal) });
  }

  async #systemInfo(): Promise<SystemInfo | undefined> {
    return (await this.#ask(SYSINFOEX)) ?? (await this.#ask(SYSINFO));
  }

  async #network(info: SystemInfo | undefined): Promise<NetworkStatus | undefined> {
    const now = await this.#ask(COPS);
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
    for (const question of [CEREG, CREG, CGREG]) {
      const found = await this.#ask(question);
      if (found?.registered) return found;
      if (found && (!best || best.status === 'idle')) best = found;
    }
    return best;
  }

  async #sim(): Promise<SimStatus | undefined> {
    const tries = await this.#ask(PIN_COUNTS);
    if (tries) return known({ state: tries.state, pinTries: tries.pinTries, pukTries: tries.pukTries });
    const reply = await this.#run(CPIN);
    const state = reply && (SIM_ERRORS[reply.number ?? 0] ?? valueIn(CPIN, reply.lines)?.state);
    return state === undefined ? undefined : { state };
  }

  async #data(): Promise<DataStatus | undefined> {
    const connection = await this.#ask(NDISSTATQRY);
    const flow = await this.#ask(DSFLOWQRY);
    return knownOrNothing({ connection: (connection?.ipv4 ?? connection?.ipv6)?.state, ...flow });
  }

  async #identity(personal: boolean): Promise<IdentityStatus | undefined> {
    const { manufacturer, model, revision, imei } = (await this.#ask(ATI)) ?? {};
    const hardware = (await this.#ask(FHVER))?.hardware;
    return knownOrNothing({
      manufacturer,
      model,
      revision,
      hardware,
      imei: personal ? (imei ?? (await this.#ask(CGSN))) : undefined,
      imsi: personal ? await this.#ask(CIMI) : undefined,
      iccid: personal ? ((await this.#ask(ICCID)) ?? (await this.#ask(ICCID_FILE))) : undefined,
    });
  }

  async #ask<S extends Member>(question: Question<S>): Promise<TypeOf<S> | undefined> {
    const reply = await this.#run(question);
    return reply?.ok ? valueIn(question, reply.lines) : undefined;
  }

  /** The reply, a refusal too; undefined for a command that this stick does not answer. */
  async #run(question: Question<Member>): Promise<AtReply | undefined> {
    const command = questionOf(question);
    if (this.#refused.has(command)) return undefined;
    const signal = this.#signal;
    try {
      const reply = await this.#at.run(command, signal ? { signal } : {});
      this.#lastSilent = false;
      this.#answered = true;
      this.#silent.delete(command);
      if (!reply.ok && isUnknown(reply, question)) this.#refused.add(command);
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
function isUnknown({ final, number }: AtReply, { needsSim }: Question<Member>): boolean {
  if (number !== undefined) return number === NOT_SUPPORTED;
  return final !== 'ERROR' || !needsSim;
}

/** For a stick that says ERROR and no more: `^SYSINFOEX` tells whether there is a SIM. */
const simOf = (info: SystemInfo | undefined): SimStatus | undefined =>
  info?.sim === 'absent' ? { state: 'NOT INSERTED' } : undefined;
