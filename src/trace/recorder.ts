/**
 * What is recorded, from the tap to the file: records are scanned before they are written, and those that still look private are
 * not. Never more in memory than a few seconds' worth, never more in the file than its limit.
 */

import type { Clock } from '../host/host';
import type { EndRecord, Start, TraceRecord } from '../record/format';
import { VERSION } from '../record/format';
import { Settled } from '../unproven/settled';
import { Pseudonyms } from './pseudonyms';
import { bordersPrivate, contentOf, looksPrivate, stringsIn } from './scan';

/** Where a trace goes. `begin`: a new file, the one before is kept as the only older one. Neither throws. */
export interface TraceSink {
  begin(): void;
  append(text: string): void;
}

export interface RecorderOptions {
  clock: Clock;
  sink: TraceSink;
  /** Octets of a file; twice as many are on the disk at most. */
  most?: number;
  /** Made at random without it. */
  names?: Pseudonyms;
  source?: string;
  /** False for virtual sticks: nothing is settled by them. */
  proves?: boolean;
}

const MOST = 4 << 20;
/** Records that wait for the one behind them, over whose border is looked. */
const WAITING = 64;

/** What is told at the end. */
export type Summary = Pick<EndRecord, 'settles' | 'contradicts' | 'withheld'> & { records: number };

export class Recorder {
  readonly names: Pseudonyms;
  readonly #clock: Clock;
  readonly #sink: TraceSink;
  readonly #most: number;
  readonly #start: Start;
  readonly #began: number;
  readonly #settled = new Settled();
  readonly #proves: boolean;
  /** Scanned by themselves, not written yet. */
  #waiting: { record: TraceRecord; content: string[] }[] = [];
  #written = 0;
  #records = 0;
  #withheld = 0;
  #lastBus: TraceRecord | undefined;
  #flushers = new Set<() => void>();
  #over = false;

  constructor({
    clock,
    sink,
    most = MOST,
    names = new Pseudonyms(),
    source = 'e3272',
    proves = true,
  }: RecorderOptions) {
    this.#proves = proves;
    this.names = names;
    this.#clock = clock;
    this.#sink = sink;
    this.#most = most;
    this.#began = clock.now();
    this.#start = { kind: 'trace', version: VERSION, id: `trace-${this.names.label}`, source };
    this.#begin();
  }

  /** Milliseconds from the start. */
  now(): number {
    return Math.round(this.#clock.now() - this.#began);
  }

  /** Asked at the end for what is not complete yet. Returns how to stop that. */
  onFlush(flush: () => void): () => void {
    this.#flushers.add(flush);
    return () => this.#flushers.delete(flush);
  }

  /** `record` has been redacted. */
  add(record: TraceRecord): void {
    if (this.#over) return;
    const strings = stringsIn(record);
    const looked = looksPrivate(this.names, strings) ? withheld(record, strings) : record;
    if (looked !== record) this.#withheld++;
    this.#waiting.push({ record: looked, content: contentOf(looked) });
    if (this.#waiting.length >= WAITING) this.#write(1);
  }

  /** Writes all, and what it proves. Once more is harmless. */
  end(): Summary {
    if (!this.#over) {
      for (const flush of [...this.#flushers]) flush();
      this.#write(0);
      this.#put({ kind: 'end', t: this.now(), ...this.#points(), withheld: this.#withheld });
      this.#over = true;
    }
    return { ...this.#points(), withheld: this.#withheld, records: this.#records };
  }

  #points(): Pick<EndRecord, 'settles' | 'contradicts'> {
    return this.#proves ? this.#settled.points() : { settles: [], contradicts: [] };
  }

  /** All but the last `keep` records. */
  #write(keep: number): void {
    for (let at = 1; at < this.#waiting.length; at++) {
      const [before, after] = [this.#waiting[at - 1], this.#waiting[at]];
      if (!before || !after || !bordersPrivate(this.names, before.content, after.content)) continue;
      for (const one of [before, after]) {
        one.record = withheld(one.record, one.content);
        one.content = [];
        this.#withheld++;
      }
    }
    for (const { record } of this.#waiting.splice(0, Math.max(0, this.#waiting.length - keep))) {
      this.#settled.see(record);
      this.#put(record);
    }
  }

  #put(record: TraceRecord): void {
    const line = `${JSON.stringify(record)}\n`;
    if (this.#written + line.length > this.#most && this.#written > 0) this.#begin();
    if (record.kind === 'bus') this.#lastBus = record;
    this.#append(line);
  }

  /** Each file can be read by itself. */
  #begin(): void {
    this.#written = 0;
    this.#sink.begin();
    this.#append(`${JSON.stringify(this.#start)}\n`);
    if (this.#lastBus) this.#append(`${JSON.stringify(this.#lastBus)}\n`);
  }

  #append(line: string): void {
    this.#written += line.length;
    this.#records++;
    this.#sink.append(line);
  }
}

const withheld = (record: TraceRecord, strings: readonly string[]): TraceRecord =>
  record.kind === 'withheld'
    ? record
    : { kind: 'withheld', what: record.kind ?? 'hilink', bytes: strings.join('').length };
