/** The answer to one AT command, and what to make of a refusal. */

import { type ErrorKey, failure } from '../errors';
import { parseFinal } from './finals';
import { redact } from './redact';

export interface AtReply {
  command: string;
  /** True for `OK` and `CONNECT`. */
  ok: boolean;
  /** The final result code as it came; empty where a complete reply had none (some older firmware). */
  final: string;
  /** Information lines, without echo, URCs and blank lines. */
  lines: string[];
  /** Milliseconds from sending to the final result code. */
  ms: number;
  /** Number of a CME or CMS error, also where the stick sent words. */
  number?: number;
  /** A late reply to an earlier command that had timed out arrived meanwhile and was dropped: its prefix. */
  stalePrefix?: string;
}

/** Refusals with a reason of their own: by number, the others by their words. */
const CME: ReadonlyMap<number, RefusalKey> = new Map([
  [10, 'CME_ERROR/no-sim'],
  [11, 'CME_ERROR/sim-pin'],
  [14, 'CME_ERROR/sim-starting'],
  [30, 'CME_ERROR/no-network'],
]);
const CMS: ReadonlyMap<number, RefusalKey> = new Map([
  [8, 'CMS_ERROR/barred'],
  [10, 'CMS_ERROR/barred'],
  [21, 'CMS_ERROR/rejected'],
  [28, 'CMS_ERROR/unknown-recipient'],
  [30, 'CMS_ERROR/unknown-sim'],
  [50, 'CMS_ERROR/no-service'],
  [304, 'CMS_ERROR/invalid-pdu'],
  [310, 'CMS_ERROR/no-sim'],
  [311, 'CMS_ERROR/sim-pin'],
  [314, 'CMS_ERROR/sim-starting'],
  [322, 'CMS_ERROR/sim-full'],
  [330, 'CMS_ERROR/no-service-centre'],
  [331, 'CMS_ERROR/no-network'],
  [500, 'CMS_ERROR/unknown'],
]);
const AT: ReadonlyMap<string, RefusalKey> = new Map([
  ['COMMAND NOT SUPPORT', 'AT_ERROR/unknown-command'],
  ['TOO MANY PARAMETERS', 'AT_ERROR/too-many-parameters'],
]);

type RefusalKey =
  | Extract<ErrorKey, `${'CME_ERROR' | 'CMS_ERROR'}/${string}`>
  | 'AT_ERROR/refused'
  | 'AT_ERROR/unknown-command'
  | 'AT_ERROR/too-many-parameters';

/**
 * `reply`, if the stick said OK. Errors: CME_ERROR and CMS_ERROR with `number` where it is known, AT_ERROR for all
 * other refusals (`ERROR`, `COMMAND NOT SUPPORT`, `TOO MANY PARAMETERS`, `NO CARRIER` ...).
 */
export function expectOk(reply: AtReply, context: { stick?: string } = {}): AtReply {
  if (reply.ok) return reply;
  const final = parseFinal(reply.final);
  const command = redact(reply.command);
  const number = reply.number ?? final?.number;
  const words = final?.words !== undefined && !reply.final.includes(final.words) ? final.words : null;
  const params = { command, answer: reply.final, words, stick: context.stick ?? null };
  throw failure(keyOf(final?.kind, reply.final, number), params, number === undefined ? {} : { number });
}

function keyOf(kind: string | undefined, answer: string, number = -1): RefusalKey {
  if (kind === 'cme') return CME.get(number) ?? 'CME_ERROR/refused';
  if (kind === 'cms') return CMS.get(number) ?? 'CMS_ERROR/refused';
  return AT.get(answer) ?? 'AT_ERROR/refused';
}
