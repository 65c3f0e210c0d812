/**
 * SMS and USSD of one stick, on its AT session: looks into the stores when there is reason to, and lets one thing be done at
 * a time.
 */

import type { RunOptions } from '../../at/channel';
import { expectOk } from '../../at/reply';
import type { StatusReport } from '../../at/sms/decode';
import { type Ask, announce } from '../../at/sms/store';
import { asDriverError, type DriverError, failure, isDriverError } from '../../errors';
import type { Host, Timer } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import { type AtHandle, type AtState, openAtDevice } from '../at/open-at';
import type { UserOptions } from '../at/user-options';
import type { Device } from '../device';
import { SpokenDialect } from '../dialect';
import { type InboxWork, WebReceiving } from '../hilink/receiving';
import type { HilinkSession } from '../hilink/session';
import { simOf } from '../hilink/sim';
import { Queue } from '../queue';
import { Ussd } from '../ussd-conversation';
import { CurrentSim } from './current-sim';
import { Inbox, type StoredMessage } from './inbox';
import type { Fate } from './known';
import { type Receiver, Receivers } from './receivers';
import type { ReportListener, WebReport } from './reports';
import { Sender } from './sender';
import { Names } from './sim-name';
import { SimNote } from './sim-note';

/** Requests for lists and deletions that wait for their turn. */
const MOST_WAITING = 100;

export class StickSms {
  readonly #host: Host;
  readonly #device: Device;
  readonly #inbox: Inbox;
  readonly #byWeb: WebReceiving;
  readonly #outbox: Sender;
  readonly #ussd: Ussd;
  readonly #dialect: SpokenDialect;
  readonly #names: Names;
  readonly #sim: CurrentSim;
  readonly #receivers = new Receivers();
  readonly #queue = new Queue('lists and deletions of messages', MOST_WAITING);
  #users = 0;
  /** Aborted when the last user leaves. */
  #inUse = new AbortController();
  #at: AtHandle | undefined;
  /** Aborted when the port is lost or nobody uses the service any more. */
  #visit = new AbortController();
  #state: AtState['state'] | undefined;
  #opened = false;
  #looking = false;
  #lookAgain = false;
  #timer: Timer | undefined;
  /** The note whose problem has been told. */
  #complained = '';
  #turn: Promise<unknown> = Promise.resolve();
  #leaving: Promise<void> = Promise.resolve();

