/**
 * Huawei's vendor command "rewind" (CDB opcode 11): what a stick makes of it. Follows the decision order of Huawei's own
 * gadget sources; the answer on the bus is a good CSW in every case, also where nothing happens.
 */

import type { Appearance } from './personality';

export const REWIND = 0x11;

/** CDB byte 2. */
const WINDOWS = 0x00;
const MAC = 0x10;
const LINUX = 0x20;
const GATEWAY = 0x30;

/** The appearance to come back in, or undefined: nothing happens. */
export function decideRewind(
  cdb: Uint8Array,
  state: { firmware: 'hilink' | 'stick'; switched: boolean; sdReader: boolean; project: boolean },
): Appearance | undefined {
  // A stick that has left its first composition stays where it is until it is plugged in again.
  if (state.switched) return undefined;
  const pcType = cdb[2];
  const profile = cdb[7];
  const green = cdb[8];
  if (pcType === GATEWAY) {
    if (profile === 0) return 'tty-only';
    return profile === 1 ? 'tty-ncm' : undefined;
  }
  if (pcType !== WINDOWS && pcType !== MAC && pcType !== LINUX) return undefined;
  if (state.firmware === 'stick') return 'tty';
  if (pcType === WINDOWS && green === 0) return state.project ? 'upgrade' : 'hilink-rndis';
  if (green !== 1) return undefined;
  if (pcType === WINDOWS) return 'hilink-rndis';
  return state.sdReader ? 'hilink-sd' : 'hilink';
}
