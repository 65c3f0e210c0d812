import { ADDITIONS, type Addition, type AdditionParams } from './additions';
import { type Catalogue, type Params, type ParamsOf, type ReasonOf, say } from './catalogue';
import type { ErrorCode } from './codes';
import { DriverError, errorData } from './driver-error';
import { type ErrorKey, MESSAGES, type Messages } from './messages';

export interface ErrorDetails {
  /** Port path or tty path; where the params have a `stick`, it is that. */
  stick?: string;
  /** The device's own number; where the params have a `number`, it is that. */
  number?: number;
  cause?: unknown;
}

/** Makes the errors of one catalogue. Nodes and command line have catalogues of their own for what only they can say. */
export function failuresOf<M extends Catalogue>(messages: M) {
  return <K extends keyof M & string>(key: K, params: ParamsOf<M[K]>, details: ErrorDetails = {}): DriverError => {
    const [code, reason] = splitKey(key);
    const told = params as Params;
    const { stick = told.stick, number = told.number, cause } = details;
    return new DriverError(
      {
        code,
        reason,
        params: told,
        message: say(messages, key, params),
        ...(typeof stick === 'string' && { stick }),
        ...(typeof number === 'number' && { number }),
      },
      cause,
    );
  };
}

const splitKey = (key: string): [ErrorCode, string] => {
  const [code = '', reason = ''] = key.split('/');
  return [code as ErrorCode, reason];
};

/** `failure('LOADER_INVALID/cut', { name, bytes })`: an error of the driver. */
export const failure: <K extends ErrorKey>(
  key: K,
  params: ParamsOf<Messages[K]>,
  details?: ErrorDetails,
) => DriverError = failuresOf(MESSAGES);

/** The same error with what a later step adds; the error as it was is the cause. */
export function withMore<A extends Addition>(
  error: DriverError,
  what: A,
  params: AdditionParams<A>,
  { stick = error.stick }: { stick?: string } = {},
): DriverError {
  const message = say(ADDITIONS, what, { ...params, message: error.message });
  const besides = [...(error.besides ?? []), { what, params: params as Params }];
  return new DriverError({ ...errorData(error), message, besides, ...(stick !== undefined && { stick }) }, error);
}

/** The same error, whose cure is that of `other` as well. */
export function curedLike(error: DriverError, other: DriverError): DriverError {
  const { code, reason, params } = other;
  const besides = [...(error.besides ?? []), { what: `${code}/${reason}`, params }];
  return new DriverError({ ...errorData(error), besides }, error.cause);
}

/** True if `error` is a {@link DriverError}, of one of these codes, or codes with reason, when any are given. */
export function isDriverError(error: unknown, ...which: (ErrorCode | ErrorKey)[]): error is DriverError {
  if (!(error instanceof DriverError)) return false;
  return which.length === 0 || which.some((one) => one === error.code || one === `${error.code}/${error.reason}`);
}

/** The words of any thrown thing. */
export const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Keys whose sentence tells the words of a foreign error: the param `text`. */
export type ForeignKey = { [K in ErrorKey]: ParamsOf<Messages[K]> extends { text: string } ? K : never }[ErrorKey];

/** Any thrown thing as a {@link DriverError}; of foreign errors the words become the param `text`, the error the `cause`. */
export function asDriverError<K extends ForeignKey>(
  error: unknown,
  key: K,
  params: Omit<ParamsOf<Messages[K]>, 'text'>,
  details: ErrorDetails = {},
): DriverError {
  if (error instanceof DriverError) return error;
  const all = { ...params, text: textOf(error) } as ParamsOf<Messages[K]>;
  return failure(key, all, { ...details, cause: error });
}

/** The reasons of one code. */
export type Reason<C extends ErrorCode> = ReasonOf<ErrorKey, C>;
