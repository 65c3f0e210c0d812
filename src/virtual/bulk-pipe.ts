import { failure } from '../errors';
import type { BulkPipe } from '../host/host';
import type { VirtualStick } from './stick';
import type { StorageFace } from './storage';

export interface BulkWiring {
  stick: VirtualStick;
  face: StorageFace;
  /** Runs jobs in order, never within the call. */
  later(job: () => void): void;
  /** The interface is free again. */
  released(): void;
}

/** The claimed storage interface of a virtual stick. */
export class VirtualBulkPipe implements BulkPipe {
  readonly #wiring: BulkWiring;
  readonly #address: number | undefined;
  #closed = false;
  #abort: (() => void) | undefined;

  constructor(wiring: BulkWiring) {
    this.#wiring = wiring;
    this.#address = wiring.stick.device?.address;
  }

  transferOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    const copy = Uint8Array.from(data);
    return this.#transfer(timeoutMs, 'out', () => {
      if (this.#wiring.face.bulkOut(copy) === 'stall') throw failure('PROTOCOL/virtual-stall', this.#place);
      return { value: undefined };
    });
  }

  transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#transfer(timeoutMs, 'in', () => {
      const got = this.#wiring.face.bulkIn(length);
      if (got === 'stall') throw failure('PROTOCOL/virtual-no-data', this.#place);
      return got === 'pending' ? undefined : { value: got };
    });
  }

  recover(): Promise<void> {
    if (!this.#closed) this.#wiring.face.reset();
    return Promise.resolve();
  }

  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#abort?.();
      // The kernel's storage driver takes the interface back and resets the transport.
      this.#wiring.face.reset();
      this.#wiring.released();
    }
    return Promise.resolve();
  }

  /** Tries until `attempt` gives a value, the stick has gone or the time is up. */
  #transfer<T>(timeoutMs: number, direction: 'in' | 'out', attempt: () => { value: T } | undefined): Promise<T> {
    const { stick, face, later } = this.#wiring;
    return new Promise((resolve, reject) => {
      let settled = false;
      const settle = (fn: () => void) => {
        if (settled) return;
        settled = true;
        timer.cancel();
        unsubscribe();
        face.onReady = undefined;
        this.#abort = undefined;
        fn();
      };
      const look = () => {
        if (settled) return;
        if (stick.device?.address !== this.#address) {
          settle(() => reject(failure('STICK_GONE/virtual-storage', this.#place)));
          return;
        }
        try {
          const result = attempt();
          if (result) settle(() => resolve(result.value));
        } catch (error) {
          settle(() => reject(error));
        }
      };
      const timer = stick.clock.after(timeoutMs, () =>
        settle(() => reject(failure('TIMEOUT/virtual-transfer', { ...this.#place, ms: timeoutMs, direction }))),
      );
      const unsubscribe = stick.onChange(() => later(look));
      this.#abort = () => settle(() => reject(failure('CANCELLED/virtual-storage', this.#place)));
      if (direction === 'in') face.onReady = () => later(look);
      if (this.#closed) this.#abort();
      else later(look);
    });
  }

  get #place(): { stick: string } {
    return { stick: this.#wiring.stick.portPath };
  }
}
