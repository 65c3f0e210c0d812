/**
 * SMS and USSD of one stick, on its AT session: looks into the store when there is reason to, and lets one thing be done at
 * a time.
 */

import type { RunOptions, Urc } from '../../at/channel';
import { expectOk } from '../../at/reply';
import type { StatusReport } from '../../at/sms/decode';
import { type Ask, announce, type Storage } from '../../at/sms/store';
import { asDriverError, DriverError, isDriverError } from '../../errors';
import type { Host, Timer } from '../../host/host';
import { Listeners } from '../../listeners';
import { TIMEOUTS } from '../../timeouts';
import { type AtHandle, type AtState, openAt } from '../at-service';
import type { UserOptions } from '../at-user';
import { Ussd } from '../ussd';
import type { SmsMessage } from './assemble';
import { Inbox, type StoredMessage } from './inbox';
import type { Fate } from './known';
import { Outbox } from './outbox';

/** Somebody who takes messages. What its functions throw is dropped; then the message counts as not handed over. */
export interface Receiver {
  /** A message, once. True: it is to be deleted from the stick. `ignored`: it stays, and was not handed over to anybody. */
  onMessage(message: SmsMessage): boolean | 'ignored';
  /** A status report that no sender of this process awaits. True: it is to be deleted. */
  onReport?(report: StatusReport): boolean;
  /** How full the store is, whenever that changes. */
  onStorage?(storage: Storage): void;
  /** The store could not be read; it is tried again. The same failure is told once. */
  onError?(error: DriverError): void;
  /** It can be read again. */
  onRecovered?(): void;
  /** Milliseconds between looks without an announcement, default {@link TIMEOUTS.sms.poll}. */
  poll?: number;
  /** Milliseconds after which a message is handed over without parts that have not come; without it, never. */
  incompleteAfter?: number;
}

export class StickSms {
  readonly #host: Host;
  readonly #which: string;
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #ussd: Ussd;
  readonly #urcs = new Listeners<Urc>();
  readonly #receivers = new Set<Receiver>();
  readonly #storageKnown = new Map<Receiver, string>();
  #users = 0;
  #at: AtHandle | undefined;
  /** Aborted when the port is lost or nobody uses the service any more. */
  #visit = new AbortController();
  #opened = false;
  #looking = false;
  #lookAgain = false;
  #timer: Timer | undefined;
  #failure = '';
  /** Until when a SIM that does not tell its IMSI is taken for one that is still starting. */
  #simUntil: number | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #leaving: Promise<void> = Promise.resolve();

