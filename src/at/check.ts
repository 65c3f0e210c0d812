/** What is checked of a command before it is queued. */

import { type DriverError, failure } from '../errors';
import { type AllowList, judgeAllowed } from './allow';
import { type CommandLine, parseLine } from './command';
import { judge } from './guard';
import { type Outgoing, outgoingOf } from './outgoing';
import { redact } from './redact';

/** The stick takes lines of at most this many bytes and commands, "AT" included. */
const MAX_LENGTH = 545;
const MAX_PARTS = 40;

interface Request {
  timeout?: number;
  plain?: number;
  force?: boolean;
  prompt?: { body: string };
  allow?: AllowList;
}

/** A command that may be sent, with all that was found in it. */
export interface Checked {
  line: CommandLine;
  outgoing: Outgoing;
}

/**
 * What `command` says, or why it can't be sent. COMMAND_INVALID: no AT command line at all; never sent, not even by
 * force. COMMAND_REFUSED: guarded, sent with `force`; or it calls an emergency number, or is not on the list `allow`, which
 * `force` does not change. BAD_ARGUMENT: an option makes no sense.
 */
export function checkRequest(command: unknown, request: Request, stick: string): Checked | DriverError {
  if (typeof command !== 'string') {
    return failure('COMMAND_INVALID/type', { type: command === null ? 'null' : typeof command }, { stick });
  }
  const fault = faultOf(command, request.force === true, stick);
  if (fault) return fault;
  const { prompt, plain, timeout = plain } = request;
  if (timeout !== undefined && !(Number.isFinite(timeout) && timeout > 0)) {
    return failure('BAD_ARGUMENT/timeout', { command: redact(command), timeout }, { stick });
  }
  // ESC and Ctrl-Z end the text: what follows them would be a command that nobody has judged.
  if (prompt !== undefined && !isBody(prompt.body)) {
    return failure('COMMAND_INVALID/body', { command: redact(command) }, { stick });
  }
  const line = parseLine(command);
  const stranger = request.allow && judgeAllowed(command, request.allow, line);
  if (stranger) return failure('COMMAND_REFUSED/not-listed', { command: redact(command), why: stranger }, { stick });
  const outgoing = outgoingOf(line);
  const verdict = judge(command, line, outgoing);
  if (verdict.allowed || (request.force === true && !request.allow && !verdict.always)) return { line, outgoing };
  return refused(command, verdict.reason, verdict.always === true, stick);
}

/** `always`: nothing that anybody may allow changes it. */
export const refused = (command: string, why: string, always: boolean, stick: string): DriverError =>
  failure(always ? 'COMMAND_REFUSED/never' : 'COMMAND_REFUSED/guarded', { command: redact(command), why }, { stick });

const NOT_IN_TEXT = ['\0', '\u001a', '\u001b'];

function isBody(body: unknown): boolean {
  if (typeof body !== 'string' || NOT_IN_TEXT.some((c) => body.includes(c))) return false;
  for (let i = 0; i < body.length; i++) if (body.charCodeAt(i) > 0xff) return false;
  return true;
}

/** Why it is no AT command line. */
function faultOf(command: string, force: boolean, stick: string): DriverError | undefined {
  if (command.trim() === '') return failure('COMMAND_INVALID/empty', {}, { stick });
  // Control characters: line ends and Ctrl-Z hide a second command, a backspace rewrites the first on the stick.
  const bad = /[^\x20-\x7e]/.exec(command)?.[0];
  if (bad !== undefined) {
    const code = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return failure('COMMAND_INVALID/character', { character: `U+${code}` }, { stick });
  }
  const head = command.slice(0, 2).toUpperCase();
  // A repetition is guarded, and even by force not sent: nobody could tell what its reply should look like.
  if (!force && head === 'A/') return undefined;
  // The stick does not answer anything else, so nothing could be told from its silence.
  if (head !== 'AT') return failure('COMMAND_INVALID/start', {}, { stick });
  const { length } = command;
  if (length > MAX_LENGTH) return failure('COMMAND_INVALID/length', { length, most: MAX_LENGTH }, { stick });
  if (command.split(';').length > MAX_PARTS) return failure('COMMAND_INVALID/parts', { most: MAX_PARTS }, { stick });
  return undefined;
}
