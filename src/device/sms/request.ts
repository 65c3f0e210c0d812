/** What may be asked of the outbox, and what is made of it. */

import { randomUUID } from 'node:crypto';
import { cleanNumber } from '../../at/sms/number';
import { encodeSubmit } from '../../at/sms/submit';
import { failure } from '../../errors';
import { TIMEOUTS } from '../../timeouts';
import { type Address, type Entry, hashOf } from '../outbox/entry';
import { checkId } from '../outbox/slip';
import type { DeliveryReport } from './reports';

export interface SendRequest {
  /**
   * Marks the message: asked for again, here or in another life, it is not sent again, but its fate is told. 1 to 64 of
   * `[A-Za-z0-9._:-]`; without it one is made up.
   */
  id?: string;
  /** As people write it: `+49 170 1234567`, `0170/1234567`, `22922`. */
  to: unknown;
  text: unknown;
  /** Class 0: shown at once and not kept. */
  flash?: boolean;
  /** Called with each status report of a part, as long as this process lives. */
  onReport?: (report: DeliveryReport) => void;
  /**
   * The same for whoever listens under the name `owner` ({@link SmsHandle.reports}) when a report comes, in another life
   * too; `tag` is plain data that comes with it. Without it and `onReport` no report is asked for.
   */
  report?: { owner: string; tag?: unknown };
  /**
   * Whose message it is. Then it stays in the outbox when its share is given back or the process ends, is sent as soon as
   * somebody uses the SMS of this stick again, and whoever listens under the name `owner` ({@link SmsHandle.fates}) is told
   * what has become of it; `tag` comes with it.
   */
  from?: Address;
  /** Called when it is on record: from then on it is either sent or told why not. */
  onAccepted?: (id: string) => void;
  /** How long it may wait for its turn, in milliseconds, default {@link TIMEOUTS.sms.ttl}; it is `expired` afterwards. */
  ttl?: number;
  /** How long the service centre tries to deliver it, in minutes; its own choice without it. */
  validity?: number;
  /** False: no national tables, for a recipient that shows other letters for them; see at/sms/split.ts. */
  national?: boolean;
  /** More parts than this are refused, default 10: each one costs. */
  maxParts?: number;
  /** How long it is tried once its turn has come, in milliseconds, default {@link TIMEOUTS.sms.patience}. 0 = once. */
  patience?: number;
  /** Messages that may wait in the queue of the stick before this one, default 100. */
  limit?: number;
  /** Takes the message out of the queue. A part that is on its way is sent all the same. */
  signal?: AbortSignal;
}

const MAX_PARTS = 10;
const MINUTE = 60_000;

/**
 * The entry of the outbox that `request` stands for, accepted now. `place` means the stick; `reference` marks the parts of
 * one message, 0 to 255. Error: BAD_ARGUMENT.
 */
export function readRequest(
  request: SendRequest,
  { place, reference, at }: { place: string; reference: number; at: number },
): { entry: Entry; ttl: number } {
  const { id, text, flash, validity, national, patience, from, report, maxParts = MAX_PARTS } = request;
  const { ttl = TIMEOUTS.sms.ttl } = request;
  const to = cleanNumber(request.to, "The recipient's number");
  if (typeof text !== 'string' || text === '') {
    throw failure(text === '' ? 'BAD_ARGUMENT/text-empty' : 'BAD_ARGUMENT/text-missing', {});
  }
  if (validity !== undefined && !(validity > 0 && Number.isFinite(validity))) {
    throw failure('BAD_ARGUMENT/validity', {});
  }
  if (!(ttl > 0 && Number.isFinite(ttl))) {
    throw failure('BAD_ARGUMENT/time-to-live', {});
  }
  const known = id === undefined ? randomUUID() : checkId(id);
  const pdus = encodeSubmit({
    to,
    text,
    reference,
    report: request.onReport !== undefined || report !== undefined,
    ...(flash !== undefined && { flash }),
    ...(validity !== undefined && { validity }),
    ...(national !== undefined && { national }),
  });
  if (!(pdus.length <= maxParts)) {
    throw failure('BAD_ARGUMENT/sms-parts-allowed', { parts: pdus.length, allowed: maxParts });
  }
  const entry: Entry = {
    id: known,
    hash: hashOf([to, text, flash === true]),
    state: 'accepted',
    to,
    parts: pdus.length,
    pdus: pdus.map(({ hex, length }) => ({ hex, length })),
    done: 0,
    refs: [],
    place,
    at,
    until: at + ttl,
    ...(patience !== undefined && { patience }),
    ...(validity !== undefined && { validity: validity * MINUTE }),
    ...(from && { from }),
    ...(report && { report }),
  };
  return { entry, ttl };
}
