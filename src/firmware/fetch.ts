/**
 * A file from a URL of the user's own, proven by its sha256: `https://host/firmware.bin#sha256=<64 hex digits>`.
 * It goes to a temporary file without a name, which is gone as soon as it is closed, also after a crash.
 */

import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asDriverError, DriverError, failure } from '../errors';
import { FLASH } from '../family/family';
import { systemClock } from '../host/clock';
import type { Clock, Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import { shownName } from '../urls';
import type { ByteSource } from './byte-source';
import { FileSource, writeAll, writeError } from './file';
import { KIND_LENGTH, whatIsIt } from './kinds';

/** Twice the flash memory: no updater is larger. */
const MAX_SIZE = 2 * FLASH.nand.size;
const MAX_REDIRECTS = 5;
const HASH_STEP = 256 * 1024;
const REDIRECTS = [301, 302, 303, 307, 308];

export interface FetchOptions {
  signal?: AbortSignal;
  /** Default: that of this machine. */
  clock?: Clock;
  /** Bytes that have come, and how many there will be where the server says so. */
  onProgress?: (done: number, total: number | undefined) => void;
  /** Bytes; default 512 MiB. */
  maxSize?: number;
}

export const isUrl = (name: string): boolean => /^https?:\/\//i.test(name);

/**
 * Errors: BAD_ARGUMENT (no URL, no sha256), FILE_NOT_FOUND, FILE_UNREADABLE (server not reached, answers with an error,
 * redirects too often or away from https), TIMEOUT, FIRMWARE_TOO_LARGE, FIRMWARE_CRC (another sha256),
 * FILE_NOT_WRITTEN (no room for the temporary file), CANCELLED.
 */
export async function fetchFile(text: string, options: FetchOptions = {}): Promise<ByteSource> {
  const { url, sha256 } = parse(text);
  const name = shown(url);
  const handle = await temporaryFile();
  try {
    const { size, sha256: found } = await download(url, handle, options);
    const source = new FileSource(name, size, handle);
    if (found === sha256 && (await hashOf(source, options.signal)) !== sha256) {
      throw failure('FILE_NOT_WRITTEN/download', { url: name });
    }
    if (found !== sha256) {
      throw await another(source, found);
    }
    return source;
  } catch (error) {
    await handle.close().catch(() => undefined);
    throw error;
  }
}

/** Often it is the page of a server that wants to know who asks. */
async function another(source: ByteSource, sha256: string): Promise<DriverError> {
  const kind = whatIsIt(await source.read(0, Math.min(KIND_LENGTH, source.size)));
  return failure('FIRMWARE_CRC/download', { url: source.name, what: kind?.what ?? '', sha256 });
}

function parse(text: string): { url: URL; sha256: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const sha256 = /^#sha256=([0-9a-f]{64})$/i.exec(url?.hash ?? '')?.[1]?.toLowerCase();
  if (url && sha256 !== undefined) return { url, sha256 };
  throw url ? failure('BAD_ARGUMENT/url-without-sha256', { url: shown(url) }) : failure('BAD_ARGUMENT/url', {});
}

/** Without user, password and query, which may be secret. */
const shown = (url: URL): string => shownName(`${url.origin}${url.pathname}`);

/** Open for reading and writing by this process only. Its name is taken away at once. */
async function temporaryFile(): Promise<FileHandle> {
  const path = join(tmpdir(), `e3272-${randomUUID()}`);
  try {
    const handle = await open(path, 'wx+', 0o600);
    await unlink(path);
    return handle;
  } catch (error) {
    throw writeError(path, error);
  }
}

async function download(
  url: URL,
  handle: FileHandle,
  options: FetchOptions,
): Promise<{ size: number; sha256: string }> {
  const name = shown(url);
  const { maxSize = MAX_SIZE, onProgress } = options;
  const watch = new Watch(name, options);
  try {
    const response = await watch.guard(follow(url, watch.signal));
    const total = contentLength(response);
    if (total !== undefined && total > maxSize) throw tooLarge(name, total, maxSize);
    const hash = createHash('sha256');
    let size = 0;
    const body = response[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
    for (;;) {
      watch.expect(TIMEOUTS.fetch.silence);
      const { value: chunk, done } = await watch.guard(body.next());
      if (done) break;
      size += chunk.length;
      if (size > maxSize) throw tooLarge(name, size, maxSize);
      hash.update(chunk);
      await writeAll(handle, chunk).catch((error: unknown) => Promise.reject(writeError('of the download', error)));
      onProgress?.(size, total);
    }
    return { size, sha256: hash.digest('hex') };
  } finally {
    watch.end();
  }
}

/** What the disk has of it. */
async function hashOf(source: ByteSource, signal: AbortSignal | undefined): Promise<string> {
  const hash = createHash('sha256');
  const buffer = Buffer.allocUnsafe(HASH_STEP);
  for (let at = 0; at < source.size; at += HASH_STEP) {
    if (signal?.aborted) throw cancelled(signal.reason);
    hash.update(await source.read(at, Math.min(HASH_STEP, source.size - at), buffer));
  }
  return hash.digest('hex');
}

const cancelled = (reason: unknown): DriverError => asDriverError(reason, 'CANCELLED/download', {});

/** Ends the connection when it is silent for too long, lasts too long, or is not wanted any more. */
class Watch {
  readonly #controller = new AbortController();
  readonly #clock: Clock;
  readonly #name: string;
  readonly #outer: AbortSignal | undefined;
  readonly #total: Timer;
  #silence: Timer | undefined;
  readonly #onAbort: () => void;

  constructor(name: string, { clock = systemClock, signal }: FetchOptions) {
    this.#clock = clock;
    this.#name = name;
    this.#outer = signal;
    this.#onAbort = () => this.#controller.abort(cancelled(signal?.reason));
    if (signal?.aborted) this.#onAbort();
    signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#total = clock.after(TIMEOUTS.fetch.total, () => this.#late('TIMEOUT/fetch-total', TIMEOUTS.fetch.total));
    this.expect(TIMEOUTS.fetch.answer);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Something must come within `ms` from now. */
  expect(ms: number): void {
    this.#silence?.cancel();
    this.#silence = this.#clock.after(ms, () => this.#late('TIMEOUT/fetch-silence', ms));
  }

  /** The result of `work`; instead of its error the reason why it was ended here, or words about the network. */
  async guard<T>(work: Promise<T>): Promise<T> {
    try {
      this.signal.throwIfAborted();
      return await work;
    } catch (error) {
      if (this.signal.aborted) throw this.signal.reason;
      if (error instanceof DriverError) throw error;
      const { code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
      throw failure('FILE_UNREADABLE/fetch', { url: this.#name, why: code ?? String(error) }, { cause: error });
    }
  }

  end(): void {
    this.#total.cancel();
    this.#silence?.cancel();
    this.#outer?.removeEventListener('abort', this.#onAbort);
    // What is still open has no reader any more.
    this.#controller.abort(failure('CANCELLED/download-over', {}));
  }

  #late(what: 'TIMEOUT/fetch-silence' | 'TIMEOUT/fetch-total', ms: number): void {
    this.#controller.abort(failure(what, { url: this.#name, seconds: ms / 1000 }));
  }
}

/** The answer with the file, after redirects. */
async function follow(start: URL, signal: AbortSignal): Promise<IncomingMessage> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    const response = await request(url, signal);
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    response.destroy();
    if (!REDIRECTS.includes(status)) throw refusedBy(start, status);
    const { location } = response.headers;
    if (!location || !URL.canParse(location, url)) throw badRedirect(start, 'to nowhere');
    const next = new URL(location, url);
    const secure = next.protocol === 'https:' || (next.protocol === 'http:' && url.protocol === 'http:');
    if (!secure) throw badRedirect(start, `to ${next.protocol}`);
    url = next;
  }
  throw badRedirect(start, `more than ${MAX_REDIRECTS} times`);
}

function request(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? httpsGet : httpGet;
    const headers = { 'accept-encoding': 'identity', 'user-agent': 'e3272' };
    get(url, { agent: false, signal, headers }, (response) => {
      // Its failure is met when it is read; a destroyed one is nobody's business.
      response.on('error', () => undefined);
      resolve(response);
    }).on('error', reject);
  });
}

function contentLength({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

function refusedBy(url: URL, status: number): DriverError {
  const missing = status === 404 || status === 410;
  return failure(missing ? 'FILE_NOT_FOUND/server' : 'FILE_UNREADABLE/server', { url: shown(url), number: status });
}

const badRedirect = (url: URL, where: string): DriverError =>
  failure('FILE_UNREADABLE/redirect', { url: shown(url), where });

const tooLarge = (name: string, size: number, limit: number): DriverError =>
  failure('FIRMWARE_TOO_LARGE/download', { url: name, bytes: size, most: limit });
