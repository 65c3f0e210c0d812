import { failure, isDriverError } from '../../errors';
import type { HilinkClient } from '../../hilink/client';

/**
 * What tells the SIM from others; `place` where the firmware never tells. Error: BUSY, while it is not open: a note of its own
 * for a SIM that only was not ready would have its messages come twice, and what waits to be sent would wait for that one.
 */
export async function simOf(client: HilinkClient, place: string, signal: AbortSignal) {
  const { imsi, imei } = await client.identity({ signal });
  if (imsi !== undefined) return { sim: imsi, imei };
  const state = (await client.sim({ signal }).catch(unknown))?.state;
  if (state !== undefined && state !== 'READY') throw failure('BUSY/sim-starting', { why: `SIM: ${state}.` });
  return { sim: `stick ${place}`, imei };
}

function unknown(error: unknown): undefined {
  if (!isDriverError(error, 'HILINK_ERROR')) throw error;
}
