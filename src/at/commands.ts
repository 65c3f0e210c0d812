/** Commands about the stick itself, with their answers as values. */

import { isDriverError } from '../errors';
import { ask } from './ask';
import type { AtChannel, RunOptions } from './channel';
import { type FirmwareVersion, type Identity, parseFirmwareVersion, parseIdentity } from './values/identity';

/** `ATI`. Errors as {@link ask}. */
export async function readIdentity(channel: AtChannel, options?: RunOptions): Promise<Identity> {
  return parseIdentity((await ask(channel, 'ATI', options)).lines);
}

/** `AT^FHVER`; undefined where the answer has another shape. Errors as {@link ask}. */
export async function readFirmwareVersion(
  channel: AtChannel,
  options?: RunOptions,
): Promise<FirmwareVersion | undefined> {
  return parseFirmwareVersion((await ask(channel, 'AT^FHVER', options)).lines);
}

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
