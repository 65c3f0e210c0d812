/** Which stick a name means, at present. It chooses, and forwards nothing: whoever follows it goes to that stick's device. */

import type { Host, UsbDevice, Watch } from '../host/host';
import { Listeners } from '../listeners';
import type { AtState } from './at/states';
import type { UserOptions } from './at/user-options';
import { Device, deviceAt } from './device';
import { Nowhere } from './nowhere';

/** What a name means. */
export interface Meaning {
  readonly device: Device;
  /** The name itself, without anybody's numbers. */
  readonly name: string;
  /** False where it is the same {@link device} for ever. */
  readonly changes: boolean;
  /**
   * Tells of each change of {@link device} until the returned function is called, which resolves when nothing is
   * looked for any more. `options`: how a port is opened, where
   * sticks must be asked to know which one is meant; those of the first one count.
   */
  follow(changed: () => void, options: UserOptions): () => Promise<void>;
}

/** How a name chooses. */
export interface Chooser {
  /** The port path of the stick that is meant, or why there is none; `now` is the one that was meant until here. */
  choose(devices: readonly UsbDevice[], now: string | undefined): string | AtState;
  /** Somebody follows the name: `again` asks for another choice when something beside the bus has changed. */
  start?(again: () => void, options: UserOptions): void;
  /** Those who follow have gone where {@link choose} said. */
  chosen?(path: string | undefined): void;
  /** Nobody follows it any more. Resolves when nobody is asked any more. */
  stop?(): Promise<void>;
}

/** A name that follows the bus as long as somebody follows it. */
export class Choice implements Meaning {
  readonly changes = true;
  readonly name: string;
  readonly #host: Host;
  readonly #chooser: Chooser;
  readonly #nowhere: Nowhere;
  readonly #none: Device;
  readonly #changes = new Listeners<void>();
  #followers = 0;
  #watch: Watch | undefined;
  #bus: readonly UsbDevice[] | undefined;
  #path: string | undefined;

  /** `which`: as it was given; `name`: the same without anybody's numbers. */
  constructor(host: Host, which: string, name: string, chooser: Chooser) {
    this.#host = host;
    this.name = name;
    this.#chooser = chooser;
    this.#nowhere = new Nowhere(which);
    this.#none = new Device(this.#nowhere, name);
  }

  get device(): Device {
    return this.#path === undefined ? this.#none : deviceAt(this.#host, this.#path);
  }

  follow(changed: () => void, options: UserOptions): () => Promise<void> {
    const off = this.#changes.add(changed);
    if (this.#followers++ === 0) {
      this.#nowhere.states.set({ state: 'connecting' });
      this.#chooser.start?.(() => this.#choose(), options);
      this.#watch = this.#host.watch((devices) => {
        this.#bus = devices;
        this.#choose();
      });
    }
    return async () => {
      off();
      if (--this.#followers > 0) return;
      this.#watch?.stop();
      this.#bus = undefined;
      this.#path = undefined;
      await this.#chooser.stop?.();
    };
  }

  #choose(): void {
    // A watch that has been stopped may have a last look to tell of.
    if (this.#followers === 0 || !this.#bus) return;
    const chosen = this.#chooser.choose(this.#bus, this.#path);
    const path = typeof chosen === 'string' ? chosen : undefined;
    if (typeof chosen !== 'string') this.#nowhere.states.set(chosen);
    if (path !== this.#path) {
      this.#path = path;
      this.#changes.tell();
    }
    this.#chooser.chosen?.(path);
  }
}
