import { failure } from '../errors';
import type { Host } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { openAt } from './at/open-at';
import { askDigits } from './identify';

/**
 * The own names of the stick at `path`, for somebody who picks one: `imei:...` and `sim:...`, with the digits. Opens its AT
 * port where nobody has it open. None where the stick does not tell within {@link TIMEOUTS.session.names}.
 */
export async function askNames(host: Host, path: string): Promise<string[]> {
  const late = new AbortController();
  const timer = host.clock.after(TIMEOUTS.session.names, () => late.abort(failure('TIMEOUT/names', { stick: path })));
  const at = openAt(host, path);
  try {
    const { imei, iccid } = await askDigits(
      (command, options) => at.run(command, { ...options, signal: late.signal }),
      host.clock,
      late.signal,
    );
    return [...(imei === undefined ? [] : [`imei:${imei}`]), ...(iccid === undefined ? [] : [`sim:${iccid}`])];
  } catch {
    // Not now: it is in another mode, a job has it, its port does not open.
    return [];
  } finally {
    timer.cancel();
    await at.release();
  }
}
