/**
 * The received messages of a stick in HiLink mode: hands each over once, as a whole, and deletes it if that is wished. What was
 * handed over is in the note of its SIM, as on the AT side.
 */

import { splitText } from '../../at/sms/split';
import type { Storage } from '../../at/sms/store';
import type { HilinkClient } from '../../hilink/client';
import type { WebMessage, WebStore } from '../../values/web-sms';
import type { SmsMessage } from '../sms/assemble';
import type { InboxOwner, StoredMessage } from '../sms/inbox';
import { isPlaceKey, modeKey, webKey } from '../sms/keys';
import { Known } from '../sms/known';
import type { SimNote } from '../sms/sim-note';

/** The store of the stick, which the web API shows as one. */
const STORE = 'ME';

export class WebInbox {
  readonly #owner: Pick<InboxOwner, 'wanted' | 'message' | 'storage'>;
  #known: Known | undefined;
  #store = '';

  constructor(owner: Pick<InboxOwner, 'wanted' | 'message' | 'storage'>) {
    this.#owner = owner;
  }

  /** `note`: of the SIM that is in it now; `stick`: what tells the stick from others. */
  open(note: SimNote, stick: string): void {
    this.#known = new Known(note);
    this.#store = `HiLink ${stick}`;
  }

  /** Hands over what is new. Resolves with true where a long message is still arriving. Errors: those of the client. */
  async look(client: HilinkClient, signal: AbortSignal): Promise<boolean> {
    const known = this.#known;
    if (!known) return false;
    const messages = await client.sms.list('inbox', { signal });
    const storage = storageOf(await client.sms.storage({ signal }));
    if (storage) this.#owner.storage(storage);
    // What AT knows by its place is not seen here, and stays.
    const stored = new Set([...messages.map(webKey), ...known.note.content.keys.filter(isPlaceKey)]);
    const isFirst = !known.hasSeen(this.#store);
    const gone: WebMessage[] = [];
    for (const message of messages) {
      const one = handed(message);
      let fate = known.fate(one);
      if (!fate && !message.arriving && this.#owner.wanted()) {
        signal.throwIfAborted();
        const existing = isFirst && (known.note.state !== 'damaged' || message.read);
        // In one turn with the note: a restart in between would hand it over again.
        fate =
          known.fateOf(modeKey('AT', message)) ??
          this.#owner.message({ ...received(message), ...(existing && { existing: true as const }) });
        const own = modeKey('HiLink', message).map((key) => ({ key, hex: '' }));
        if (fate) known.add([one, ...own], stored, fate);
      }
      if (fate === 'deleted') gone.push(message);
    }
    if (this.#owner.wanted()) known.see([this.#store]);
    // What it does not delete is deleted at the next look.
    if (gone.length > 0) await client.sms.delete(gone, 'inbox', { signal });
    return messages.some(({ arriving }) => arriving);
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

function storageOf({ max, used, inbox = 0, sent = 0, draft = 0, full }: WebStore): Storage | undefined {
  if (max === undefined) return undefined;
  return { store: STORE, used: full ? max : (used ?? inbox + sent + draft), total: max };
}
