/** Is a boot ROM behind this port? It answers a single `A` with 55, before anything else was sent to it. */

import type { Clock, TtyPort } from '../host/host';

const PROBE = 0x41;
/** What it says to anything that is no packet. */
const NO_PACKET = 0x55;
const ACCEPTED = 0xaa;

/**
 * Sends `A` once; true if the ROM answered 55, false after `timeoutMs`. To be done once and first: later it would spoil a
 * transfer. Errors: STICK_GONE; the signal's reason, at once.
 */
export function probeBootRom(port: TtyPort, clock: Clock, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
  if (signal?.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const finish = () => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    const onGone = (error: unknown) => {
      finish();
      reject(error);
    };
    const onAbort = () => onGone(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = clock.after(timeoutMs, () => {
      finish();
      resolve(false);
    });
    port.receive((chunk) => {
      // Anything but the ROM's two answers is noise on the line.
      const answer = chunk.find((byte) => byte === NO_PACKET || byte === ACCEPTED);
      if (answer === undefined) return;
      finish();
      resolve(answer === NO_PACKET);
    }, onGone);
    port.write(Uint8Array.of(PROBE)).catch(onGone);
  });
}
