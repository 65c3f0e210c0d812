import { DriverError, type ErrorCode } from '../errors';
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
      if (this.#wiring.face.bulkOut(copy) === 'stall') throw this.#error('PROTOCOL', 'refused the transfer (stall)');
      return { value: undefined };
    });
  }

  transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    return this.#transfer(timeoutMs, 'in', () => {
      const got = this.#wiring.face.bulkIn(length);
      if (got === 'stall') throw this.#error('PROTOCOL', 'has no data to send (stall)');
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
          settle(() => reject(this.#error('STICK_GONE', 'has left the bus')));
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
        settle(() => reject(this.#error('TIMEOUT', `did not answer within ${timeoutMs} ms (bulk ${direction})`))),
      );
      const unsubscribe = stick.onChange(() => later(look));
      this.#abort = () => settle(() => reject(this.#error('CANCELLED', 'was released in the middle of a transfer')));
      if (direction === 'in') face.onReady = () => later(look);
      if (this.#closed) this.#abort();
      else later(look);
    });
  }

  #error(code: ErrorCode, what: string): DriverError {
    const { portPath } = this.#wiring.stick;
    return new DriverError(code, `The storage interface of the virtual stick at ${portPath} ${what}.`, {
      hint: 'Unplug the stick, plug it in again and repeat the step.',
      stick: portPath,
    });
  }
}
