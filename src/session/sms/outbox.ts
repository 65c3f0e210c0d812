/**
 * Sends SMS: one after the other, the parts of each in order. What the network refuses for the moment is tried again;
 * what may have been sent is not.
 */

import { randomInt } from 'node:crypto';
import { lineValue } from '../../at/fields';
import { cleanNumber } from '../../at/sms/number';
import { type Ask, PDU_MODE } from '../../at/sms/store';
import { encodeSubmit, type Pdu } from '../../at/sms/submit';
import { asDriverError, DriverError } from '../../errors';
import { type Host, sleep } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import { isRefusal, isTemporary, isUnsure, maybeSent, notSent } from './refusals';
import { type DeliveryReport, Reports } from './reports';

export interface SendRequest {
  /** As people write it: `+49 170 1234567`, `0170/1234567`, `22922`. */
  to: unknown;
  text: unknown;
  /** Class 0: shown at once and not kept. */
  flash?: boolean;
  /** Called with each status report of a part, as long as this process lives. */
  onReport?: (report: DeliveryReport) => void;
  /**
   * The same for whoever listens under the name `owner` ({@link SmsHandle.reports}) when a report comes, in another life
   * too; `tag` is plain data that comes with it. Without it and `onReport` no report is asked for.
   */
  report?: { owner: string; tag?: unknown };
  /** How long the service centre tries to deliver it, in minutes; its own choice without it. */
  validity?: number;
  /** False: no national tables, for a recipient that shows other letters for them; see at/sms/split.ts. */
  national?: boolean;
  /** More parts than this are refused, default 10: each one costs. */
  maxParts?: number;
  /** How long it is tried once its turn has come, in milliseconds, default {@link TIMEOUTS.sms.patience}. 0 = once. */
  patience?: number;
  /** Messages that may wait in the queue of the stick before this one, default 100. */
  limit?: number;
  /** The first part has been sent. */
  onBegun?: () => void;
  /** Takes the message out of the queue. A part that is on its way is sent all the same. */
  signal?: AbortSignal;
}

export interface SendResult {
  /** The number as it was dialled. */
  to: string;
  parts: number;
  /** Message reference of each part, as status reports name it. */
  refs: number[];
  /** A part was sent again after the network had not answered in time: the recipient may have it twice. */
  maybeTwice?: true;
}

const MAX_PARTS = 10;
const MAX_WAITING = 100;
const MINUTE = 60_000;

interface Message {
  to: string;
  pdus: Pdu[];
  request: SendRequest;
}

export class Outbox {
  readonly #host: Host;
  readonly #ask: Ask;
  #reference = randomInt(256);
  #waiting = 0;
  #last: Promise<unknown> = Promise.resolve();
  #underWay: Promise<unknown> = Promise.resolve();
  /** Where the reports on what was sent are awaited. */
  readonly reports: Reports;

  constructor(host: Host, ask: Ask) {
    this.#host = host;
    this.#ask = ask;
    this.reports = new Reports(host);
  }

  /** Resolves when the part that is on its way now, if any, has been answered. */
  get quiet(): Promise<unknown> {
    return this.#underWay;
  }

