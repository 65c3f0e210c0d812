/** The errors of the AT channel: what happened on which port. */

import { type DriverError, failure } from '../errors';
import { redact } from './redact';

export interface Where {
  stick: string;
  path: string;
}

export const timedOut = (command: string, { stick, path }: Where, ms: number): DriverError =>
  failure('TIMEOUT/no-reply', { path, command: redact(command), seconds: ms / 1000 }, { stick });

export const outOfStep = ({ stick, path }: Where, cause?: unknown): DriverError =>
  failure('TIMEOUT/out-of-step', { path }, { stick, cause });

export const noAnswer = ({ stick, path }: Where, tries: number): DriverError =>
  failure('TIMEOUT/no-at', { path, tries }, { stick });

export const inHdlc = ({ stick, path }: Where): DriverError =>
  failure('WRONG_MODE/download-protocol', { path }, { stick });

export const unexpectedPrompt = (command: string, { stick, path }: Where): DriverError =>
  failure('PROTOCOL/prompt', { path, command: redact(command) }, { stick });

export const cancelled = (command: string, { stick, path }: Where, cause?: unknown): DriverError =>
  failure('CANCELLED/command', { path, command: redact(command) }, { stick, cause });

export const notOpened = ({ stick, path }: Where): DriverError => failure('CANCELLED/not-opened', { path }, { stick });

export const closed = ({ stick, path }: Where): DriverError => failure('CANCELLED/channel-closed', { path }, { stick });
