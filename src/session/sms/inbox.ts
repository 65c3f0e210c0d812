/**
 * The received messages of one SIM: looks into the store when the stick announces one, and from time to time; hands each
 * message over once, as a whole, and deletes it if that is wished.
 */

import type { Urc } from '../../at/channel';
import { lineValue, splitFields } from '../../at/fields';
import { type Decoded, decodePdu, type StatusReport } from '../../at/sms/decode';
import {
  type Ask,
  deleteMessage,
  listMessages,
  openStore,
  type Storage,
  selectStore,
  usePdus,
} from '../../at/sms/store';
import { type DriverError, isDriverError } from '../../errors';
import { type Host, sleep } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import { type Assembly, assemble, type Piece, type SmsMessage } from './assemble';
import { contentKey, type Fate, Known } from './known';

/** How often a stick that has announced a message is asked for it, see TIMEOUTS.sms.settle. */
const SETTLE_TRIES = 4;

/** Where a PDU is: in a store of the stick; without these only in the host's note. */
interface Where {
  store?: string;
  index?: number;
  /** As `+CMGL` told it at first; listing marks as read. */
  status?: number;
}

type Place = Piece & Where;
type StatusPlace = Omit<Piece, 'decoded'> & Where & { report: StatusReport };

/** One PDU in a store, for people who look after it. */
export interface StoredMessage {
  store: string;
  index: number;
  /** Nothing had read it before this session. */
  unread: boolean;
  handedOver: boolean;
  message?: Piece['decoded'];
  report?: StatusReport;
}

/** What the inbox tells, and what it wants to know. None of these may throw. */
export interface InboxOwner {
  /** True if somebody takes messages now. */
  wanted(): boolean;
  /** Hands a message over and says what becomes of it; undefined if nobody was there to say so. */
  message(message: SmsMessage): Fate | undefined;
  /** The same for a status report. */
  report(report: StatusReport): Fate | undefined;
  storage(storage: Storage): void;
  /** Milliseconds after which a message is handed over without the parts that have not come; undefined = never. */
  incompleteAfter(): number | undefined;
}

export class Inbox {
  readonly #host: Host;
  readonly #ask: Ask;
  readonly #owner: InboxOwner;
  #known: Known | undefined;
  /** What the last reading of the store was before anything had been noted. */
  #first = false;
  /** The store that receives. */
  #primary = 'SM';
  /** All stores with messages for us, the primary one first. */
  readonly #stores = new Set<string>();
  #selected = '';
  /** Announced and not seen in a list yet: store and index. */
  readonly #announced = new Map<string, number>();
  #listed = new Set<string>();
  /** Messages that were written on this SIM, or sent from it: where they are. */
  #written: Where[] = [];
  /** Why the stick would not delete a message, the first time in a look. */
  #refusal: DriverError | undefined;
  /** By store, index and hex: what has been read already, and when first. */
  #memory = new Map<string, Place | StatusPlace>();

  constructor(host: Host, ask: Ask, owner: InboxOwner) {
    this.#host = host;
    this.#ask = ask;
    this.#owner = owner;
  }

