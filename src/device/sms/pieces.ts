/** PDUs as they are seen again and again: each is read once, and its age is remembered. */

import { type Decoded, decodePdu, type StatusReport } from '../../at/sms/decode';
import type { Clock } from '../../host/host';
import type { Piece } from './assemble';
import { isPlaceKey, isTimeless, pduKey, placeKey } from './keys';
import type { Found, Place } from './stores';

/** Where a PDU is: in a store of the stick; without these only in the host's note. */
interface Where {
  store?: string;
  index?: number;
  /** As `+CMGL` told it at first; listing marks as read. */
  status?: number;
  /** The same as of the last look. */
  latest?: number;
  /** It has come while we were there. */
  announced?: boolean;
}

export type SeenMessage = Piece & Where;
export type SeenReport = Omit<Piece, 'decoded'> & Where & { decoded: StatusReport };
export type Seen = SeenMessage | SeenReport;

export const isReport = (seen: Seen): seen is SeenReport => seen.decoded.kind === 'report';
export const isMessage = (seen: Seen): seen is SeenMessage => !isReport(seen);

/** Reports that are to be looked at alone, at most. */
const MOST_REPORTS = 50;

const samePlace = (a: Place, b: Place): boolean => a.store === b.store && a.index === b.index;

export class Pieces {
  readonly #clock: Clock;
  /** By store, index and hex. */
  #memory = new Map<string, Seen>();
  #reports: readonly Place[] = [];
  #serial = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The keys of all that lies somewhere. */
  get keys(): ReadonlySet<string> {
    return new Set([...this.#memory.values()].map(({ key }) => key));
  }

  /** Places where status reports have been announced. */
  get reports(): readonly Place[] {
    return this.#reports;
  }

  announceReport(place: Place): void {
    this.doneWith(place);
    this.#reports = [...this.#reports, place].slice(-MOST_REPORTS);
  }

  doneWith(place: Place): void {
    this.#reports = this.#reports.filter((other) => !samePlace(other, place));
  }

  isTimeless(hex: string): boolean {
    return isTimeless(decodePdu(hex));
  }

  /**
   * All that was found in `stores`, and the PDUs that lie in none; what was written on this SIM, or sent from it, is apart.
   * `renewed` hears of keys that another PDU has now.
   */
  read(
    found: readonly Found[],
    stores: readonly string[],
    loose: readonly string[],
    renewed: (key: string) => void,
  ): { seen: Seen[]; written: Place[] } {
    const before = this.#memory;
    // What nobody could look at now is still there.
    const hidden = [...before].filter(([, { store }]) => store !== undefined && !stores.includes(store));
    this.#memory = new Map(hidden);
    const seen: Seen[] = [];
    const written: Place[] = [];
    for (const { hex, store, index, status, announced } of found) {
      const id = idOf(hex, store, index);
      const old = before.get(id);
      // Unread again: another one. Firmware that marks nothing as read shows the same one so each time.
      const another = status === 0 && (announced || old?.latest !== 0);
      const known = old && !(another && isPlaceKey(old.key)) ? old : undefined;
      const one = known ?? this.#read(hex, { store, index, status, announced });
      if (!one) {
        written.push({ store, index });
        continue;
      }
      if (!known && another && isPlaceKey(one.key)) renewed(one.key);
      one.latest = status;
      this.#memory.set(id, one);
      seen.push(one);
    }
    const reports = seen.filter(isReport);
    this.#reports = this.#reports.filter((place) =>
      reports.some(({ store, index }) => store === place.store && index === place.index),
    );
    return { seen: [...seen, ...this.loose(loose)], written };
  }

  /** One PDU that was read apart from the others; undefined for one that was written here. */
  take(hex: string, where: Place & { status: number }): Seen | undefined {
    const id = idOf(hex, where.store, where.index);
    const one = this.#memory.get(id) ?? this.#read(hex, where);
    if (one) this.#memory.set(id, one);
    return one;
  }

  /** PDUs without a place in a store. */
  loose(list: readonly string[]): Seen[] {
    return list.flatMap((hex) => {
      const id = idOf(hex);
      const one = this.#memory.get(id) ?? this.#read(hex, {});
      if (!one) return [];
      // Of those that cannot be told apart each is one of its own, each time.
      if (!isTimeless(one.decoded)) this.#memory.set(id, one);
      return one;
    });
  }

  #read(hex: string, where: Where): Seen | undefined {
    const decoded: Decoded = decodePdu(hex);
    if (decoded.kind === 'submit') return undefined;
    const { store, index } = where;
    const place = store === undefined ? `${this.#clock.date().getTime()} ${this.#serial++}` : `${store} ${index}`;
    const key = isTimeless(decoded) ? placeKey(hex, place) : pduKey(hex);
    return { ...where, key, hex, since: this.#clock.now(), decoded } as Seen;
  }
}

const idOf = (hex: string, store = '', index = -1): string => `${store} ${index} ${hex}`;
