/**
 * The words between a virtual stick and a program in another process, over TCP on the loopback: one JSON object a line, bytes
 * as base64. A connection is for one stick and begins with `hello`; each question has a number and exactly one answer or
 * refusal. What happens on the bus, on open ttys and inside the stick is told unasked. Every length and number has a limit,
 * in both directions: whoever exceeds one is cut off.
 */

import { DriverError, ERROR_CODES, type ErrorData, errorData, failure, type Params } from '../errors';
import type { UsbDevice } from '../host/host';
import type { NetworkLink } from '../host/network';
import type { WebAnswer } from '../host/web';
import type { StickEvent } from './events';
import { checked, type Fields, type Given, isGiven, needed, text, whole } from './order-fields';

/** In each greeting: what else listens on a port is no virtual stick. */
export const GREETING = 'e3272-virtual';
/** Both sides must have the same. */
export const WIRE_VERSION = 3;

export const LIMITS = {
  /** Bytes of a line. */
  line: 1 << 20,
  /** Bytes of one write or transfer. */
  data: 64 * 1024,
  /** Questions without an answer, of one connection. */
  asks: 64,
  /** Bytes that wait because the other side does not read. */
  unsent: 4 << 20,
  /** Connections to one server. */
  clients: 64,
} as const;

/** What the bus shows of the stick. */
export interface Bus {
  plugged: boolean;
  /** Counts how often it has come onto the bus. */
  enumeration: number;
  /** Absent while it is off the bus. */
  device?: UsbDevice;
}

/** The answer to `hello`. */
export interface Hello {
  greeting: string;
  version: number;
  /** Another one after each start of the server. */
  instance: string;
  bus: Bus;
}

/** The fields of each question, by its name. */
interface Questions {
  hello: { greeting: string; version: number; stick: string };
  scan: Record<never, never>;
  /** `handle`: chosen by who asks, for what is opened by this. */
  openTty: { handle: number; path: string };
  openBulk: { handle: number; address: number; interface: number };
  write: { handle: number; data: string };
  transferOut: { handle: number; data: string; ms: number };
  transferIn: { handle: number; length: number; ms: number };
  recover: { handle: number };
  close: { handle: number };
  reauthorize: Record<never, never>;
  order: { order: Given };
  /** What {@link import('../host/host').Host.network} says of the stick, without what speaks to it. */
  network: Record<never, never>;
  /** A request to the web server of the stick through that link; `ms`: then nobody waits for its answer any more. */
  web: { link: string; method: string; path: string; headers: Given; body: string; ms: number };
}

/** The answer to `web`. */
export interface WebSaid {
  status: number;
  headers: WebAnswer['headers'];
  /** As base64. */
  body: string;
}

export type Question = { [Q in keyof Questions]: { ask: Q } & Questions[Q] }[keyof Questions];
export type Asked = Question & { id: number };

/** An error on its way: whose stick it is about is known to who asked. */
export type SaidError = Pick<ErrorData, 'code' | 'reason' | 'params' | 'message'>;

/** From the server. */
export type Word =
  | { answer: number; value?: unknown }
  | ({ refusal: number } & SaidError)
  | { bus: Bus }
  | { event: StickEvent }
  | { handle: number; data: string }
  | { handle: number; gone: SaidError };

const NUMBER = needed(whole(0, Number.MAX_SAFE_INTEGER));
const NAME = needed(text(/^.{1,200}$/s, 'a text of up to 200 characters'));
const DATA = needed(text(/^[A-Za-z0-9+/]*={0,2}$/, 'bytes as base64'));
const MS = needed(whole(0, 3_600_000, 'milliseconds'));
const handle = { handle: NUMBER };

const QUESTIONS: { [Q in keyof Questions]: Fields<Questions[Q]> } = {
  hello: { greeting: NAME, version: NUMBER, stick: NAME },
  scan: {},
  openTty: { ...handle, path: NAME },
  openBulk: { ...handle, address: NUMBER, interface: NUMBER },
  write: { ...handle, data: DATA },
  transferOut: { ...handle, data: DATA, ms: MS },
  transferIn: { ...handle, length: needed(whole(0, LIMITS.data, 'bytes')), ms: MS },
  recover: handle,
  close: handle,
  reauthorize: {},
  order: { order: needed({ takes: isGiven, words: 'a JSON object' }) },
  network: {},
  web: {
    link: NAME,
    method: needed(text(/^(?:GET|POST)$/, 'GET or POST')),
    path: needed(text(/^\/.{0,2000}$/s, 'a path')),
    headers: needed({ takes: isHeaders, words: 'an object of texts' }),
    body: DATA,
    ms: MS,
  },
};

function isHeaders(value: unknown): value is Given {
  return isGiven(value) && Object.values(value).every((one) => typeof one === 'string');
}

const malformed = (why: string): DriverError => failure('PROTOCOL/malformed', { why });

