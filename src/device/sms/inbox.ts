/**
 * The received messages of one SIM: looks into the stores when the stick announces one, and from time to time; hands each
 * message over once, as a whole, and deletes it if that is wished.
 */

import type { Urc } from '../../at/channel';
import { lineValue, splitFields } from '../../at/fields';
import type { StatusReport } from '../../at/sms/decode';
import type { Ask, Storage } from '../../at/sms/store';
import type { DriverError } from '../../errors';
import type { Host } from '../../host/host';
import { type Assembly, assemble, type SmsMessage } from './assemble';
import { isPlaceKey, modeKey } from './keys';
import { type Fate, Known } from './known';
import { isMessage, isReport, Pieces, type Seen, type SeenMessage, type SeenReport } from './pieces';
import type { SimNote } from './sim-note';
import { Stores } from './stores';
import { upgrade } from './upgrade';

/** One PDU in a store, for people who look after it. */
export interface StoredMessage {
  store: string;
  index: number;
  /** Nothing had read it before this session. */
  unread: boolean;
  handedOver: boolean;
  message?: SeenMessage['decoded'];
  report?: StatusReport;
}

/** What the inbox tells, and what it wants to know. None of these may throw. */
export interface InboxOwner {
  /** True if somebody takes messages now. */
  wanted(): boolean;
  /** Hands a message over and says what becomes of it; undefined if nobody was there to say so. */
  message(message: SmsMessage): Fate | undefined;
  /** The same for a status report that was seen first at `since`; undefined: it is offered again. */
  report(report: StatusReport, since: number): Fate | undefined;
  storage(storage: Storage): void;
  /** Milliseconds after which a message is handed over without the parts that have not come; undefined = never. */
  incompleteAfter(): number | undefined;
}

/** Direct ones that come before the first look, at most. */
const EARLY = 100;

export class Inbox {
  readonly #host: Host;
  readonly #owner: InboxOwner;
  readonly #stores: Stores;
  readonly #pieces: Pieces;
  #known: Known | undefined;
  /** Came without a place in a store before it was known from which SIM. */
  #early: string[] = [];
  /** Tells the stick from others: its own stores are another stick's no business. */
  #stick = '';

  constructor(host: Host, ask: Ask, owner: InboxOwner) {
    this.#host = host;
    this.#owner = owner;
    this.#stores = new Stores(host, ask, (storage) => owner.storage(storage));
    this.#pieces = new Pieces(host.clock);
  }

