import { milliseconds } from '../shared/config';
import { nodeFailure } from '../shared/messages';

/** One command as a flow asks for it. */
export interface Request {
  command: string;
  timeoutMs?: number;
  /** Asks for a guarded command all the same: honoured only by nodes of 0.1, which have no setting for it. */
  force?: true;
}

/** The hand-over of the port: `{port: 'release', seconds?}` leaves it to another program, `{port: 'take'}` takes it back. */
export interface PortRequest {
  port: 'release' | 'take';
  /** After this long it is taken back by itself. */
  ms?: number;
}

/** A request for a hand-over; undefined for anything else. Error: BAD_ARGUMENT. */
export function readPortRequest(value: unknown): PortRequest | undefined {
  if (typeof value !== 'object' || value === null || !('port' in value)) return undefined;
  const { port, seconds } = value as Record<string, unknown>;
  if (port !== 'release' && port !== 'take') {
    throw nodeFailure('BAD_ARGUMENT/port-request', { value: String(JSON.stringify(port)) });
  }
  const ms = port === 'release' ? milliseconds(seconds, 'The time for another program') : undefined;
  return { port, ...(ms !== undefined && { ms }) };
}

/** What a message asks for: one command or a list, each a string or `{command, timeout?, force?}`. Error: BAD_ARGUMENT. */
export function readRequests(value: unknown): { list: boolean; requests: Request[] } {
  if (Array.isArray(value)) return { list: true, requests: value.map(readRequest) };
  return { list: false, requests: [readRequest(value)] };
}

function fault(value: unknown, command: unknown): string {
  if (value === undefined || value === null) return 'missing';
  if (typeof command === 'string') return 'empty';
  return command === undefined || command === null ? 'missing' : `no text, but of type ${typeof command}`;
}

function readRequest(value: unknown): Request {
  const { command, timeout, force } = (
    typeof value === 'object' && value !== null ? value : { command: value }
  ) as Record<string, unknown>;
  if (typeof command !== 'string' || command.trim() === '') {
    // Never quoted: what was wired here by mistake may be somebody's message or PIN.
    throw nodeFailure('BAD_ARGUMENT/no-command', { fault: fault(value, command) });
  }
  const timeoutMs = milliseconds(timeout, `The timeout of ${command.split('=')[0]}`);
  return { command: command.trim(), ...(timeoutMs !== undefined && { timeoutMs }), ...(force === true && { force }) };
}
