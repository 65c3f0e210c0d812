/** From the note of version 0.1 to ours: nothing that it has handed over comes again, nothing that is new is lost. */

import type { Stored } from '../../at/sms/store';
import { assemble } from './assemble';
import type { Fate, Known } from './known';
import { isMessage, isReport, type Pieces } from './pieces';

/**
 * `read`: what is marked as read in `store`, the only one that 0.1 read by itself. All of it counts as handed over, but
 * for parts of a message that is not whole yet: those only where the old note has them.
 */
export function upgrade(known: Known, pieces: Pieces, store: string, read: readonly Stored[]): void {
  const seen = read.flatMap(({ index, hex }) => pieces.take(hex, { store, index, status: 1 }) ?? []);
  const whole = assemble(seen.filter(isMessage)).filter(({ complete }) => complete);
  const done = new Set([...whole.flatMap((message) => message.pieces), ...seen.filter(isReport)]);
  for (const fate of ['kept', 'deleted', 'ignored'] satisfies Fate[]) {
    const those = seen.filter((one) => (known.fate(one) ?? (done.has(one) ? 'kept' : undefined)) === fate);
    known.add(those, pieces.keys, fate);
  }
}
