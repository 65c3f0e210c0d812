/** What a later step has to add to an error: a sentence behind its message, and a cure of its own in each place. */

import type { Additions } from './catalogue';

export const ADDITIONS = {
  /** The stick was led into its own loader and not written: a restart brings its firmware back. */
  'not-written': () => '',
} satisfies Additions;

export type Addition = keyof typeof ADDITIONS;
