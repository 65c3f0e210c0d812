/** A message of the outbox in this process: what is on the disk, and who waits for it here. */

import { type DriverError, failure, withMore } from '../../errors';
import { type Entry, errorOf, type OutboxState, tell } from './entry';

/** What became of a message. */
export interface Fate {
  id: string;
  state: OutboxState;
  /** As it was dialled. */
  to: string;
  parts: number;
  /** Message reference of each part that was sent, as status reports name it. */
  refs: number[];
  /** A part was sent again after the network had not answered in time: the recipient may have it twice. */
  maybeTwice?: true;
  /** It was accepted under its id before, and has not been sent again. */
  duplicate?: true;
  /** Why it was not sent, or nobody knows. */
  error?: DriverError;
}

export interface Slip {
  readonly entry: Entry;
  /** It is not taken up after this; of the monotonic clock: the other one may be set. */
  readonly deadline: number;
  /** It has its turn. */
  taken: boolean;
  /** What is on record in the note of its SIM is not the newest: that is in the note of the place. */
  loose: boolean;
  /** Its fate is being put on record. */
  ending: boolean;
  /** Aborted when it is called off. */
  readonly off: AbortController;
  readonly waiters: Set<(fate: Fate) => void>;
  /** True when it is on record. */
  stored: Promise<boolean>;
  /** The error as it came, with its cause. */
  error?: DriverError;
}

export const newSlip = (entry: Entry, deadline: number): Slip => ({
  entry,
  deadline,
  taken: false,
  loose: false,
  ending: false,
  off: new AbortController(),
  waiters: new Set(),
  stored: Promise.resolve(true),
});

export function fateOf({ entry, error }: Slip): Fate {
  const { id, state, to, parts, refs, twice } = entry;
  const why = error ?? (entry.error && errorOf(entry.error));
  return { id, state, to, parts, refs: [...refs], ...(twice && { maybeTwice: twice }), ...(why && { error: why }) };
}

/** What another process has made of a message that is here too. */
export function takeOver(slip: Slip, { state, done, refs, pdus, twice, ended, error, told }: Entry): void {
  const { entry } = slip;
  Object.assign(entry, { state, done, refs, pdus });
  if (twice) entry.twice = twice;
  if (ended !== undefined) entry.ended = ended;
  if (error) entry.error = error;
  if (told) tell(entry);
}

const SHAPE = /^[A-Za-z0-9._:-]{1,64}$/;

/** Error: BAD_ARGUMENT. */
export function checkId(id: unknown): string {
  if (typeof id === 'string' && SHAPE.test(id)) return id;
  throw failure('BAD_ARGUMENT/sms-id', {});
}

export const idReused = (id: string): DriverError => failure('ID_REUSED/other-message', { id });

/** The answer to a message that was asked for again under its id. */
export function again({ error, ...fate }: Fate): Fate {
  return { ...fate, duplicate: true, ...(error && { error: withMore(error, 'sms-same-id', {}) }) };
}

export const notOnRecord = (problems: readonly string[]): DriverError =>
  failure('FILE_NOT_WRITTEN/outbox', { problems });

export const newerNote = (note: string): DriverError => failure('FILE_UNREADABLE/newer-outbox', { note });
