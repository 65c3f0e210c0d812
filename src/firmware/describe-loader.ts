/** A loader as a report or `--json` shows it: plain values, bytes as hex. */

import type { EraseState } from './erase';
import type { Loader, LoaderComponent } from './loader';
import type { PartitionRow } from './partition-table';

export interface LoaderDescription {
  name: string;
  size: number;
  sha256: string;
  /** Name of a known loader that it is. */
  known?: string;
  /** Product text of its partition table. */
  product: string;
  synthetic: boolean;
  erase: Pick<EraseState, 'callSite' | 'callee' | 'safe' | 'text'> & {
    /** What a tool has replaced in the file; offsets from the start of component 2. */
    found: { place: string; offset: number; now: string; original?: string }[];
    /** What is replaced on the way to the stick. */
    patches: { place: string; offset: number; from: string; to: string }[];
  };
  components: LoaderComponent[];
  partitions: PartitionRow[];
}

export function describeLoader(loader: Loader): LoaderDescription {
  const { components, table, name, size, sha256, known, synthetic, erase } = loader;
  const { callSite, callee, safe, text } = erase;
  return {
    name,
    size,
    sha256,
    product: table.product,
    synthetic,
    ...(known && { known }),
    erase: {
      callSite,
      callee,
      safe,
      text,
      found: erase.found.map(({ place, offset, now, original }) => ({
        place,
        offset,
        now: now.toString('hex'),
        ...(original && { original: original.toString('hex') }),
      })),
      patches: erase.patches.map(({ place, offset, from, to }) => ({
        place,
        offset,
        from: from.toString('hex'),
        to: to.toString('hex'),
      })),
    },
    components: components.map(({ mode, size: length, address, offset }) => ({ mode, size: length, address, offset })),
    partitions: table.rows,
  };
}
