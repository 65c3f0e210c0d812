/**
 * SMS by the web API. The stick puts long ones together and takes them apart; it tells no reference, so reports are known by
 * number and time alone. `OK` to a message says that it is queued, to a deletion nothing.
 */

import { failure, isDriverError } from '../errors';
import { sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebMessage, WebStore } from '../values/web-sms';
import { NEWS } from './endpoints/monitoring';
import { SMS_COUNT, SMS_LIST } from './endpoints/sms';
import { CODE } from './errors-table';
import { valuesIn } from './read';
import type { Item } from './request';
import { Sending, type SendOptions, type SendResult } from './sending';
import { isLeftOut, type WebStick } from './stick';
import type { CallOptions } from './wire';

export type { SendOptions, SendResult } from './sending';

/** By BoxType. */
const BOXES = { inbox: 1, sent: 2, drafts: 3 } as const;
export type Box = keyof typeof BOXES;

export interface ListOptions extends CallOptions {
  /** The stick was asked for the number of its messages just now. */
  counted?: boolean;
}

export interface DeleteOptions extends CallOptions {
  /** False: nobody looks whether they are gone. */
  verify?: boolean;
}

const PAGE = 20;
const MOST_PAGES = 60;

/** What a message is known by: its place in the store is given anew when it is free. */
export const messageKey = ({ id, time, from, to }: WebMessage): string => [id, time ?? '', from ?? to ?? ''].join('|');

export class HilinkSms {
  readonly #stick: WebStick;
  readonly #sending: Sending;
  /** Texts of long messages, since when they have been the same: one that still arrives shows up with what has come. */
  #long = new Map<string, { text: string; since: number }>();
  /** Firmware that takes no order by place. */
  #byDate = false;

  /** @internal */
  constructor(stick: WebStick) {
    this.#stick = stick;
    this.#sending = new Sending(stick);
  }

  /** See {@link Sending.send}. */
  send(options: SendOptions): Promise<SendResult> {
    return this.#sending.send(options);
  }

  /** Messages of a box, the oldest place first; of the inbox no reports. Marks nothing as read. */
  async list(box: Box = 'inbox', options: ListOptions = {}): Promise<WebMessage[]> {
    const all = await this.#all(box, options);
    return box === 'inbox' ? all.filter(({ kind }) => kind !== 'report') : all;
  }

  /** What has become of messages that were sent with a report wanted. */
  async reports(options: ListOptions = {}): Promise<WebMessage[]> {
    return (await this.#all('inbox', options)).filter(({ kind }) => kind === 'report');
  }

  /** The whole inbox, reports of what has become of sent messages among them. */
  inbox(options: ListOptions = {}): Promise<WebMessage[]> {
    return this.#all('inbox', options);
  }

  /** Undefined where the firmware does not count. Needs no login on most. */
  async counts(options: CallOptions = {}): Promise<WebStore | undefined> {
    return (await this.#stick.maybe(SMS_COUNT.path, options))?.store;
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
        await this.#stick.post('sms/set-read', [['Index', id]], options);
      } catch (error) {
        if (!isDriverError(error) || error.number !== CODE.DONE_BEFORE) throw error;
      }
    }
  }

  /**
   * Deletes those of `messages` that are still in `box` as they are here, but no long one that may still be arriving.
   * Resolves with those that are gone, by another look; without `verify` with those that it was told to delete.
   */
  async delete(
    messages: readonly WebMessage[],
    box: Box = 'inbox',
    { verify = true, ...options }: DeleteOptions = {},
  ): Promise<WebMessage[]> {
    await this.#stick.sure(options);
    const before = new Map((await this.#all(box, options)).map((message) => [messageKey(message), message]));
    const same = messages.filter((message) => {
      const now = before.get(messageKey(message));
      return now !== undefined && now.text === message.text && !now.arriving;
    });
    for (const { id } of same) await this.#stick.post('sms/delete-sms', [['Index', id]], options);
    if (same.length === 0 || !verify) return same;
    const after = new Set((await this.#all(box, options)).map(messageKey));
    return same.filter((message) => !after.has(messageKey(message)));
  }

  /**
   * The same in the inbox for whoever has seen them only now: waits until long ones can have come whole, and calls `onWait`
   * then.
   */
  async deleteWhole(
    messages: readonly WebMessage[],
    { onWait, ...options }: CallOptions & { onWait?: () => void } = {},
  ): Promise<WebMessage[]> {
    const gone = await this.delete(messages, 'inbox', options);
    const long = messages.filter((message) => message.long && !gone.includes(message));
    if (long.length === 0) return gone;
    onWait?.();
    await sleep(this.#stick.clock, TIMEOUTS.hilink.whole, options.signal);
    return [...gone, ...(await this.delete(long, 'inbox', options))];
  }

  /** Deletes the newest copy that the stick has kept of what it sent to `to`; it takes the room of others. */
  async deleteCopy(
    to: string,
    text: string,
    { box = 'sent', ...options }: CallOptions & { box?: Box } = {},
  ): Promise<void> {
    const copy = (await this.#all(box, { ...options, counted: true })).findLast(
      (one) => one.to === to && one.text === text,
    );
    if (!copy) return;
    await this.#stick.sure(options);
    await this.#stick.post('sms/delete-sms', [['Index', copy.id]], options);
  }

  async #all(box: Box, { counted = false, ...options }: ListOptions): Promise<WebMessage[]> {
    // Asked for the number of its messages, the stick looks anew.
    if (!counted) await this.#stick.maybe(SMS_COUNT.path, options);
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

const BY_DATE = 0;
const BY_PLACE = 2;
