/** A tty and a bulk pipe of a virtual stick in another process, as the program that has opened them sees them. */

import { asDriverError, type DriverError, failure } from '../errors';
import type { BulkPipe, TtyPort } from '../host/host';
import type { RemoteLink, Sink } from './remote-link';
import { pack, requireSize, unpack } from './wire';

/** Bytes that are kept for somebody who does not read yet; what comes then is lost, as in a kernel's buffer. */
const UNREAD = 64 * 1024;

export class RemoteTtyPort implements TtyPort, Sink {
  readonly path: string;
  readonly #link: RemoteLink;
  readonly #closed: () => void;
  #handle = 0;
  #open = true;
  #reading = false;
  #unread: Uint8Array[] = [];
  #kept = 0;
  #onData: ((chunk: Uint8Array) => void) | undefined;
  #onGone: ((error: DriverError) => void) | undefined;
  #end: DriverError | undefined;

  private constructor(link: RemoteLink, path: string, closed: () => void) {
    this.#link = link;
    this.path = path;
    this.#closed = closed;
  }

  /** Errors: PORT_BUSY, STICK_GONE, and those of a link. `closed` is called when it is not open any more. */
  static async open(link: RemoteLink, path: string, closed: () => void): Promise<RemoteTtyPort> {
    const port = new RemoteTtyPort(link, path, closed);
    port.#handle = await link.open((handle) => ({ ask: 'openTty', handle, path }), port);
    return port;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  async write(data: Uint8Array): Promise<void> {
    if (!this.#open) throw this.#end ?? this.#shut();
    requireSize(data.length);
    await this.#link.askOpen({ ask: 'write', handle: this.#handle, data: pack(data) });
  }

  receive(onData: (chunk: Uint8Array) => void, onGone: (error: DriverError) => void): void {
    this.#onData = onData;
    this.#onGone = onGone;
    if (this.#reading) return;
    // Never within the call.
    setImmediate(() => {
      this.#reading = true;
      for (const chunk of this.#unread.splice(0)) this.data(chunk);
      if (this.#end) this.#tellGone(this.#end);
    });
  }

  async close(): Promise<void> {
    this.#onData = undefined;
    this.#onGone = undefined;
    if (!this.#open) return;
    this.#leave(this.#shut());
    this.#link.forget(this.#handle);
    await this.#link.askOpen({ ask: 'close', handle: this.#handle }).catch(() => undefined);
  }

  data(chunk: Uint8Array): void {
    if (!this.#reading) {
      this.#kept += chunk.length;
      if (this.#kept <= UNREAD) this.#unread.push(chunk);
      return;
    }
    try {
      this.#onData?.(chunk);
    } catch (error) {
      // Let through, it would end the process.
      const why = asDriverError(error, 'PROTOCOL/port-data', { path: this.path });
      const onGone = this.#onGone;
      void this.close();
      onGone?.(why);
    }
  }

  gone(error: DriverError): void {
    this.#leave(error);
    if (this.#reading) this.#tellGone(error);
  }

  #leave(why: DriverError): void {
    this.#open = false;
    this.#end = why;
    this.#closed();
  }

  #tellGone(error: DriverError): void {
    const onGone = this.#onGone;
    this.#onGone = undefined;
    onGone?.(error);
  }

  #shut(): DriverError {
    return failure('STICK_GONE/port-closed', { path: this.path }, { stick: this.#link.name });
  }
}

export class RemoteBulkPipe implements BulkPipe {
  readonly #link: RemoteLink;
  readonly #handle: number;
  readonly #closed: () => void;
  #open = true;

  private constructor(link: RemoteLink, handle: number, closed: () => void) {
    this.#link = link;
    this.#handle = handle;
    this.#closed = closed;
  }

  /** Errors: PORT_BUSY, STICK_GONE, BAD_ARGUMENT (no mass storage), and those of a link. */
  static async open(
    link: RemoteLink,
    address: number,
    interfaceNumber: number,
    closed: () => void,
  ): Promise<RemoteBulkPipe> {
    const handle = await link.open((own) => ({ ask: 'openBulk', handle: own, address, interface: interfaceNumber }));
    return new RemoteBulkPipe(link, handle, closed);
  }

  async transferOut(data: Uint8Array, timeoutMs: number): Promise<void> {
    requireSize(data.length);
    await this.#link.askOpen({ ask: 'transferOut', handle: this.#handle, data: pack(data), ms: timeoutMs }, timeoutMs);
  }

  async transferIn(length: number, timeoutMs: number): Promise<Uint8Array> {
    requireSize(length);
    const answer = this.#link.askOpen({ ask: 'transferIn', handle: this.#handle, length, ms: timeoutMs }, timeoutMs);
    return unpack(String(await answer));
  }

  async recover(): Promise<void> {
    await this.#link.askOpen({ ask: 'recover', handle: this.#handle }).catch(() => undefined);
  }

  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#closed();
    await this.#link.askOpen({ ask: 'close', handle: this.#handle }).catch(() => undefined);
  }
}
