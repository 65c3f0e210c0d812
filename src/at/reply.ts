/** The answer to one AT command, and what to make of a refusal. */

import { DriverError, type ErrorCode, type LegacyDetails } from '../errors';
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

const CODES: Readonly<Record<string, ErrorCode>> = { cme: 'CME_ERROR', cms: 'CMS_ERROR' };

/**
 * `reply`, if the stick said OK. Errors: CME_ERROR and CMS_ERROR with `number` where it is known, AT_ERROR for all
 * other refusals (`ERROR`, `COMMAND NOT SUPPORT`, `TOO MANY PARAMETERS`, `NO CARRIER` ...).
 */
export function expectOk(reply: AtReply, context: { stick?: string } = {}): AtReply {
  if (reply.ok) return reply;
  const final = parseFinal(reply.final);
  const command = redact(reply.command);
  const number = reply.number ?? final?.number;
  const words = final?.words && !reply.final.includes(final.words) ? ` (${final.words})` : '';
  const details: LegacyDetails = { ...context, hint: hintFor(reply.final, number) };
  if (number !== undefined) details.number = number;
  const on = context.stick === undefined ? '' : ` on ${context.stick}`;
  const message = `The stick refused ${command}${on}: ${reply.final}${words}.`;
  throw new DriverError(CODES[final?.kind ?? ''] ?? 'AT_ERROR', message, details);
}

function hintFor(final: string, number: number | undefined): string {
  if (final === 'COMMAND NOT SUPPORT') return 'This firmware does not know the command; there is nothing to repair.';
  if (final === 'TOO MANY PARAMETERS') return 'Send the command with fewer parameters.';
  if (final.startsWith('+CM')) {
    if (number === 10 || number === 310) return 'Insert a SIM card and try again.';
    if (number === 11 || number === 311) return 'The SIM wants its PIN first.';
    if (number === 14 || number === 314) return 'The SIM is still starting; try again in some seconds.';
    if (number === 30 || number === 331) return 'There is no network; check antenna, SIM and place.';
  }
  return "Check the command and its parameters; the command's test form (=?) shows what the stick accepts.";
}
