import { TIMEOUTS } from '../timeouts';
import type { Clock, Timer, UsbDevice, Watch, WatchOptions } from './host';
import type { Census } from './sysfs';

/** What a {@link Watcher} looks at. */
export interface Watched {
  /** A text that stays the same as long as nothing has changed; called at each look, so it must be cheap. */
  signature(awaited: readonly string[]): string;
  /** The full, slow look. A rejection counts as "nothing is there". */
  census(): Promise<Census>;
}

interface Listener {
  call: (devices: UsbDevice[]) => void;
  eager: boolean;
  /** The first look that may be shown to it: one that began after it came. */
  from: number;
  told: boolean;
}

/**
 * Looks at the bus again and again, on one timer for all listeners, every {@link TIMEOUTS.usb.poll} ms or, while one
 * of them is eager, every {@link TIMEOUTS.usb.eagerPoll}. A look that finds nothing new costs some `stat` calls.
 * Like a file watcher of Node's, a watch keeps the process alive until it is stopped.
 */
export class Watcher {
  readonly #watched: Watched;
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #timer: Timer | undefined;
  #looking = false;
  #looks = 0;
  #signature: string | undefined;
  #stale = false;
  #awaited: readonly string[] = [];
  #devices: UsbDevice[] = [];
  #text: string | undefined;

  constructor(watched: Watched, clock: Clock) {
    this.#watched = watched;
    this.#clock = clock;
  }

  /** The first call of `listener` never happens within this one. What it throws is dropped. */
  watch(listener: (devices: UsbDevice[]) => void, { eager = false }: WatchOptions = {}): Watch {
    const entry: Listener = { call: listener, eager, from: this.#looks + 1, told: false };
    this.#listeners.add(entry);
    this.#schedule(0);
    return {
      stop: () => {
        this.#listeners.delete(entry);
        if (this.#listeners.size === 0) this.#timer?.cancel();
      },
    };
  }

  /** Something has changed that the signature does not show. */
  invalidate(): void {
    this.#stale = true;
  }

  #schedule(ms: number): void {
    this.#timer?.cancel();
    // A look in progress sets the timer when it ends.
    if (this.#looking || this.#listeners.size === 0) return;
    this.#timer = this.#clock.after(ms, () => void this.#look());
  }

  async #look(): Promise<void> {
    this.#looking = true;
    const look = ++this.#looks;
    let changed = false;
    try {
      const signature = this.#watched.signature(this.#awaited);
      if (signature !== this.#signature || this.#stale) {
        this.#stale = false;
        // Taken before the look: what changes during it shows at the next one.
        const { devices, awaited } = await this.#watched.census();
        this.#signature = awaited.join() === this.#awaited.join() ? signature : undefined;
        this.#awaited = awaited;
        this.#devices = devices;
        const text = JSON.stringify(devices);
        changed = text !== this.#text;
        this.#text = text;
      }
    } catch {
      // The look has failed, which says nothing of the sticks (no descriptors left, a file that is not to be read now).
      this.#signature = undefined;
    }
    this.#looking = false;
    this.#tell(look, changed);
    const all = [...this.#listeners];
    const pause = all.some((l) => l.eager) ? TIMEOUTS.usb.eagerPoll : TIMEOUTS.usb.poll;
    this.#schedule(all.some((l) => !l.told) ? 0 : pause);
  }

  #tell(look: number, changed: boolean): void {
    for (const listener of [...this.#listeners]) {
      if (look < listener.from || (listener.told && !changed) || !this.#listeners.has(listener)) continue;
      listener.told = true;
      try {
        listener.call(structuredClone(this.#devices));
      } catch {
        // A listener must not throw; one that does may not take the others, or the process, with it.
      }
    }
  }
}