  constructor(host: Host, device: Device) {
    this.#host = host;
    this.#device = device;
    const ask: Ask = (command, options) => this.#ask(command, options);
    this.#outbox = new Sender(host, ask, {
      place: device.place,
      ready: (report) => this.#ready(report),
      web: () => this.#byWeb.session,
      awaited: () => this.#byWeb.look(),
    });
    this.#dialect = new SpokenDialect(ask);
    this.#ussd = new Ussd(
      host,
      ask,
      (listener) => this.#handle.onUrc(listener),
      () => this.#dialect.get(),
    );
    this.#names = new Names((command) => this.#ask(command, { signal: this.#inUse.signal }), host.clock);
    this.#sim = new CurrentSim(this.#names);
    this.#byWeb = new WebReceiving({
      host,
      place: device.place,
      receivers: this.#receivers,
      web: device.web,
      changed: (ready) => this.#onWeb(ready),
      inUse: () => this.#inUse.signal,
      inTurn: (work) => this.#inTurn(work),
      opened: (note) => this.#outbox.reports.open(note),
      wanted: () => this.#receivers.size > 0,
      awaited: () => this.#outbox.reports.awaited,
      message: (message) => this.#receivers.message(message),
      report: (report, since) => this.#report(report, since),
      storage: (storage) => this.#receivers.storage(storage),
    });
    this.#inbox = new Inbox(host, ask, {
      wanted: () => this.#receivers.size > 0,
      message: (message) => this.#receivers.message(message),
      report: (report, since) => this.#report(report, since),
      storage: (storage) => this.#receivers.storage(storage),
      incompleteAfter: () => this.#receivers.incompleteAfter,
    });
  }

  get outbox(): Sender {
    return this.#outbox;
  }

  get ussd(): Ussd {
    return this.#ussd;
  }

  /**
   * One more user; the first one opens the AT session. Returns how to leave, which resolves after the last one when the AT
   * session has been given back.
   */
  join(options: UserOptions): () => Promise<void> {
    if (this.#users++ === 0) {
      this.#inUse = new AbortController();
      this.#outbox.start();
    }
    if (!this.#at) this.#start(options);
    if (options.web) this.#byWeb.start(options.web);
    return () => this.#leave();
  }

  async #leave(): Promise<void> {
    if (--this.#users > 0) return;
    this.#outbox.stop();
    this.#inUse.abort(unused());
    this.#leaving = this.#leaving.then(async () => {
      await this.#outbox.quiet;
      // Somebody may have come meanwhile.
      if (this.#users > 0) return;
      const at = this.#at;
      this.#at = undefined;
      this.#end();
      await Promise.all([at?.release(), this.#byWeb.stop()]);
    });
    await this.#leaving;
  }

  receive(receiver: Receiver): () => void {
    const off = this.#receivers.add(receiver);
    this.#look();
    this.#byWeb.received();
    return off;
  }

  /** See {@link Reports.listen}. */
  reports(owner: string, listener: ReportListener): () => void {
    const off = this.#outbox.reports.listen(owner, listener);
    // One may be waiting for it.
    this.#look();
    this.#byWeb.look();
    return off;
  }

  list(): Promise<StoredMessage[]> {
    const web = this.#byWeb.session;
    if (web) return this.#webAlone(web, (inbox, client, signal) => inbox.list(client, signal));
    return this.#alone((signal) => this.#inbox.list(signal));
  }

  clear(all: boolean): Promise<number> {
    const web = this.#byWeb.session;
    if (web) return this.#webAlone(web, (inbox, client, signal) => inbox.clear(client, all, signal));
    return this.#alone((signal) => this.#inbox.clear(all, signal));
  }

  /** What only the web API has. Errors: WRONG_MODE, and those of `work`. */
  async byWeb<T>(work: InboxWork<T>): Promise<T> {
    const web = this.#byWeb.session;
    if (!web) throw failure('WRONG_MODE/only-hilink', { stick: this.#device.place });
    return this.#webAlone(web, work);
  }

  #webAlone<T>(web: HilinkSession, work: InboxWork<T>): Promise<T> {
    return this.#queue.take(() => this.#inTurn(() => this.#byWeb.alone(web, work)));
  }

  /** PIN and web API are brought by each user's own share in the session, and go with it. */
  #start({ pin: _, web: __, ...options }: UserOptions): void {
    const at = openAtDevice(this.#host, this.#device, options);
    this.#at = at;
    at.onUrc((urc) => {
      // Another SIM perhaps.
      if (urc.urc === '^SIMST') this.#openAgain();
      if (this.#inbox.heard(urc) || urc.urc === '^SIMST') this.#look();
    });
    at.onEvent(({ event }) => {
      if (event !== 'call') return;
      // Some firmware announces nothing any more after a call, until it is told to once more.
      this.#openAgain();
      this.#look();
    });
    this.#state = undefined;
    at.onState(({ state }) => this.#onState(state));
    this.#onState(at.state.state);
  }

  /** The web API answers, or does not any more, or tells of another SIM. */
  #onWeb(ready: boolean): void {
    if (this.#state !== 'ready') this.#outbox.detach();
    if (ready) void this.#ready(false).catch(() => undefined);
  }

  #onState(state: AtState['state']): void {
    // What a ready stick tells of SIM and network changes nothing here.
    if (state === this.#state) return;
    this.#state = state;
    if (state === 'ready') {
      this.#end();
      this.#visit = new AbortController();
      this.#openAgain();
      this.#ussd.reset();
      this.#dialect.reset();
      this.#look();
    } else this.#end();
  }

  #openAgain(): void {
    this.#opened = false;
    this.#forgetSim();
    this.#names.reset();
    this.#sim.silent();
  }

  #forgetSim(): void {
    this.#sim.forget();
    this.#outbox.detach();
  }

  #end(): void {
    this.#forgetSim();
    this.#sim.told();
    this.#visit.abort(failure('CANCELLED/port-closed', {}));
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Looks into the stores, now or after the look that is under way. */
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
      await this.#open(signal).finally(() => this.#sim.told());
      // From here on everything that is heard needs another look.
      this.#lookAgain = false;
      const refusal = await (this.#used ? this.#inbox.look(signal) : this.#inbox.lookAtReports(signal));
      if (refusal && !PASSING.has(refusal.number ?? -1)) this.#receivers.error(refusal);
      else this.#receivers.recovered();
      return false;
    } catch (thrown) {
      const error = asDriverError(thrown, 'PROTOCOL/reading', {});
      if (!signal.aborted && !this.#names.starting && !PASSING.has(error.number ?? -1)) this.#receivers.error(error);
      return true;
    }
  }

  /** Before the first reading of the stores, and again after the port was lost, the SIM changed or somebody called. */
  async #open(signal: AbortSignal): Promise<void> {
    while (!this.#opened) {
      // What comes meanwhile needs another opening.
      this.#opened = true;
      try {
        const { place } = this.#device;
        const sim = await this.#sim.name(place);
        const note = new SimNote(this.#host, sim);
        await this.#outbox.attach(sim, signal);
        this.#outbox.reports.open(note);
        await this.#inbox.open(note, await this.#names.stick(place));
        if (note.problem && this.#complained !== note.name) {
          this.#complained = note.name;
          this.#receivers.error(note.problem);
        }
        await announce((command, options) => this.#ask(command, options));
        signal.throwIfAborted();
      } catch (error) {
        this.#opened = false;
        throw error;
      }
    }
  }

  /** For sending: the port is open, the outbox knows from which SIM, and a status report would be heard of. */
  async #ready(report: boolean): Promise<void> {
    const { place } = this.#device;
    try {
      const web = this.#byWeb.session;
      if (web) {
        const { sim } = await web.run((client, signal) => simOf(client, place, signal), this.#inUse.signal);
        return await this.#outbox.attach(sim, this.#inUse.signal);
      }
      const sim = await this.#sim.name(place);
      await this.#outbox.attach(sim, this.#visit.signal);
      if (report) await this.#sim.announced;
    } catch (error) {
      if (!isDriverError(error, 'AT_ERROR') || !this.#names.starting) throw error;
      throw failure('BUSY/sim-starting', { why: error.message }, { cause: error });
    }
  }

  /** Reads or changes the stores while nobody else does. */
  #alone<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const alone = async () => {
      // Waits for the port, if it is being opened.
      await this.#ask('AT');
      const { signal } = this.#visit;
      await this.#open(signal);
      return work(signal);
    };
    return this.#queue.take(() => this.#inTurn(alone));
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
    const { awaited } = this.#outbox.reports;
    if (!this.#used && !this.#inbox.hasReports && ms === undefined) return;
    const polls = this.#receivers.polls;
    if (polls.length === 0 || awaited) polls.push(TIMEOUTS.sms.poll);
    this.#timer = this.#host.clock.after(ms ?? Math.min(...polls), () => this.#look());
  }

  /** False while nobody waits for anything that could be in the stores. */
  get #used(): boolean {
    return this.#receivers.size > 0 || this.#outbox.reports.awaited;
  }

  /**
   * A report is for whoever sent the message, here or in another life; else for those who take messages; and one that nobody
   * takes is cleared away: it would fill the SIM.
   */
  #report(report: StatusReport | WebReport, since: number): Fate | undefined {
    const { reports } = this.#outbox;
    const told = reports.reported(report);
    if (told === 'told') return 'deleted';
    const waited = this.#host.clock.now() - since >= TIMEOUTS.sms.owner;
    if (told === 'waits' && !waited) return undefined;
    const fate = this.#receivers.report(report) ?? (waited ? 'deleted' : undefined);
    if (fate && told) reports.giveUp(report);
    return fate;
  }

  get #handle(): AtHandle {
    if (this.#at) return this.#at;
    throw unused();
  }

  async #ask(command: string, options: RunOptions = {}) {
    const at = this.#handle;
    const reply = await at.run(command, options);
    const { stick } = at.state;
    return expectOk(reply, stick === undefined ? {} : { stick });
  }
}

const unused = (): DriverError => failure('CANCELLED/sms-unused', {});

/** SIM busy: it is still starting. */
const PASSING: ReadonlySet<number> = new Set([14, 314]);
