/** A request and what becomes of it, apart from sockets. */

export interface WebRequest {
  method: string;
  /** With its query, as in the request line. */
  path: string;
  /** Names in small letters. */
  headers: Readonly<Record<string, string | undefined>>;
  body: Uint8Array;
}

export interface WebAnswer {
  status: number;
  headers: readonly (readonly [name: string, value: string])[];
  body: Uint8Array;
  /** The connection is cut in the middle of it. */
  cut?: true;
}

/** undefined: the connection is closed without an answer. */
export type WebOutcome = WebAnswer | undefined;

export const COOKIE = 'SessionID';
export const TOKEN = '__RequestVerificationToken';

/** Value of the session's cookie; '' without one. */
export const cookieOf = ({ headers }: WebRequest): string =>
  new RegExp(`(?:^|;\\s*)${COOKIE}=([^;]*)`).exec(headers['cookie'] ?? '')?.[1]?.trim() ?? '';

export const tokenOf = ({ headers }: WebRequest): string => headers[TOKEN.toLowerCase()]?.trim() ?? '';

export const setCookie = (id: string): readonly [string, string] => ['Set-Cookie', `${COOKIE}=${id};path=/;HttpOnly;`];
