/** What a later step has to add to an error: a sentence behind its message, and a cure of its own in each place. */

import type { Additions } from './catalogue';

/** Parts of the SMS that had been sent. */
type Progress = { sent: number; parts: number };

const notSent = ({ sent, parts }: Progress): string =>
  `The SMS was not sent${parts > 1 ? `: ${sent} of ${parts} parts had been` : ''}.`;

export const ADDITIONS = {
  /** The stick was led into its own loader and not written: a restart brings its firmware back. */
  'not-written': () => '',
  /** A write has ended in the middle: which images are complete is what the person has to know. */
  images: (p: { complete: string; open: string }) => `Complete: ${p.complete}. Not complete: ${p.open}.`,
  'sms-not-sent': notSent,
  /** It was tried for as long as allowed, and might go well later. */
  'sms-tried': notSent,
  /** The SMS was asked for again under its id. */
  'sms-same-id': () => '',
} satisfies Additions;

export type Addition = keyof typeof ADDITIONS;
