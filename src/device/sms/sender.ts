/**
 * Sends what is in the outbox (device/outbox) through one stick: one message after the other, the parts of each in order.
 * What the network refuses for the moment is tried again; what may have been sent is not.
 */

import { randomInt } from 'node:crypto';
import { lineValue } from '../../at/fields';
import { type Ask, PDU_MODE } from '../../at/sms/store';
import { asDriverError, type DriverError, failure } from '../../errors';
import { type Host, sleep } from '../../host/host';
import { either } from '../../signals';
import { TIMEOUTS } from '../../timeouts';
import { sendByWeb } from '../hilink/outgoing';
import type { HilinkSession } from '../hilink/session';
import { expired } from '../outbox/entry';
import type { Fate, Slip } from '../outbox/slip';
import { type FateListener, OutboxStore } from '../outbox/store';
import { isRefusal, isTemporary, isUnsure, maybeSent, notSent } from './refusals';
import { type DeliveryReport, Reports } from './reports';
import { readRequest, type SendRequest } from './request';

export type { SendRequest } from './request';

export interface SendResult {
  id: string;
  state: 'sent';
  /** The number as it was dialled. */
  to: string;
  parts: number;
  /** Message reference of each part, as status reports name it. */
  refs: number[];
  /** A part was sent again after the network had not answered in time: the recipient may have it twice. */
  maybeTwice?: true;
  /** It was accepted under its id before, and has not been sent again. */
  duplicate?: true;
}

const MAX_WAITING = 100;

export interface SenderOptions {
  /** What means the stick: messages that are accepted before its SIM is known are kept under it. */
  place?: string;
  /**
   * Resolves when the port is open and the SIM attached to the store, with `report` also that reports are announced; rejects
   * with what is in the way.
   */
  ready?: (report: boolean) => Promise<void>;
  /** The web API, while the stick is in HiLink mode. */
  web?: () => HilinkSession | undefined;
  /** A report is awaited that the web API does not announce. */
  awaited?: () => void;
}

/** Who wants to hear reports as long as this process lives, whichever stick sends the message. */
const onReports = new WeakMap<Slip, (report: DeliveryReport) => void>();

export class Sender {
  readonly #host: Host;
  readonly #ask: Ask;
  readonly #place: string;
  readonly #ready: (report: boolean) => Promise<void>;
  readonly #web: () => HilinkSession | undefined;
  readonly #awaited: () => void;
  readonly #store: OutboxStore;
  #reference = randomInt(256);
  /** Aborted while nobody uses the stick. */
  #pause = new AbortController();
  #running = false;
  #underWay: Promise<unknown> = Promise.resolve();
  /** Where the reports on what was sent are awaited. */
  readonly reports: Reports;

  constructor(host: Host, ask: Ask, options: SenderOptions = {}) {
    const { place = '', ready = async () => undefined, web = () => undefined, awaited = () => undefined } = options;
    this.#host = host;
    this.#web = web;
    this.#awaited = awaited;
    this.#ask = ask;
    this.#place = place;
    this.#ready = ready;
    this.#store = OutboxStore.of(host);
    this.reports = new Reports(host);
  }

  /** Resolves when the part that is on its way now, if any, has been answered, and that is on record. */
  get quiet(): Promise<unknown> {
    return this.#underWay;
  }

  /** Takes up what is left of other lives, and sends until {@link stop}. */
  start(): void {
    this.#pause = new AbortController();
    void this.#store.enter(this.#place, () => void this.#run());
  }

  /** No further part is sent; what waits stays in the outbox. When all is {@link quiet}, and nobody has come, {@link detach}. */
  stop(): void {
    this.#pause.abort(failure('CANCELLED/sms-unused', {}));
    this.#store.leave(this.#place);
  }

  /** The SIM `sim` (what tells it from others) is in the stick; its messages have their turn. */
  attach(sim: string, signal?: AbortSignal): Promise<void> {
    return this.#store.attach(this.#place, sim, signal);
  }

  /** The port is closed, or the SIM may be another one. */
  detach(): void {
    this.#store.detach(this.#place);
  }

