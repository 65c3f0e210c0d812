/** The SIM behind the web API, and the PIN that is configured for it: the same care as by AT, and the same note. */

import { isDriverError } from '../../errors';
import type { HilinkClient } from '../../hilink/client';
import { known } from '../../values/shape';
import { nameOfSim, type PinSetup, type SimDoor, unlockSim } from '../at/pin';
import type { WebOutlook } from './states';

/** During one stay at the stick. */
export class WebPin {
  readonly #setup: Pick<PinSetup, 'host' | 'stick' | 'tell'>;
  readonly #pin: () => string | undefined;
  /** The SIM wants its PIN, and this was seen to. */
  #seenTo = false;
  #refused = false;

  constructor(setup: Pick<PinSetup, 'host' | 'stick' | 'tell'>, pin: () => string | undefined) {
    this.#setup = setup;
    this.#pin = pin;
  }

  /** Sees to it once, if the SIM wants a PIN. True where the SIM may be in another state now. */
  async seeTo(client: HilinkClient, state: string | undefined, signal: AbortSignal): Promise<boolean> {
    if (state !== 'SIM PIN') this.#seenTo = false;
    if (state !== 'SIM PIN' || this.#seenTo) return false;
    this.#seenTo = true;
    await this.enter(client, signal);
    return true;
  }

  /** Enters it, where that is wanted and safe. What keeps it from that is told. Errors: those of a request. */
  async enter(client: HilinkClient, signal: AbortSignal): Promise<void> {
    this.#refused = false;
    const refused = () => {
      this.#refused = true;
    };
    await unlockSim(webSim(client, signal), { ...this.#setup, pin: this.#pin(), refused, signal });
  }

  /** With what is known of the PIN. */
  mark(outlook: WebOutlook): WebOutlook {
    return outlook.sim === 'pin' && this.#refused ? { ...outlook, sim: 'pin-refused' } : outlook;
  }
}

function webSim(client: HilinkClient, signal: AbortSignal): SimDoor {
  return {
    state: async () => (await client.sim({ signal }))?.state,
    async tries() {
      const { state, pinTries } = (await client.pin({ signal })) ?? {};
      return state === 'SIM PIN' ? pinTries : undefined;
    },
    async name() {
      const { iccid } = await client.identity({ signal });
      return iccid === undefined ? undefined : nameOfSim(iccid);
    },
    async enter(pin) {
      try {
        return { ok: (await client.enterPin(pin, { signal }))?.state === 'READY' };
      } catch (error) {
        // Its last look has found too few tries.
        if (!isDriverError(error, 'HILINK_ERROR', 'COMMAND_REFUSED')) throw error;
        return known({ ok: false, wrong: isDriverError(error, 'HILINK_ERROR/wrong-pin'), number: error.number });
      }
    },
  };
}
