/**
 * What has been handed over already: kept in a note of the host, per SIM, so that every message is delivered once however
 * often the process is restarted, whether it is deleted or not. The note holds hashes, and the PDUs that the stick has
 * handed on without storing them.
 */

import { createHash } from 'node:crypto';
import type { Decoded } from '../../at/sms/decode';
import type { Host } from '../../host/host';

/** Hashes that are remembered although nothing in the store has them: the network may repeat a message much later. */
const REMEMBERED = 512;
/** PDUs without a place in the store at most. */
const LOOSE = 100;

/**
 * What a message is known by: its content, not its octets, for a repeated one may say "no more to come" where the first
 * one said "more". Two messages alike in sender, time (to the second) and text are one.
 */
export function contentKey(decoded: Decoded, hex: string): string {
  return createHash('sha256')
    .update(JSON.stringify(contentOf(decoded, hex)))
    .digest('hex')
    .slice(0, 16);
}

/** In an order that later versions keep: a changed key would be a new message. */
function contentOf(decoded: Decoded, hex: string): unknown[] {
  switch (decoded.kind) {
    case 'deliver': {
      const { from, time, text, data, part } = decoded;
      return ['deliver', from, time, text, data, part?.reference, part?.total, part?.sequence];
    }
    case 'submit':
      return ['submit', decoded.to, decoded.text];
    case 'report':
      return ['report', decoded.to, decoded.reference, decoded.sent, decoded.time, decoded.status];
    case 'undecodable':
      return ['raw', hex];
  }
}

interface Note {
  /** {@link contentKey}s, behind some a mark: `-` = to be deleted, `~` = wanted by nobody. */
  keys: string[];
  loose: string[];
}

/** A PDU that was handed over; without an index it has no place in the store. */
export interface Handed {
  key: string;
  hex: string;
  index?: number;
}

/** What became of a message: handed over and kept, handed over and to be deleted, or left alone: nobody wanted it. */
export type Fate = 'kept' | 'deleted' | 'ignored';

const MARKS: Readonly<Record<Fate, string>> = { kept: '', deleted: '-', ignored: '~' };

export class Known {
  /** False until anything has ever been noted for this SIM. */
  readonly isNew: boolean;
  readonly #host: Host;
  readonly #name: string;
  /** In the order in which they were handed over. What is deleted is deleted wherever it turns up. */
  readonly #keys: Map<string, Fate>;
  #loose: string[];

  /** `sim`: what tells this SIM from others (its IMSI); only a hash of it is used. */
  constructor(host: Host, sim: string) {
    this.#host = host;
    this.#name = `sms-${createHash('sha256').update(sim).digest('hex').slice(0, 16)}`;
    const note = read(host.readNote(this.#name));
    this.isNew = note === undefined;
    this.#keys = new Map(note?.keys.map((key) => [key.slice(0, 16), fateOf(key)]));
    this.#loose = note?.loose ?? [];
  }

  /** Undefined for what has not been seen yet. */
  fate(key: string): Fate | undefined {
    return this.#keys.get(key);
  }

  handedOver(key: string): boolean {
    const fate = this.#keys.get(key);
    return fate !== undefined && fate !== 'ignored';
  }

  /** PDUs that came without a place in the store and wait for the rest of their message. */
  get loose(): readonly string[] {
    return this.#loose;
  }

  keepLoose(hex: string): void {
    if (this.#loose.includes(hex)) return;
    this.#loose = [...this.#loose, hex].slice(-LOOSE);
    this.#write();
  }

  /**
   * Remembers what became of `pieces`. `stored` are the keys of all that is in the store: they stay, of others only the
   * newest.
   */
  add(pieces: readonly Handed[], stored: ReadonlySet<string>, fate: Fate): void {
    for (const { key } of pieces) {
      this.#keys.delete(key);
      this.#keys.set(key, fate);
    }
    const others = [...this.#keys.keys()].filter((key) => !stored.has(key));
    for (const key of others.slice(0, -REMEMBERED)) this.#keys.delete(key);
    const done = new Set(pieces.filter(({ index }) => index === undefined).map(({ hex }) => hex));
    if (done.size > 0) this.#loose = this.#loose.filter((hex) => !done.has(hex));
    this.#write();
  }

  #write(): void {
    const keys = [...this.#keys].map(([key, fate]) => key + MARKS[fate]);
    const note: Note = { keys, loose: this.#loose };
    this.#host.writeNote(this.#name, JSON.stringify(note));
  }
}

function fateOf(marked: string): Fate {
  if (marked.endsWith(MARKS.deleted)) return 'deleted';
  return marked.endsWith(MARKS.ignored) ? 'ignored' : 'kept';
}

function read(text: string | undefined): Note | undefined {
  if (text === undefined) return undefined;
  const list = (value: unknown) => (Array.isArray(value) ? value.filter((v) => typeof v === 'string') : []);
  try {
    const note = JSON.parse(text) as Partial<Note>;
    return { keys: list(note.keys), loose: list(note.loose) };
  } catch {
    // Damaged: better a message twice than the next one taken for an old one.
    return { keys: [], loose: [] };
  }
}
