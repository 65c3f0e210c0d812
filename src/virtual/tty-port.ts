import { type DriverError, failure } from '../errors';
import type { TtyPort } from '../host/host';
import type { VirtualTty } from './tty';

/** A {@link VirtualTty} as a program that has opened it sees it. */
export class VirtualTtyPort implements TtyPort {
  readonly path: string;
  readonly #tty: VirtualTty;
  readonly #portPath: string;
  readonly #later: (job: () => void) => void;
  #closed = false;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #reading = false;
  #onGone: ((error: DriverError) => void) | undefined;
  /** What came before somebody wanted to read. */
  #unread: Uint8Array[] = [];

  /** Opens `tty`. `later` runs jobs in order, never within the call. */
  constructor(tty: VirtualTty, portPath: string, later: (job: () => void) => void) {
    this.path = tty.path;
    this.#tty = tty;
    this.#portPath = portPath;
    this.#later = later;
    tty.open({
      data: (chunk) => {
        if (this.#reading) this.#onData?.(chunk);
        else this.#unread.push(Uint8Array.from(chunk));
      },
      gone: () => later(() => this.#tellGone()),
    });
  }

  get isOpen(): boolean {
    return !this.#closed && this.#tty.present;
  }

  write(data: Uint8Array): Promise<void> {
    if (!this.isOpen) return Promise.reject(this.#gone());
    // The caller may use its buffer again at once; one write is one USB transfer.
    const transfer = Uint8Array.from(data);
    this.#later(() => {
      if (this.isOpen) this.#tty.write(transfer);
    });
    return Promise.resolve();
  }

  receive(onData: (chunk: Uint8Array) => void, onGone: (error: DriverError) => void): void {
    this.#onData = onData;
    this.#onGone = onGone;
    this.#later(() => {
      this.#reading = true;
      for (const chunk of this.#unread.splice(0)) this.#onData?.(chunk);
      if (!this.#tty.present) this.#tellGone();
    });
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#onData = undefined;
    this.#onGone = undefined;
    this.#unread = [];
    this.#tty.close();
    return Promise.resolve();
  }

  #tellGone(): void {
    const onGone = this.#onGone;
    this.#onGone = undefined;
    onGone?.(this.#gone());
  }

  #gone(): DriverError {
    return failure('STICK_GONE/port', { path: this.path }, { stick: this.#portPath });
  }
}
