/** One request to a web server and its answer, whatever lies between: HTTP, or a virtual stick in this process. */

export interface WebRequest {
  method: 'GET' | 'POST';
  /** With its leading slash. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body?: Uint8Array;
}

export interface WebAnswer {
  status: number;
  /** Names in lower case. */
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  body: Uint8Array;
}

/**
 * Does a request. Errors: STICK_GONE (nobody there), HILINK_ERROR (the connection ended in the middle, no HTTP, or too long),
 * and the signal's reason.
 */
export type Transport = (request: WebRequest, signal: AbortSignal) => Promise<WebAnswer>;
