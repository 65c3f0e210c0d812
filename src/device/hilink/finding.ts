/** From a stick on the bus to its web API: the places where it may be, one after the other, until one answers as a stick. */

import { failure, isDriverError } from '../../errors';
import { type HilinkClient, openHilink } from '../../hilink/client';
import type { Expected } from '../../hilink/stick';
import type { Host, UsbDevice } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';
import type { WebIdentity } from '../../values/web';
import { webPlaces } from './places';

/** What a user tells of the web API of the stick. */
export interface WebOptions {
  /** Where it is, where that cannot be found: `http://192.168.8.1`. */
  address?: string;
  /** Of its web page. */
  password?: string;
  /** Of the SIM, entered when it wants one. */
  pin?: string;
}

export interface FindOptions extends WebOptions {
  /** Who logs in, default `admin`. */
  user?: string;
  signal: AbortSignal;
  /** Takes who answers, and says what each change must find there from now on. What it throws ends the search. */
  recognise(found: WebIdentity): Expected;
}

/**
 * The client of the web API of `device`; nothing was changed at it. Errors: those of {@link webPlaces}, HILINK_ERROR and
 * STICK_GONE (nobody answers as a stick), TIMEOUT, LOGIN_REFUSED, LOGIN_LOCKED, those of `recognise`, the signal's reason.
 */
export async function findWeb(host: Host, device: UsbDevice, options: FindOptions): Promise<HilinkClient> {
  const { address, password, user, signal, recognise } = options;
  const { clock } = host;
  const places = await webPlaces(host, device, address);
  let last: unknown;
  for (const place of places) {
    // Filled in as soon as it is known who is there: each change is preceded by that question.
    const expect: Expected = {};
    const who = { ...(user !== undefined && { user }), ...(password !== undefined && { password }) };
    const client = openHilink({ ...place, clock, expect, ...who });
    try {
      Object.assign(expect, recognise(await client.identity({ timeout: TIMEOUTS.hilink.probe, signal })));
      return client;
    } catch (error) {
      await client.close();
      if (signal.aborted || !isDriverError(error, 'STICK_GONE', 'TIMEOUT', 'HILINK_ERROR')) throw error;
      last = error;
    }
  }
  const tried = places.map(({ url }) => url);
  throw places.length === 1 ? last : failure('HILINK_ERROR/no-web', { stick: device.portPath, tried }, { cause: last });
}
