/** Somebody calls the stick. It takes no call: it rings until the caller gives up. */

import type { ModemContext } from './state';

export interface Call {
  /** The caller's number; without one it is withheld. */
  from?: string;
  /** How often it rings, 3 by default. */
  rings?: number;
}

/** From ring to ring, milliseconds. */
const PAUSE = 4_000;

/** Rings, in the words of +CRC and +CLIP, and says when the caller has hung up. */
export function ring(m: ModemContext, { from = '', rings = 3 }: Call): void {
  const { calls, sms } = m.settings;
  m.urc(calls['+CRC'] === 1 ? '+CRING: VOICE' : 'RING');
  if (calls['+CLIP'] === 1) m.urc(`+CLIP: "${from}",${from.startsWith('+') ? 145 : 129},,,,${from === '' ? 1 : 0}`);
  m.after(PAUSE, () => {
    if (rings > 1) {
      ring(m, { from, rings: rings - 1 });
      return;
    }
    m.urc('NO CARRIER');
    if (m.quirks.has('call-mutes')) sms.muted = true;
  });
}
