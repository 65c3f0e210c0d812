/** What goes into a job and what it finds: the words that all stages share. */

import type { Stick } from '../stick/stick';
import type { Surveyed } from '../survey/survey';
import type { JobEvent } from './events';
import type { Override } from './overrides';

/**
 * What a yes is asked for: the way of the stick to new firmware, or to its port set-up only; besides these a partition table
 * that is not the known one; and `as-is`: a record of an unfinished write is not about this stick.
 */
export type Change = 'flash' | 'setport' | 'partition-table' | 'as-is';

/** What a job is about to do, for the one who has to say yes. */
export interface Plan {
  /** Port path of the stick that is meant. */
  stick: string;
  /** Each is asked for by itself: a yes to one is none to another. */
  change: Change;
  /** What will happen, one sentence a line. */
  steps: string[];
}

export interface JobOptions {
  /** Port path or `auto`. */
  which: string;
  /** Checks everything that can be checked, and stops before anything is sent that changes the stick. */
  dryRun?: boolean | undefined;
  /** The explicit yes. Asked before anything is sent that changes the stick, its mode included; without it the job ends with NOT_CONFIRMED. */
  confirm?: ((plan: Plan) => boolean | Promise<boolean>) | undefined;
  /** Checks that are switched off, each on purpose and by a person; nodes have no way to say so. */
  overrides?: readonly Override[] | undefined;
  onEvent?: ((event: JobEvent) => void) | undefined;
  signal?: AbortSignal | undefined;
}

interface WithPort<K> extends Omit<Surveyed, 'kind'> {
  kind: K;
  stick: Stick;
}
export type AtFound = WithPort<'tty'>;
export type BootFound = WithPort<'boot'>;
export type LoaderFound = WithPort<'loader'>;

/** What a stick turned out to be, with an open port where asking needed one. */
export type Found =
  | { kind: 'storage' | 'hilink' | 'fastboot' | 'unknown'; stick: Stick }
  | AtFound
  | BootFound
  | LoaderFound;
