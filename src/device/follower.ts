import { setMaxListeners } from 'node:events';
import { failure } from '../errors';
import type { Clock } from '../host/host';
import { either } from '../signals';
import { TIMEOUTS } from '../timeouts';
import type { UserOptions } from './at/user-options';
import type { Meaning } from './choice';
import type { Device } from './device';

/** One stay at a device. */
interface Stay {
  device: Device;
  /** Aborted when another device is meant. */
  over: AbortController;
  leave: () => Promise<void>;
}

/** Is always at the device that a name means at present. */
export class Follower {
  readonly #meaning: Meaning;
  readonly #enter: (device: Device) => () => Promise<void>;
  readonly #off: () => Promise<void>;
  #stay: Stay;
  #leaving: Promise<unknown> = Promise.resolve();
  #released = false;

  /** See {@link Meaning.follow} for `options`. `enter` is called at each device, the first one at once. Returns how to leave it. */
  constructor(meaning: Meaning, options: UserOptions, enter: (device: Device) => () => Promise<void>) {
    this.#meaning = meaning;
    this.#enter = enter;
    let early = true;
    this.#off = meaning.follow(() => {
      if (!early) this.#move();
    }, options);
    early = false;
    this.#stay = this.#come();
  }

  get device(): Device {
    return this.#stay.device;
  }

  /** Of the present stay: aborted when another stick is meant. */
  get over(): AbortSignal {
    return this.#stay.over.signal;
  }

  /** False until the bus has been looked at: nobody can tell what is meant. */
  get isKnown(): boolean {
    const { path, at } = this.#stay.device;
    return !this.#meaning.changes || path !== undefined || at.states.now.state !== 'connecting';
  }

  /** Resolves when {@link isKnown}, or after a while. Error: the signal's reason. */
  async known(clock: Clock, signal?: AbortSignal): Promise<void> {
    const { device, over } = this.#stay;
    const both = either(over.signal, signal);
    try {
      await device.at.states.settled(clock, TIMEOUTS.session.connect, both.signal);
    } catch (error) {
      if (!over.signal.aborted) throw error;
    } finally {
      both.off();
    }
  }

  /** Resolves when the last device has been left. Twice is harmless. */
  async release(): Promise<void> {
    if (!this.#released) {
      this.#released = true;
      const off = this.#off();
      this.#go();
      this.#leaving = Promise.all([this.#leaving, off]);
    }
    await this.#leaving;
  }

  #move(): void {
    if (this.#released || this.#meaning.device === this.#stay.device) return;
    this.#stay.over.abort(failure('CANCELLED/other-meant', {}));
    this.#go();
    this.#stay = this.#come();
  }

  #come(): Stay {
    const { device } = this.#meaning;
    const over = new AbortController();
    // Each command under way listens to it; many at once are no leak.
    setMaxListeners(0, over.signal);
    return { device, over, leave: this.#enter(device) };
  }

  #go(): void {
    this.#leaving = Promise.all([this.#leaving, this.#stay.leave()]);
  }
}
