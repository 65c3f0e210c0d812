/** Which failures of sending pass with time, and what to do about the others. */

import { DriverError, type ErrorCode } from '../../errors';

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
]);

const CODES_OF_REFUSALS: ReadonlySet<ErrorCode> = new Set(['AT_ERROR', 'CME_ERROR', 'CMS_ERROR']);

/** The stick has said no: whatever it was, it is over. */
export const isRefusal = ({ code }: DriverError): boolean => CODES_OF_REFUSALS.has(code);

export function isTemporary(error: DriverError): boolean {
  const { code, number = -1 } = error;
  if (code === 'CMS_ERROR') return TEMPORARY_CMS.has(number);
  if (code === 'CME_ERROR') return TEMPORARY_CME.has(number);
  return PASSING.has(code);
}

/** True if the message may have reached its recipient although the stick says that it was not sent. */
export const isUnsure = ({ code, number }: DriverError): boolean => code === 'CMS_ERROR' && UNSURE.has(number ?? -1);

const HINTS: ReadonlyMap<number, string> = new Map([
  [8, 'The operator bars this SIM from sending SMS: ask the operator.'],
  [10, 'The operator bars this SIM from sending SMS: ask the operator.'],
  [21, 'The network rejected it: check the number, the credit, and whether this SIM may send SMS.'],
  [28, 'The network does not know the recipient: check the number.'],
  [30, 'The network does not know this SIM: check that it is active.'],
  [50, 'This SIM has no SMS service: ask the operator.'],
  [304, 'The stick did not take the message: check the number.'],
  [322, 'The SIM is full: delete messages.'],
  [
    330,
    "The SIM has no number of a service centre: set it once with the command AT+CSCA, the number of the operator's service centre in quotes behind it.",
  ],
  [500, 'The network gives no reason: check the credit, the number, and the service centre (AT+CSCA?).'],
]);

/** `error` with what it means for an SMS; `sent` of `parts` had been sent before. */
export function notSent(error: DriverError, sent: number, parts: number): DriverError {
  const had = parts > 1 ? ` ${sent} of ${parts} parts had been sent.` : '';
  const hint =
    (error.code === 'CMS_ERROR' ? HINTS.get(error.number ?? -1) : undefined) ??
    (isTemporary(error) ? 'It was tried for as long as allowed; send it again later.' : error.hint);
  const { code, stick, number } = error;
  return new DriverError(code, `The SMS was not sent: ${error.message}${had}`, {
    ...(hint !== undefined && { hint }),
    ...(stick !== undefined && { stick }),
    ...(number !== undefined && { number }),
    cause: error.cause,
  });
}

/** The text was on its way when something broke: nobody knows. */
export function maybeSent(error: DriverError, sent: number, parts: number): DriverError {
  const which = parts > 1 ? `Part ${sent + 1} of ${parts} of the SMS` : 'The SMS';
  const hint =
    'It is not sent again by itself. Send it again if the recipient may have it twice, or ask there first; a status ' +
    'report tells what has arrived.';
  const { stick } = error;
  return new DriverError('MAYBE_SENT', `${which} may have been sent: ${error.message}`, {
    hint,
    ...(stick !== undefined && { stick }),
    cause: error,
  });
}
