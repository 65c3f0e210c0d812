/** Which stick a name means, at present. It chooses, and forwards nothing: whoever follows it goes to that stick's device. */

import { DriverError } from '../errors';
import type { Host, UsbDevice, Watch } from '../host/host';
import { Listeners } from '../listeners';
import { describeStick, stickText } from '../stick/stick';
import type { AtState } from './at-state';
import { Device, deviceAt } from './device';
import { Nowhere } from './nowhere';

/** What a name means. */
export interface Meaning {
  readonly device: Device;
  /** Tells of each change of {@link device} until the returned function is called. */
  follow(changed: () => void): () => void;
}

/** The port path of the stick that is meant, or why there is none; `now` is the one that was meant until here. */
type Choose = (devices: readonly UsbDevice[], now: string | undefined) => string | AtState;

/** A name that follows the bus as long as somebody follows it. */
class Choice implements Meaning {
  readonly #host: Host;
  readonly #choose: Choose;
  readonly #nowhere: Nowhere;
  readonly #none: Device;
  readonly #changes = new Listeners<void>();
  #followers = 0;
  #watch: Watch | undefined;
  #path: string | undefined;

  constructor(host: Host, which: string, choose: Choose) {
    this.#host = host;
    this.#choose = choose;
    this.#nowhere = new Nowhere(which);
    this.#none = new Device(this.#nowhere);
  }

  get device(): Device {
    return this.#path === undefined ? this.#none : deviceAt(this.#host, this.#path);
  }

  follow(changed: () => void): () => void {
    const off = this.#changes.add(changed);
    if (this.#followers++ === 0) {
      this.#nowhere.states.set({ state: 'connecting' });
      this.#watch = this.#host.watch((devices) => this.#onBus(devices));
    }
    return () => {
      off();
      if (--this.#followers > 0) return;
      this.#watch?.stop();
      this.#path = undefined;
    };
  }

  #onBus(devices: readonly UsbDevice[]): void {
    // A watch that has been stopped may have a last look to tell of.
    if (this.#followers === 0) return;
    const chosen = this.#choose(devices, this.#path);
    const path = typeof chosen === 'string' ? chosen : undefined;
    if (typeof chosen !== 'string') this.#nowhere.states.set(chosen);
    if (path === this.#path) return;
    this.#path = path;
    this.#changes.tell();
  }
}

/** The stick that is plugged in, as long as it is exactly one (design rule: the right stick). */
function theOnlyOne(devices: readonly UsbDevice[], now: string | undefined): string | AtState {
  const sticks = devices.map(describeStick).filter((stick) => stick.mode !== 'unknown');
  const [first] = sticks;
  if (sticks.length > 1) {
    const names = sticks.map(stickText).join(', ');
    const error = new DriverError('STICK_AMBIGUOUS', `${sticks.length} sticks are plugged in: ${names}.`, {
      hint: 'Say which one is meant by its port path, or unplug the others.',
    });
    return { state: 'error', error };
  }
  // A stick that was there is waited for: it may be changing its mode, or a job has it.
  return first?.path ?? now ?? { state: 'absent' };
}

const choices = new WeakMap<Host, Map<string, Choice>>();

/** What `which` means on `host`: a port path, or `auto` for the only stick there is. */
export function meaningOf(host: Host, which: string): Meaning {
  if (which !== 'auto') return always(deviceAt(host, which));
  const own = choices.get(host) ?? new Map<string, Choice>();
  choices.set(host, own);
  const choice = own.get(which) ?? new Choice(host, which, theOnlyOne);
  own.set(which, choice);
  return choice;
}

/** The one device, whatever happens on the bus. */
export const always = (device: Device): Meaning => ({ device, follow: () => () => undefined });
