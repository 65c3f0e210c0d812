/** The errors of the AT channel: what happened on which port, and what to do next. */

import { DriverError, failure } from '../errors';
import { redact } from './redact';

export interface Where {
  stick: string;
  path: string;
}

const ASK_AGAIN = 'Try again; if it happens again, pull the stick out and plug it in again.';

export function timedOut(command: string, { stick, path }: Where, ms: number): DriverError {
  return failure('TIMEOUT/no-reply', { path, command: redact(command), seconds: ms / 1000 }, { stick });
}

export function outOfStep({ stick, path }: Where, cause?: unknown): DriverError {
  const message = `${path} has not answered since an earlier command timed out, so no other command was sent.`;
  return new DriverError('TIMEOUT', message, { stick, hint: ASK_AGAIN, cause });
}

export function noAnswer({ stick, path }: Where, tries: number): DriverError {
  const message = `${path} did not answer AT in ${tries} tries.`;
  const hint =
    'It may not be the AT port (PCUI) of the stick, another program may hold the conversation, or the stick hangs: ' +
    'choose another port, or pull the stick out and plug it in again.';
  return new DriverError('TIMEOUT', message, { stick, hint });
}

export function inHdlc({ stick, path }: Where): DriverError {
  const message = `${path} speaks the binary download protocol (HDLC), not AT.`;
  const hint = 'The stick was left in download mode: finish or repeat the firmware write, or replug the stick.';
  return new DriverError('WRONG_MODE', message, { stick, hint });
}

export function unexpectedPrompt(command: string, { stick, path }: Where): DriverError {
  const message = `${path} answered ${redact(command)} with a prompt for a text, and none was given; the prompt was left.`;
  const hint = 'Leave commands out that ask for a text, like AT+CMGS: texts are not sent yet.';
  return new DriverError('PROTOCOL', message, { stick, hint });
}

export function cancelled(command: string, { stick, path }: Where, cause?: unknown): DriverError {
  const message = `${redact(command)} on ${path} was cancelled.`;
  const hint = 'If it had been sent already, the stick may have carried it out.';
  return new DriverError('CANCELLED', message, { stick, hint, cause });
}

export function closed({ stick, path }: Where, what: string): DriverError {
  const hint = 'Open the channel and send the command again.';
  return new DriverError('CANCELLED', `The AT channel on ${path} ${what}.`, { stick, hint });
}
