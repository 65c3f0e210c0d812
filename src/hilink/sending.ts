/**
 * One SMS out by the web API: handed over as a whole, then the stick is asked what became of it. `OK` says that it is queued.
 */

import { cleanNumber } from '../at/sms/number';
import { splitText } from '../at/sms/split';
import { type ErrorCode, failure, isDriverError } from '../errors';
import { sleep } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { known } from '../values/shape';
import type { WebSending } from '../values/web-sms';
import { SEND_STATUS, SMS_CONFIG, SMS_COUNT } from './endpoints/sms';
import { CODE } from './errors-table';
import { valuesIn } from './read';
import { changed, type Item } from './request';
import { isLeftOut, type WebStick } from './stick';
import { type CallOptions, mayBeDone } from './wire';

export interface SendOptions extends CallOptions {
  /** As people write it: `+49 170 1234567`, `22922`. */
  to: unknown;
  text: unknown;
  /** Asks for a report of what became of it; the setting is the stick's, and stays. */
  report?: boolean;
}

/** `unknown`: it was handed to the stick, which does not say what became of it. It must not be sent again by itself. */
export interface SendResult {
  to: string;
  parts: number;
  outcome: 'sent' | 'failed' | 'unknown';
}

/** What the pages let people write; nobody knows what sticks do with more. */
const MOST_PARTS = 4;

/** Of its settings of SMS: it tells more than it takes. */
const TAKEN_BACK: readonly string[] = ['SaveMode', 'Validity', 'Sca', 'UseSReport', 'SendType', 'Priority'];

export class Sending {
  readonly #stick: WebStick;

  constructor(stick: WebStick) {
    this.#stick = stick;
  }

  /**
   * Sends `text`, as up to four SMS. Resolves when the stick has said what became of it. Errors before it is handed over:
   * BAD_ARGUMENT, those of {@link WebStick.sure} and of a request; nothing was sent then.
   */
  async send({ to, text, report = false, ...options }: SendOptions): Promise<SendResult> {
    const number = cleanNumber(to, "The recipient's number");
    const parts = partsOf(text);
    await this.#stick.sure(options);
    if (report) await this.#wantReports(options);
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
    const { clock } = this.#stick;
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
        await this.#stick.post(SEND, items);
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
    // What it says of the last message to this number it says of this one too, when that is done: it must be seen on its way.
    let pause = before.sending && outcomeOf(number, before.sending) ? 0 : TIMEOUTS.hilink.sending;
    while (clock.now() < end) {
      let now: Before;
      try {
        if (pause > 0) await sleep(clock, pause, options.signal);
        pause = TIMEOUTS.hilink.sending;
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

  /** Firmware that knows no reports sends none: the message goes out all the same. */
  async #wantReports(options: CallOptions): Promise<void> {
    try {
      const now = await this.#stick.session.get(SMS_CONFIG.path, options);
      if (valuesIn(SMS_CONFIG.path, now).smsSettings?.reports !== false) return;
      const items = changed(now, { UseSReport: '1' }).filter(([name]) => TAKEN_BACK.includes(name));
      await this.#stick.post(SMS_CONFIG.path, items, options);
    } catch (error) {
      if (!isLeftOut(error)) throw error;
    }
  }
}

interface Before {
  sending?: WebSending;
  sent?: number;
  draft?: number;
}

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
