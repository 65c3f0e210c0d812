/** Entry of the worker thread that reads a firmware file. Started by remote.ts, never imported. */

import { once } from 'node:events';
import { constants, getPriority, setPriority } from 'node:os';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { DriverError } from '../errors';
import type { ByteSource } from './byte-source';
import { inspect } from './inspect';
import { type FromWorker, fromPlain, type ToWorker, toPlain, type WorkerOrder } from './remote';
import { sentPieces } from './sent';
import { STEP } from './stored';

type Post = (message: FromWorker) => void;

/** A source whose bytes come from the thread that has the file. */
class RemoteSource implements ByteSource {
  readonly #post: Post;
  readonly #waiting = new Map<number, (error: DriverError | undefined) => void>();
  #id = 0;

  constructor(
    readonly name: string,
    readonly size: number,
    post: Post,
  ) {
    this.#post = post;
  }

  onReply(message: ToWorker): void {
    if (message.type !== 'bytes') return;
    this.#waiting.get(message.id)?.(message.error && fromPlain(message.error));
    this.#waiting.delete(message.id);
  }

  /** `into` is a whole shared buffer, or there is none. */
  read(offset: number, length: number, into?: Uint8Array): Promise<Buffer> {
    const shared = into?.buffer instanceof SharedArrayBuffer ? into.buffer : new SharedArrayBuffer(length);
    const id = this.#id++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, (error) => (error ? reject(error) : resolve(Buffer.from(shared, 0, length))));
      this.#post({ type: 'read', id, offset, length, into: shared });
    });
  }

  async close(): Promise<void> {}
}

async function check(order: Extract<WorkerOrder, { task: 'check' }>, source: ByteSource, post: Post): Promise<void> {
  const buffers = [0, 1].map(() => Buffer.from(new SharedArrayBuffer(STEP)));
  const onProgress = (done: number) => post({ type: 'progress', done });
  const found = await inspect(source, order.images, order.options, onProgress, buffers);
  const images = found.images.map((image) =>
    image instanceof DriverError ? { problem: toPlain(image) } : { ...image },
  );
  post({ type: 'found', images, ...(found.sha256 !== undefined && { sha256: found.sha256 }) });
}

/** Each piece goes away to the other thread; at most `ahead` of them wait there. */
async function unpack(
  { image, ahead }: Extract<WorkerOrder, { task: 'unpack' }>,
  source: ByteSource,
  port: MessagePort,
): Promise<void> {
  let room = ahead;
  port.on('message', ({ type }: ToWorker) => {
    if (type === 'taken') room++;
  });
  const post = (message: FromWorker, moved: ArrayBuffer[] = []) => port.postMessage(message, moved);
  for await (const piece of sentPieces(source, image)) {
    while (room === 0) await once(port, 'message');
    room--;
    const bytes = Uint8Array.from(piece);
    post({ type: 'piece', bytes }, [bytes.buffer]);
  }
  post({ type: 'end' });
}

/** Node-RED's own thread goes first. On Linux a priority is that of the calling thread, elsewhere of the whole process. */
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {
    // Then they take turns.
  }
}

if (parentPort) {
  stepBack();
  const port = parentPort;
  const order = workerData as WorkerOrder;
  const post = (message: FromWorker) => port.postMessage(message);
  const source = new RemoteSource(order.name, order.size, post);
  port.on('message', (reply: ToWorker) => source.onReply(reply));
  const work = order.task === 'check' ? check(order, source, post) : unpack(order, source, port);
  work.catch((error: unknown) => post({ type: 'failed', error: toPlain(error) }));
}