  constructor(host: Host, which: string) {
    this.#host = host;
    this.#which = which;
    const ask: Ask = (command, options) => this.#ask(command, options);
    this.#outbox = new Outbox(host, ask);
    this.#ussd = new Ussd(host, ask, (listener) => this.#urcs.add(listener));
    this.#inbox = new Inbox(host, ask, {
      wanted: () => this.#receivers.size > 0,
      message: (message) => this.#tell((receiver) => receiver.onMessage(message)),
      report: (report) =>
        this.#outbox.reported(report) ? 'deleted' : this.#tell((receiver) => receiver.onReport?.(report)),
      storage: (storage) => this.#tellStorage(storage),
      incompleteAfter: () => {
        const times = [...this.#receivers].flatMap(({ incompleteAfter }) => incompleteAfter ?? []);
        return times.length > 0 ? Math.min(...times) : undefined;
      },
    });
  }

  get outbox(): Outbox {
    return this.#outbox;
  }

  get ussd(): Ussd {
    return this.#ussd;
  }

  /** One more user; the first one opens the AT session. */
  join(options: UserOptions): void {
    this.#users++;
    if (!this.#at) this.#start(options);
  }

  /** One user less. Resolves after the last one when the AT session has been given back. */
  async leave(): Promise<void> {
    if (--this.#users > 0) return;
    this.#leaving = this.#leaving.then(async () => {
      await this.#outbox.quiet;
      // Somebody may have come meanwhile.
      if (this.#users > 0) return;
      const at = this.#at;
      this.#at = undefined;
      this.#end();
      await at?.release();
    });
    await this.#leaving;
  }

  receive(receiver: Receiver): () => void {
    this.#receivers.add(receiver);
    this.#look();
    return () => {
      this.#receivers.delete(receiver);
      this.#storageKnown.delete(receiver);
    };
  }

  list(): Promise<StoredMessage[]> {
    return this.#alone((signal) => this.#inbox.list(signal));
  }

  clear(all: boolean): Promise<number> {
    return this.#alone((signal) => this.#inbox.clear(all, signal));
  }

  #start(options: UserOptions): void {
    const at = openAt(this.#host, this.#which, options);
    this.#at = at;
    at.onUrc((urc) => {
      this.#urcs.tell(urc);
      // Another SIM perhaps.
      if (urc.urc === '^SIMST') {
        this.#opened = false;
        this.#simUntil = undefined;
      }
      if (this.#inbox.heard(urc) || urc.urc === '^SIMST') this.#look();
    });
    at.onState(({ state }) => this.#onState(state));
    this.#onState(at.state.state);
  }

  #onState(state: AtState['state']): void {
    if (state === 'ready') {
      this.#end();
      this.#visit = new AbortController();
      this.#opened = false;
      this.#simUntil = undefined;
      this.#ussd.reset();
      this.#look();
    } else this.#end();
  }

  #end(): void {
    this.#visit.abort(new DriverError('CANCELLED', 'The AT port is not open any more.'));
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Looks into the store, now or after the look that is under way. */
  #look(): void {
    this.#lookAgain = true;
    if (this.#looking || this.#at?.state.state !== 'ready') return;
    this.#looking = true;
    void this.#inTurn(() => this.#lookAll()).then((failed) => {
      this.#looking = false;
      if (this.#lookAgain && !failed) this.#look();
      else this.#later(failed ? TIMEOUTS.sms.again : undefined);
    });
  }

  /** True if it failed. Never rejects. */
  async #lookAll(): Promise<boolean> {
    const { signal } = this.#visit;
    try {
      await this.#open(signal);
      // From here on everything that is heard needs another look.
      this.#lookAgain = false;
      const refusal = this.#used ? await this.#inbox.look(signal) : undefined;
      if (refusal && !PASSING.has(refusal.number ?? -1)) this.#tellError(refusal);
      else this.#recovered();
      return false;
    } catch (thrown) {
      const error = asDriverError(thrown, 'PROTOCOL', 'The messages of the stick could not be read');
      const starting = this.#simUntil !== undefined && this.#host.clock.now() < this.#simUntil;
      if (!signal.aborted && !starting && !PASSING.has(error.number ?? -1)) this.#tellError(error);
      return true;
    }
  }

  /** Before the first reading of a store, and again after the port was lost or the SIM changed. */
  async #open(signal: AbortSignal): Promise<void> {
    if (this.#opened) return;
    await this.#inbox.open(await this.#sim());
    await announce((command, options) => this.#ask(command, options));
    signal.throwIfAborted();
    this.#opened = true;
  }

  /** Reads or changes the stores while nobody else does. */
  #alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return this.#inTurn(async () => {
      // Waits for the port, if it is being opened.
      await this.#ask('AT');
      const { signal } = this.#visit;
      await this.#open(signal);
      return work(signal);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  #later(ms: number | undefined): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#at?.state.state !== 'ready') return;
    if (!this.#used && ms === undefined) return;
    const polls = [...this.#receivers].map(({ poll }) => poll ?? TIMEOUTS.sms.poll);
    if (polls.length === 0 || this.#outbox.awaitsReports) polls.push(TIMEOUTS.sms.poll);
    this.#timer = this.#host.clock.after(ms ?? Math.min(...polls), () => this.#look());
  }

  /** False while nobody waits for anything that could be in the store. */
  get #used(): boolean {
    return this.#receivers.size > 0 || this.#outbox.awaitsReports;
  }

  /** What tells this SIM from others; where it can't be read, the stick's place has to do. */
  async #sim(): Promise<string> {
    try {
      const { lines } = await this.#ask('AT+CIMI');
      const imsi = lines.find((line) => /^\d{6,15}$/.test(line.trim()));
      if (imsi !== undefined) return imsi.trim();
    } catch (error) {
      if (!isDriverError(error, 'AT_ERROR')) throw error;
      // A note of its own for a SIM that only was not ready would have its messages come twice.
      this.#simUntil ??= this.#host.clock.now() + TIMEOUTS.sms.simStart;
      if (this.#host.clock.now() < this.#simUntil) throw error;
    }
    return `stick ${this.#at?.state.stick ?? this.#which}`;
  }

  async #ask(command: string, options: RunOptions = {}) {
    const at = this.#at;
    if (!at) throw new DriverError('CANCELLED', 'Nobody uses the SMS of this stick any more.');
    const reply = await at.run(command, options);
    const { stick } = at.state;
    return expectOk(reply, stick === undefined ? {} : { stick });
  }

  /** Deleted if one of those who were told wants that, ignored if all who were there did; undefined if nobody was. */
  #tell(how: (receiver: Receiver) => boolean | 'ignored' | undefined): Fate | undefined {
    const wishes = [...this.#receivers].map((receiver) => {
      try {
        return how(receiver);
      } catch {
        // Its own matter.
        return undefined;
      }
    });
    if (wishes.includes(true)) return 'deleted';
    if (wishes.includes(false)) return 'kept';
    return wishes.includes('ignored') ? 'ignored' : undefined;
  }

  #tellStorage(storage: Storage): void {
    const now = JSON.stringify(storage);
    this.#tell((receiver) => {
      if (this.#storageKnown.get(receiver) === now) return undefined;
      this.#storageKnown.set(receiver, now);
      receiver.onStorage?.(storage);
      return undefined;
    });
  }

  #recovered(): void {
    if (this.#failure === '') return;
    this.#failure = '';
    this.#tell((receiver) => {
      receiver.onRecovered?.();
      return undefined;
    });
  }

  #tellError(error: DriverError): void {
    const failure = `${error.code} ${error.message}`;
    if (this.#failure === failure) return;
    this.#failure = failure;
    this.#tell((receiver) => {
      receiver.onError?.(error);
      return undefined;
    });
  }
}

/** SIM busy: it is still starting. */
const PASSING: ReadonlySet<number> = new Set([14, 314]);
