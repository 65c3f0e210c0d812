import { isDriverError } from '../errors';
import { TIMEOUTS } from '../timeouts';
import { type Clock, sleep } from './host';

/**
 * Runs `open` again while it says PORT_BUSY or NO_PERMISSION, for {@link TIMEOUTS.usb.openRetry}: right after an
 * enumeration permissions are not set yet, drivers settle, and probing programs hold the port for some seconds.
 * Errors: those of `open`; the signal's reason.
 */
export async function openPatiently<T>(clock: Clock, open: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  const end = clock.now() + TIMEOUTS.usb.openRetry;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isDriverError(error, 'PORT_BUSY', 'NO_PERMISSION') || clock.now() >= end) throw error;
      await sleep(clock, TIMEOUTS.usb.openRetryPause, signal);
    }
  }
}
