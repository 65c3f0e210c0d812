/**
 * SMS and USSD for many users of one stick: one inbox, one outbox, whoever asks. Lives on the AT session of the stick, as
 * long as somebody uses it.
 */

import { setMaxListeners } from 'node:events';
import { failure } from '../../errors';
import { type Host, sleep } from '../../host/host';
import { either } from '../../signals';
import { TIMEOUTS } from '../../timeouts';
import type { WebStore } from '../../values/web-sms';
import { type AtEvent, type AtState, byEither, openAt } from '../at/open-at';
import type { UserOptions } from '../at/user-options';
import type { Device } from '../device';
import { Follower } from '../follower';
import { meaningOf } from '../meaning';
import { type FateListener, OutboxStore } from '../outbox/store';
import type { UssdOptions, UssdReply } from '../ussd-conversation';
import { Wishes } from '../wishes';
import type { StoredMessage } from './inbox';
import type { Receiver } from './receivers';
import type { ReportListener } from './reports';
import type { SendRequest, SendResult } from './sender';
import { StickSms } from './stick-sms';

export type { StatusReport } from '../../at/sms/decode';
export type { Storage } from '../../at/sms/store';
export type { Fate } from '../outbox/slip';
export type { FateListener } from '../outbox/store';
export type { UssdOptions, UssdReply } from '../ussd-conversation';
export type { SmsMessage } from './assemble';
export type { StoredMessage } from './inbox';
export type { Receiver } from './receivers';
export type { DeliveryReport, ReportListener, WebReport } from './reports';
export type { SendRequest, SendResult } from './sender';

/** One user's share in SMS and USSD of a stick. */
export interface SmsHandle {
  readonly state: AtState;
  onState(listener: (state: AtState) => void): () => void;
  /** See {@link AtHandle.onEvent}. */
  onEvent(listener: (event: AtEvent) => void): () => void;
  /** Starts to receive. Returns how to stop. */
  receive(receiver: Receiver): () => void;
  /** What is stored now, in all stores that receive. Errors: QUEUE_FULL, and those of the commands. */
  list(): Promise<StoredMessage[]>;
  /** Deletes what has been handed over, with `all` everything. Resolves with the number of PDUs. */
  clear(all?: boolean): Promise<number>;
  /** In HiLink mode: how many messages there are in each box, and how many there can be. Error: WRONG_MODE. */
  stored(): Promise<WebStore>;
  /** In HiLink mode: deletes these, by {@link StoredMessage.index}. Resolves with those that are gone. Error: BAD_ARGUMENT. */
  remove(ids: readonly number[]): Promise<number[]>;
  /** The same, marked as read on the stick. */
  markRead(ids: readonly number[]): Promise<void>;
  /** See {@link Sender.send}. */
  send(request: SendRequest): Promise<SendResult>;
  /**
   * Tells what has become of messages of `owner` ({@link SendRequest.from}) that were sent in another life, or by a share
   * that was given back meanwhile. Each fate is told once, or once more where the process ended while it was told; by its
   * id it is the same. Returns how to end it.
   */
  fates(owner: string, listener: FateListener): () => void;
  /** Takes what waits of `owner` out of the outbox, whoever has sent it. A part that is on its way is sent all the same. */
  callOff(owner: string): void;
  /** Tells of the reports for `owner`, see {@link SendRequest.report}. Returns how to end it. */
  reports(owner: string, listener: ReportListener): () => void;
  /** See {@link Ussd.send}. */
  ussd(text: string, options?: UssdOptions): Promise<UssdReply>;
  /** Leaves the USSD menu that this user has open. */
  cancelUssd(): Promise<void>;
  /**
   * Gives the share back: what waits in the queue is called off, but for that with an owner, which stays. After the last one
   * the AT session is given back too, as soon as the part under way has been answered; that is waited for two seconds here.
   */
  release(): Promise<void>;
}

const services = new WeakMap<Device, StickSms>();

