/** Which failures of sending pass with time. */

import { type DriverError, type ErrorCode, failure, isDriverError, withMore } from '../../errors';

/** CMS numbers of a network or a SIM that may take the message a little later. */
const TEMPORARY_CMS: ReadonlySet<number> = new Set([38, 41, 42, 47, 301, 314, 331, 332, 512, 513, 514, 515]);
/** CME numbers of the same kind: SIM busy, no network, network timeout, still starting. */
const TEMPORARY_CME: ReadonlySet<number> = new Set([14, 30, 31, 515]);

/** The network did not answer the stick in time: it may have the message all the same. */
const UNSURE: ReadonlySet<number> = new Set([332, 513]);

/** Before the text is on its way, everything may pass that has to do with the stick and its port. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'STICK_NOT_FOUND',
  'STICK_GONE',
  'STICK_AMBIGUOUS',
  'WRONG_MODE',
  'NOT_SWITCHED',
  'BUSY',
  'QUEUE_FULL',
  'PORT_BUSY',
  'TIMEOUT',
  'CANCELLED',
  'LOGIN_LOCKED',
]);

/** The same of a stick in HiLink mode: it is busy, somebody else is logged in, or its web server is not found. */
const PASSING_WEB: ReadonlySet<string> = new Set([
  'busy',
  'sms-busy',
  'somebody-else',
  'token',
  'session',
  'other-session',
  'to-own-page',
  'cut',
  'no-web',
  'no-interface',
  'no-lan-address',
  'sms-no-network',
]);

const CODES_OF_REFUSALS: ReadonlySet<ErrorCode> = new Set(['AT_ERROR', 'CME_ERROR', 'CMS_ERROR']);

/** The stick has said no: whatever it was, it is over. */
export const isRefusal = ({ code }: DriverError): boolean => CODES_OF_REFUSALS.has(code);

export function isTemporary(error: DriverError): boolean {
  const { code, number = -1 } = error;
  if (code === 'CMS_ERROR') return TEMPORARY_CMS.has(number);
  if (code === 'CME_ERROR') return TEMPORARY_CME.has(number);
  if (code === 'HILINK_ERROR') return PASSING_WEB.has(error.reason);
  return PASSING.has(code);
}

/** True if the message may have reached its recipient although the stick says that it was not sent. */
export const isUnsure = ({ code, number }: DriverError): boolean => code === 'CMS_ERROR' && UNSURE.has(number ?? -1);

/** `error` with what it means for an SMS; `sent` of `parts` had been sent before. */
export function notSent(error: DriverError, sent: number, parts: number): DriverError {
  if (isDriverError(error, 'CANCELLED/sms')) return error;
  return withMore(error, isTemporary(error) ? 'sms-tried' : 'sms-not-sent', { sent, parts });
}

/** The text was on its way when something broke: nobody knows. */
export const maybeSent = (cause: DriverError, sent: number, parts: number): DriverError =>
  failure(
    'MAYBE_SENT/interrupted',
    { part: sent + 1, parts, why: cause.message },
    { ...(cause.stick !== undefined && { stick: cause.stick }), cause },
  );
