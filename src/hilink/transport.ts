/** The one seam between the client and HTTP: one request, one answer, nothing followed. */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { DriverError, failure } from '../errors';
import { tooLong } from './read';
import { MOST_BYTES } from './xml';

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
  /** No more than {@link MOST_BYTES}. */
  body: Uint8Array;
}

/**
 * Does a request. Errors: STICK_GONE (nobody there), {@link isCut} (the connection ended in the middle), HILINK_ERROR (no
 * HTTP, or too long), and the signal's reason.
 */
export type Transport = (request: WebRequest, signal: AbortSignal) => Promise<WebAnswer>;

const cuts = new WeakSet<object>();

export function cutError(cause?: unknown): DriverError {
  const error = failure('HILINK_ERROR/cut', {}, { cause });
  cuts.add(error);
  return error;
}

/** A request whose answer did not come may have been done. */
export const isCut = (error: unknown): boolean => error instanceof DriverError && cuts.has(error);

export interface HttpOptions {
  /** `http://192.168.8.1`, with a port where it is another one. */
  url: URL;
  /** Of the machine: the address of the interface to use. */
  localAddress?: string;
}

/** HTTP over a connection for each request. Proxies of the environment are not used. */
export function httpTransport({ url, localAddress }: HttpOptions): Transport {
  return ({ method, path, headers, body }, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const request = httpRequest({
        host: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port === '' ? 80 : Number(url.port),
        path,
        method,
        agent: false,
        headers: { ...headers, ...(body && { 'Content-Length': String(body.byteLength) }) },
        ...(localAddress !== undefined && { localAddress }),
      });
      let answered = false;
      const fail = (error: unknown) => {
        end();
        request.destroy();
        reject(error);
      };
      const onAbort = () => fail(signal.reason);
      const end = () => signal.removeEventListener('abort', onAbort);
      signal.addEventListener('abort', onAbort, { once: true });
      // It may come again after the request is over.
      request.on('error', (error) => fail(httpError(error, url, answered)));
      request.on('response', (response) => {
        answered = true;
        readBody(response).then((read) => {
          end();
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: read });
        }, fail);
      });
      request.end(body);
    });
}

async function readBody(response: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw cutError(error);
  }
  if (length > MOST_BYTES) throw tooLong();
  return Buffer.concat(chunks);
}

function httpError(error: NodeJS.ErrnoException, url: URL, answered: boolean): DriverError {
  if (error.code?.startsWith('HPE_')) {
    return failure('HILINK_ERROR/no-http', { stick: url.host }, { cause: error });
  }
  if (answered || error.code === 'ECONNRESET' || error.code === 'EPIPE') return cutError(error);
  return failure('STICK_GONE/web', { stick: url.host }, { cause: error });
}
