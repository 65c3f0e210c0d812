import { DriverError } from '../../src/errors';
import { milliseconds } from '../shared/config';

/** One command as a flow asks for it. */
export interface Request {
  command: string;
  timeoutMs?: number;
  /** Sends a guarded command all the same. Never set by the node's own settings: only a flow's maker can mean it. */
  force?: true;
}

/** What a message asks for: one command or a list, each a string or `{command, timeout?, force?}`. Error: BAD_ARGUMENT. */
export function readRequests(value: unknown): { list: boolean; requests: Request[] } {
  if (Array.isArray(value)) return { list: true, requests: value.map(readRequest) };
  return { list: false, requests: [readRequest(value)] };
}

function readRequest(value: unknown): Request {
  const { command, timeout, force } = (
    typeof value === 'object' && value !== null ? value : { command: value }
  ) as Record<string, unknown>;
  if (typeof command !== 'string' || command.trim() === '') {
    const what = value === undefined ? 'missing' : `no text but ${JSON.stringify(value)?.slice(0, 60) ?? typeof value}`;
    throw new DriverError('BAD_ARGUMENT', `The AT command is ${what}.`, {
      hint: 'Send a command like AT+CSQ, a list of commands, or an object with the property command.',
    });
  }
  const timeoutMs = milliseconds(timeout, `The timeout of ${command.split('=')[0]}`);
  return { command: command.trim(), ...(timeoutMs !== undefined && { timeoutMs }), ...(force === true && { force }) };
}
