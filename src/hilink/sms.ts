/**
 * SMS by the web API. The stick puts long ones together and takes them apart; it tells no reference, so reports are known by
 * number and time alone. `OK` to a message says that it is queued, to a deletion nothing.
 */

import { cleanNumber } from '../at/sms/number';
import { splitText } from '../at/sms/split';
import { type ErrorCode, failure, isDriverError } from '../errors';
import { sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { known } from '../values/shape';
import type { WebMessage, WebSending, WebStore } from '../values/web-sms';
import { NEWS } from './endpoints/monitoring';
import { SEND_STATUS, SMS_COUNT, SMS_LIST } from './endpoints/sms';
import { CODE } from './errors-table';
import { valuesIn } from './read';
import type { Item } from './request';
import { isLeftOut, type WebStick } from './stick';
import { type CallOptions, mayBeDone } from './wire';

/** By BoxType. */
const BOXES = { inbox: 1, sent: 2, drafts: 3 } as const;
export type Box = keyof typeof BOXES;

export interface SendOptions extends CallOptions {
  /** As people write it: `+49 170 1234567`, `22922`. */
  to: unknown;
  text: unknown;
}

/** `unknown`: it was handed to the stick, which does not say what became of it. It must not be sent again by itself. */
export interface SendResult {
  to: string;
  parts: number;
  outcome: 'sent' | 'failed' | 'unknown';
}

/** What the pages let people write; nobody knows what sticks do with more. */
const MOST_PARTS = 4;
const PAGE = 20;
const MOST_PAGES = 60;

/** What a message is known by: its place in the store is given anew when it is free. */
export const messageKey = ({ id, time, from, to }: WebMessage): string => [id, time ?? '', from ?? to ?? ''].join('|');

export class HilinkSms {
  readonly #stick: WebStick;
  /** Texts of long messages, since when they have been the same: one that still arrives shows up with what has come. */
  #long = new Map<string, { text: string; since: number }>();
  /** Firmware that takes no order by place. */
  #byDate = false;

  /** @internal */
  constructor(stick: WebStick) {
    this.#stick = stick;
  }

  /** Messages of a box, the oldest place first; of the inbox no reports. Marks nothing as read. */
  async list(box: Box = 'inbox', options: CallOptions = {}): Promise<WebMessage[]> {
    const all = await this.#all(box, options);
    return box === 'inbox' ? all.filter(({ kind }) => kind !== 'report') : all;
  }

  /** What has become of messages that were sent with a report wanted. */
  async reports(options: CallOptions = {}): Promise<WebMessage[]> {
    return (await this.#all('inbox', options)).filter(({ kind }) => kind === 'report');
  }

  async storage(options: CallOptions = {}): Promise<WebStore> {
    return (await this.#stick.session.values(SMS_COUNT.path, options)).store ?? {};
  }

  /** How many are unread, and whether the store is full: the cheapest look there is. */
  async news(options: CallOptions = {}): Promise<Pick<WebStore, 'unread' | 'full'>> {
    return (await this.#stick.session.values(NEWS.path, options)).store ?? {};
  }

  async markRead(messages: readonly WebMessage[], options: CallOptions = {}): Promise<void> {
    await this.#stick.sure(options);
    for (const { id } of messages) {
      try {
        await this.#stick.session.post('sms/set-read', [['Index', id]], options);
      } catch (error) {
        if (!isDriverError(error) || error.number !== CODE.DONE_BEFORE) throw error;
      }
    }
  }

  /**
   * Deletes those of `messages` that are still in `box` as they are here, but no long one that may still be arriving.
   * Resolves with those that are gone, by another look.
   */
  async delete(messages: readonly WebMessage[], box: Box = 'inbox', options: CallOptions = {}): Promise<WebMessage[]> {
    await this.#stick.sure(options);
    const before = new Map((await this.#all(box, options)).map((message) => [messageKey(message), message]));
    const same = messages.filter((message) => {
      const now = before.get(messageKey(message));
      return now !== undefined && now.text === message.text && !now.arriving;
    });
    for (const { id } of same) await this.#stick.session.post('sms/delete-sms', [['Index', id]], options);
    if (same.length === 0) return [];
    const after = new Set((await this.#all(box, options)).map(messageKey));
    return same.filter((message) => !after.has(messageKey(message)));
  }

  /**
   * Sends `text`, as up to four SMS. Resolves when the stick has said what became of it. Errors before it is handed over:
   * BAD_ARGUMENT, those of {@link WebStick.sure} and of a request; nothing was sent then.
   */
  async send({ to, text, ...options }: SendOptions): Promise<SendResult> {
    const number = cleanNumber(to, "The recipient's number");
    const parts = partsOf(text);
    await this.#stick.sure(options);
    const before = await this.#state(options);
    const result = (outcome: SendResult['outcome']): SendResult => ({ to: number, parts, outcome });
    try {
      await this.#hand(number, String(text), options);
    } catch (error) {
      if (!mayBeDone(error, SEND)) throw error;
    }
    return result(await this.#fate(number, before, options));
  }

  /** Waits while another message is on its way: there is one place for all. */
  async #hand(number: string, text: string, options: CallOptions): Promise<void> {
    const { clock, session } = this.#stick;
    const end = clock.now() + TIMEOUTS.hilink.sendBusy;
    const items: Item[] = [
      ['Index', -1],
      ['Phones', [['Phone', number]]],
      ['Sca', ''],
      ['Content', text],
      ['Length', text.length],
      ['Reserved', 1],
      ['Date', localTime(clock.date())],
    ];
    for (let pause = 1_000; ; pause = Math.min(pause + 1_000, 5_000)) {
      options.signal?.throwIfAborted();
      try {
        // Not to be stopped on its way: nobody would know whether it was sent.
        await session.post(SEND, items);
        return;
      } catch (error) {
        const busy = isDriverError(error) && BUSY.includes(error.number ?? 0);
        if (!busy || clock.now() + pause > end) throw error;
      }
      await sleep(clock, pause, options.signal);
    }
  }

  /** What is known of sending, to tell a new outcome from the last one. */
  async #state(options: CallOptions): Promise<Before> {
    const sending = (await this.#stick.maybe(SEND_STATUS.path, options))?.sending;
    const store = (await this.#stick.maybe(SMS_COUNT.path, options))?.store;
    return known({ sending, sent: store?.sent, draft: store?.draft });
  }

  /** Never rejects: from now on the message may be on its way, whatever happens. */
  async #fate(number: string, before: Before, options: CallOptions): Promise<SendResult['outcome']> {
    const { clock } = this.#stick;
    const end = clock.now() + TIMEOUTS.hilink.sent;
    let ours = false;
    while (clock.now() < end) {
      let now: Before;
      try {
        await sleep(clock, TIMEOUTS.hilink.sending, options.signal);
        now = await this.#state(options);
      } catch (error) {
        // A look that fails is not the last one, unless all that follow would fail too.
        if (options.signal?.aborted || !isDriverError(error) || FINAL.includes(error.code)) return 'unknown';
        continue;
      }
      // What stands there may be of the last message, to the same number, until something has changed.
      const [kept, returned] = [grown(before.sent, now.sent), grown(before.draft, now.draft)];
      ours ||= kept || returned || JSON.stringify(now.sending) !== JSON.stringify(before.sending);
      if (!ours || now.sending?.finished === false) continue;
      const found = now.sending && outcomeOf(number, now.sending);
      if (found !== undefined) return found;
      if (returned) return 'failed';
      if (kept) return 'sent';
    }
    return 'unknown';
  }

  async #all(box: Box, options: CallOptions): Promise<WebMessage[]> {
    // Asked for the number of its messages, the stick looks anew.
    await this.#stick.maybe(SMS_COUNT.path, options);
    const found = new Map<string, WebMessage>();
    for (let page = 1; page <= MOST_PAGES; page++) {
      const { messages = [], total } = await this.#page(box, page, options);
      const size = found.size;
      for (const message of messages) found.set(messageKey(message), message);
      if (messages.length === 0 || found.size === size) break;
      if (total === undefined ? messages.length < PAGE : found.size >= total) break;
    }
    const all = [...found.values()].sort((a, b) => a.id - b.id);
    return box === 'inbox' ? this.#marked(all) : all;
  }

  async #page(box: Box, page: number, options: CallOptions) {
    const items = (sort: number): Item[] => [
      ['PageIndex', page],
      ['ReadCount', PAGE],
      ['BoxType', BOXES[box]],
      ['SortType', sort],
      ['Ascending', sort === BY_PLACE ? 1 : 0],
      ['UnreadPreferred', 0],
    ];
    const ask = async (sort: number) => {
      const page = valuesIn(SMS_LIST.path, await this.#stick.session.post(SMS_LIST.path, items(sort), options));
      // What is no list must not look like an empty box: messages would seem to have been deleted.
      if (page.messages === undefined) throw failure('HILINK_ERROR/other-xml', {});
      return page;
    };
    if (this.#byDate) return ask(BY_DATE);
    try {
      return await ask(BY_PLACE);
    } catch (error) {
      if (!isLeftOut(error) || !isDriverError(error) || error.number === CODE.LOGIN_NEEDED) throw error;
      const page = await ask(BY_DATE);
      this.#byDate = true;
      return page;
    }
  }

  /** Long ones that have not been seen with the same text for long enough are marked as arriving. */
  #marked(messages: readonly WebMessage[]): WebMessage[] {
    const now = this.#stick.clock.now();
    const long = new Map<string, { text: string; since: number }>();
    const marked = messages.map((message) => {
      if (!message.long) return message;
      const key = messageKey(message);
      const text = message.text ?? '';
      const seen = this.#long.get(key);
      const since = seen?.text === text ? seen.since : now;
      long.set(key, { text, since });
      return now - since < TIMEOUTS.hilink.whole ? { ...message, arriving: true } : message;
    });
    // Only of what is there: it does not grow.
    this.#long = long;
    return marked;
  }
}

interface Before {
  sending?: WebSending;
  sent?: number;
  draft?: number;
}

const BY_DATE = 0;
const BY_PLACE = 2;

const SEND = 'sms/send-sms';

const FINAL: readonly ErrorCode[] = ['LOGIN_REFUSED', 'LOGIN_LOCKED', 'CANCELLED'];

const BUSY: readonly number[] = [CODE.SMS_BUSY, CODE.SMS_SYSTEM_BUSY];

const grown = (before: number | undefined, now: number | undefined): boolean =>
  before !== undefined && now !== undefined && now > before;

const digitsOf = (number: string): string => number.replaceAll(/[^\d*#]/g, '');

function outcomeOf(number: string, { sent, failed }: WebSending): 'sent' | 'failed' | undefined {
  const isIn = (numbers: readonly string[]) => numbers.some((one) => digitsOf(one) === digitsOf(number));
  if (isIn(failed)) return 'failed';
  return isIn(sent) ? 'sent' : undefined;
}

function partsOf(text: unknown): number {
  if (typeof text !== 'string' || text === '') {
    throw failure(text === '' ? 'BAD_ARGUMENT/text-empty' : 'BAD_ARGUMENT/text-missing', {});
  }
  const parts = splitText(text, false, false).parts.length;
  if (parts > MOST_PARTS) throw failure('BAD_ARGUMENT/sms-parts', { parts, most: MOST_PARTS });
  return parts;
}

/** `2024-02-29 23:59:59`, as the pages write it. */
function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = [date.getFullYear(), two(date.getMonth() + 1), two(date.getDate())].join('-');
  return `${day} ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':')}`;
}
