/**
 * The one error class of the driver. Its codes are a closed union: a caller may branch on `code`, never on the text.
 * `message` says what happened and to which stick or port; `hint` says what to do next.
 */

export type ErrorCode =
  | 'STICK_NOT_FOUND'
  | 'STICK_AMBIGUOUS'
  | 'STICK_GONE'
  | 'WRONG_MODE'
  | 'NOT_SWITCHED'
  | 'DRIVER_MISSING'
  | 'NO_PERMISSION'
  | 'PORT_BUSY'
  | 'BUSY'
  | 'NATIVE_MISSING'
  | 'TIMEOUT'
  | 'PROTOCOL'
  | 'NAK'
  | 'LOADER_INVALID'
  | 'LOADER_UNSAFE'
  | 'FILE_NOT_FOUND'
  | 'FILE_NOT_REGULAR'
  | 'FILE_UNREADABLE'
  | 'FILE_EMPTY'
  | 'FILE_NOT_WRITTEN'
  | 'FIRMWARE_INVALID'
  | 'FIRMWARE_TRUNCATED'
  | 'FIRMWARE_CRC'
  | 'FIRMWARE_TOO_LARGE'
  | 'FIRMWARE_WRONG_DEVICE'
  | 'FIRMWARE_UNSUPPORTED'
  | 'FIRMWARE_SYNTHETIC'
  | 'VERSION_MISMATCH'
  | 'NOT_CONFIRMED'
  | 'COMMAND_INVALID'
  | 'COMMAND_REFUSED'
  | 'AT_ERROR'
  | 'CME_ERROR'
  | 'CMS_ERROR'
  | 'MAYBE_SENT'
  | 'ID_REUSED'
  | 'EXPIRED'
  | 'QUEUE_FULL'
  | 'HILINK_ERROR'
  | 'LOGIN_REFUSED'
  | 'LOGIN_LOCKED'
  | 'CANCELLED'
  | 'BAD_ARGUMENT';

export interface ErrorDetails {
  /** What the user can do next: whole sentences. */
  hint?: string;
  /** Port path of the stick (`1-1.4`), or the tty path when there is no bus. */
  stick?: string;
  /** The device's own number: CME, CMS, NAK or HiLink code, errno. */
  number?: number;
  cause?: unknown;
}

export class DriverError extends Error {
  readonly code: ErrorCode;
  readonly hint?: string;
  readonly stick?: string;
  readonly number?: number;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    // Own properties: Node-RED hands only those on to Catch nodes.
    Object.defineProperty(this, 'name', { value: 'DriverError', enumerable: false });
    this.code = code;
    if (details.hint !== undefined) this.hint = details.hint;
    if (details.stick !== undefined) this.stick = details.stick;
    if (details.number !== undefined) this.number = details.number;
  }
}

/** True if `error` is a {@link DriverError}, of one of `codes` when any are given. */
export function isDriverError(error: unknown, ...codes: ErrorCode[]): error is DriverError {
  return error instanceof DriverError && (codes.length === 0 || codes.includes(error.code));
}

/** Any thrown thing as a {@link DriverError}; foreign errors become `fallback` with the original as `cause`. */
export function asDriverError(
  error: unknown,
  fallback: ErrorCode,
  context: string,
  details: ErrorDetails = {},
): DriverError {
  if (error instanceof DriverError) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new DriverError(fallback, `${context}: ${text}`, { ...details, cause: error });
}