  /**
   * Sends one message after those that wait already. `left`: aborted when its share is given back; `place`: what means
   * the stick. Errors: BAD_ARGUMENT
   * (number, text, too many parts, id), QUEUE_FULL, ID_REUSED (another message has this id), FILE_NOT_WRITTEN and
   * FILE_UNREADABLE (it cannot be put on record, and is not sent), EXPIRED, CANCELLED, what the stick refused with its
   * number, and what kept it from sending. MAYBE_SENT: nobody knows; it is not sent again by itself.
   */
  async send(request: SendRequest, left?: AbortSignal, place = this.#place): Promise<SendResult> {
    const { limit = MAX_WAITING, from, signal, onReport, onAccepted } = request;
    this.#reference = (this.#reference + 1) % 256;
    const at = this.#host.clock.date().getTime();
    const { entry, ttl } = readRequest(request, { place, reference: this.#reference, at });
    const ticket = this.#store.accept(entry, { ttl, limit });
    const { slip, duplicate } = ticket;
    if (onReport && !duplicate) onReports.set(slip, onReport);
    const stop = from || !left ? undefined : either(left, signal);
    const off = duplicate ? () => undefined : this.#callOffBy(slip, stop ? stop.signal : signal);
    try {
      await this.#store.stored(ticket);
      onAccepted?.(entry.id);
      void this.#run();
      return resultOf(await this.#store.fate(ticket, duplicate || from ? left : undefined));
    } finally {
      off();
      stop?.off();
    }
  }

  #callOffBy(slip: Slip, signal: AbortSignal | undefined): () => void {
    const takeOut = () => this.#store.takeOut(slip, callOff(slip.entry.done, slip.entry.parts));
    if (signal?.aborted) takeOut();
    signal?.addEventListener('abort', takeOut, { once: true });
    return () => signal?.removeEventListener('abort', takeOut);
  }

  /** See {@link OutboxStore.listen}. */
  fates(owner: string, listener: FateListener): () => void {
    return this.#store.listen(owner, listener);
  }

  /** Takes the messages of `owner` out; a part that is on its way is sent all the same. */
  callOff(owner: string): void {
    this.#store.callOff(owner, callOff(0, 1));
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    while (!this.#pause.signal.aborted) {
      const slip = this.#store.take(this.#place);
      if (!slip) break;
      await this.#send(slip);
    }
    this.#running = false;
  }

  /** Gives the message its turn: until its fate is known, or it has to wait again. Never rejects. */
  async #send(slip: Slip): Promise<void> {
    const { entry } = slip;
    const { patience = TIMEOUTS.sms.patience } = entry;
    // From its turn on: what those before it took is not its fault.
    const until = this.#host.clock.now() + patience;
    try {
      while (entry.done < entry.parts) {
        if (!(await this.#part(slip, until))) return this.#store.putBack(slip);
      }
      await this.#store.end(slip, 'sent');
    } catch (thrown) {
      const error = asDriverError(thrown, 'PROTOCOL/sending', {});
      const fates = { MAYBE_SENT: 'unknown', EXPIRED: 'expired' } as const;
      await this.#store.end(slip, fates[error.code as keyof typeof fates] ?? 'failed', error);
    }
  }

  /** Sends the next part; false if it has to wait: nobody is there, or another SIM. */
  async #part(slip: Slip, until: number): Promise<boolean> {
    const { entry, off } = slip;
    const { done: sent, parts } = entry;
    const { retry, retryMax } = TIMEOUTS.sms;
    let unsure = false;
    for (let pause: number = retry; ; pause = Math.min(2 * pause, retryMax)) {
      let onItsWay = false;
      let over: (recorded?: Promise<void>) => void = () => undefined;
      try {
        if (off.signal.aborted) throw callOff(sent, parts);
        if (this.#pause.signal.aborted || this.#store.isElsewhere(slip, this.#place)) return false;
        await this.#ready(entry.report !== undefined || onReports.has(slip));
        // Whoever has stopped it meanwhile does not wait for this part.
        if (this.#pause.signal.aborted || !this.#store.isFor(slip, this.#place)) return false;
        if (sent === 0 && this.#store.isOver(slip)) throw expired(entry);
        over = this.#begin();
        await this.#store.begin(slip);
        if (off.signal.aborted) throw callOff(sent, parts);
        const web = this.#web();
        if (web) {
          onItsWay = !(await sendByWeb(web, entry, entry.report !== undefined || onReports.has(slip)));
          if (onItsWay) throw failure('HILINK_ERROR/sms-unknown', { stick: this.#place });
          this.#await(slip, undefined, 1);
          over(this.#store.answered(slip, undefined, false, parts));
          return true;
        }
        const onSent = () => {
          onItsWay = true;
        };
        const { hex = '', length = 0 } = entry.pdus[sent] ?? {};
        const reply = await this.#ask(`AT+CMGS=${length}`, { before: [PDU_MODE], prompt: { body: hex, onSent } });
        const ref = referenceOf(reply.lines);
        if (ref !== undefined) this.#await(slip, ref, entry.done + 1);
        over(this.#store.answered(slip, ref, unsure));
        return true;
      } catch (thrown) {
        const error = asDriverError(thrown, 'PROTOCOL/sending', {});
        if (onItsWay && !isRefusal(error)) {
          over();
          throw maybeSent(error, sent, parts);
        }
        over(this.#store.giveBack(slip));
        if (error.code === 'EXPIRED') throw error;
        // What was refused because nobody is there any more is no failure of the message.
        if (this.#pause.signal.aborted && !off.signal.aborted && isTemporary(error)) return false;
        if (!isTemporary(error) || off.signal.aborted || !(this.#host.clock.now() + pause <= until)) {
          throw notSent(error, sent, parts);
        }
        unsure ||= isUnsure(error);
      }
      const { signal, off: done } = either(off.signal, this.#pause.signal);
      await sleep(this.#host.clock, pause, signal).catch(() => undefined);
      done();
    }
  }

  /** A part is on its way, until what is returned is called, with what puts its answer on record. */
  #begin(): (recorded?: Promise<void>) => void {
    let over: (recorded?: Promise<void>) => void = () => undefined;
    this.#underWay = new Promise<void>((resolve) => {
      over = resolve;
    });
    return over;
  }

  /** The status report of the part that was sent just now; by the web API those of all parts, which have no reference. */
  #await(slip: Slip, ref: number | undefined, part: number): void {
    const { report, to, parts, validity } = slip.entry;
    const onReport = onReports.get(slip);
    if (!report && !onReport) return;
    const whom = { ...report, ...(onReport && { onReport }), ...(validity !== undefined && { validity }) };
    this.reports.sent({ ...(ref !== undefined && { ref }), to, part, parts, ...whom });
    if (ref === undefined) this.#awaited();
  }
}

function resultOf({ state, error, ...fate }: Fate): SendResult {
  if (error) throw error;
  if (state !== 'sent') throw failure('PROTOCOL/fate', { state });
  return { ...fate, state };
}

const callOff = (sent: number, parts: number): DriverError => failure('CANCELLED/sms', { sent, parts });

function referenceOf(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const value = lineValue(line, '+CMGS')?.split(',')[0]?.trim();
    if (value !== undefined && /^\d{1,3}$/.test(value)) return Number(value);
  }
  return undefined;
}
