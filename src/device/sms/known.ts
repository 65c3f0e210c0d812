/**
 * What has been handed over already, per SIM, so that every message is delivered once however often the process is
 * restarted, whether it is deleted or not. The note holds hashes, and the PDUs that the stick has handed on without
 * storing them.
 */

import type { Decoded } from '../../at/sms/decode';
import { contentKey, isPlaceKey, KEY_LENGTH } from './keys';
import type { SimNote } from './sim-note';

/** Hashes that are remembered although nothing in the stores has them: the network may repeat a message much later. */
const REMEMBERED = 512;
/** Hashes of what is stored: more than any store holds. */
const MOST = 4_096;
/** PDUs without a place in a store at most, and the longest hex of one. */
const LOOSE = 100;
const LONGEST = 1_024;

/** A PDU; without an index it has no place in a store. */
export interface Handed {
  key: string;
  hex: string;
  index?: number;
}

type Asked = Handed & { decoded: Decoded };

/** What became of a message: handed over and kept, handed over and to be deleted, or left alone: nobody wanted it. */
export type Fate = 'kept' | 'deleted' | 'ignored';

const MARKS: Readonly<Record<Fate, string>> = { kept: '', deleted: '-', ignored: '~' };

export class Known {
  readonly note: SimNote;
  /** In the order in which they were handed over. What is deleted is deleted wherever it turns up. */
  readonly #keys: Map<string, Fate>;
  /** The same in the form of version 0.1; goes as new ones come. */
  readonly #old: Map<string, Fate>;
  #loose: readonly string[];
  readonly #stores: Set<string>;

  constructor(note: SimNote) {
    this.note = note;
    const { keys, old, loose, stores } = note.content;
    this.#keys = fatesOf(keys);
    this.#old = fatesOf(old);
    this.#loose = loose;
    this.#stores = new Set(stores);
  }

  /** Undefined for what has not been seen yet. */
  fate({ key, hex, decoded }: Asked): Fate | undefined {
    const fate = this.#keys.get(key);
    if (fate || this.#old.size === 0) return fate;
    const old = this.#old.get(contentKey(decoded, hex));
    if (old) this.#keys.set(key, old);
    return old;
  }

  /** Of a message with one of `keys`, as the other mode of its stick knew it. */
  fateOf(keys: readonly string[]): Fate | undefined {
    return keys.map((key) => this.#keys.get(key)).find((fate) => fate !== undefined);
  }

  handedOver(piece: Asked): boolean {
    const fate = this.fate(piece);
    return fate !== undefined && fate !== 'ignored';
  }

  /** What has this key is another one from now on. */
  forget(key: string): void {
    if (this.#keys.delete(key)) this.#write();
  }

  /** PDUs that came without a place in a store and wait for the rest of their message. */
  get loose(): readonly string[] {
    return this.#loose;
  }

  /** `again`: also if there is one like it. */
  keepLoose(hex: string, again: boolean): void {
    if (hex.length > LONGEST || (!again && this.#loose.includes(hex))) return;
    this.#loose = [...this.#loose, hex].slice(-LOOSE);
    this.#write();
  }

  /** True for a store that was looked through before, in this life or another. */
  hasSeen(store: string): boolean {
    return this.#stores.has(store);
  }

  see(stores: Iterable<string>): void {
    const before = this.#stores.size;
    for (const store of stores) this.#stores.add(store);
    if (this.#stores.size > before) this.#write();
  }

  /**
   * Remembers what became of `pieces`. `stored` are the keys of all that is in the stores: they stay, of others only the
   * newest.
   */
  add(pieces: readonly Handed[], stored: ReadonlySet<string>, fate: Fate): void {
    for (const { key } of pieces) {
      this.#keys.delete(key);
      this.#keys.set(key, fate);
    }
    const others = [...this.#keys.keys()].filter((key) => !stored.has(key));
    // What was known by its place is another one when it lies there again.
    const gone = others.filter((key, i) => isPlaceKey(key) || i < others.length - REMEMBERED);
    for (const key of gone) this.#keys.delete(key);
    for (const key of [...this.#keys.keys()].slice(0, -MOST)) this.#keys.delete(key);
    const room = Math.max(0, REMEMBERED - (others.length - gone.length));
    for (const key of [...this.#old.keys()].slice(0, Math.max(0, this.#old.size - room))) this.#old.delete(key);
    this.#dropLoose(pieces.filter(({ index }) => index === undefined).map(({ hex }) => hex));
    this.#write();
  }

  #dropLoose(done: readonly string[]): void {
    const left = [...this.#loose];
    for (const hex of done) {
      const at = left.indexOf(hex);
      if (at >= 0) left.splice(at, 1);
    }
    this.#loose = left;
  }

  #write(): void {
    this.note.change({
      keys: listOf(this.#keys),
      old: listOf(this.#old),
      loose: [...this.#loose],
      stores: [...this.#stores],
    });
  }
}

const listOf = (fates: ReadonlyMap<string, Fate>): string[] => [...fates].map(([key, fate]) => key + MARKS[fate]);

const fatesOf = (marked: readonly string[]): Map<string, Fate> =>
  new Map(marked.map((key) => [key.slice(0, KEY_LENGTH), fateOf(key)]));

function fateOf(marked: string): Fate {
  if (marked.endsWith(MARKS.deleted)) return 'deleted';
  return marked.endsWith(MARKS.ignored) ? 'ignored' : 'kept';
}
