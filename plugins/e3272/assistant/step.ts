import type { Card, JobShown } from '../shapes';
import type { Draft } from './draft';

/** What a step may use. */
export interface Stage {
  readonly draft: Draft;
  readonly card: () => Card | undefined;
  /** Something that decides on Next has changed. */
  changed(): void;
  complain(error: unknown): void;
  go(step: StepName): void;
}

export type StepName = 'stick' | 'files' | 'target' | 'checks' | 'consent' | 'run';

export interface Step {
  readonly element: HTMLElement;
  /** Whether the next one may come; else why not, in words. */
  ready(): true | string;
  /** There is news of the stick. */
  update?(card: Card | undefined): void;
}

export const isRunning = (job: JobShown | undefined): boolean => job !== undefined && !job.ended;
