/** Looks into the inbox of a stick in HiLink mode, as long as somebody takes messages: nothing announces them there. */

import { asDriverError } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import type { Host, Timer } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { InboxOwner, StoredMessage } from '../sms/inbox';
import type { Receivers } from '../sms/receivers';
import { SimNote } from '../sms/sim-note';
import { WebInbox } from './inbox';
import type { HilinkSession } from './session';

/** Where the last receiver has left meanwhile: nobody waits. */
const LONGEST = 86_400_000;

export interface ReceivingWiring extends Pick<InboxOwner, 'wanted' | 'message' | 'storage'> {
  host: Host;
  /** Port path. */
  place: string;
  receivers: Receivers;
  /** While the stick is in HiLink mode. */
  web(): HilinkSession | undefined;
  /** Aborted when nobody uses it any more. */
  inUse(): AbortSignal;
  /** Does `work` while nobody else reads or changes stores. */
  inTurn<T>(work: () => Promise<T>): Promise<T>;
  /** It is this note that counts from now on. */
  opened(note: SimNote): void;
}

export class WebReceiving {
  readonly #wiring: ReceivingWiring;
  readonly #inbox: WebInbox;
  #isOpen = false;
  #timer: Timer | undefined;

  constructor(wiring: ReceivingWiring) {
    this.#wiring = wiring;
    this.#inbox = new WebInbox(wiring);
  }

  /** The stick, its SIM or its mode may be another one. */
  reset(): void {
    this.#isOpen = false;
    this.#timer?.cancel();
  }

  /** Looks now, and again in time. */
  look(): void {
    const { web, receivers, inTurn, host, inUse } = this.#wiring;
    this.#timer?.cancel();
    const session = web();
    if (session?.states.now?.state !== 'ready' || receivers.size === 0) return;
    void inTurn(() => this.#look(session)).then((wait) => {
      this.#timer?.cancel();
      if (!inUse().aborted) this.#timer = host.clock.after(wait, () => this.look());
    });
  }

  /** See {@link WebInbox.list}. */
  list(session: HilinkSession): Promise<StoredMessage[]> {
    return this.#alone(session, (client, signal) => this.#inbox.list(client, signal));
  }

  /** See {@link WebInbox.clear}. */
  clear(session: HilinkSession, all: boolean): Promise<number> {
    return this.#alone(session, (client, signal) => this.#inbox.clear(client, all, signal));
  }

  #alone<T>(session: HilinkSession, work: (client: HilinkClient, signal: AbortSignal) => Promise<T>): Promise<T> {
    return session.run(async (client, signal) => {
      await this.#open(client, signal);
      return work(client, signal);
    }, this.#wiring.inUse());
  }

  /** Resolves with the time until the next look. Never rejects. */
  async #look(session: HilinkSession): Promise<number> {
    const { receivers, inUse } = this.#wiring;
    try {
      const arriving = await this.#alone(session, (client, signal) => this.#inbox.look(client, signal));
      receivers.recovered();
      return arriving ? TIMEOUTS.hilink.whole : Math.min(...receivers.polls, LONGEST);
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
      const { imsi, imei } = await client.identity({ signal });
      const note = new SimNote(host, imsi ?? `stick ${place}`);
      this.#inbox.open(note, imei ?? place);
      opened(note);
      if (note.problem) this.#wiring.receivers.error(note.problem);
    } catch (error) {
      this.#isOpen = false;
      throw error;
    }
  }
}