  /** To be called before the first look, and after each restart of the stick. `sim`: its IMSI. */
  async open(sim: string): Promise<void> {
    this.#known = new Known(this.#host, sim);
    this.#first = this.#known.isNew;
    await usePdus(this.#ask);
    const storage = await openStore(this.#ask);
    this.#stores.clear();
    this.#stores.add(storage.store);
    this.#primary = storage.store;
    this.#selected = storage.store;
  }

  /** Takes a URC; true if there is something to look for. */
  heard({ urc, line }: Urc): boolean {
    if (urc === '+CMTI' || urc === '+CDSI') {
      const [store = '', index = ''] = splitFields(lineValue(line, urc) ?? '');
      // Some sticks say -1: then the list tells.
      if (/^\d+$/.test(index)) this.#announced.set(`${store} ${index}`, SETTLE_TRIES);
      if (/^(SM|ME|MT)$/.test(store)) this.#stores.add(store);
      return true;
    }
    if (urc === '^SMMEMFULL') return true;
    if (urc !== '+CMT' && urc !== '+CDS') return false;
    const hex = line.split('\n')[1]?.trim() ?? '';
    if (hex !== '') this.#known?.keepLoose(hex.toUpperCase());
    return hex !== '';
  }

  /**
   * Reads all stores and hands over what is new. Errors of the commands; nothing is lost then. A message that the stick
   * does not delete keeps no other one from being handed over: resolves with the refusal, and the next look tries again.
   */
  async look(signal: AbortSignal): Promise<DriverError | undefined> {
    this.#refusal = undefined;
    const places = await this.#read(signal);
    const known = this.#known;
    if (!known) return undefined;
    const stored = new Set(places.map(({ key }) => key));
    const fresh: Place[] = [];
    for (const place of places) {
      const fate = known.fate(place.key);
      if (fate) {
        if (place.index === undefined) known.add([place], stored, fate);
        else if (fate === 'deleted') await this.#delete([place]);
      } else if ('report' in place) {
        const now = this.#owner.report(place.report);
        if (now) known.add([place], stored, now);
        if (now === 'deleted') await this.#delete([place]);
      } else fresh.push(place);
    }
    if (this.#owner.wanted()) await this.#handOver(fresh, stored, known, signal);
    await this.#select(this.#primary);
    return this.#refusal;
  }

  async #handOver(fresh: Place[], stored: ReadonlySet<string>, known: Known, signal: AbortSignal): Promise<void> {
    const existing = this.#first;
    for (const { message, pieces, ...rest } of assemble(fresh)) {
      if (!this.#due(rest)) continue;
      signal.throwIfAborted();
      // In one turn with the note: a restart in between would hand it over again.
      const fate = this.#owner.message({ ...message, ...(existing && { existing: true as const }) });
      if (!fate) continue;
      known.add(pieces, stored, fate);
      if (fate === 'deleted') await this.#delete(pieces);
    }
    this.#first = false;
    // Also where there was nothing: from now on a message is a new one.
    if (existing) known.add([], stored, 'kept');
  }

  /** Everything in the stores, as it stands. Nothing is handed over by this. */
  async list(signal: AbortSignal): Promise<StoredMessage[]> {
    const places = await this.#read(signal);
    const list = places.map((place) => {
      const { store = '', index = -1, key, status = 0 } = place;
      const what = 'report' in place ? { report: place.report } : { message: place.decoded };
      return { store, index, unread: status === 0, handedOver: this.#known?.handedOver(key) ?? false, ...what };
    });
    await this.#select(this.#primary);
    return list;
  }

  /**
   * Deletes what has been handed over, or with `all` everything, also what was written here. Returns how many. A refusal is
   * thrown when the rest has been deleted.
   */
  async clear(all: boolean, signal: AbortSignal): Promise<number> {
    this.#refusal = undefined;
    const places = await this.#read(signal);
    const chosen = places.filter(({ key, index }) => index !== undefined && (all || this.#known?.handedOver(key)));
    const written = all ? this.#written : [];
    await this.#delete([...chosen, ...written]);
    await this.#select(this.#primary);
    if (this.#refusal) throw this.#refusal;
    return chosen.length + written.length;
  }

  #due({ complete, since }: Pick<Assembly, 'complete' | 'since'>): boolean {
    if (complete) return true;
    const after = this.#owner.incompleteAfter();
    return after !== undefined && this.#host.clock.now() - since >= after;
  }

  /** Everything in the stores, and what is only in the note. Messages that were written here are left out. */
  async #read(signal: AbortSignal): Promise<(Place | StatusPlace)[]> {
    const memory = new Map<string, Place | StatusPlace>();
    const listed = new Set<string>();
    const written: Where[] = [];
    const take = (hex: string, where: Where = {}) => {
      const id = `${where.store} ${where.index} ${hex}`;
      const place = this.#memory.get(id) ?? this.#place(hex, where);
      if (place) memory.set(id, place);
      else written.push(where);
    };
    for (const store of [...this.#stores]) {
      for (let again = true; again; ) {
        const storage = await this.#enter(store);
        if (!storage) break;
        // An answer without numbers says nothing.
        const list =
          storage.used > 0 || storage.total === 0 ? await listMessages(this.#ask, store, store === this.#primary) : [];
        for (const { index } of list) listed.add(`${store} ${index}`);
        again = this.#patience(store, listed);
        if (again) await sleep(this.#host.clock, TIMEOUTS.sms.settle, signal);
        else for (const { index, hex, status } of list) take(hex, { store, index, status });
      }
    }
    for (const hex of this.#known?.loose ?? []) take(hex);
    this.#listed = listed;
    this.#memory = memory;
    this.#written = written;
    return [...memory.values()];
  }

  /** Selects `store` and tells how full it is; undefined if the stick refuses one that it has named itself. */
  async #enter(store: string): Promise<Storage | undefined> {
    const primary = store === this.#primary;
    try {
      const storage = await selectStore(this.#ask, store, primary);
      this.#selected = store;
      if (primary) this.#owner.storage(storage);
      return storage;
    } catch (error) {
      if (primary || !isDriverError(error, 'AT_ERROR', 'CME_ERROR', 'CMS_ERROR')) throw error;
      this.#stores.delete(store);
      return undefined;
    }
  }

  async #select(store: string): Promise<void> {
    if (store === this.#selected) return;
    await selectStore(this.#ask, store, store === this.#primary);
    this.#selected = store;
  }

  /** True if a message that was announced for `store` has not shown up in it yet, and may still do so. */
  #patience(store: string, listed: ReadonlySet<string>): boolean {
    let wait = false;
    for (const [id, tries] of this.#announced) {
      if (!id.startsWith(`${store} `)) continue;
      // Seen now, or by the look before this one, which has deleted it.
      if (listed.has(id) || this.#listed.has(id) || tries === 0) this.#announced.delete(id);
      else {
        this.#announced.set(id, tries - 1);
        wait = true;
      }
    }
    return wait;
  }

  /** Undefined for a message that was written here. */
  #place(hex: string, where: Where): Place | StatusPlace | undefined {
    const decoded: Decoded = decodePdu(hex);
    if (decoded.kind === 'submit') return undefined;
    const common = { ...where, key: contentKey(decoded, hex), hex, since: this.#host.clock.now() };
    return decoded.kind === 'report' ? { ...common, report: decoded } : { ...common, decoded };
  }

  async #delete(places: readonly Where[]): Promise<void> {
    for (const { store, index } of places) {
      if (store === undefined || index === undefined) continue;
      this.#selected = store;
      try {
        await deleteMessage(this.#ask, store, store === this.#primary, index);
      } catch (error) {
        if (!isDriverError(error, 'AT_ERROR', 'CME_ERROR', 'CMS_ERROR')) throw error;
        this.#refusal ??= error;
      }
    }
  }
}
