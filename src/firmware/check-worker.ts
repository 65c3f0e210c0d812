/**
 * Runs a check in a worker thread. The worker has no file of its own: it asks this thread for bytes, which puts them
 * into memory that both share. So any source works, and the caller's buffers are neither moved nor copied as a whole.
 */

import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { asDriverError, DriverError, type ErrorCode } from '../errors';
import type { FirmwareImage } from './firmware';
import type { Findings, InspectOptions } from './inspect';
import type { ByteSource } from './source';

/** What the worker is started with. */
export interface WorkerOrder {
  name: string;
  size: number;
  images: readonly FirmwareImage[];
  options: InspectOptions;
}

/** An error on its way between threads; its cause stays behind. */
export interface PlainError {
  code: ErrorCode;
  message: string;
  hint?: string;
  number?: number;
}

export type FromWorker =
  | { type: 'read'; id: number; offset: number; length: number; into: SharedArrayBuffer }
  | { type: 'progress'; done: number }
  | { type: 'found'; sha256?: string; images: ({ size: number; sha256?: string } | { problem: PlainError })[] }
  | { type: 'failed'; error: PlainError };

/** The answer to `read`. */
export interface ToWorker {
  id: number;
  error?: PlainError;
}

export function toPlain(error: unknown): PlainError {
  const { code, message, hint, number } = asDriverError(error, 'FILE_UNREADABLE', 'The check failed');
  return { code, message, ...(hint !== undefined && { hint }), ...(number !== undefined && { number }) };
}

export function fromPlain({ code, message, ...details }: PlainError): DriverError {
  return new DriverError(code, message, details);
}

/** As `inspect`; ends the worker when `signal` aborts (CANCELLED) or `onProgress` throws. */
export function inspectInWorker(
  source: ByteSource,
  images: readonly FirmwareImage[],
  options: InspectOptions,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<Findings> {
  const order: WorkerOrder = { name: source.name, size: source.size, images, options };
  const worker = new Worker(join(__dirname, 'worker.js'), { workerData: order });
  /** Reads under way: the source must not be closed under them. */
  const reads = new Set<Promise<void>>();
  return new Promise<Findings>((resolve, reject) => {
    const answer = (reply: ToWorker) => worker.postMessage(reply);
    const onMessage = (message: FromWorker) => {
      if (message.type === 'read') {
        const { id, offset, length, into } = message;
        const read = source.read(offset, length, Buffer.from(into)).then(
          () => answer({ id }),
          (error: unknown) => answer({ id, error: toPlain(error) }),
        );
        reads.add(read);
        read.finally(() => reads.delete(read)).catch(reject);
      } else if (message.type === 'progress') onProgress(message.done);
      else if (message.type === 'failed') reject(fromPlain(message.error));
      else {
        const found = message.images.map((image) => ('problem' in image ? fromPlain(image.problem) : image));
        resolve({ images: found, ...(message.sha256 !== undefined && { sha256: message.sha256 }) });
      }
    };
    worker.on('message', (message: FromWorker) => {
      try {
        onMessage(message);
      } catch (error) {
        reject(error);
      }
    });
    worker.on('error', (error) =>
      reject(asDriverError(error, 'FILE_UNREADABLE', `The check of ${source.name} failed`)),
    );
    worker.on('exit', () =>
      reject(new DriverError('FILE_UNREADABLE', `The check of ${source.name} ended early.`, { hint: 'Try again.' })),
    );
    const onAbort = () => reject(asDriverError(signal?.reason, 'CANCELLED', 'The check was cancelled'));
    if (signal?.aborted) onAbort();
    signal?.addEventListener('abort', onAbort, { once: true });
    const off = () => signal?.removeEventListener('abort', onAbort);
    worker.once('exit', off);
  }).finally(async () => {
    await worker.terminate();
    await Promise.all(reads);
  });
}
