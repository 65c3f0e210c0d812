import { readSync, writeSync } from 'node:fs';
import { type DriverError, failure } from '../errors';
import { errnoOf } from './files';
import type { TtyPort } from './host';
import { gone } from './tty-errors';

/** libuv's flags, which the binding's poller takes. */
const READABLE = 1;
const WRITABLE = 2;

/** The driver takes at most some kB at a time; a tty gives 4 kB at most. */
const READ_SIZE = 16 * 1024;

interface PendingWrite {
  rest: Uint8Array;
  resolve: () => void;
  reject: (error: DriverError) => void;
}

/** What is used of a port that the binding of `serialport` has opened. */
export interface NativePort {
  readonly poller: {
    on(event: 'readable' | 'writable', listener: (error: Error | null) => void): unknown;
    /** Asks for one event out of `flags`; replaces what was asked for before. */
    poll(flags: number): void;
    removeAllListeners(): unknown;
  };
  close(): Promise<void>;
  flush(): Promise<void>;
}

/**
 * An open tty without a stream in between: bytes are read and written on the descriptor itself, in the turn of the
 * event loop in which the poller says that it can be done. Measured on a pty this halves the time per block.
 */
export class LinuxTtyPort implements TtyPort {
  readonly path: string;
  readonly #native: NativePort;
  readonly #fd: number;
  readonly #buffer = Buffer.allocUnsafeSlow(READ_SIZE);
  #open = true;
  #closing: Promise<void> | undefined;
  #pending: PendingWrite[] = [];
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onGone: ((error: DriverError) => void) | undefined;
  #end: DriverError | undefined;

  constructor(path: string, native: NativePort, fd: number) {
    this.path = path;
    this.#native = native;
    this.#fd = fd;
    native.poller.on('readable', (error: Error | null) => this.#readable(error));
    native.poller.on('writable', () => this.#writable());
  }

  get isOpen(): boolean {
    return this.#open;
  }

  write(data: Uint8Array): Promise<void> {
    if (!this.#open) return Promise.reject(this.#end ?? closed(this.path));
    let rest = data;
    if (this.#pending.length === 0) {
      try {
        rest = this.#send(data);
      } catch (error) {
        return Promise.reject(this.#vanish(error));
      }
      if (rest.length === 0) return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      // The caller may use its buffer again as soon as this call has returned.
      this.#pending.push({ rest: Uint8Array.from(rest), resolve, reject });
      this.#arm();
    });
  }

  receive(onData: (chunk: Uint8Array) => void, onGone: (error: DriverError) => void): void {
    this.#onData = onData;
    this.#onGone = onGone;
    this.#arm();
    // It has vanished before anybody listened.
    if (this.#end) setImmediate(() => this.#tellGone());
  }

  close(): Promise<void> {
    this.#onData = undefined;
    this.#onGone = undefined;
    return this.#shut(closed(this.path));
  }

  /** The poller forgets what it was asked for with each event: it is told everything anew each time. */
  #arm(): void {
    if (!this.#open) return;
    try {
      this.#native.poller.poll((this.#onData ? READABLE : 0) | (this.#pending.length > 0 ? WRITABLE : 0));
    } catch (error) {
      this.#vanish(error);
    }
  }

  #readable(hangup: Error | null): void {
    if (!this.#open) return;
    try {
      if (this.#onData) {
        const length = readSync(this.#fd, this.#buffer, 0, READ_SIZE, null);
        // A tty has no end of file: zero bytes are a hang-up.
        if (length === 0) this.#vanish(hangup);
        else this.#onData(this.#buffer.subarray(0, length));
      } else if (hangup) {
        this.#vanish(hangup);
      }
    } catch (error) {
      // Nothing there although the poller called: no end, unless the poller itself reported one. What the receiver
      // throws ends the port: let through, it would end the process.
      if (!isRetry(error) || hangup) this.#vanish(error);
    }
    this.#arm();
  }

  #writable(): void {
    for (let next = this.#pending[0]; next && this.#open; next = this.#pending[0]) {
      try {
        next.rest = this.#send(next.rest);
      } catch (error) {
        this.#vanish(error);
        return;
      }
      if (next.rest.length > 0) break;
      this.#pending.shift();
      next.resolve();
    }
    this.#arm();
  }

  /** Writes what fits; returns what does not. */
  #send(data: Uint8Array): Uint8Array {
    try {
      return data.subarray(writeSync(this.#fd, data));
    } catch (error) {
      if (isRetry(error)) return data;
      throw error;
    }
  }

  /** The port is lost: its descriptor is closed at once, or the stick's next tty gets another number. */
  #vanish(cause: unknown): DriverError {
    const error = this.#end ?? gone(this.path, cause);
    if (this.#open) {
      this.#end = error;
      void this.#shut(error);
      setImmediate(() => this.#tellGone());
    }
    return error;
  }

  #tellGone(): void {
    const onGone = this.#onGone;
    this.#onGone = undefined;
    if (this.#end) onGone?.(this.#end);
  }

  #shut(reason: DriverError): Promise<void> {
    if (this.#closing) return this.#closing;
    this.#open = false;
    const { poller } = this.#native;
    // The binding never frees a poller: without its listeners it does not keep this port and its buffer.
    poller.removeAllListeners();
    const unsent = this.#pending.splice(0);
    for (const write of unsent) write.reject(reason);
    this.#closing = this.#closeNative(unsent.length > 0);
    return this.#closing;
  }

  async #closeNative(discard: boolean): Promise<void> {
    try {
      // The kernel would wait up to 30 s for a device that takes no more bytes.
      if (discard) await this.#native.flush();
    } catch {
      // It is being closed anyway.
    }
    try {
      await this.#native.close();
    } catch {
      // Gone is gone; the descriptor is free in any case.
    }
  }
}

const isRetry = (error: unknown): boolean => ['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes(errnoOf(error) ?? '');

const closed = (path: string): DriverError => failure('STICK_GONE/port-closed', { path }, { stick: path });
