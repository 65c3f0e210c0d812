/** Entry of the worker thread that checks a firmware file. Started by check-worker.ts, never imported. */

import { parentPort, workerData } from 'node:worker_threads';
import { DriverError } from '../errors';
import { type FromWorker, fromPlain, type ToWorker, toPlain, type WorkerOrder } from './check-worker';
import { inspect } from './inspect';
import type { ByteSource } from './source';
import { STEP } from './stored';

/** A source whose bytes come from the thread that has the file. */
class RemoteSource implements ByteSource {
  readonly #post: (message: FromWorker) => void;
  readonly #waiting = new Map<number, (reply: ToWorker) => void>();
  #id = 0;

  constructor(
    readonly name: string,
    readonly size: number,
    post: (message: FromWorker) => void,
  ) {
    this.#post = post;
  }

  onReply(reply: ToWorker): void {
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }

  /** `into` is a whole shared buffer, or there is none. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Buffer> {
    const shared = into?.buffer instanceof SharedArrayBuffer ? into.buffer : new SharedArrayBuffer(length);
    const id = this.#id++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ error }) => {
        if (error) reject(fromPlain(error));
        else resolve(Buffer.from(shared, 0, length));
      });
      this.#post({ type: 'read', id, offset, length, into: shared });
    });
  }

  async close(): Promise<void> {}
}

async function main(order: WorkerOrder, post: (message: FromWorker) => void, source: RemoteSource): Promise<void> {
  try {
    const buffers = [0, 1].map(() => Buffer.from(new SharedArrayBuffer(STEP)));
    const onProgress = (done: number) => post({ type: 'progress', done });
    const found = await inspect(source, order.images, order.options, onProgress, buffers);
    const images = found.images.map((image) =>
      image instanceof DriverError ? { problem: toPlain(image) } : { ...image },
    );
    post({ type: 'found', images, ...(found.sha256 !== undefined && { sha256: found.sha256 }) });
  } catch (error) {
    post({ type: 'failed', error: toPlain(error) });
  }
}

if (parentPort) {
  const port = parentPort;
  const order = workerData as WorkerOrder;
  const post = (message: FromWorker) => port.postMessage(message);
  const source = new RemoteSource(order.name, order.size, post);
  port.on('message', (reply: ToWorker) => source.onReply(reply));
  void main(order, post, source);
}
