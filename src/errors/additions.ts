/** What a later step makes of the message of an error, beside a cure of its own in each place. */

import type { Additions, ParamsOf } from './catalogue';

interface Message {
  /** That of the error. */
  message: string;
}

/** Parts of the SMS that had been sent. */
interface Progress {
  sent: number;
  parts: number;
}

const asItWas = ({ message }: Message): string => message;

const notSent = ({ message, sent, parts }: Message & Progress): string =>
  `The SMS was not sent: ${message}${parts > 1 ? ` ${sent} of ${parts} parts had been sent.` : ''}`;

export const ADDITIONS = {
  /** The stick was led into its own loader and not written: a restart brings its firmware back. */
  'not-written': asItWas,
  /** A write has ended in the middle: which images are complete is what the person has to know. */
  images: ({ message, complete, open }: Message & { complete: string; open: string }) =>
    `${message} Complete: ${complete}. Not complete: ${open}.`,
  'sms-not-sent': notSent,
  /** It was tried for as long as allowed, and might go well later. */
  'sms-tried': notSent,
  /** The SMS was asked for again under its id. */
  'sms-same-id': asItWas,
} satisfies Additions;

export type Addition = keyof typeof ADDITIONS;
export type AdditionParams<A extends Addition> = Omit<ParamsOf<(typeof ADDITIONS)[A]>, 'message'>;