  /**
   * To be called before the first look, and after each restart of the stick. `note`: of the SIM that is in it now; `stick`:
   * what tells the stick from others.
   */
  async open(note: SimNote, stick = ''): Promise<void> {
    const known = new Known(note);
    this.#stick = stick;
    await this.#stores.open();
    if (note.state === 'old') {
      const read = await this.#stores.readBefore();
      // In one turn with the note: the next reading marks what has come since as read, too.
      upgrade(known, this.#pieces, this.#stores.primary, read);
      known.see([this.#idOf(this.#stores.primary)]);
    }
    this.#known = known;
    for (const hex of this.#early.splice(0)) this.#keepLoose(hex);
  }

  /** Takes a URC; true if there is something to look for. */
  heard({ urc, line }: Urc): boolean {
    if (urc === '+CMTI' || urc === '+CDSI') {
      const [store = '', index = ''] = splitFields(lineValue(line, urc) ?? '');
      const place = this.#stores.announce(store, index);
      if (place && urc === '+CDSI') this.#pieces.announceReport(place);
      return true;
    }
    if (urc === '^SMMEMFULL') return true;
    if (urc !== '+CMT' && urc !== '+CDS') return false;
    const hex = line.split('\n')[1]?.trim().toUpperCase() ?? '';
    if (hex === '') return false;
    if (this.#known) this.#keepLoose(hex);
    else this.#early = [...this.#early, hex].slice(-EARLY);
    return true;
  }

  /**
   * Reads all stores and hands over what is new. Errors of the commands; nothing is lost then. A message that the stick
   * does not delete, or a store that it does not show, keeps no other message from being handed over: resolves with the
   * refusal, and the next look tries again.
   */
  async look(signal: AbortSignal): Promise<DriverError | undefined> {
    const known = this.#known;
    if (!known) return undefined;
    const { seen, stores, refusal } = await this.#read(known, signal);
    let failed = refusal;
    const fresh: SeenMessage[] = [];
    for (const one of seen) {
      const fate = known.fate(one);
      if (fate) {
        if (one.index === undefined) known.add([one], this.#pieces.keys, fate);
        else if (fate === 'deleted') failed = (await this.#delete([one])) ?? failed;
      } else if (isReport(one)) failed = (await this.#report(one, known)) ?? failed;
      else if (isMessage(one)) fresh.push(one);
    }
    if (this.#owner.wanted()) {
      failed = (await this.#handOver(fresh, known, signal)) ?? failed;
      // From now on what lies in them is a new one.
      known.see(stores.map((store) => this.#idOf(store)));
    }
    await this.#stores.back();
    return failed;
  }

  /** Only the reports that have been announced: messages are for somebody who takes them. */
  async lookAtReports(signal: AbortSignal): Promise<DriverError | undefined> {
    const known = this.#known;
    if (!known) return undefined;
    let failed: DriverError | undefined;
    for (const place of this.#pieces.reports) {
      signal.throwIfAborted();
      const hex = await this.#stores.at(place);
      const one = hex === undefined ? undefined : this.#pieces.take(hex, { ...place, status: 1 });
      if (!one || !isReport(one)) this.#pieces.doneWith(place);
      else failed = (await this.#report(one, known)) ?? failed;
    }
    for (const one of this.#pieces.loose(known.loose).filter(isReport)) await this.#report(one, known);
    await this.#stores.back();
    return failed;
  }

  /** True while there is something for {@link lookAtReports}. */
  get hasReports(): boolean {
    return this.#pieces.reports.length > 0 || this.#pieces.loose(this.#known?.loose ?? []).some(isReport);
  }

  async #report(one: SeenReport, known: Known): Promise<DriverError | undefined> {
    const fate = this.#owner.report(one.decoded, one.since);
    if (!fate) return undefined;
    known.add([one], this.#pieces.keys, fate);
    const { store, index } = one;
    if (store !== undefined && index !== undefined) this.#pieces.doneWith({ store, index });
    return fate === 'deleted' ? this.#delete([one]) : undefined;
  }

  async #handOver(fresh: SeenMessage[], known: Known, signal: AbortSignal): Promise<DriverError | undefined> {
    let failed: DriverError | undefined;
    for (const { message, pieces, ...rest } of assemble(fresh)) {
      if (!this.#due(rest)) continue;
      signal.throwIfAborted();
      const existing = pieces.every((piece) => this.#existed(piece, known));
      // In one turn with the note: a restart in between would hand it over again.
      const fate =
        known.fateOf(modeKey('HiLink', message)) ??
        this.#owner.message({ ...message, ...(existing && { existing: true as const }) });
      if (!fate) continue;
      const own = modeKey('AT', message).map((key) => ({ key, hex: '' }));
      known.add([...pieces, ...own], this.#pieces.keys, fate);
      if (fate === 'deleted') failed = (await this.#delete(pieces)) ?? failed;
    }
    return failed;
  }

  /** It lay in a store that nobody has looked through for this SIM. Where the note was lost, an unread one is a new one. */
  #existed({ store, status, announced }: SeenMessage, known: Known): boolean {
    if (store === undefined || announced || known.hasSeen(this.#idOf(store))) return false;
    return known.note.state !== 'damaged' || status !== 0;
  }

  /** Everything in the stores, as it stands. Nothing is handed over by this. */
  async list(signal: AbortSignal): Promise<StoredMessage[]> {
    const known = this.#known;
    if (!known) return [];
    const { seen } = await this.#read(known, signal);
    const list = seen.map((one) => {
      const { store = '', index = -1, status = 0 } = one;
      const what = isReport(one) ? { report: one.decoded } : { message: one.decoded };
      return { store, index, unread: status === 0, handedOver: known.handedOver(one), ...what };
    });
    await this.#stores.back();
    // What the driver goes on to use stays its own.
    return structuredClone(list);
  }

  /**
   * Deletes what has been handed over, or with `all` everything, also what was written here. Returns how many. A refusal is
   * thrown when the rest has been deleted.
   */
  async clear(all: boolean, signal: AbortSignal): Promise<number> {
    const known = this.#known;
    if (!known) return 0;
    const { seen, written } = await this.#read(known, signal);
    const chosen = seen.filter((one) => one.index !== undefined && (all || known.handedOver(one)));
    const others = all ? written : [];
    const refusals = [await this.#delete(chosen), await this.#stores.delete(others)];
    await this.#stores.back();
    for (const refusal of refusals) if (refusal) throw refusal;
    return chosen.length + others.length;
  }

  #due({ complete, since }: Pick<Assembly, 'complete' | 'since'>): boolean {
    if (complete) return true;
    const after = this.#owner.incompleteAfter();
    return after !== undefined && this.#host.clock.now() - since >= after;
  }

  /** Everything in the stores, and what is only in the note. Messages that were written here are apart. */
  async #read(known: Known, signal: AbortSignal) {
    const { found, stores, refusal } = await this.#stores.read(signal);
    // What is known by its place is another one when nobody has read it yet.
    const { seen, written } = this.#pieces.read(found, stores, known.loose, (key) => known.forget(key));
    return { seen, written, stores, refusal };
  }

  async #delete(seen: readonly Seen[]): Promise<DriverError | undefined> {
    let failed: DriverError | undefined;
    for (const { key, store, index, hex, decoded } of seen) {
      if (store === undefined || index === undefined) continue;
      const place = { store, index };
      // A report may be gone, and a message in its place: that one is for somebody.
      if (decoded.kind === 'report' && (await this.#stores.at(place)) !== hex) continue;
      const refusal = await this.#stores.delete([place]);
      failed ??= refusal;
      // What comes to lie there is another one.
      if (!refusal && isPlaceKey(key)) this.#known?.forget(key);
    }
    return failed;
  }

  #keepLoose(hex: string): void {
    this.#known?.keepLoose(hex, this.#pieces.isTimeless(hex));
  }

  /** A SIM brings its store along; any other one belongs to the stick. */
  #idOf(store: string): string {
    return store === 'SM' ? store : `${store} ${this.#stick}`.trim();
  }
}
