/** A loader as a report or `--json` shows it: plain values, bytes as hex. */

import type { EraseState } from './erase';
import type { LoaderComponent } from './known';
import type { Loader, Verdict } from './loader';
import type { PartitionRow } from './partition-table';

export interface LoaderDescription {
  name: string;
  size: number;
  sha256: string;
  verdict: Verdict;
  /** The verdict with its reasons, in sentences. */
  finding: string;
  /** Name of the known loader that it is. */
  known?: string;
  /** Product text of its partition table. */
  product: string;
  synthetic: boolean;
  /** See `Loader`. */
  standIn: boolean;
  erase: Pick<EraseState, 'callSite' | 'callee'> & {
    /** What a tool has replaced in the file; offsets from the start of component 2. */
    found: { place: string; offset: number; now: string; original?: string }[];
    /** What is replaced on the way to the stick. */
    patches: { place: string; offset: number; from: string; to: string }[];
  };
  components: LoaderComponent[];
  partitions: PartitionRow[];
}

export function describeLoader(loader: Loader): LoaderDescription {
  const { components, table, name, size, sha256, known, synthetic, standIn, verdict, text } = loader;
  const { callSite, callee, found, patches } = loader;
  return {
    name,
    size,
    sha256,
    verdict,
    finding: text,
    ...(known && { known }),
    product: table.product,
    synthetic,
    standIn,
    erase: {
      callSite,
      callee,
      found: found.map(({ place, offset, now, original }) => ({
        place,
        offset,
        now: now.toString('hex'),
        ...(original && { original: original.toString('hex') }),
      })),
      patches: patches.map(({ place, offset, from, to }) => ({
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
