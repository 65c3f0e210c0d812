/** What stands between a stick that answers and a network, by AT and by the web alike. */

import type { Outlook } from '../device/at/outlook';
import type { Account } from './account';

/** So few bars (of 5) are worth a word. */
const WEAK = 1;

export function judgeOutlook(
  stick: string,
  { sim, network }: Outlook,
  bars: number | undefined,
  account: Account,
): void {
  switch (sim) {
    case 'absent':
      account.add('sim-absent', 'error', { stick });
      break;
    case 'failed':
      account.add('sim-failed', 'error', { stick });
      break;
    case 'puk':
      account.add('sim-puk', 'error', { stick });
      break;
    case 'pin':
    case 'pin-refused':
      account.add('sim-pin', 'error', { stick });
      break;
    case 'busy':
      account.add('sim-busy', 'warn', { stick });
      break;
  }
  if (network === 'denied') account.add('network-denied', 'error', { stick });
  if (network === 'searching') account.add('network-searching', 'warn', { stick });
  if (network === 'none') account.add('network-none', 'warn', { stick });
  if (network !== 'registered') return;
  if (bars !== undefined && bars <= WEAK) account.add('signal-weak', 'warn', { stick, bars });
  else account.add('network', 'ok', { stick, bars: bars ?? null });
}
