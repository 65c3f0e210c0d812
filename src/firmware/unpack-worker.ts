/** Decompresses an image in a worker thread while it is sent, so that Node's loop stays free. */

import type { DriverError } from '../errors';
import type { ByteSource } from './byte-source';
import type { FirmwareImage } from './firmware';
import { RemoteReader } from './remote';

/** Pieces that the worker may be ahead of whoever takes them. */
const AHEAD = 8;

/** As `sentPieces`, and with its errors; the worker ends with the generator. */
export async function* piecesFromWorker(
  source: ByteSource,
  image: FirmwareImage,
): AsyncGenerator<Buffer, void, undefined> {
  const waiting: Buffer[] = [];
  let ended = false;
  let failure: DriverError | undefined;
  let wake = () => {};
  const { name, size } = source;
  const reader = new RemoteReader(
    source,
    { task: 'unpack', name, size, image, ahead: AHEAD },
    {
      onFailure(error) {
        failure = error;
        wake();
      },
      onMessage(message) {
        if (message.type === 'piece') waiting.push(Buffer.from(message.bytes.buffer));
        else if (message.type === 'end') ended = true;
        wake();
      },
    },
  );
  try {
    for (;;) {
      const piece = waiting.shift();
      if (piece) {
        reader.post({ type: 'taken' });
        yield piece;
      } else if (failure) throw failure;
      else if (ended) return;
      else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    await reader.stop();
  }
}
