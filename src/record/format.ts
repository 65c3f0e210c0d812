/**
 * Traces: what went over bus, ttys, bulk pipes and HTTP, one JSON object a line. Recorded sessions of others
 * (`test/data/transcripts.jsonl`, `hilink.jsonl`) are of the same format: they lack the times, and say in `expect` how they
 * are to be read. docs/traces.md is about what is in it, for people.
 */

import type { UsbDevice } from '../host/host';

export const VERSION = 1;

export type Who = 'host' | 'stick';

/** What is left out, and what is known of it all the same. */
export interface Left {
  /** Octets; absent where their number would tell something: a PIN. */
  bytes?: number;
  /** `code`, `login`, `loader`, `unread`. */
  why: string;
  /** Of what the host sent to a loader or boot ROM: which file that was. Never of what a stick says. */
  sha256?: string;
}

/** When it began, in milliseconds from the start of the trace, and what of it was left out. */
export interface Mark {
  t?: number;
  left?: Left;
}

/** Text with real CR and LF; of a bulk pipe and of binary frames hex. */
export type Said = readonly [who: Who, text: string, mark?: Mark];

export interface Start {
  kind: 'trace';
  version: number;
  id: string;
  /** What made it. */
  source: string;
  device?: string;
  firmware?: string;
}

/** The bus as it was seen, each time that it changed. */
export interface BusRecord {
  kind: 'bus';
  t: number;
  devices: UsbDevice[];
}

/** One command and its answer, or what came unasked. */
export interface AtRecord {
  kind: 'at';
  id?: string;
  device?: string;
  firmware?: string;
  /** Place of the stick, name of the tty and number of its interface, as far as the bus told. */
  stick?: string;
  port?: string;
  interface?: number;
  /** Only the lines are known, joined with LF. */
  lines?: boolean;
  raw: readonly Said[];
  expect?: unknown;
}

/** A port opened, closed, gone, or refused with this code. */
export interface PortRecord {
  kind: 'port';
  t: number;
  port: string;
  what: string;
}

/** Frames of a loader or a boot ROM: hex of what is a few octets, else their number and hash. */
export interface BinaryRecord {
  kind: 'binary';
  stick?: string;
  port: string;
  raw: readonly Said[];
}

/** Transfers of a mass-storage interface. */
export interface BulkRecord {
  kind: 'bulk';
  stick: string;
  interface: number;
  raw: readonly Said[];
}

export interface WebRecord {
  /** Absent in recorded answers of others. */
  kind?: 'hilink';
  id?: string;
  device?: string;
  firmware?: string;
  stick?: string;
  t?: number;
  /** Milliseconds to the answer. */
  ms?: number;
  request: { method: string; path: string; headers?: Readonly<Record<string, string>>; body?: string | null };
  /** Absent where none came. */
  response?: {
    status: number;
    headers: Readonly<Record<string, string>>;
    body?: string;
    bodyBase64?: string;
  };
  left?: Left;
  expect?: unknown;
}

/** A record that still looked private when it was finished. */
export interface WithheldRecord {
  kind: 'withheld';
  what: string;
  bytes: number;
}

export interface EndRecord {
  kind: 'end';
  t: number;
  /** Points of docs/unproven.md. */
  settles: string[];
  contradicts: string[];
  withheld: number;
}

/** Other kinds of recorded sessions: descriptor dumps and logs as text. */
export interface OtherRecord {
  kind: 'lsusb' | 'dmesg' | 'hilink-xml';
  id?: string;
  raw?: readonly Said[];
}

export type TraceRecord =
  | Start
  | BusRecord
  | AtRecord
  | PortRecord
  | BinaryRecord
  | BulkRecord
  | WebRecord
  | WithheldRecord
  | EndRecord
  | OtherRecord;

const KINDS: readonly string[] = [
  ...['trace', 'bus', 'at', 'port', 'binary', 'bulk', 'hilink', 'withheld', 'end', 'lsusb', 'dmesg', 'hilink-xml'],
];

export const isWeb = (record: TraceRecord): record is WebRecord => 'request' in record;
export const isAt = (record: TraceRecord): record is AtRecord => record.kind === 'at';
export const isBus = (record: TraceRecord): record is BusRecord => record.kind === 'bus';

/**
 * Reads a trace, or recorded sessions of others. The last line may be cut off: the program may have been killed. Error: an
 * Error that names the line.
 */
export function readTrace(text: string): TraceRecord[] {
  const lines = text.split('\n').map((line, at) => ({ line, number: at + 1 }));
  const written = lines.filter(({ line }) => line.trim() !== '');
  return written.flatMap(({ line, number }) => {
    try {
      return [recordOf(JSON.parse(line))];
    } catch (error) {
      if (number === lines.length) return [];
      throw new Error(`line ${number} is no record of a trace`, { cause: error });
    }
  });
}

function recordOf(value: unknown): TraceRecord {
  if (typeof value !== 'object' || value === null) throw new Error('no object');
  const { kind, request, raw, devices } = value as Record<string, unknown>;
  const known = kind === undefined ? isObject(request) : KINDS.includes(String(kind));
  if (!known) throw new Error('no kind that is known');
  if (raw !== undefined && !(Array.isArray(raw) && raw.every(isSaid)))
    throw new Error('raw is no list of what was said');
  if (kind === 'at' && raw === undefined) throw new Error('nothing was said');
  if (kind === 'bus' && !Array.isArray(devices)) throw new Error('no devices');
  if (kind === 'hilink' && !isObject(request)) throw new Error('no request');
  return value as TraceRecord;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;

const isSaid = (entry: unknown): boolean =>
  Array.isArray(entry) && (entry[0] === 'host' || entry[0] === 'stick') && typeof entry[1] === 'string';
