import { type DriverError, failure } from '../errors';
import { holdersOf, type Program, programText } from './holders';

export const gone = (path: string, cause: unknown): DriverError =>
  failure('STICK_GONE/port', { path }, { stick: path, ...(cause != null && { cause }) });

/** Somebody else has the port; `holders` are those that can be seen. */
export function busy(path: string, holders: readonly Program[], cause: unknown): DriverError {
  const params = { path, holders: holders.map(programText) };
  return failure('PORT_BUSY/port', params, { stick: path, ...(cause != null && { cause }) });
}

/**
 * Why a tty could not be opened. The binding gives the reason as text only: `Error: Permission denied, cannot open ...`,
 * `Error Resource temporarily unavailable Cannot lock port` (both C libraries' words are known).
 */
export async function openError(path: string, cause: unknown, root: string): Promise<DriverError> {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/cannot lock port|busy/i.test(text)) return busy(path, await holdersOf(path, root).catch(() => []), cause);
  const details = { stick: path, cause };
  if (/permission denied|not permitted/i.test(text)) return failure('NO_PERMISSION/port', { path }, details);
  if (/no such|input\/output|i\/o error/i.test(text)) return gone(path, cause);
  return failure('BAD_ARGUMENT/no-tty', { path, text }, details);
}