/** Once per device, whatever it is called. */
function serviceOf(host: Host, device: Device): StickSms {
  const service = services.get(device) ?? new StickSms(host, device);
  services.set(device, service);
  return service;
}

/** SMS and USSD of the stick meant by `which`, see {@link openAt}. */
export function openSms(host: Host, which: string, options: UserOptions = {}): SmsHandle {
  // A share in the session of its own: the session takes the PIN of each user.
  const at = openAt(host, which, options);
  const me = {};
  const wishes = new Wishes<StickSms>();
  const meaning = meaningOf(host, which);
  const follower = new Follower(meaning, options, (device) => {
    // What waits under the name is for whichever stick is meant.
    void OutboxStore.of(host).lead(meaning.name, device.place);
    const service = serviceOf(host, device);
    const leave = service.join(options);
    const takeOff = wishes.enter(service);
    return async () => {
      takeOff();
      await device.web?.ussd.cancel(me);
      await service.ussd.cancel(me);
      await leave();
    };
  });
  const service = () => serviceOf(host, follower.device);
  const webUssd = () => {
    const { web, place } = follower.device;
    if (!web) throw failure('WRONG_MODE/not-hilink', { stick: place });
    return web.ussd;
  };
  const gone = new AbortController();
  // Each message that waits listens to it; many at once are no leak.
  setMaxListeners(0, gone.signal);
  // Who has left hears nothing any more, however late it asks.
  const until = (on: (sms: StickSms) => () => void) =>
    gone.signal.aborted ? () => undefined : wishes.add(on, service());
  /** Does `work` at the stick that is meant, until another one is. */
  const there = async <T>(
    asked: AbortSignal | undefined,
    work: (service: StickSms, signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    gone.signal.throwIfAborted();
    const wanted = either(gone.signal, asked);
    try {
      if (!follower.isKnown) await follower.known(host.clock, wanted.signal);
      const { signal, off } = either(follower.over, wanted.signal);
      return await work(service(), signal).finally(off);
    } finally {
      wanted.off();
    }
  };
  return {
    get state() {
      return at.state;
    },
    onState: (listener) => at.onState(listener),
    onEvent: (listener) => at.onEvent(listener),
    receive: (receiver) => until((sms) => sms.receive(receiver)),
    list: () => there(undefined, (sms) => sms.list()),
    clear: (all = false) => there(undefined, (sms) => sms.clear(all)),
    stored: () => there(undefined, (sms) => sms.byWeb((_, client, signal) => client.sms.storage({ signal }))),
    remove: (ids) => there(undefined, (sms) => sms.byWeb((inbox, client, signal) => inbox.remove(ids, client, signal))),
    markRead: (ids) =>
      there(undefined, (sms) => sms.byWeb((inbox, client, signal) => inbox.markRead(ids, client, signal))),
    async send(request) {
      gone.signal.throwIfAborted();
      return service().outbox.send(request, gone.signal, meaning.name);
    },
    fates: (owner, listener) => until((sms) => sms.outbox.fates(owner, listener)),
    callOff: (owner) => service().outbox.callOff(owner),
    reports: (owner, listener) => until((sms) => sms.reports(owner, listener)),
    ussd: (text, options = {}) =>
      there(options.signal, (sms, signal) =>
        byEither(
          at,
          () => sms.ussd.send(me, text, { ...options, signal }),
          () => webUssd().send(me, text, { ...options, signal }),
        ),
      ),
    async cancelUssd() {
      await follower.device.web?.ussd.cancel(me);
      await service().ussd.cancel(me);
    },
    async release() {
      if (gone.signal.aborted) return;
      gone.abort(failure('CANCELLED/sms-share', {}));
      const over = new AbortController();
      const patience = sleep(host.clock, TIMEOUTS.sms.finish, over.signal).catch(() => undefined);
      await Promise.race([Promise.all([at.release(), follower.release()]), patience]);
      over.abort();
    },
  };
}
