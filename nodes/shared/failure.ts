/** Errors as Node-RED hands them on: to Catch nodes go message, code, stack and cause, and only own properties. */

import { type Added, DriverError, type Params } from '../../src/errors';
import { loadDriver } from './lazy';
import { nodeFailure } from './messages';

/** A driver's error as plain data: it survives the copies that Node-RED makes of messages. */
export interface ErrorData {
  code?: string;
  /** Closed per code, with the params that its sentence was made of. */
  reason?: string;
  params?: Params;
  /** What a later step added to it. */
  besides?: readonly Added[];
  message: string;
  hint?: string;
  stick?: string;
  /** The device's own number: CME, CMS or NAK code. */
  number?: number;
  cause?: ErrorData;
}

function dataOf(error: unknown, hintFor: (error: DriverError) => string | undefined): ErrorData {
  if (!(error instanceof Error)) return { message: String(error) };
  const { code, reason, params, besides, stick, number } = error as Partial<DriverError>;
  const hint = error instanceof DriverError ? hintFor(error) : undefined;
  return {
    ...(code !== undefined && { code }),
    ...(reason !== undefined && { reason }),
    ...(params !== undefined && { params }),
    ...(besides !== undefined && { besides }),
    message: error.message,
    ...(hint !== undefined && { hint }),
    ...(stick !== undefined && { stick }),
    ...(number !== undefined && { number }),
    ...(error.cause !== undefined && { cause: dataOf(error.cause, hintFor) }),
  };
}

/** `error` without PINs, numbers and texts of people, as plain data. */
export async function errorData(error: unknown): Promise<ErrorData> {
  try {
    const [{ redactError }, { NODES }, { hintOf }] = await Promise.all([
      loadDriver(),
      import('./cures.js'),
      import('../../src/cures/cure.js'),
    ]);
    return dataOf(redactError(error), (found) => hintOf(NODES, found));
  } catch {
    // The driver itself did not load: then the error is about that.
    return dataOf(error, () => undefined);
  }
}

/**
 * The error for `done()`: message with hint, `code`, `reason`, `params`, `number`, `hint`, `stick`. Node-RED copies only
 * `code` and `cause` to `msg.error`, so `cause` is the whole error as data, with the driver's own cause inside.
 */
export async function nodeError(error: unknown): Promise<Error> {
  const data = await errorData(error);
  const { message, cause: _cause, code = 'PROTOCOL', ...rest } = data;
  const failure = new Error(data.hint ? `${message} ${data.hint}` : message, { cause: data });
  // Catch nodes show the error as a string: without a class name in front of the sentence.
  failure.name = '';
  return Object.assign(failure, { code }, rest);
}

export const noStick = (): DriverError => nodeFailure('BAD_ARGUMENT/no-stick-set', {});
