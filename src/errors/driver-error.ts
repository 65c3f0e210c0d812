import type { Params } from './catalogue';
import type { ErrorCode } from './codes';

/** What a later step added, see {@link import('./additions').ADDITIONS}. */
export interface Added {
  what: string;
  params: Params;
}

/** All that an error is, as plain data: it goes between processes and threads and into files. */
export interface ErrorData {
  code: ErrorCode;
  /** Closed per code: `cut` of LOADER_INVALID. */
  reason: string;
  /** What the sentence was made with, such as the name and the size of a file. */
  params: Params;
  /** What happened and to which stick: one English sentence, and what was added. */
  message: string;
  /** Port path of the stick (`1-1.4`), or the tty path when there is no bus. */
  stick?: string;
  /** The device's own number: CME, CMS or NAK code, errno. */
  number?: number;
  besides?: readonly Added[];
  /** @deprecated leaves the driver */
  hint?: string;
}

/** Before the catalogue. */
export interface LegacyDetails {
  hint?: string;
  stick?: string;
  number?: number;
  cause?: unknown;
}

/**
 * The one error class of the driver: made by `failure`. A caller may branch on `code` and `reason`, never on the text. What
 * to do about it is worded where a person meets it: in nodes and on the command line.
 */
export class DriverError extends Error {
  // Declared only: a class field would be an own property also where it is undefined.
  declare readonly code: ErrorCode;
  declare readonly reason: string;
  declare readonly params: Params;
  declare readonly stick?: string;
  declare readonly number?: number;
  declare readonly besides?: readonly Added[];
  /** @deprecated leaves the driver */
  declare readonly hint?: string;

  constructor(data: ErrorData, cause?: unknown);
  /** @deprecated use `failure` */
  constructor(code: ErrorCode, message: string, details?: LegacyDetails);
  constructor(given: ErrorData | ErrorCode, more?: unknown, details: LegacyDetails = {}) {
    const legacy = typeof given === 'string';
    const data = legacy ? { code: given, reason: '', params: {}, message: String(more), ...details } : given;
    const cause = legacy ? details.cause : more;
    super(data.message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, 'name', { value: 'DriverError', enumerable: false });
    const { message: _message, ...rest } = data;
    // Own and enumerable: Node-RED hands only those on to Catch nodes.
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined && name !== 'cause') Object.assign(this, { [name]: value });
    }
  }
}

/** `error` as plain data, without its cause. */
export function errorData(error: DriverError): ErrorData {
  const { code, reason, params, message, stick, number, besides, hint } = error;
  return {
    code,
    reason,
    params,
    message,
    ...(stick !== undefined && { stick }),
    ...(number !== undefined && { number }),
    ...(besides !== undefined && { besides }),
    ...(hint !== undefined && { hint }),
  };
}