/** One line of a client. Throws for anything that no client of this version says. */
export function readQuestion(line: string): Asked {
  const given = readObject(line);
  const { id, ask, ...rest } = given;
  if (!NUMBER.takes(id)) throw malformed('a question needs a number');
  if (typeof ask !== 'string' || !Object.hasOwn(QUESTIONS, ask)) throw malformed('there is no such question');
  // A later version may greet with more: it is to hear which version this is.
  const fields =
    ask === 'hello' ? { greeting: rest['greeting'], version: rest['version'], stick: rest['stick'] } : rest;
  checked(fields, ask, QUESTIONS[ask as keyof Questions] as Fields<Given>);
  return { ...fields, id, ask } as Asked;
}

/** One line of a server; what is in it is looked at by those who use it. Throws PROTOCOL where it is none. */
export const readWord = (line: string): Word => readObject(line) as unknown as Word;

function readObject(line: string): Given {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw malformed('it is no JSON');
  }
  if (!isGiven(value)) throw malformed('it is no JSON object');
  return value;
}

export function writeError(error: DriverError): SaidError {
  const { code, reason, params, message } = errorData(error);
  return { code, reason, params, message };
}

/** What the other side calls an error, as one about `stick`. */
export function readError(said: unknown, stick: string): DriverError {
  const { code, reason, params, message }: Given = isGiven(said) ? said : {};
  return new DriverError({
    code: ERROR_CODES.find((known) => known === code) ?? 'PROTOCOL',
    reason: typeof reason === 'string' ? reason : '',
    params: isGiven(params) ? (params as Params) : {},
    message: String(message),
    stick,
  });
}

export const isHello = (value: unknown): value is Hello =>
  isGiven(value) &&
  value['greeting'] === GREETING &&
  value['version'] === WIRE_VERSION &&
  typeof value['instance'] === 'string' &&
  isBus(value['bus']);

export const isBus = (value: unknown): value is Bus =>
  isGiven(value) &&
  typeof value['plugged'] === 'boolean' &&
  NUMBER.takes(value['enumeration']) &&
  (value['device'] === undefined || isDevice(value['device']));

/** As far as the driver would stumble over it. */
function isDevice(value: unknown): value is UsbDevice {
  if (!isGiven(value)) return false;
  const { portPath, address, vendorId, productId, interfaces } = value;
  const isInterface = (i: unknown) =>
    isGiven(i) &&
    [i['number'], i['class'], i['subclass'], i['protocol']].every(NUMBER.takes) &&
    Array.isArray(i['endpoints']) &&
    (i['tty'] === undefined || typeof i['tty'] === 'string');
  return (
    typeof portPath === 'string' &&
    [address, vendorId, productId].every(NUMBER.takes) &&
    Array.isArray(interfaces) &&
    interfaces.every(isInterface)
  );
}

/** Without what speaks to the stick. */
export const isLinks = (value: unknown): value is NetworkLink[] => Array.isArray(value) && value.every(isLink);

function isLink(value: unknown): boolean {
  if (!isGiven(value)) return false;
  const { name, addresses, gateways, rivals, ownLine } = value;
  const areTexts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string');
  const isAddress = (one: unknown) => isGiven(one) && typeof one['address'] === 'string' && NUMBER.takes(one['prefix']);
  const known =
    typeof name === 'string' && [gateways, rivals].every(areTexts) && [undefined, true].includes(ownLine as true);
  return known && Array.isArray(addresses) && addresses.every(isAddress);
}

export const isWebSaid = (value: unknown): value is WebSaid =>
  isGiven(value) && NUMBER.takes(value['status']) && isGiven(value['headers']) && typeof value['body'] === 'string';

export const pack = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

/** Error: BAD_ARGUMENT for more than {@link LIMITS.data}. */
export function unpack(data: string): Uint8Array {
  const bytes = Buffer.from(data, 'base64');
  requireSize(bytes.length);
  return bytes;
}

/** Error: BAD_ARGUMENT for more than can be handed over at once. */
export function requireSize(length: number): void {
  if (length <= LIMITS.data) return;
  throw failure('BAD_ARGUMENT/transfer-size', { bytes: length, most: LIMITS.data });
}

/** What is said, with its end. Throws for what is no JSON, and BAD_ARGUMENT for more than {@link LIMITS.line}. */
export function writeLine(said: Asked): string {
  const line = JSON.stringify(said);
  if (Buffer.byteLength(line) <= LIMITS.line) return `${line}\n`;
  throw failure('BAD_ARGUMENT/line-size', { most: LIMITS.line });
}

/** Cuts what arrives into lines. */
export class Lines {
  #parts: Buffer[] = [];
  #length = 0;

  /** The lines that end in `chunk`. Throws PROTOCOL as soon as one is longer than {@link LIMITS.line}. */
  *push(chunk: Buffer): Generator<string> {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      this.#keep(chunk.subarray(from, end));
      from = end + 1;
      const line = Buffer.concat(this.#parts).toString();
      this.#parts = [];
      this.#length = 0;
      yield line;
    }
    this.#keep(chunk.subarray(from));
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > LIMITS.line) throw malformed(`a line is longer than ${LIMITS.line} bytes`);
    if (part.length > 0) this.#parts.push(part);
  }
}
