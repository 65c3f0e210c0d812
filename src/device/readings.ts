/**
 * What a stick has told lately, to whoever asked: for those who show it and ask nothing themselves. It is read off answers and
 * URCs that come anyway, like the outlook (`at/outlook.ts`), and off what the web API of a stick in HiLink mode answers.
 */

import { asQuestion, questionOf, valueIn } from '../at/commands/entry';
import { COPS } from '../at/commands/registration';
import { CSQ, HCSQ } from '../at/commands/signal';
import { PIN_COUNTS } from '../at/commands/sim';
import { urcValue } from '../at/commands/value';
import type { AtReply } from '../at/reply';
import { levelsIn } from '../at/sms/store';
import { Listeners } from '../listeners';
import { known } from '../values/shape';
import { barsOf } from '../values/signal';
import type { Status } from '../values/status';

export type SignalReading = NonNullable<Status['signal']>;

/** Of a store: messages in it, and how many it holds. */
export interface StoreReading {
  used: number;
  total: number;
}

/** One figure for each time; dBm, dB. */
export interface SignalPoint extends Pick<SignalReading, 'rssi' | 'rsrp' | 'rsrq' | 'sinr' | 'rscp' | 'bars'> {
  /** On the host's clock, milliseconds. */
  at: number;
}

/** What is not known is missing. */
export interface Reading {
  signal?: SignalReading;
  operator?: string;
  pinTries?: number;
  pukTries?: number;
  messages?: StoreReading;
  /** When the last of it was told: on the host's clock, milliseconds. */
  at?: number;
}

/** How long signals are kept, and how close to each other, milliseconds. */
const KEPT_MS = 3_600_000;
const APART_MS = 5_000;

export class Readings {
  readonly #now: () => number;
  readonly #changed = new Listeners<void>();
  #address: number | undefined;
  #latest: Reading = {};
  #signals: SignalPoint[] = [];

  /** `now` is the host's clock. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** USB address of the enumeration that it is about. */
  get address(): number | undefined {
    return this.#address;
  }

  /** A copy. */
  get latest(): Reading {
    return structuredClone(this.#latest);
  }

  /** The signals of the last hour, oldest first; a copy. */
  get signals(): SignalPoint[] {
    this.#drop();
    return structuredClone(this.#signals);
  }

  /** Calls `listener` whenever something was told. Returns how to stop that. */
  on(listener: () => void): () => void {
    return this.#changed.add(listener);
  }

  /** What is told from now on is told by the one at this USB address: what another enumeration told is dropped. */
  from(address: number): void {
    if (address === this.#address) return;
    this.#address = address;
    if (this.#latest.at === undefined) return;
    this.#latest = {};
    this.#signals = [];
    this.#changed.tell();
  }

  /** A command was answered, by anything. */
  answered({ command, ok, lines }: AtReply): void {
    if (!ok) return;
    const asked = asQuestion(command);
    if (asked === questionOf(HCSQ)) this.#signal(valueIn(HCSQ, lines), true);
    // Less exact than the other one, which stands until something newer says otherwise.
    if (asked === questionOf(CSQ)) this.#signal(valueIn(CSQ, lines), false);
    if (asked === questionOf(COPS)) {
      const found = valueIn(COPS, lines);
      this.#tell({ operator: found?.operator ?? found?.plmn });
    }
    if (asked === questionOf(PIN_COUNTS)) {
      const found = valueIn(PIN_COUNTS, lines);
      this.#tell({ pinTries: found?.pinTries, pukTries: found?.pukTries });
    }
    if (asked.startsWith('AT+CPMS')) this.#store(lines);
  }

  heard(line: string): void {
    const signal = urcValue(line, HCSQ.name);
    if (signal) this.#signal(signal, true);
  }

  /** A status by the web API, in the words of the AT side. */
  status({ signal, network, sim }: Status): void {
    if (signal) this.#signal(signal, true);
    this.#tell({ operator: network?.operator, pinTries: sim?.pinTries, pukTries: sim?.pukTries });
  }

  /** How many messages there are, by the web API. */
  messages(store: StoreReading): void {
    this.#tell({ messages: { ...store } });
  }

  #signal(signal: SignalReading | undefined, exact: boolean): void {
    if (!signal) return;
    const before = this.#latest.signal;
    if (!exact && (before?.rsrp ?? before?.rscp) !== undefined) return;
    const bars = signal.bars ?? barsOf(signal);
    this.#tell({ signal: known({ ...signal, bars }) });
    const { rssi, rsrp, rsrq, sinr, rscp } = signal;
    const at = this.#now();
    const point = { at, ...known({ rssi, rsrp, rsrq, sinr, rscp, bars }) };
    const last = this.#signals.at(-1);
    if (last && at - last.at < APART_MS) this.#signals.pop();
    this.#signals.push(last && at - last.at < APART_MS ? { ...point, at: last.at } : point);
    this.#drop();
  }

  #store(lines: readonly string[]): void {
    const [used, total] = levelsIn(lines);
    if (used !== undefined && total !== undefined) this.#tell({ messages: { used, total } });
  }

  #drop(): void {
    const oldest = this.#now() - KEPT_MS;
    const first = this.#signals.findIndex(({ at }) => at >= oldest);
    this.#signals.splice(0, first < 0 ? this.#signals.length : first);
  }

  #tell(news: { [K in keyof Reading]: Reading[K] | undefined }): void {
    const told = known(news);
    if (Object.keys(told).length === 0) return;
    this.#latest = { ...this.#latest, ...told, at: this.#now() };
    this.#changed.tell();
  }
}
