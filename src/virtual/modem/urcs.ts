/** What the firmware says unasked: which of it ^CURC lets through, and what a change of the situation makes it say. */

import { hcsqLine, modeLine, registrationUrcs, rssiLine, srvstLine } from './network-lines';
import type { ModemContext, Settings } from './state';

/** Bits of the mask of ^CURC=2, by the URC's name. What is not here has a switch of its own. */
const BITS: Readonly<Record<string, number>> = {
  '^MODE': 0,
  '^RSSI': 1,
  '^HCSQ': 1,
  '^SRVST': 3,
  '^SIMST': 5,
  '^TIME': 6,
  '^NWTIME': 6,
  '^ANLEVEL': 8,
  '^SMMEMFULL': 11,
  '^DSFLOWRPT': 22,
  '^BOOT': 48,
};

/** All that ^CURC=1 lets through. */
export const ALL_URCS = (1n << 64n) - 1n;

export function allowed(line: string, { curc, curcMask }: Settings): boolean {
  const bit = BITS[/^[\^+][A-Z]+/.exec(line)?.[0] ?? ''];
  if (bit === undefined || curc === 1) return true;
  return curc === 2 && ((curcMask >> BigInt(bit)) & 1n) === 1n;
}

const situation = (m: ModemContext): string[] => [
  srvstLine(m),
  modeLine(m),
  ...registrationUrcs(m),
  rssiLine(m),
  hcsqLine(m),
];

/** Makes a change and says what is different afterwards. A network that the stick finds has messages for it. */
export function announced(m: ModemContext, change: () => void): void {
  const before = new Set(situation(m));
  change();
  for (const line of situation(m)) if (!before.has(line)) m.urc(line);
  m.centre.reach();
}
