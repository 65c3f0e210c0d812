/** The web server of one stick on the bus: looked for where it may be, and kept only where the right stick answers. */

import { failure, isDriverError } from '../errors';
import type { Host, UsbDevice } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { WebIdentity, WebValues } from '../values/web';
import { type HilinkClient, openHilink } from './client';
import { webPlaces } from './places';
import type { Expected } from './stick';

export interface ThereOptions {
  /** Where it is, where that cannot be found: `http://192.168.8.1`. */
  address?: string | undefined;
  password?: string | undefined;
  /** Who logs in, default `admin`. */
  user?: string | undefined;
  /**
   * Told who answers: what it returns is compared before each change. Errors of its own end the search, for another stick
   * is there.
   */
  recognise: (found: WebIdentity) => Expected;
  /** Told what each answer of whoever was recognised tells. Must not throw. */
  told?: (values: WebValues) => void;
  signal: AbortSignal;
}

/**
 * Resolves with a client, which the caller closes. Errors: those of {@link webPlaces}, HILINK_ERROR (nobody answers),
 * LOGIN_REFUSED, LOGIN_LOCKED, and those of `recognise`.
 */
export async function openThere(host: Host, device: UsbDevice, options: ThereOptions): Promise<HilinkClient> {
  const { address, password, user, recognise, told, signal } = options;
  const places = await webPlaces(host, device, address);
  let last: unknown;
  for (const place of places) {
    // Filled in as soon as it is known who is there: each change is preceded by that question.
    const expect: Expected = {};
    const who = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) };
    let known = false;
    const client = openHilink({
      ...place,
      clock: host.clock,
      expect,
      ...who,
      told: (values) => known && told?.(values),
    });
    try {
      Object.assign(expect, recognise(await client.identity({ timeout: TIMEOUTS.hilink.probe, signal })));
      known = true;
      return client;
    } catch (error) {
      await client.close();
      if (signal.aborted || !isDriverError(error, 'STICK_GONE', 'TIMEOUT', 'HILINK_ERROR')) throw error;
      last = error;
    }
  }
  throw places.length === 1
    ? last
    : failure('HILINK_ERROR/no-web', { stick: device.portPath, tried: places.map(({ url }) => url) }, { cause: last });
}

/** Errors that a stick has behind it when it has started. */
export const EARLY = [
  'STICK_GONE',
  'TIMEOUT',
  'HILINK_ERROR/no-interface',
  'HILINK_ERROR/no-lan-address',
  'HILINK_ERROR/no-web',
] as const;
