/** A message in the outbox: what is kept of it, and how it passes from one state to the next. No clock, no disk, no stick. */

import { createHash } from 'node:crypto';
import { DriverError, type ErrorData, errorData, failure } from '../../errors';

/**
 * `accepted`: waits for its turn, or between two of its parts. `sending`: a part of it is with the stick. The others are
 * fates, and final: `sent`, `failed` (not sent, or not all of it), `expired` (not taken up in time), `unknown` (the stick may
 * have sent it: it is never sent again by itself).
 */
export type OutboxState = 'accepted' | 'sending' | 'sent' | 'failed' | 'expired' | 'unknown';

/** A part as `AT+CMGS=<length>` takes it. */
export interface Part {
  hex: string;
  length: number;
}

/** Whom something is for, in any life of the process; `tag` is plain data that comes with it. */
export interface Address {
  owner: string;
  tag?: unknown;
}

/** A {@link DriverError} as it is kept. Version 0.1 has kept neither reason nor params, but a hint. */
export interface KeptError
  extends Omit<ErrorData, 'stick' | 'reason' | 'params'>,
    Partial<Pick<ErrorData, 'reason' | 'params'>> {
  hint?: string;
}

/** Plain data: it is on the disk as it stands. */
export interface Entry {
  id: string;
  /** Of recipient and text: the same id with another one is a mistake. */
  hash: string;
  state: OutboxState;
  /** As it is dialled. */
  to: string;
  parts: number;
  /** All parts, as they are sent whatever version of this software sends them. Empty once its fate is known. */
  pdus: Part[];
  /** Parts that the network has taken. */
  done: number;
  /** The reference of each, where the stick told one. */
  refs: number[];
  /** A part was sent again after the network had not answered in time. */
  twice?: true;
  /** Where it was accepted: what means the stick. */
  place: string;
  /** The name of the SIM that it is for; of the next one in its place without it. */
  sim?: string;
  /** When it was accepted, and until when it may be taken up: wall clock, ms. */
  at: number;
  until: number;
  /** When its fate was known. */
  ended?: number;
  /** How long it is tried once its turn has come, and how long the service centre tries, ms. */
  patience?: number;
  validity?: number;
  /** Who is told its fate, if whoever sent it is not there any more. */
  from?: Address;
  /** Who is told of status reports. */
  report?: Address;
  /** Nobody has to be told any more. */
  told?: true;
  error?: KeptError;
}

/** The clock was set by so many ms: what has a minute left has a minute left. */
export function moveTimes(entry: Entry, ms: number): void {
  entry.at += ms;
  entry.until += ms;
  if (entry.ended !== undefined) entry.ended += ms;
}

export const isOpen = ({ state }: Entry): boolean => state === 'accepted' || state === 'sending';

export const hashOf = (content: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 32);

/** A part is about to be handed to the stick. */
export function begin(entry: Entry): void {
  entry.state = 'sending';
}

/** It was not: the stick has said so, or never got it. */
export function giveBack(entry: Entry): void {
  if (entry.state === 'sending') entry.state = 'accepted';
}

/** The network has taken the part, or so many at once. */
export function answered(entry: Entry, ref: number | undefined, unsure: boolean, parts = 1): void {
  entry.state = 'accepted';
  entry.done += parts;
  if (ref !== undefined) entry.refs.push(ref);
  if (unsure) entry.twice = true;
}

/** Its fate; only the first one counts. */
export function end(entry: Entry, state: Exclude<OutboxState, 'accepted' | 'sending'>, now: number, error?: KeptError) {
  if (!isOpen(entry)) return;
  entry.state = state;
  entry.ended = now;
  entry.pdus = [];
  if (error) entry.error = error;
  if (!entry.from) entry.told = true;
}

/** Nobody asks for more than the fate any more: whom it was for is forgotten. */
export function tell(entry: Entry): void {
  entry.told = true;
  delete entry.from;
  delete entry.report;
}

/**
 * A message that another life has left behind. What was with the stick then is `unknown`; `restarted`: the machine has been
 * started since, see {@link restartedSince}.
 */
export function recover(entry: Entry, now: number, restarted: boolean): void {
  if (entry.state === 'sending') end(entry, 'unknown', now, keep(interrupted(entry)));
  else if (isOpen(entry) && restarted) end(entry, 'expired', now, keep(older(entry)));
  else if (isOpen(entry) && entry.until <= now) end(entry, 'expired', now, keep(expired(entry)));
}

export function keep(error: DriverError): KeptError {
  const { stick: _anywhere, ...kept } = errorData(error);
  return kept;
}

export const errorOf = ({ reason = '', params = {}, message, hint, ...kept }: KeptError): DriverError =>
  new DriverError({ ...kept, reason, params, message: hint === undefined ? message : `${message} ${hint}` });

const progress = ({ done, parts }: Entry) => ({ sent: done, parts });

export const expired = (entry: Entry): DriverError => failure('EXPIRED/turn', progress(entry));

const older = (entry: Entry): DriverError => failure('EXPIRED/restart', progress(entry));

const interrupted = ({ done, parts }: Entry): DriverError =>
  failure('MAYBE_SENT/program-ended', { part: done + 1, parts });
