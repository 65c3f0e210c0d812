/** Commands about the stick itself, with their answers as values. */

import { isDriverError } from '../errors';
import type { FirmwareVersion, Identity } from '../values/identity';
import { ask, read } from './ask';
import type { AtChannel, RunOptions } from './channel';
import { ATI, FHVER } from './commands/identity';

/** `ATI`. Errors as {@link ask}. */
export const readIdentity = async (channel: AtChannel, options?: RunOptions): Promise<Identity> =>
  (await read(channel, ATI, options)) ?? {};

/** `AT^FHVER`; undefined where the answer has another shape. Errors as {@link ask}. */
export const readFirmwareVersion = (channel: AtChannel, options?: RunOptions): Promise<FirmwareVersion | undefined> =>
  read(channel, FHVER, options);

/**
 * `AT^RESET`: the stick restarts and its ports vanish within about 2.5 s. Resolves when the stick said OK, or vanished
 * before it could; only its return on the bus proves the restart. Errors otherwise as {@link ask}.
 */
export async function reset(channel: AtChannel, options?: RunOptions): Promise<void> {
  try {
    await ask(channel, 'AT^RESET', options);
  } catch (error) {
    if (!isDriverError(error, 'STICK_GONE')) throw error;
  }
}
