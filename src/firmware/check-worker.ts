/** Runs a check in a worker thread. */

import { asDriverError, type DriverError } from '../errors';
import type { ByteSource } from './byte-source';
import type { FirmwareImage } from './firmware';
import type { Findings, InspectOptions } from './inspect';
import { fromPlain, RemoteReader } from './remote';

/** As `inspect`; ends the worker when `signal` aborts (CANCELLED) or `onProgress` throws. */
export async function inspectInWorker(
  source: ByteSource,
  images: readonly FirmwareImage[],
  options: InspectOptions,
  onProgress: (done: number) => void,
  signal: AbortSignal | undefined,
): Promise<Findings> {
  let onAbort = () => {};
  let reader: RemoteReader | undefined;
  try {
    return await new Promise<Findings>((resolve, reject: (error: DriverError) => void) => {
      onAbort = () => reject(asDriverError(signal?.reason, 'CANCELLED/check', {}));
      if (signal?.aborted) return onAbort();
      signal?.addEventListener('abort', onAbort, { once: true });
      const { name, size } = source;
      reader = new RemoteReader(
        source,
        { task: 'check', name, size, images, options },
        {
          onFailure: reject,
          onMessage(message) {
            if (message.type === 'progress') onProgress(message.done);
            else if (message.type === 'found') {
              const found = message.images.map((image) => ('problem' in image ? fromPlain(image.problem) : image));
              resolve({ images: found, ...(message.sha256 !== undefined && { sha256: message.sha256 }) });
            }
          },
        },
      );
    });
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await reader?.stop();
  }
}
