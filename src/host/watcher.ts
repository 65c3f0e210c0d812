import { TIMEOUTS } from '../timeouts';
import type { Clock, Timer, UsbDevice, Watch, WatchOptions } from './host';
import type { Census } from './sysfs';
import type { Waker } from './waker';

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

/** After a sign each pause is twice the one before, until `poll`: the kernel goes on for a while. */
const DOUBLINGS = Math.ceil(Math.log2(TIMEOUTS.usb.poll / TIMEOUTS.usb.afterSign));
/** Looks after a sign in which ttys are expected, the later ones `poll` apart. */
const LIVELY = DOUBLINGS + Math.ceil(TIMEOUTS.modeswitch.ttys / TIMEOUTS.usb.poll);

/** Something of it may still come, or never does: an interface, a driver. That gives no sign. */
const isUnfinished = ({ interfaces }: UsbDevice): boolean =>
  interfaces.length === 0 || interfaces.some(({ driver }) => driver === undefined);

/**
 * Looks at the bus on one timer for all listeners. A look that finds nothing new costs some `stat` calls.
 *
 * Where a waker tells of changes, a look follows each sign at once, some more follow it, and without a sign there is one now
 * and then, because not all that changes gives a sign. Elsewhere, and as soon as a device has come or gone without a sign,
 * every {@link TIMEOUTS.usb.poll} ms. While a listener is eager, at least every {@link TIMEOUTS.usb.eagerPoll}.
 * Like a file watcher of Node's, a watch keeps the process alive until it is stopped.
 */
export class Watcher {
  readonly #watched: Watched;
  readonly #clock: Clock;
  readonly #waker: Waker | undefined;
  readonly #listeners = new Set<Listener>();
  #timer: Timer | undefined;
  #looking = false;
  #looks = 0;
  #signature: string | undefined;
  #stale = false;
  #awaited: readonly string[] = [];
  #devices: UsbDevice[] = [];
  /** A device, or something of one, is still coming up. */
  #unfinished = false;
  #text: string | undefined;
  /** The waker tells of changes. */
  #woken = false;
  /** Never again: a device has come or gone, and it has not told. */
  #blind = false;
  /** A sign has come since the last look began. */
  #sign = false;
  /** Looks since the last sign or change. */
  #since = 0;
  /** The devices by place and address, as of the last look under this waker. */
  #present: string | undefined;
  /** They have changed, and no sign has come yet. */
  #unannounced = false;

  constructor(watched: Watched, clock: Clock, waker?: Waker) {
    this.#watched = watched;
    this.#clock = clock;
    this.#waker = waker;
  }

  /** The first call of `listener` never happens within this one. What it throws is dropped. */
  watch(listener: (devices: UsbDevice[]) => void, { eager = false }: WatchOptions = {}): Watch {
    const entry: Listener = { call: listener, eager, from: this.#looks + 1, told: false };
    this.#listeners.add(entry);
    this.#listen();
    this.#schedule(0);
    return {
      stop: () => {
        this.#listeners.delete(entry);
        if (this.#listeners.size > 0) return;
        this.#timer?.cancel();
        this.#waker?.stop();
        this.#woken = false;
      },
    };
  }

  /** Something has changed that the signature does not show. */
  invalidate(): void {
    this.#stale = true;
    if (this.#woken) this.#schedule(0);
  }

  #listen(): void {
    if (!this.#waker || this.#woken || this.#blind || this.#listeners.size === 0) return;
    const onSign = () => {
      this.#sign = true;
      this.#schedule(0);
    };
    const onLost = () => {
      this.#woken = false;
      this.#schedule(0);
    };
    this.#since = 0;
    this.#present = undefined;
    this.#unannounced = false;
    this.#woken = this.#waker.start(onSign, onLost);
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
    const announced = this.#sign;
    this.#sign = false;
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
        this.#unfinished = awaited.length > 0 || devices.some(isUnfinished);
        const text = JSON.stringify(devices);
        changed = text !== this.#text;
        this.#text = text;
      }
    } catch {
      // The look has failed, which says nothing of the sticks (no descriptors left, a file that is not to be read now).
      this.#signature = undefined;
    }
    this.#looking = false;
    this.#since = announced || changed ? 0 : this.#since + 1;
    if (this.#woken) this.#judgeWaker(announced);
    else if (changed) this.#listen();
    this.#tell(look, changed);
    this.#schedule(this.#pause());
  }

  /** A device that comes or goes gives a sign, before the look that finds it or soon after. */
  #judgeWaker(announced: boolean): void {
    const before = this.#present;
    this.#present = this.#devices.map((device) => `${device.portPath} ${device.address}`).join();
    if (announced || this.#sign) this.#unannounced = false;
    else if (this.#unannounced) {
      this.#blind = true;
      this.#woken = false;
      this.#waker?.stop();
    } else this.#unannounced = before !== undefined && before !== this.#present;
  }

  /** Milliseconds until the next look. */
  #pause(): number {
    const all = [...this.#listeners];
    const eager = all.some((listener) => listener.eager);
    if (all.some((listener) => !listener.told)) return 0;
    const { poll, eagerPoll, afterSign, unasked } = TIMEOUTS.usb;
    if (!this.#woken) return eager ? eagerPoll : poll;
    this.#waker?.hearTtys(eager || this.#since < LIVELY);
    if (this.#sign || this.#stale) return 0;
    // No sign tells that what made a look fail has passed.
    const open = this.#since < LIVELY || this.#unfinished || this.#signature === undefined;
    const pause = this.#since < DOUBLINGS ? afterSign * 2 ** this.#since : open ? poll : unasked;
    return eager ? Math.min(pause, eagerPoll) : pause;
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
