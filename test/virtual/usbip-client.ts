/** A USB/IP client for tests: written from the protocol's document, it shares no line with the server. */

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface Ended {
  status: number;
  actual: number;
  data: Buffer;
}

type Waiter = { toHost: boolean; resolve: (ended: Ended) => void };

export class UsbipClient {
  readonly #socket: Socket;
  #bytes: Buffer = Buffer.alloc(0);
  #wake: () => void = () => undefined;
  #seqnum = 0;
  readonly #waiting = new Map<number, Waiter>();
  readonly #unlinks = new Map<number, (status: number) => void>();
  #urbs = false;
  /** Resolves when the server has dropped the connection. */
  readonly dropped: Promise<unknown>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('error', () => undefined);
    this.dropped = new Promise((resolve) => socket.once('close', resolve));
    socket.on('close', () => this.#wake());
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      if (this.#urbs) this.#replies();
      this.#wake();
    });
  }

  static async connect(port: number): Promise<UsbipClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new UsbipClient(socket);
  }

  write(bytes: Buffer): void {
    this.#socket.write(bytes);
  }

  /** The next `length` bytes, or fewer when the connection ends before. */
  async read(length: number): Promise<Buffer> {
    while (this.#bytes.length < length && !this.#socket.destroyed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const out = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return out;
  }

  /** OP_REQ_DEVLIST; the whole answer. */
  list(): Promise<Buffer> {
    this.write(Buffer.from('0111800500000000', 'hex'));
    return this.read(Number.MAX_SAFE_INTEGER);
  }

  /** OP_REQ_IMPORT; the status of the answer. */
  async import(busId = '1-1'): Promise<number> {
    const request = Buffer.alloc(40);
    request.writeUInt32BE(0x01118003, 0);
    request.write(busId, 8, 'latin1');
    this.write(request);
    const status = (await this.read(8)).readUInt32BE(4);
    if (status === 0) {
      await this.read(312);
      this.#urbs = true;
    }
    return status;
  }

  /** Starts a transfer; the promise stays pending until the server ends it. */
  submit(
    endpoint: number,
    what: { in?: number; out?: Buffer; setup?: string },
  ): { seqnum: number; ended: Promise<Ended> } {
    const seqnum = ++this.#seqnum;
    const toHost = what.in !== undefined;
    const head = Buffer.alloc(48);
    head.writeUInt32BE(1, 0);
    head.writeUInt32BE(seqnum, 4);
    head.writeUInt32BE(0x10001, 8);
    head.writeUInt32BE(toHost ? 1 : 0, 12);
    head.writeUInt32BE(endpoint, 16);
    head.writeUInt32BE(what.in ?? what.out?.length ?? 0, 24);
    if (what.setup) Buffer.from(what.setup, 'hex').copy(head, 40);
    const ended = new Promise<Ended>((resolve) => this.#waiting.set(seqnum, { toHost, resolve }));
    this.write(Buffer.concat([head, what.out ?? Buffer.alloc(0)]));
    return { seqnum, ended };
  }

  in(endpoint: number, length: number): Promise<Ended> {
    return this.submit(endpoint, { in: length }).ended;
  }

  out(endpoint: number, bytes: Buffer): Promise<Ended> {
    return this.submit(endpoint, { out: bytes }).ended;
  }

  /** A control transfer; `setup` as 16 hex digits. IN by its first bit. */
  control(setup: string, out = Buffer.alloc(0)): Promise<Ended> {
    const toHost = (Number.parseInt(setup.slice(0, 2), 16) & 0x80) !== 0;
    const length = Buffer.from(setup, 'hex').readUInt16LE(6);
    return this.submit(0, { setup, ...(toHost ? { in: length } : { out }) }).ended;
  }

  unlink(target: number): Promise<number> {
    const seqnum = ++this.#seqnum;
    const head = Buffer.alloc(48);
    head.writeUInt32BE(2, 0);
    head.writeUInt32BE(seqnum, 4);
    head.writeUInt32BE(target, 20);
    const status = new Promise<number>((resolve) => this.#unlinks.set(seqnum, resolve));
    this.write(head);
    return status;
  }

  close(): void {
    this.#socket.destroy();
  }

  #replies(): void {
    while (this.#bytes.length >= 48) {
      const seqnum = this.#bytes.readUInt32BE(4);
      const status = this.#bytes.readInt32BE(20);
      if (this.#bytes.readUInt32BE(0) === 4) {
        this.#bytes = this.#bytes.subarray(48);
        this.#unlinks.get(seqnum)?.(status);
        continue;
      }
      const waiter = this.#waiting.get(seqnum);
      if (!waiter) throw new Error(`an answer to transfer ${seqnum}, which is none`);
      const actual = this.#bytes.readUInt32BE(24);
      const length = 48 + (waiter.toHost ? actual : 0);
      if (this.#bytes.length < length) return;
      const data = this.#bytes.subarray(48, length);
      this.#bytes = this.#bytes.subarray(length);
      this.#waiting.delete(seqnum);
      waiter.resolve({ status, actual, data });
    }
  }
}
