/** Devices that people take for one of these sticks and that are none: named, never opened. */

import { foreignOf } from '../family/foreign';
import type { Machine } from '../host/facts';
import { idText, type Stick } from '../stick/stick';
import type { Account } from './account';

export const isForeign = (stick: Stick): boolean => stick.foreign !== undefined;

export function judgeForeign(sticks: readonly Stick[], machine: Machine | undefined, account: Account): void {
  const seen = new Set<string>();
  for (const { path, foreign, ...stick } of sticks) {
    if (!foreign) continue;
    seen.add(path);
    account.add('foreign-stick', 'ok', { stick: path, id: idText(stick), what: foreign.what });
  }
  for (const { portPath, vendorId, productId } of machine?.others ?? []) {
    const foreign = seen.has(portPath) ? undefined : foreignOf(vendorId, productId);
    if (!foreign) continue;
    account.add('foreign-stick', 'ok', { stick: portPath, id: idText({ vendorId, productId }), what: foreign.what });
  }
}
