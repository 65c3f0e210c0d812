import type { Storage } from '../../src/device/sms/open-sms';

/** `low`: a few more messages, then nothing is received any more. */
export type Level = 'ok' | 'low' | 'full';

const LOW = 0.8;

/** How full a store is; undefined where the stick does not say how large it is. */
export function levelOf({ used, total }: Storage): Level | undefined {
  if (total <= 0) return undefined;
  if (used >= total) return 'full';
  return used >= total * LOW ? 'low' : 'ok';
}
