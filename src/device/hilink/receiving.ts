/**
 * The share of a stick's SMS in its web API. Looks into the inbox as long as somebody takes messages: nothing announces them
 * in HiLink mode.
 */

import { asDriverError } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import type { Host, Timer } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { Receivers } from '../sms/receivers';
import { SimNote } from '../sms/sim-note';
import { WebInbox, type WebInboxOwner } from './inbox';
import type { HilinkSession } from './session';
import { simOf } from './sim';
import type { WebOptions } from './web-options';

/** Where the last receiver has left meanwhile: nobody waits. */
const LONGEST = 86_400_000;

export interface ReceivingWiring extends WebInboxOwner {
  /** Somebody waits for a report. */
  awaited(): boolean;
  host: Host;
  /** Port path. */
  place: string;
  receivers: Receivers;
  /** Undefined where there is no stick. */
  web: HilinkSession | undefined;
  /** The web API answers now, or does not any more, or the SIM may be another one. */
  changed(ready: boolean): void;
  /** Aborted when nobody uses it any more. */
  inUse(): AbortSignal;
  /** Does `work` while nobody else reads or changes stores. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** It is this note that counts from now on. */
  opened(note: SimNote): void;
}

export type InboxWork<T> = (inbox: WebInbox, client: HilinkClient, signal: AbortSignal) => Promise<T>;

export class WebReceiving {
  readonly #wiring: ReceivingWiring;
  readonly #inbox: WebInbox;
  #isOpen = false;
  #timer: Timer | undefined;
  #leave: (() => Promise<void>) | undefined;

  constructor(wiring: ReceivingWiring) {
    this.#wiring = wiring;
    this.#inbox = new WebInbox(wiring, wiring.host.clock);
  }

  /** From now on the web API is used where the stick is in HiLink mode. Twice is harmless. */
  start(options: WebOptions): void {
    const { web, changed } = this.#wiring;
    if (!web || this.#leave) return;
    const leave = web.join(options);
    let before = '';
    const onState = () => {
      const { state, sim } = web.states.now ?? {};
      if (`${state} ${sim}` === before) return;
      before = `${state} ${sim}`;
      this.#reset();
      changed(state === 'ready');
      this.look();
    };
    const off = web.states.on(onState);
    this.#leave = () => {
      off();
      return leave();
    };
    onState();
  }

  /** Resolves when it has been given back. */
  async stop(): Promise<void> {
    const leave = this.#leave;
    this.#leave = undefined;
    this.#reset();
    await leave?.();
  }

  /** While the stick is in HiLink mode, and it is used. */
  get session(): HilinkSession | undefined {
    const { web } = this.#wiring;
    return this.#leave && web?.states.now ? web : undefined;
  }

  /** The stick, its SIM or its mode may be another one. */
  #reset(): void {
    this.#isOpen = false;
    this.#timer?.cancel();
  }

  /** Looks now, and again in time. */
  look(): void {
    const { inTurn, host, inUse } = this.#wiring;
    this.#timer?.cancel();
    const { session } = this;
    if (session?.states.now?.state !== 'ready' || (!this.#used && this.#isOpen)) return;
    void inTurn(() => this.#look(session)).then((wait) => {
      this.#timer?.cancel();
      if (!inUse().aborted) this.#timer = host.clock.after(wait, () => this.look());
    });
  }

  /** Somebody takes messages from now on. */
  received(): void {
    this.#inbox.lookAgain();
    this.look();
  }

  /** While nobody else does anything with the inbox. */
  alone<T>(session: HilinkSession, work: InboxWork<T>): Promise<T> {
    return session.run(async (client, signal) => {
      await this.#open(client, signal);
      return work(this.#inbox, client, signal);
    }, this.#wiring.inUse());
  }

  get #used(): boolean {
    return this.#wiring.receivers.size > 0 || this.#wiring.awaited();
  }

  /** Resolves with the time until the next look. Never rejects. */
  async #look(session: HilinkSession): Promise<number> {
    const { receivers, inUse } = this.#wiring;
    try {
      // Whether somebody waits for a report stands in the note, which is open then.
      const arriving = await this.alone(session, async (inbox, client, signal) =>
        this.#used ? inbox.look(client, signal) : false,
      );
      receivers.recovered();
      const { polls } = receivers;
      if (this.#wiring.awaited()) polls.push(TIMEOUTS.sms.poll);
      return arriving ? TIMEOUTS.hilink.whole : Math.min(...polls, LONGEST);
    } catch (thrown) {
      // Why the web API does not answer is told by its state.
      if (!inUse().aborted && session.states.now?.state === 'ready') {
        receivers.error(asDriverError(thrown, 'PROTOCOL/reading', {}));
      }
      return TIMEOUTS.sms.again;
    }
  }

  async #open(client: HilinkClient, signal: AbortSignal): Promise<void> {
    if (this.#isOpen) return;
    this.#isOpen = true;
    try {
      const { host, place, opened } = this.#wiring;
      const { sim, imei } = await simOf(client, place, signal);
      const note = new SimNote(host, sim);
      this.#inbox.open(note, imei ?? place);
      opened(note);
      if (note.problem) this.#wiring.receivers.error(note.problem);
    } catch (error) {
      this.#isOpen = false;
      throw error;
    }
  }
}