  /**
   * Sends one message after those that wait already. Errors: BAD_ARGUMENT (number, text, too many parts), QUEUE_FULL,
   * CANCELLED, what the stick refused with its number, and what kept it from sending. MAYBE_SENT: nobody knows; it is
   * not sent again by itself.
   */
  async send(request: SendRequest): Promise<SendResult> {
    const message = this.#check(request);
    this.#waiting++;
    const turn = this.#last.then(() => this.#send(message));
    this.#last = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
    }
  }

  #check(request: SendRequest): Message {
    const { text, flash, validity, national, maxParts = MAX_PARTS, limit = MAX_WAITING } = request;
    const to = cleanNumber(request.to, "The recipient's number");
    if (typeof text !== 'string' || text === '') {
      throw new DriverError('BAD_ARGUMENT', text === '' ? 'The text is empty.' : 'The text is missing.', {
        hint: 'Give the text of the SMS as a string.',
      });
    }
    if (validity !== undefined && !(validity > 0 && Number.isFinite(validity))) {
      throw new DriverError('BAD_ARGUMENT', 'The validity is no number of minutes above 0.');
    }
    if (!(this.#waiting < limit)) {
      throw new DriverError('QUEUE_FULL', `${this.#waiting} SMS are waiting to be sent, ${limit} are the most.`, {
        hint: 'Send fewer, or allow a longer queue.',
      });
    }
    this.#reference = (this.#reference + 1) % 256;
    const pdus = encodeSubmit({
      to,
      text,
      reference: this.#reference,
      report: wantsReport(request),
      ...(flash !== undefined && { flash }),
      ...(validity !== undefined && { validity }),
      ...(national !== undefined && { national }),
    });
    if (!(pdus.length <= maxParts)) {
      throw new DriverError('BAD_ARGUMENT', `The text needs ${pdus.length} SMS, ${maxParts} are allowed.`, {
        hint: 'Send a shorter text, or allow more parts.',
      });
    }
    return { to, pdus, request };
  }

  async #send({ to, pdus, request }: Message): Promise<SendResult> {
    const { onReport, report, validity, patience = TIMEOUTS.sms.patience } = request;
    // From its turn on: what those before it took is not its fault.
    const until = this.#host.clock.now() + patience;
    const refs: number[] = [];
    let twice = 0;
    for (const [sent, pdu] of pdus.entries()) {
      const { ref, unsure } = await this.#part(pdu, { sent, parts: pdus.length, until, signal: request.signal });
      request.onBegun?.();
      if (unsure) twice++;
      if (ref === undefined) continue;
      refs.push(ref);
      if (!wantsReport(request)) continue;
      const part = { ref, to, part: sent + 1, parts: pdus.length };
      const whom = { ...report, ...(onReport && { onReport }) };
      this.reports.sent({ ...part, ...whom, ...(validity !== undefined && { validity: validity * MINUTE }) });
    }
    return { to, parts: pdus.length, refs, ...(twice > 0 && { maybeTwice: true as const }) };
  }

  async #part(
    pdu: Pdu,
    o: { sent: number; parts: number; until: number; signal: AbortSignal | undefined },
  ): Promise<{ ref?: number | undefined; unsure: boolean }> {
    const { sent, parts, until, signal } = o;
    const { retry, retryMax } = TIMEOUTS.sms;
    let unsure = false;
    for (let pause: number = retry; ; pause = Math.min(2 * pause, retryMax)) {
      let onItsWay = false;
      try {
        if (signal?.aborted) throw callOff();
        const onSent = () => {
          onItsWay = true;
        };
        const reply = this.#ask(`AT+CMGS=${pdu.length}`, {
          before: [PDU_MODE],
          prompt: { body: pdu.hex, onSent },
        });
        this.#underWay = reply.catch(() => undefined);
        return { ref: referenceOf((await reply).lines), unsure };
      } catch (thrown) {
        const error = asDriverError(thrown, 'PROTOCOL', 'Sending failed');
        if (onItsWay && !isRefusal(error)) throw maybeSent(error, sent, parts);
        if (!isTemporary(error) || signal?.aborted || !(this.#host.clock.now() + pause <= until)) {
          throw notSent(error, sent, parts);
        }
        unsure ||= isUnsure(error);
      }
      await sleep(this.#host.clock, pause, signal).catch(() => undefined);
    }
  }
}

const wantsReport = ({ onReport, report }: SendRequest): boolean => onReport !== undefined || report !== undefined;

const callOff = (): DriverError =>
  new DriverError('CANCELLED', 'The SMS was called off before it was sent.', {
    hint: 'Send it again if it still matters.',
  });

function referenceOf(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const value = lineValue(line, '+CMGS')?.split(',')[0]?.trim();
    if (value !== undefined && /^\d{1,3}$/.test(value)) return Number(value);
  }
  return undefined;
}
