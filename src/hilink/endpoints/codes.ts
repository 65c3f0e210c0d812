/** Numbers of HiLink that several answers use. Radio systems: those of the AT commands go on where HiLink has the same. */

import { OLD_SUBMODE, SUBMODE } from '../../at/commands/network';

/** CurrentNetworkTypeEx. */
const MODES_EX: Readonly<Record<number, string>> = { ...SUBMODE, 81: 'WiMAX', 1011: 'LTE' };

/** CurrentNetworkType. */
const MODES: Readonly<Record<number, string>> = {
  ...OLD_SUBMODE,
  10: 'EVDO',
  11: 'EVDO',
  12: 'EVDO',
  13: '1xRTT',
  17: 'HSPA+',
  18: 'HSPA+',
  19: 'LTE',
};

export interface Mode {
  system?: string;
  submode?: string;
}

/** What a stick uses now, by both its numbers; the newer one tells more. */
export function modeOf(type: number | undefined, extended: number | undefined): Mode {
  const submode = (extended ? MODES_EX[extended] : undefined) ?? (type ? MODES[type] : undefined);
  if (submode !== undefined) return { system: systemOf(submode), submode };
  return extended !== undefined && extended >= 21 && extended <= 36 ? { system: 'CDMA' } : {};
}

function systemOf(submode: string): string {
  if (/^(GSM|GPRS|EDGE)$/.test(submode)) return 'GSM';
  if (/^(EVDO|1xRTT)$/.test(submode)) return 'CDMA';
  if (submode.startsWith('TD-')) return 'TD-SCDMA';
  return submode === 'LTE' || submode === 'WiMAX' ? submode : 'WCDMA';
}

/** `mode` of device/signal, `Rat` of networks: 5 is HSPA. */
export const RATS: Readonly<Record<number, string>> = { 0: 'GSM', 2: 'WCDMA', 5: 'WCDMA', 7: 'LTE' };

/** workmode of device/information, in the words of the AT side. */
export function systemNamed(words: string | undefined): string | undefined {
  const name = words?.toUpperCase();
  return name !== undefined && /^(LTE|WCDMA|GSM|TD-SCDMA|CDMA|NR|5G)$/.test(name) ? name : undefined;
}

/**
 * SimState of pin/status: 255 none, 256 it failed, 257 ready, 258 PIN check off, 259 PIN check on and passed, 260 PIN
 * wanted, 261 PUK wanted (names of the pages; recordings of sticks that work have 257 with 258 or 259).
 */
export function pinState(code: number | undefined): { state?: string } {
  const state = {
    255: 'NOT INSERTED',
    256: 'FAILURE',
    257: 'READY',
    258: 'READY',
    259: 'READY',
    260: 'SIM PIN',
    261: 'SIM PUK',
  }[code ?? -1];
  return state === undefined ? {} : { state };
}
