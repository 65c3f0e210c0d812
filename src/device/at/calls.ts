/**
 * Incoming calls, as URCs tell of them. Nobody takes them here, but some firmware is mute afterwards: when one is over, the
 * stick has to prove that it is alive.
 */

import type { AtChannel } from '../../at/channel';
import type { Clock, Timer } from '../../host/host';
import { TIMEOUTS } from '../../timeouts';

const RINGS: ReadonlySet<string> = new Set(['RING', '+CRING', '+CLIP', '+CCWA']);
/** The caller has hung up. */
const ENDS: ReadonlySet<string> = new Set(['NO CARRIER', '^CEND']);

/** Calls `over` when a call has ended, or has stopped to ring, for as long as `channel` is open. */
export function watchCalls(channel: AtChannel, clock: Clock, over: () => void): void {
  let timer: Timer | undefined;
  const stop = () => {
    timer?.cancel();
    timer = undefined;
  };
  const end = () => {
    stop();
    over();
  };
  channel.onUrc(({ urc }) => {
    if (ENDS.has(urc)) end();
    else if (RINGS.has(urc)) {
      stop();
      timer = clock.after(TIMEOUTS.health.ring, end);
    }
  });
  void channel.ended.then(stop);
}
