import { AtChannel } from '../at/channel';
import { DriverError } from '../errors';
import { askable, openPatiently, silentStick, surveyPort } from '../flash/survey';
import type { Host } from '../host/host';
import type { Stick } from '../stick/stick';
import { waitForTtys } from '../stick/watch';

/** A space before the CR of each command; `auto`: whichever the stick answers to. */
export type Space = 'auto' | 'always' | 'never';

/**
 * Finds the port of `stick` that answers AT and opens a channel on it; `loader` if an uploaded loader answers instead.
 * The stick must be held. Errors: DRIVER_MISSING, PORT_BUSY, NO_PERMISSION, STICK_GONE, TIMEOUT (nothing answers),
 * WRONG_MODE (stuck in the download protocol); the signal's reason, and then every port is closed within seconds.
 */
export async function openAtPort(
  host: Host,
  stick: Stick,
  space: Space,
  signal: AbortSignal,
): Promise<AtChannel | 'loader'> {
  const ready = host.hasBus ? await waitForTtys(host, stick, signal) : stick;
  for (const { path } of askable(ready)) {
    const port = await openPatiently(host, path, signal);
    // Asking takes up to 12 s on a port that is silent: a closed port ends it at the next question.
    const close = () => void port.close();
    signal.addEventListener('abort', close, { once: true });
    try {
      const kind = await surveyPort(port, host, stick.path);
      signal.throwIfAborted();
      if (kind === 'at') {
        const channel = new AtChannel(port, { clock: host.clock, stick: stick.path, space });
        await channel.open(signal);
        return channel;
      }
      await port.close();
      if (kind === 'loader') return 'loader';
      if (kind !== 'silent') throw stuck(stick, path);
    } catch (error) {
      await port.close();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener('abort', close);
    }
  }
  throw silentStick(ready);
}

function stuck(stick: Stick, path: string): DriverError {
  const message = `The port ${path} of the stick at ${stick.path} is stuck in the download protocol and answers no AT.`;
  const hint = 'Another program left it so. Unplug the stick, wait five seconds and plug it in again.';
  return new DriverError('WRONG_MODE', message, { stick: stick.path, hint });
}
