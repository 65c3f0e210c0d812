/** What is checked of a command before it is queued. */

import { DriverError } from '../errors';
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
  const fault = faultOf(command, request.force === true);
  if (typeof command !== 'string' || fault) {
    const hint = 'Send one line that begins with AT; several commands are joined by ; in that line.';
    return new DriverError('COMMAND_INVALID', `The AT command was not sent: ${fault}.`, { stick, hint });
  }
  const { prompt, plain, timeout = plain } = request;
  if (timeout !== undefined && !(Number.isFinite(timeout) && timeout > 0)) {
    const message = `The timeout of ${redact(command)} is ${timeout}.`;
    return new DriverError('BAD_ARGUMENT', message, { stick, hint: 'Give milliseconds, more than 0.' });
  }
  // ESC and Ctrl-Z end the text: what follows them would be a command that nobody has judged.
  if (prompt !== undefined && !isBody(prompt.body)) {
    const message = `The text for ${redact(command)} holds a character that can't be sent.`;
    const hint = 'Leave out ESC, Ctrl-Z, NUL and characters that do not fit into one byte.';
    return new DriverError('COMMAND_INVALID', message, { stick, hint });
  }
  const line = parseLine(command);
  const stranger = request.allow && judgeAllowed(command, request.allow, line);
  if (stranger) {
    const hint = 'Whoever made the flow can add it to the list of the node that was asked.';
    return new DriverError('COMMAND_REFUSED', `${redact(command)} was not sent: ${stranger}.`, { stick, hint });
  }
  const outgoing = outgoingOf(line);
  const verdict = judge(command, line, outgoing);
  if (verdict.allowed || (request.force === true && !request.allow && !verdict.always)) return { line, outgoing };
  return refused(command, verdict.reason, verdict.always === true, stick);
}

/** `always`: nothing that anybody may allow changes it. */
export function refused(command: string, reason: string, always: boolean, stick: string): DriverError {
  const message = `${redact(command)} was not sent: ${reason}.`;
  const hint = always
    ? 'No setting and no option changes that.'
    : 'It is sent only where somebody has allowed it on purpose: "Allow dangerous commands" in an e3272-at node, --force on ' +
      'the command line.';
  return new DriverError('COMMAND_REFUSED', message, { stick, hint });
}

const NOT_IN_TEXT = ['\0', '\u001a', '\u001b'];

function isBody(body: unknown): boolean {
  if (typeof body !== 'string' || NOT_IN_TEXT.some((c) => body.includes(c))) return false;
  for (let i = 0; i < body.length; i++) if (body.charCodeAt(i) > 0xff) return false;
  return true;
}

function faultOf(command: unknown, force: boolean): string | undefined {
  if (typeof command !== 'string') return `it is no string but ${command === null ? 'null' : typeof command}`;
  if (command.trim() === '') return 'it is empty';
  // Control characters: line ends and Ctrl-Z hide a second command, a backspace rewrites the first on the stick.
  const bad = /[^\x20-\x7e]/.exec(command)?.[0];
  if (bad !== undefined) {
    const code = (bad.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    return `it holds the character U+${code}, and only printable ASCII can be sent`;
  }
  const head = command.slice(0, 2).toUpperCase();
  // A repetition is guarded, and even by force not sent: nobody could tell what its reply should look like.
  if (!force && head === 'A/') return undefined;
  // The stick does not answer anything else, so nothing could be told from its silence.
  if (head !== 'AT') return 'it does not begin with AT';
  if (command.length > MAX_LENGTH) return `it has ${command.length} characters, ${MAX_LENGTH} are the most`;
  if (command.split(';').length > MAX_PARTS) return `it joins more than ${MAX_PARTS} commands`;
  return undefined;
}
