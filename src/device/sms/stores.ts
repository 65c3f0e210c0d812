/** The stores of one stick: which there are, what lies in them, what has been announced and is still to be seen there. */

import {
  type Ask,
  deleteMessage,
  listMessages,
  listRead,
  openStore,
  readMessage,
  receivingStores,
  type Storage,
  type Stored,
  selectStore,
  usePdus,
} from '../../at/sms/store';
import { type DriverError, isDriverError } from '../../errors';
import { type Host, sleep } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';

/** How often a stick that has announced a message is asked for it, see TIMEOUTS.sms.settle. */
const SETTLE_TRIES = 4;
/** Announcements that are kept in mind: more than any store holds. */
const MOST_ANNOUNCED = 1_000;

/** Where a PDU is. */
export interface Place {
  store: string;
  index: number;
}

export interface Found extends Stored, Place {
  /** A URC of this session has told of it: it has come just now. */
  announced: boolean;
}

export interface Reading {
  found: Found[];
  /** Stores that were read to their end. */
  stores: string[];
  /** Why another one could not be read. */
  refusal?: DriverError;
}

const idOf = ({ store, index }: Place): string => `${store} ${index}`;
const isRefusal = (error: unknown): error is DriverError => isDriverError(error, 'AT_ERROR', 'CME_ERROR', 'CMS_ERROR');

export class Stores {
  readonly #host: Host;
  readonly #ask: Ask;
  readonly #tell: (storage: Storage) => void;
  /** The store that receives. */
  #primary = 'SM';
  /** All stores with messages for us. */
  readonly #names = new Set<string>();
  #selected = '';
  /** Announced and not seen in a list yet, with the tries that are left. */
  readonly #announced = new Map<string, number>();
  #listed = new Set<string>();
  #reading = false;

  constructor(host: Host, ask: Ask, tell: (storage: Storage) => void) {
    this.#host = host;
    this.#ask = ask;
    this.#tell = tell;
  }

  /** The store that receives. */
  get primary(): string {
    return this.#primary;
  }

  /** After each restart of the stick, before anything else. */
  async open(): Promise<void> {
    await usePdus(this.#ask);
    const names = await receivingStores(this.#ask);
    const { store } = await openStore(this.#ask);
    this.#primary = store;
    this.#selected = store;
    this.#names.clear();
    for (const name of [...names, store]) this.#names.add(name);
  }

  /** A URC says that something has come into `store`. Some sticks give -1 as its index: then the list tells. */
  announce(store: string, index: string): Place | undefined {
    // What MT would show lies in the stores that it is made of.
    if (/^(SM|ME|SR)$/.test(store) || (store === 'MT' && this.#names.size === 0)) this.#names.add(store);
    if (!/^\d{1,5}$/.test(index)) return undefined;
    const place = { store, index: Number(index) };
    // Another one, in the place of what the last look has deleted.
    if (!this.#reading) this.#listed.delete(idOf(place));
    if (this.#announced.size < MOST_ANNOUNCED) this.#announced.set(idOf(place), SETTLE_TRIES);
    return place;
  }

  /**
   * All that lies in the stores. The one that receives must be readable; of another one the refusal is told, and it is
   * tried again at the next reading.
   */
  async read(signal: AbortSignal): Promise<Reading> {
    const reading: Reading = { found: [], stores: [] };
    const listed = new Set<string>();
    this.#reading = true;
    try {
      // The one that receives comes last, and stays selected.
      for (const store of this.#names) if (store !== this.#primary) await this.#readOne(store, reading, listed, signal);
      await this.#readOne(this.#primary, reading, listed, signal);
    } finally {
      this.#reading = false;
    }
    this.#listed = listed;
    return reading;
  }

  async #readOne(store: string, reading: Reading, listed: Set<string>, signal: AbortSignal): Promise<void> {
    try {
      for (const stored of await this.#list(store, listed, signal)) {
        const announced = this.#announced.delete(idOf({ ...stored, store }));
        reading.found.push({ ...stored, store, announced });
      }
      reading.stores.push(store);
    } catch (error) {
      if (store === this.#primary || !isRefusal(error)) throw error;
      reading.refusal ??= error;
    }
  }

  /** What is marked as read in the store that receives; nothing is marked by this. */
  readBefore(): Promise<Stored[]> {
    return listRead(this.#ask, this.#primary, true);
  }

  /** The PDU that lies at `place` now, as hex. */
  at({ store, index }: Place): Promise<string | undefined> {
    this.#selected = store;
    return readMessage(this.#ask, store, store === this.#primary, index);
  }

  /** Resolves with why the stick would not delete one of `places`; the others are deleted all the same. */
  async delete(places: readonly Place[]): Promise<DriverError | undefined> {
    let refusal: DriverError | undefined;
    for (const { store, index } of places) {
      this.#selected = store;
      try {
        await deleteMessage(this.#ask, store, store === this.#primary, index);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal ??= error;
      }
    }
    return refusal;
  }

  /** Selects the store that receives again. */
  async back(): Promise<void> {
    if (this.#selected === this.#primary) return;
    await selectStore(this.#ask, this.#primary);
    this.#selected = this.#primary;
  }

  /** Waits for what was announced for `store`, within reason; each index goes into `listed`. */
  async #list(store: string, listed: Set<string>, signal: AbortSignal): Promise<Stored[]> {
    for (;;) {
      this.#selected = store;
      const receives = store === this.#primary;
      const storage = await selectStore(this.#ask, store, receives);
      this.#tell(storage);
      // An answer without numbers says nothing.
      const list = storage.used > 0 || storage.total === 0 ? await listMessages(this.#ask, store, receives) : [];
      for (const { index } of list) listed.add(idOf({ store, index }));
      if (!this.#patience(store, listed)) return list;
      await sleep(this.#host.clock, TIMEOUTS.sms.settle, signal);
    }
  }

  /** True if a message that was announced for `store` has not shown up in it yet, and may still do so. */
  #patience(store: string, listed: ReadonlySet<string>): boolean {
    let wait = false;
    for (const [id, tries] of this.#announced) {
      if (!id.startsWith(`${store} `) || listed.has(id)) continue;
      // Seen by the look before this one, which has deleted it.
      if (this.#listed.has(id) || tries === 0) this.#announced.delete(id);
      else {
        this.#announced.set(id, tries - 1);
        wait = true;
      }
    }
    return wait;
  }
}
