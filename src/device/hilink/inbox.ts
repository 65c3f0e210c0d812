/**
 * The received messages of a stick in HiLink mode: hands each over once, as a whole, and deletes it if that is wished. What was
 * handed over is in the note of its SIM, as on the AT side.
 */

import { splitText } from '../../at/sms/split';
import { failure } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import type { Clock } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { WebMessage } from '../../values/web-sms';
import type { SmsMessage } from '../sms/assemble';
import type { InboxOwner, StoredMessage } from '../sms/inbox';
import { isPlaceKey, modeKey, webKey } from '../sms/keys';
import { type Fate, Known } from '../sms/known';
import type { WebReport } from '../sms/reports';
import type { SimNote } from '../sms/sim-note';
import { STORE, storageOf } from './storage';

/** What the inbox tells, and what it wants to know. None of these may throw. */
export interface WebInboxOwner extends Pick<InboxOwner, 'wanted' | 'message' | 'storage'> {
  /** As {@link InboxOwner.report}. */
  report(report: WebReport, since: number): Fate | undefined;
}

export class WebInbox {
  readonly #owner: WebInboxOwner;
  readonly #clock: Clock;
  #known: Known | undefined;
  #store = '';
  /** What the counters were at the last look after which there was nothing more to do. */
  #still: { store: string; at: number } | undefined;
  /** When reports that wait for their sender were seen first, by key. */
  #waiting = new Map<string, number>();

  constructor(owner: WebInboxOwner, clock: Clock) {
    this.#owner = owner;
    this.#clock = clock;
  }

  /** `note`: of the SIM that is in it now; `stick`: what tells the stick from others. */
  open(note: SimNote, stick: string): void {
    this.#known = new Known(note);
    this.#store = `HiLink ${stick}`;
    this.lookAgain();
  }

  /** Somebody else takes messages now, or the stick may have others: the next look reads all of them. */
  lookAgain(): void {
    this.#still = undefined;
  }

  /**
   * Hands over what is new. Where the counters are those of the last look nothing is read, for a while: that needs a login on
   * most firmware, and whoever is at the web page is left alone. Resolves with true where a long message is still arriving.
   * Errors: those of the client.
   */
  async look(client: HilinkClient, signal: AbortSignal): Promise<boolean> {
    const known = this.#known;
    if (!known) return false;
    const counts = await client.sms.counts({ signal });
    const now = counts && JSON.stringify(counts);
    const storage = counts && storageOf(counts);
    if (storage) this.#owner.storage(storage);
    const still = this.#still;
    if (now !== undefined && still?.store === now && this.#clock.now() - still.at < TIMEOUTS.hilink.reread)
      return false;
    this.#still = undefined;
    const messages = await client.sms.inbox({ signal, counted: true });
    const gone = await this.#handOver(messages, known, signal);
    if (this.#owner.wanted()) known.see([this.#store]);
    // What it does not delete is deleted at the next look.
    if (gone.length > 0) await client.sms.delete(gone, 'inbox', { signal, verify: false });
    const arriving = messages.some((message) => message.arriving);
    const quiet = gone.length === 0 && !arriving && this.#waiting.size === 0 && this.#owner.wanted();
    if (now !== undefined && quiet) this.#still = { store: now, at: this.#clock.now() };
    return arriving;
  }

  /** Resolves with what is to be deleted. */
  async #handOver(messages: readonly WebMessage[], known: Known, signal: AbortSignal): Promise<WebMessage[]> {
    // What AT knows by its place is not seen here, and stays.
    const stored = new Set([...messages.map(webKey), ...known.note.content.keys.filter(isPlaceKey)]);
    const isFirst = !known.hasSeen(this.#store);
    const gone: WebMessage[] = [];
    const waiting = new Map<string, number>();
    for (const message of messages) {
      const one = handed(message);
      let fate = known.fate(one);
      if (!fate && message.kind === 'report') {
        const since = this.#waiting.get(one.key) ?? this.#clock.now();
        fate = this.#owner.report(reportOf(message), since);
        if (fate) known.add([one], stored, fate);
        else waiting.set(one.key, since);
      } else if (!fate && !message.arriving && this.#owner.wanted()) {
        signal.throwIfAborted();
        const existing = isFirst && (known.note.state !== 'damaged' || message.read);
        // In one turn with the note: a restart in between would hand it over again.
        fate =
          known.fateOf(modeKey('AT', message)) ??
          this.#owner.message({ ...received(message), ...(existing && { existing: true as const }) });
        const own = modeKey('HiLink', message).map((key) => ({ key, hex: '' }));
        if (fate) known.add([one, ...own], stored, fate);
        // Nobody could take it: it is offered again at the next look.
        else waiting.set(one.key, this.#clock.now());
      }
      if (fate === 'deleted') gone.push(message);
    }
    this.#waiting = waiting;
    return gone;
  }

  /** Everything in the inbox, as it stands. Nothing is handed over by this. */
  async list(client: HilinkClient, signal: AbortSignal): Promise<StoredMessage[]> {
    return (await client.sms.list('inbox', { signal })).map((message) => {
      const { from, text, time, parts } = received(message);
      const alphabet = splitText(text).alphabet;
      return {
        store: STORE,
        index: message.id,
        unread: !message.read,
        handedOver: this.#known?.handedOver(handed(message)) ?? false,
        message: { kind: 'deliver', from, text, alphabet, parts, ...(time !== undefined && { time }) },
      };
    });
  }

  /** Deletes what has been handed over, or with `all` everything in the inbox. Resolves with how many are gone. */
  async clear(client: HilinkClient, all: boolean, signal: AbortSignal): Promise<number> {
    const messages = await client.sms.list('inbox', { signal });
    const chosen = messages.filter((message) => all || this.#known?.handedOver(handed(message)));
    return (await client.sms.delete(chosen, 'inbox', { signal })).length;
  }

  /** Deletes those with these ids; resolves with the ids of what is gone. Error: BAD_ARGUMENT, where one is not there. */
  async remove(ids: readonly number[], client: HilinkClient, signal: AbortSignal): Promise<number[]> {
    const gone = await client.sms.delete(await chosen(ids, client, signal), 'inbox', { signal });
    return gone.map(({ id }) => id);
  }

  /** The same, marked as read. */
  async markRead(ids: readonly number[], client: HilinkClient, signal: AbortSignal): Promise<void> {
    await client.sms.markRead(await chosen(ids, client, signal), { signal });
  }
}

async function chosen(ids: readonly number[], client: HilinkClient, signal: AbortSignal): Promise<WebMessage[]> {
  const all = await client.sms.list('inbox', { signal });
  return ids.map((id) => {
    const found = all.find((message) => message.id === id);
    if (!found) throw failure('BAD_ARGUMENT/no-such-message', { id: String(id) });
    return found;
  });
}

function reportOf({ from = '', delivered, time }: WebMessage): WebReport {
  const outcome = delivered ? 'delivered' : 'failed';
  return { kind: 'report', to: from, outcome, ...(time !== undefined && { time }) };
}

const handed = (message: WebMessage) => ({
  key: webKey(message),
  hex: '',
  index: message.id,
  decoded: { kind: 'undecodable', reason: '' } as const,
});

function received({ from = '', text = '', time, long }: WebMessage): SmsMessage {
  return { from, text, ...(time !== undefined && { time }), parts: long ? splitText(text).parts.length : 1 };
}
