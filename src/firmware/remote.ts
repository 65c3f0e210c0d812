/**
 * What goes between this thread and a worker that reads a firmware file. The worker has no file of its own: it asks this
 * thread for bytes, which puts them into memory that both share. So any source works, and the caller's buffers are
 * neither moved nor copied as a whole.
 */

import { access } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asDriverError, DriverError, type ErrorData, errorData, failure } from '../errors';
import type { ByteSource } from './byte-source';
import type { FirmwareImage } from './firmware';
import type { Finding, InspectOptions } from './inspect';

/** What a worker is started with: check these images, or hand out this one as sent. */
export type WorkerOrder = { name: string; size: number } & (
  | { task: 'check'; images: readonly FirmwareImage[]; options: InspectOptions }
  | { task: 'unpack'; image: FirmwareImage; ahead: number }
);

export type FromWorker =
  | { type: 'read'; id: number; offset: number; length: number; into: SharedArrayBuffer }
  | { type: 'progress'; done: number }
  | { type: 'found'; sha256?: string; images: (Finding | { problem: ErrorData })[] }
  | { type: 'piece'; bytes: Uint8Array }
  | { type: 'end' }
  | { type: 'failed'; error: ErrorData };

/** The answer to `read`, or: one piece was taken. */
export type ToWorker = { type: 'bytes'; id: number; error?: ErrorData } | { type: 'taken' };

/** An error on its way between threads; its cause stays behind. */
export const toPlain = (error: unknown): ErrorData => errorData(asDriverError(error, 'FILE_UNREADABLE/reading', {}));

export const fromPlain = (data: ErrorData): DriverError => new DriverError(data);

export interface WorkerEvents {
  /** Everything but `read` and `failed`. What it throws ends the worker like a failure. */
  onMessage(message: FromWorker): void;
  /** At most once: the worker failed or ended early. */
  onFailure(error: DriverError): void;
}

/** A worker at its work on `source`. */
export class RemoteReader {
  readonly #worker: Worker;
  /** Reads under way: the source must not be closed under them. */
  readonly #reads = new Set<Promise<void>>();
  #failed = false;

  constructor(source: ByteSource, order: WorkerOrder, events: WorkerEvents) {
    // Threads that Node starts for all of the process take the priority of the one that needs them first: not the worker's.
    access(__filename, () => undefined);
    this.#worker = new Worker(join(__dirname, 'worker.js'), { workerData: order });
    const fail = (error: unknown) => {
      if (this.#failed) return;
      this.#failed = true;
      events.onFailure(asDriverError(error, 'FILE_UNREADABLE/worker', { name: source.name }));
    };
    this.#worker.on('message', (message: FromWorker) => {
      try {
        if (message.type === 'read') this.#read(source, message);
        else if (message.type === 'failed') fail(fromPlain(message.error));
        else events.onMessage(message);
      } catch (error) {
        fail(error);
      }
    });
    this.#worker.on('error', fail);
    this.#worker.on('exit', () => fail(failure('FILE_UNREADABLE/worker-ended', { name: source.name })));
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  /** Ends the worker, also in the middle; then no read of the source is under way. Never rejects. */
  async stop(): Promise<void> {
    this.#failed = true;
    await this.#worker.terminate();
    await Promise.all(this.#reads);
  }

  #read(source: ByteSource, { id, offset, length, into }: Extract<FromWorker, { type: 'read' }>): void {
    const read = source.read(offset, length, Buffer.from(into)).then(
      () => this.post({ type: 'bytes', id }),
      (error: unknown) => this.post({ type: 'bytes', id, error: toPlain(error) }),
    );
    this.#reads.add(read);
    void read.finally(() => this.#reads.delete(read));
  }
}
