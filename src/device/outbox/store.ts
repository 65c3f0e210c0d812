/**
 * The outbox of a host: every message that is to be sent, for each SIM, in the order in which they were accepted. It outlives
 * whoever sends, and the process. What is with the SIM that is in a stick now is in the note of that SIM, which only the
 * holder of its port writes; all that changes meanwhile is in the note of the place, and goes over when the SIM is there.
 */

import { type DriverError, failure } from '../../errors';
import type { Host, Timer } from '../../host/host';
import { answered, begin, type Entry, end, expired, giveBack, isOpen, keep, recover, tell } from './entry';
import { type Found, OutboxFiles } from './files';
import { isForgotten, noteName, REMEMBERED_MS } from './outbox-note';
import { again, type Fate, fateOf, idReused, newerNote, newSlip, notOnRecord, type Slip } from './slip';
import { Slips } from './slips';

/** Tells what became of messages of an owner whose sender is gone. */
export type FateListener = (fate: Fate, tag: unknown) => void;

/** Where a message comes in. */
export interface Arrival {
  /** How long it may wait for its turn, ms. */
  ttl: number;
  /** So many may wait before it. */
  limit: number;
}

export interface Ticket {
  slip: Slip;
  /** The id was known. */
  duplicate: boolean;
}

/** Messages that wait at most, and the letters of their parts: all of it is written each time. */
const MOST = 1_000;
const MOST_LETTERS = 1_000_000;

const stores = new WeakMap<Host, OutboxStore>();

export class OutboxStore {
  readonly #host: Host;
  readonly #files: OutboxFiles;
  readonly #listeners = new Map<string, FateListener>();
  /** Those who send now. */
  readonly #active = new Map<string, () => void>();
  readonly #slips: Slips;
  #timer: Timer | undefined;

  private constructor(host: Host) {
    this.#host = host;
    this.#slips = new Slips(host);
    this.#files = new OutboxFiles(host, (name) => this.#slips.entriesOf(name));
  }

  static of(host: Host): OutboxStore {
    const store = stores.get(host) ?? new OutboxStore(host);
    stores.set(host, store);
    return store;
  }

  /** Somebody sends from `place` from now on, and is told by `due` when there is something to take. */
  async enter(place: string, due: () => void): Promise<void> {
    this.#active.set(place, due);
    this.#learn(await this.#files.news(this.#slips.noteOf(place)));
    this.#settleAll();
    this.#arm();
    due();
  }

  /** Nobody sends from there any more. What is under way stays on record where it is until {@link detach}. */
  leave(place: string): void {
    this.#active.delete(place);
    this.#arm();
  }

