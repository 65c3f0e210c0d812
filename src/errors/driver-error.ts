import type { Params } from './catalogue';
import type { ErrorCode } from './codes';

/** What a later step added: one of {@link import('./additions').ADDITIONS}, or code and reason of a second error. */
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
  /** Port path of the stick (`1-1.4`); where there is no bus its tty path, or the address of its web page. */
  stick?: string | undefined;
  /** The device's own number: CME, CMS or NAK code, errno. */
  number?: number | undefined;
  besides?: readonly Added[];
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

  constructor({ message, ...data }: ErrorData, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    Object.defineProperty(this, 'name', { value: 'DriverError', enumerable: false });
    // Own and enumerable: Node-RED hands only those on to Catch nodes.
    for (const [name, value] of Object.entries(data)) if (value !== undefined) Object.assign(this, { [name]: value });
  }
}

/** `error` as plain data, without its cause. */
export function errorData(error: DriverError): ErrorData {
  const { code, reason, params, message, stick, number, besides } = error;
  return {
    code,
    reason,
    params,
    message,
    ...(stick !== undefined && { stick }),
    ...(number !== undefined && { number }),
    ...(besides !== undefined && { besides }),
  };
}
