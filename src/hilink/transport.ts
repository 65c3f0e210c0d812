/** The one seam between the client and HTTP: one request, one answer, nothing followed. */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { type DriverError, failure, isDriverError } from '../errors';
import type { Transport } from '../host/web';
import { tooLong } from './read';
import { MOST_BYTES } from './xml';

export type { Transport, WebAnswer, WebRequest } from '../host/web';

export const cutError = (cause?: unknown): DriverError => failure('HILINK_ERROR/cut', {}, { cause });

/** The connection ended in the middle: a request whose answer did not come may have been done. */
export const isCut = (error: unknown): boolean => isDriverError(error, 'HILINK_ERROR/cut');

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

/** @internal */
export function httpError(error: NodeJS.ErrnoException, url: URL, answered: boolean): DriverError {
  if (error.code?.startsWith('HPE_')) {
    return failure('HILINK_ERROR/no-http', { stick: url.host }, { cause: error });
  }
  // What fails behind `connect` may have got there: a stick that goes away while it sends is ENETUNREACH or ETIMEDOUT here.
  const connected = error.syscall === 'read' || error.syscall === 'write';
  if (answered || connected || error.code === 'ECONNRESET' || error.code === 'EPIPE') return cutError(error);
  return failure('STICK_GONE/web', { stick: url.host }, { cause: error });
}
