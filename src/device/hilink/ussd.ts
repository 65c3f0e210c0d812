/** USSD by the web API of a stick: one conversation at a time, as on its AT ports. */

import { failure } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import type { Clock, Timer } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { UssdOptions, UssdReply } from '../ussd-conversation';

type Run = <T>(work: (client: HilinkClient, signal: AbortSignal) => Promise<T>, signal?: AbortSignal) => Promise<T>;

export class WebUssd {
  readonly #clock: Clock;
  readonly #run: Run;
  #busy = false;
  /** Whose menu is open, and when it is given up. */
  #menu: { owner: object; timer: Timer } | undefined;

  constructor(clock: Clock, run: Run) {
    this.#clock = clock;
    this.#run = run;
  }

  /** Another stick or firmware is there: no menu is open. */
  reset(): void {
    this.#menu?.timer.cancel();
    this.#menu = undefined;
  }

  /**
   * Sends a code, or the answer to the menu that `owner` has open. A code that begins with * or # and ends with # leaves an
   * open menu first. Errors: BUSY (another conversation), and those of {@link HilinkClient.ussd}.
   */
  async send(owner: object, text: string, { timeout, signal }: UssdOptions): Promise<UssdReply> {
    const menu = this.#menu;
    if (this.#busy || (menu && menu.owner !== owner)) throw failure('BUSY/ussd', {});
    this.#busy = true;
    try {
      return await this.#run(async (client, stop) => {
        if (menu && /^[*#].*#$/.test(text)) await client.cancelUssd();
        this.reset();
        const reply = await client.ussd(text, { signal: stop, ...(timeout !== undefined && { timeout }) });
        if (reply.menu) {
          const timer = this.#clock.after(TIMEOUTS.ussd.menu, () => void this.cancel(owner));
          this.#menu = { owner, timer };
        }
        return reply;
      }, signal);
    } finally {
      this.#busy = false;
    }
  }

  /** Leaves the menu of `owner`, if one is open. Never rejects. */
  async cancel(owner: object): Promise<void> {
    if (this.#menu?.owner !== owner) return;
    this.reset();
    await this.#run((client) => client.cancelUssd()).catch(() => undefined);
  }
}
