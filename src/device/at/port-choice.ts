import { AtChannel } from '../../at/channel';
import type { Host } from '../../host/host';
import type { Stick } from '../../stick/stick';
import { waitForTtys } from '../../stick/watch';
import { type Surveyed, silentStick, stuckPort, surveyStick } from '../../survey/survey';

/** A space before the CR of each command; `auto`: whichever the stick answers to. */
export type Space = 'auto' | 'always' | 'never';

/**
 * Finds the port of `stick` that answers AT and opens a channel on it; `loader` or `boot` if one of those answers instead
 * (`boot` only where no bus tells it before). The stick must be held. Errors: DRIVER_MISSING, PORT_BUSY, NO_PERMISSION,
 * STICK_GONE, TIMEOUT (nothing answers), WRONG_MODE (stuck in the download protocol); the signal's reason, and then every
 * port is closed within seconds.
 */
export async function openAtPort(
  host: Host,
  stick: Stick,
  space: Space,
  signal: AbortSignal,
): Promise<AtChannel | 'loader' | 'boot'> {
  const ready = host.hasBus ? await waitForTtys(host, stick, signal) : stick;
  const surveyed = await surveyAt(host, ready, signal);
  if (!surveyed) throw silentStick(ready);
  const { kind, tty, port } = surveyed;
  try {
    if (kind === 'tty') {
      const channel = new AtChannel(port, { clock: host.clock, stick: stick.path, space });
      await channel.open(signal);
      return channel;
    }
  } catch (error) {
    await port.close();
    throw signal.aborted ? signal.reason : error;
  }
  await port.close();
  if (kind === 'loader' || kind === 'boot') return kind;
  throw stuckPort(stick, tty.path);
}

/**
 * The survey, with the PCUI preferred to the modem port. Where only the latter answers, a prompt that was left open there
 * may have kept the PCUI waiting (T24): the survey has left it, so the PCUI is asked again.
 */
async function surveyAt(host: Host, stick: Stick, signal: AbortSignal): Promise<Surveyed | undefined> {
  const found = await surveyStick(host, stick, signal);
  const pcui = stick.ttys.filter((tty) => tty.role === 'pcui');
  if (found?.kind !== 'tty' || found.tty.role !== 'modem' || pcui.length === 0) return found;
  await found.port.close();
  const again = await surveyStick(host, { ...stick, ttys: pcui }, signal);
  if (again && again.kind !== 'hdlc') return again;
  await again?.port.close();
  return surveyStick(host, { ...stick, ttys: [found.tty] }, signal);
}
