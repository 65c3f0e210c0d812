/** Errors for tests, and what people are told about one in each place. */

import { CLI } from '../../cli/cures';
import { NODES } from '../../nodes/shared/cures';
import { hintOf } from '../../src/cures/cure';
import { DriverError, type ErrorCode } from '../../src/errors';

/** An error that only a test makes: no sentence of the catalogue. */
export const made = (code: ErrorCode, message: string): DriverError =>
  new DriverError({ code, reason: 'test', params: {}, message });

/** What to do about it; empty where no error or no cure is. */
export const nodeHint = (error: unknown): string => (error instanceof DriverError ? (hintOf(NODES, error) ?? '') : '');
export const cliHint = (error: unknown): string => (error instanceof DriverError ? (hintOf(CLI, error) ?? '') : '');
