/** Errors as Node-RED hands them on: to Catch nodes go message, code, stack and cause, and only own properties. */

import { DriverError } from '../../src/errors';
import { loadDriver } from './lazy';

/** A driver's error as plain data: it survives the copies that Node-RED makes of messages. */
export interface ErrorData {
  code?: string;
  message: string;
  hint?: string;
  stick?: string;
  /** The device's own number: CME, CMS or NAK code. */
  number?: number;
  cause?: ErrorData;
}

function dataOf(error: unknown): ErrorData {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, hint, stick, number } = error as Partial<DriverError>;
  return {
    ...(code !== undefined && { code }),
    message: error.message,
    ...(hint !== undefined && { hint }),
    ...(stick !== undefined && { stick }),
    ...(number !== undefined && { number }),
    ...(error.cause !== undefined && { cause: dataOf(error.cause) }),
  };
}

/** `error` without PINs, numbers and texts of people, as plain data. */
export async function errorData(error: unknown): Promise<ErrorData> {
  try {
    return dataOf((await loadDriver()).redactError(error));
  } catch {
    // The driver itself did not load: then the error is about that.
    return dataOf(error);
  }
}

/**
 * The error for `done()`: message with hint, `code`, `number`, `hint`, `stick`. Node-RED copies only `code` and `cause` to
 * `msg.error`, so `cause` is the whole error as data, with the driver's own cause inside.
 */
export async function nodeError(error: unknown): Promise<Error> {
  const data = await errorData(error);
  const { message, hint, code = 'PROTOCOL', ...rest } = data;
  const failure = new Error(hint ? `${message} ${hint}` : message, { cause: data });
  // Catch nodes show the error as a string: without a class name in front of the sentence.
  failure.name = '';
  return Object.assign(failure, { code }, hint && { hint }, {
    ...(rest.number !== undefined && { number: rest.number }),
    ...(rest.stick !== undefined && { stick: rest.stick }),
  });
}

export const noStick = (): DriverError =>
  new DriverError('BAD_ARGUMENT', 'No stick is configured for this node.', {
    hint: 'Open the node, choose an e3272-stick that is enabled, and deploy.',
  });
