/** USSD on the AT session of a stick: one conversation at a time. */

import type { Urc } from '../at/channel';
import type { Ask } from '../at/sms/store';
import { parseUssd, parseUssdMode, type UssdAnswer, type UssdForm, ussdCommand } from '../at/ussd';
import { failure, isDriverError } from '../errors';
import { type Dialect, NEUTRAL } from '../family/dialect';
import { type Host, sleep, type Timer } from '../host/host';
import { either } from '../signals';
import { TIMEOUTS } from '../timeouts';

export interface UssdOptions {
  /** Milliseconds to wait for the network's answer, default {@link TIMEOUTS.ussd.answer}. */
  timeout?: number;
  signal?: AbortSignal;
}

export interface UssdReply {
  text: string;
  /** The network waits for an answer: send it as the next text. */
  menu: boolean;
}

/** What sticks say to a text in the wrong form: ERROR, incorrect parameters (50), invalid PDU mode parameter (304). */
const mayBeTheForm = (error: unknown): boolean =>
  isDriverError(error, 'AT_ERROR') ||
  (isDriverError(error, 'CME_ERROR', 'CMS_ERROR') && (error.number === 50 || error.number === 304));

export class Ussd {
  readonly #host: Host;
  readonly #ask: Ask;
  readonly #dialect: () => Promise<Dialect>;
  readonly #onUrc: (listener: (urc: Urc) => void) => () => void;
  #busy = false;
  /** Whose menu is open, and when it is given up. */
  #menu: { owner: object; timer: Timer } | undefined;
  #form: UssdForm | undefined;

  /** `dialect`: that of the stick that is there. */
  constructor(
    host: Host,
    ask: Ask,
    onUrc: (listener: (urc: Urc) => void) => () => void,
    dialect: () => Promise<Dialect> = () => Promise.resolve(NEUTRAL),
  ) {
    this.#host = host;
    this.#ask = ask;
    this.#dialect = dialect;
    this.#onUrc = onUrc;
  }

  /** The port was opened anew: the stick may be another one, in another mode. */
  reset(): void {
    this.#form = undefined;
    this.#close();
  }

  /**
   * Sends a code, or the answer to the menu that `owner` has open, and waits for what the network says. A code that begins
   * with * or # and ends with # leaves an open menu first. Errors: BAD_ARGUMENT, BUSY (another conversation), TIMEOUT,
   * AT_ERROR (ended or not supported by the network), and the refusals of the stick.
   */
  async send(owner: object, text: string, { timeout = TIMEOUTS.ussd.answer, signal }: UssdOptions): Promise<UssdReply> {
    // Before anything is asked: what can't be sent in any form.
    ussdCommand(text, 'hex');
    const menu = this.#menu;
    if (this.#busy || (menu && menu.owner !== owner)) throw failure('BUSY/ussd', {});
    this.#busy = true;
    try {
      if (menu && /^[*#].*#$/.test(text)) await this.#leave();
      this.#close();
      const answer = await this.#exchange(text, timeout, signal);
      return this.#read(owner, answer);
    } finally {
      this.#busy = false;
    }
  }

  /** Leaves the menu of `owner`, if one is open. */
  async cancel(owner: object): Promise<void> {
    if (this.#menu?.owner === owner) await this.#leave();
  }

  /** Sends `text`; the answer is a URC, mostly after the OK. */
  async #exchange(text: string, timeout: number, signal?: AbortSignal): Promise<UssdAnswer> {
    this.#form ??= await this.#ownForm();
    const heard: UssdAnswer[] = [];
    let wake = () => {};
    let accepted = false;
    const off = this.#onUrc(({ urc, line }) => {
      const answer = urc === '+CUSD' ? parseUssd(line, this.#form) : undefined;
      // The end of the conversation before, which was left, may come as late as this.
      if (answer && (accepted || answer.status !== 2 || answer.text !== undefined)) heard.push(answer);
      wake();
    });
    const over = new AbortController();
    const limit = either(over.signal, signal);
    try {
      await this.#request(text, signal);
      accepted = true;
      if (heard.length === 0) {
        const answered = new Promise<void>((resolve) => {
          wake = () => {
            if (heard.length > 0) resolve();
          };
        });
        await Promise.race([answered, sleep(this.#host.clock, timeout, limit.signal)]);
      }
    } catch (error) {
      // Half a conversation would be in the way of the next one.
      if (signal?.aborted) await this.#leave();
      throw error;
    } finally {
      off();
      over.abort();
      limit.off();
    }
    const [answer] = heard;
    if (answer) return answer;
    await this.#leave();
    throw failure('TIMEOUT/ussd', { seconds: timeout / 1000 });
  }

  /** Where the stick does not tell its form, the usual one is tried, then the other. */
  async #request(text: string, signal?: AbortSignal): Promise<void> {
    const options = signal ? { signal } : {};
    if (this.#form) {
      await this.#ask(ussdCommand(text, this.#form), options);
      return;
    }
    try {
      await this.#ask(ussdCommand(text, 'hex'), options);
    } catch (error) {
      if (!mayBeTheForm(error)) throw error;
      await this.#ask(ussdCommand(text, 'plain'), options);
      this.#form = 'plain';
    }
  }

  async #ownForm(): Promise<UssdForm | undefined> {
    try {
      if ((await this.#dialect()).plainUssd) {
        await this.#ask('AT^USSDMODE=0');
        return 'plain';
      }
      return parseUssdMode((await this.#ask('AT^USSDMODE?')).lines);
    } catch (error) {
      if (!isDriverError(error, 'AT_ERROR', 'CME_ERROR')) throw error;
      return undefined;
    }
  }

  #read(owner: object, { status, text }: UssdAnswer): UssdReply {
    if (status === 1) {
      const timer = this.#host.clock.after(TIMEOUTS.ussd.menu, () => {
        if (this.#menu?.timer === timer) void this.#leave();
      });
      this.#menu = { owner, timer };
      return { text: text ?? '', menu: true };
    }
    if (status === 0 || text !== undefined) return { text: text ?? '', menu: false };
    if (status === 5) throw failure('TIMEOUT/ussd-network', {});
    throw failure(status === 4 ? 'AT_ERROR/ussd-unsupported' : 'AT_ERROR/ussd-ended', {});
  }

  #close(): void {
    this.#menu?.timer.cancel();
    this.#menu = undefined;
  }

  /** Never rejects: where it can't be told, the network's own timer ends the conversation. */
  async #leave(): Promise<void> {
    this.#close();
    await this.#ask('AT+CUSD=2').catch(() => undefined);
  }
}
