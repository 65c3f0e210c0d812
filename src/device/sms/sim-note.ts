/** The note about one SIM: what has been handed over, what is still to come. A file of the host, `sms-<hash>.json`. */

import { createHash } from 'node:crypto';
import { type DriverError, failure } from '../../errors';
import type { Host } from '../../host/host';

const VERSION = 2;

/** A part that was sent and whose status reports are awaited. */
export interface Awaited {
  /** As `+CMGS` gave it. */
  ref: number;
  /** As it was dialled. */
  to: string;
  /** From 1. */
  part: number;
  parts: number;
  /** When it was sent, and when nobody waits any more: wall clock, ms. */
  at: number;
  until: number;
  /** Who is to be told, in the words of {@link SendRequest.report}. */
  owner: string;
  tag?: unknown;
}

export interface NoteContent {
  /** Keys of PDUs, behind some a mark, see known.ts. */
  keys: string[];
  /** The same in the form of version 0.1, which had no other. */
  old: string[];
  /** PDUs that the stick has handed on without storing them. */
  loose: string[];
  /** Stores that have been looked through once. */
  stores: string[];
  /** Reports that are still to come. */
  reports: Awaited[];
}

/**
 * `none`: this SIM was never seen. `old`: as version 0.1 wrote it. `damaged`: it says nothing any more. `newer`: of a
 * later version, which is left as it is: then nothing outlives this process.
 */
export type NoteState = 'none' | 'ours' | 'old' | 'damaged' | 'newer';

/** What cannot be written because a newer note is in the way. */
const unwritten = new WeakMap<Host, Map<string, Readonly<NoteContent>>>();

const EMPTY: NoteContent = { keys: [], old: [], loose: [], stores: [], reports: [] };

export class SimNote {
  readonly state: NoteState;
  readonly name: string;
  readonly #host: Host;
  #content: Readonly<NoteContent>;

  /** `sim`: what tells this SIM from others (its IMSI); only a hash of it is used. */
  constructor(host: Host, sim: string) {
    this.#host = host;
    this.name = `sms-${createHash('sha256').update(sim).digest('hex').slice(0, 16)}`;
    const { state, content } = parse(host.readNote(this.name));
    this.state = state;
    this.#content = state === 'newer' ? (unwritten.get(host)?.get(this.name) ?? content) : content;
  }

  get content(): Readonly<NoteContent> {
    return this.#content;
  }

  /** On the disk when this returns, as far as the host can. */
  change(change: Partial<NoteContent>): void {
    this.#content = { ...this.#content, ...change };
    if (this.state === 'newer') {
      const own = unwritten.get(this.#host) ?? new Map<string, Readonly<NoteContent>>();
      unwritten.set(this.#host, own.set(this.name, this.#content));
      return;
    }
    this.#host.writeNote(this.name, JSON.stringify({ version: VERSION, ...this.#content }));
  }

  /** What people should know of it. */
  get problem(): DriverError | undefined {
    if (this.state !== 'newer') return undefined;
    return failure('FILE_UNREADABLE/newer-sms-note', { note: this.name });
  }
}

function parse(text: string | undefined): { state: NoteState; content: NoteContent } {
  if (text === undefined) return { state: 'none', content: EMPTY };
  let note: Record<string, unknown>;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('no note');
    note = value as Record<string, unknown>;
  } catch {
    return { state: 'damaged', content: EMPTY };
  }
  const { version, keys, loose } = note;
  if (version === undefined) {
    return { state: 'old', content: { ...EMPTY, old: texts(keys), loose: texts(loose) } };
  }
  if (version !== VERSION) {
    return { state: typeof version === 'number' && version > VERSION ? 'newer' : 'damaged', content: EMPTY };
  }
  const { old, stores, reports } = note;
  const content = {
    keys: texts(keys),
    old: texts(old),
    loose: texts(loose),
    stores: texts(stores),
    reports: Array.isArray(reports) ? reports.filter(isAwaited) : [],
  };
  return { state: 'ours', content };
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];

function isAwaited(value: unknown): value is Awaited {
  if (typeof value !== 'object' || value === null) return false;
  const { ref, to, part, parts, at, until, owner } = value as Record<string, unknown>;
  const numbers = [ref, part, parts, at, until].every((number) => typeof number === 'number');
  return numbers && typeof to === 'string' && typeof owner === 'string';
}
