/** Commands about the stick itself, with their answers as values. */

import { isDriverError } from '../errors';
import { ask } from './ask';
import type { AtChannel, RunOptions } from './channel';
import { lineValue, splitFields, unquote } from './fields';

/** Answer to `ATI`; each field is missing where the stick left it out or empty. */
export interface Identity {
  manufacturer?: string;
  model?: string;
  /** Firmware: `21.436.11.00.372`; may hold brackets. */
  revision?: string;
  /** 15 digits. */
  imei?: string;
  /** `+CGSM`, `+DS` ... */
  gcap?: string[];
}

/** Answer to `AT^FHVER`. */
export interface FirmwareVersion {
  product: string;
  software: string;
  hardware: string;
}

/** `ATI`. Errors as {@link ask}. */
export async function readIdentity(channel: AtChannel, options?: RunOptions): Promise<Identity> {
  return parseIdentity((await ask(channel, 'ATI', options)).lines);
}

/** The information lines of `ATI`: `Manufacturer: huawei`, `Model: E3272`, ... in any order, any of them absent. */
export function parseIdentity(lines: readonly string[]): Identity {
  const identity: Identity = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon < 0) continue;
    const value = line.slice(colon + 1).trim();
    if (value === '') continue;
    switch (line.slice(0, colon).trim().toLowerCase()) {
      case 'manufacturer':
        identity.manufacturer = value;
        break;
      case 'model':
        identity.model = value;
        break;
      case 'revision':
        identity.revision = value;
        break;
      case 'imei':
        if (/^\d{15}$/.test(value)) identity.imei = value;
        break;
      case '+gcap':
        identity.gcap = splitFields(value);
        break;
    }
  }
  return identity;
}

/** `AT^FHVER`; undefined where the answer has another shape. Errors as {@link ask}. */
export async function readFirmwareVersion(
  channel: AtChannel,
  options?: RunOptions,
): Promise<FirmwareVersion | undefined> {
  return parseFirmwareVersion((await ask(channel, 'AT^FHVER', options)).lines);
}

/** `^FHVER:"E1221 11.002.00.00.00,CH1E122XM Ver.A"`: product, blank, software, comma, hardware. */
export function parseFirmwareVersion(lines: readonly string[]): FirmwareVersion | undefined {
  for (const line of lines) {
    const match = /^(\S+)\s+([^,]*),(.*)$/.exec(unquote(lineValue(line, '^FHVER') ?? ''));
    if (!match) continue;
    const [, product = '', software = '', hardware = ''] = match;
    return { product, software: software.trim(), hardware: hardware.trim() };
  }
  return undefined;
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
