/** How full the store of a stick in HiLink mode is, in the words of the AT side. */

import type { Storage } from '../../at/sms/store';
import type { WebStore } from '../../values/web-sms';

/** The store of the stick, which the web API shows as one. */
export const STORE = 'ME';

/** Undefined where it is not told how many it holds. */
export function storageOf({ max, used, inbox = 0, sent = 0, draft = 0, full }: WebStore): Storage | undefined {
  if (max === undefined) return undefined;
  return { store: STORE, used: full ? max : (used ?? inbox + sent + draft), total: max };
}