  /** The SIM `sim` (what tells it from others) is in the stick at `place`, and its port is ours. */
  async attach(place: string, sim: string, signal?: AbortSignal): Promise<void> {
    const name = noteName('sim', sim);
    if (this.#slips.attachedAt(place) === name) return;
    await this.#adopt(place, name, signal);
  }

  /**
   * What is accepted under `name` is for the stick at `place` from now on; where the name means none, for whichever it means
   * next, and `place` is the name itself.
   */
  async lead(name: string, place: string): Promise<void> {
    if (!this.#slips.lead(name, place)) return;
    const sim = this.#slips.attachedAt(place);
    if (sim !== undefined) await this.#adopt(place, sim);
    else this.#due();
  }

  /** What waits at `place` for any SIM is for this one. */
  async #adopt(place: string, name: string, signal?: AbortSignal): Promise<void> {
    const placeNotes = this.#slips.namesOf(place).map((one) => this.#slips.noteOf(one));
    const found: Found[] = [];
    for (const note of [...placeNotes, name]) found.push(...(await this.#files.news(note)));
    signal?.throwIfAborted();
    this.#learn(found);
    this.#slips.attach(place, name);
    const mine = this.#slips.all.filter(({ entry }) => entry.sim === name);
    // First there, then away here: whenever the power goes it is in one of them.
    if (await this.#files.save(name)) {
      for (const slip of mine) slip.loose = false;
      for (const note of placeNotes) await this.#files.save(note);
    }
    this.#settleAll();
    this.#arm();
    this.#active.get(place)?.();
  }

  /** Its port is closed, or the SIM may be another one. */
  detach(place: string): void {
    this.#slips.detach(place);
  }

  /** Takes a message in. Errors: QUEUE_FULL, ID_REUSED. */
  accept(entry: Entry, { ttl, limit }: Arrival): Ticket {
    // The times of those before are moved first: this one comes with the time that is now.
    const now = this.#slips.now();
    const found = this.#slips.find(entry.id, entry.place);
    const isOld = found && isForgotten(found.entry, now);
    // Notes are thinned when they are written: that may have been long ago.
    if (isOld) this.#slips.remove(found);
    const known = isOld ? undefined : found;
    if (known && known.entry.hash !== entry.hash) throw idReused(entry.id);
    if (known) return { slip: known, duplicate: true };
    const place = this.#slips.placeOf(entry.place);
    const waiting = this.#slips.all.filter((slip) => isOpen(slip.entry) && this.#slips.isOf(slip, place));
    const letters = [entry, ...waiting.map((slip) => slip.entry)].flatMap(({ pdus }) => pdus);
    const most = Math.min(limit, MOST);
    if (!(waiting.length < most) || letters.reduce((sum, { hex }) => sum + hex.length, 0) > MOST_LETTERS) {
      throw failure('QUEUE_FULL/sms', { waiting: waiting.length, most });
    }
    const sim = this.#slips.simAt(place);
    const slip = newSlip(sim === undefined ? entry : { ...entry, sim }, this.#host.clock.now() + ttl);
    this.#slips.add(slip);
    slip.stored = this.#store(slip);
    return { slip, duplicate: false };
  }

  /** Once it is on record. Error: FILE_NOT_WRITTEN, FILE_UNREADABLE: it is in the outbox no more. */
  async stored({ slip }: Ticket): Promise<void> {
    if (!(await slip.stored)) throw this.#unwritten(slip);
  }

  async #store(slip: Slip): Promise<boolean> {
    slip.taken = true;
    const written = await this.#changed(slip);
    slip.taken = false;
    if (!written) {
      this.#slips.remove(slip);
      void this.#changed(slip);
      return false;
    }
    this.#callOffTaken(slip);
    this.#arm();
    this.#due();
    return true;
  }

  #due(): void {
    for (const due of this.#active.values()) due();
  }

  /** Resolves with its fate; rejects when `left` is aborted, and it stays. */
  fate({ slip, duplicate }: Ticket, left?: AbortSignal): Promise<Fate> {
    const told = (fate: Fate) => (duplicate ? again(fate) : fate);
    return new Promise((resolve, reject) => {
      const done = () => {
        left?.removeEventListener('abort', leave);
        slip.waiters.delete(waiter);
      };
      const waiter = (fate: Fate) => {
        done();
        resolve(told(fate));
      };
      const leave = () => {
        done();
        reject(left?.reason);
      };
      if (left?.aborted) return leave();
      left?.addEventListener('abort', leave, { once: true });
      slip.waiters.add(waiter);
      this.#settle(slip);
    });
  }

  /** The next message for the SIM at `place`, which has its turn then. */
  take(place: string): Slip | undefined {
    for (const slip of this.#slips.all) {
      if (slip.taken || !isOpen(slip.entry) || !this.#slips.isOf(slip, place) || this.isElsewhere(slip, place))
        continue;
      if (this.isOver(slip)) void this.end(slip, 'expired', expired(slip.entry));
      else {
        slip.taken = true;
        this.#arm();
        return slip;
      }
    }
    return undefined;
  }

  /** False when the SIM at `place` is another one than it is for. */
  isFor({ entry }: Slip, place: string): boolean {
    return entry.sim === this.#slips.simAt(place);
  }

  /** See {@link Slips.isElsewhere}. */
  isElsewhere(slip: Slip, place: string): boolean {
    return this.#slips.isElsewhere(slip, place);
  }

  isOver({ deadline }: Slip): boolean {
    return this.#host.clock.now() >= deadline;
  }

  /** It waits for its turn again. */
  putBack(slip: Slip): void {
    slip.taken = false;
    this.#callOffTaken(slip);
    this.#arm();
    this.#due();
  }

  /** A part is about to be handed to the stick: that is on the disk when it resolves. Errors as {@link stored}. */
  async begin(slip: Slip): Promise<void> {
    const { sim } = slip.entry;
    // It may hold the fate of this one.
    if (sim !== undefined && this.#files.isNewer(sim)) throw this.#unwritten(slip);
    begin(slip.entry);
    if (await this.#changed(slip)) return;
    giveBack(slip.entry);
    throw this.#unwritten(slip);
  }

  /** Resolves when it is on record, or cannot be put there. */
  async giveBack(slip: Slip): Promise<void> {
    giveBack(slip.entry);
    await this.#changed(slip);
  }

  /** The same. */
  async answered(slip: Slip, ref: number | undefined, unsure: boolean, parts = 1): Promise<void> {
    answered(slip.entry, ref, unsure, parts);
    await this.#changed(slip);
  }

  /** Its fate, told when it is on the disk, or cannot be put there. */
  async end(slip: Slip, state: 'sent' | 'failed' | 'expired' | 'unknown', error?: DriverError): Promise<void> {
    if (!isOpen(slip.entry)) return;
    slip.ending = true;
    slip.taken = false;
    if (error) slip.error = error;
    end(slip.entry, state, this.#slips.now(), error && keep(error));
    this.#arm();
    await this.#changed(slip);
    slip.ending = false;
    this.#settle(slip);
  }

  /** Tells `listener` the fates of messages of `owner` whose sender is gone. Returns how to end it. */
  listen(owner: string, listener: FateListener): () => void {
    this.#listeners.set(owner, listener);
    // Also of SIMs that are not here: nothing of them is sent, but their time comes to its end.
    const now = this.#slips.now();
    const isMine = ({ from, told, until }: Entry) => from?.owner === owner && !told && until + REMEMBERED_MS / 2 > now;
    this.#learn(this.#files.others().filter(({ entry }) => isMine(entry)));
    this.#settleAll();
    this.#arm();
    return () => {
      if (this.#listeners.get(owner) === listener) this.#listeners.delete(owner);
    };
  }

  /** Takes all messages of `owner` out that have not their turn; of one that has it no further part is sent. */
  callOff(owner: string, reason: DriverError): void {
    for (const slip of this.#slips.all) if (slip.entry.from?.owner === owner) this.takeOut(slip, reason);
  }

  takeOut(slip: Slip, reason: DriverError): void {
    if (!isOpen(slip.entry)) return;
    slip.off.abort(reason);
    // Who has it in hand ends it.
    if (!slip.taken) this.#callOffTaken(slip);
  }

  /** It has been called off meanwhile. */
  #callOffTaken(slip: Slip): void {
    const { aborted, reason } = slip.off.signal;
    if (aborted) void this.end(slip, 'failed', reason as DriverError);
  }

  async #changed(slip: Slip): Promise<boolean> {
    const { sim, place } = slip.entry;
    const own = sim !== undefined && this.#slips.isAttached(sim) && (await this.#files.save(sim));
    const moved = slip.loose !== !own;
    slip.loose = !own;
    if (own && !moved) return true;
    const kept = await this.#files.save(this.#slips.noteOf(place));
    return own || kept;
  }

  #unwritten({ entry }: Slip): DriverError {
    const newer = [entry.sim ?? '', this.#slips.noteOf(entry.place)].find((name) => this.#files.isNewer(name));
    return newer === undefined ? notOnRecord(this.#host.stateProblems()) : newerNote(newer);
  }

  /** What is over on the disk is over, whatever another note says of it; what is not is taken up, as far as it may be. */
  #learn(found: readonly Found[]): void {
    const now = this.#slips.now();
    const over = found.filter(({ entry }) => !isOpen(entry));
    // Of two notes the one that knows of more parts was written later.
    const open = found.filter(({ entry }) => isOpen(entry)).sort((a, b) => b.entry.done - a.entry.done);
    for (const { entry, loose } of over) this.#slips.learn(entry, loose);
    for (const { entry, loose, restarted } of open) {
      if (this.#slips.isBehind(entry)) continue;
      recover(entry, now, restarted);
      this.#slips.learn(entry, loose);
    }
  }

  #settleAll(): void {
    for (const slip of [...this.#slips.all]) this.#settle(slip);
  }

  /** Tells the fate of a message to those who wait, else to its owner. */
  #settle(slip: Slip): void {
    const { entry, waiters, ending } = slip;
    if (isOpen(entry) || ending) return;
    const fate = fateOf(slip);
    const { from } = entry;
    const listener = from && !entry.told ? this.#listeners.get(from.owner) : undefined;
    if (waiters.size === 0 && !listener) return;
    const waiting = [...waiters];
    if (!entry.told) {
      tell(entry);
      void this.#changed(slip);
    }
    for (const waiter of waiting) waiter(fate);
    if (waiting.length > 0) return;
    try {
      listener?.(fate, structuredClone(from?.tag));
    } catch {
      // Its own matter.
    }
  }

  /** What waits and is not taken up in time expires then, whether somebody asks for it or not. */
  #arm(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#active.size === 0) return;
    const waiting = this.#slips.all.filter(({ entry, taken }) => isOpen(entry) && !taken);
    if (waiting.length === 0) return;
    const first = Math.min(...waiting.map(({ deadline }) => deadline));
    this.#timer = this.#host.clock.after(Math.max(0, first - this.#host.clock.now()), () => {
      for (const slip of waiting) {
        if (!slip.taken && this.isOver(slip)) void this.end(slip, 'expired', expired(slip.entry));
      }
      this.#arm();
    });
  }
}
