import { DriverError } from '../errors';
import { holdersOf, type Program, programText } from './holders';

export const gone = (path: string, cause: unknown): DriverError =>
  new DriverError('STICK_GONE', `The port ${path} has vanished.`, {
    stick: path,
    hint: 'The stick was unplugged or is changing its mode: plug it in again, or wait until it has come back.',
    ...(cause != null && { cause }),
  });

/** Somebody else has the port; `holders` are those that can be seen. */
export function busy(path: string, holders: readonly Program[], cause: unknown): DriverError {
  const who = holders.map(programText).join(', ');
  return new DriverError('PORT_BUSY', `The port ${path} is in use by ${who || 'another program'}.`, {
    stick: path,
    hint:
      (who ? 'Stop that program' : `Find the program (\`fuser -v ${path}\` as root) and stop it`) +
      ', or tell it to leave this stick alone (ModemManager: the udev rule e3272.rules of this package), and try again.',
    ...(cause != null && { cause }),
  });
}

/**
 * Why a tty could not be opened. The binding gives the reason as text only: `Error: Permission denied, cannot open ...`,
 * `Error Resource temporarily unavailable Cannot lock port` (both C libraries' words are known).
 */
export async function openError(path: string, cause: unknown, root: string): Promise<DriverError> {
  const text = cause instanceof Error ? cause.message : String(cause);
  if (/cannot lock port|busy/i.test(text)) return busy(path, await holdersOf(path, root).catch(() => []), cause);
  if (/permission denied|not permitted/i.test(text)) {
    return new DriverError('NO_PERMISSION', `You are not allowed to open the port ${path}.`, {
      stick: path,
      hint:
        'Add yourself to the group that owns it (`adduser YOUR-NAME dialout`, then log in anew), ' +
        'or install the udev rule e3272.rules of this package (docs/).',
      cause,
    });
  }
  if (/no such|input\/output|i\/o error/i.test(text)) return gone(path, cause);
  return new DriverError('BAD_ARGUMENT', `The port ${path} could not be opened as a serial port: ${text}.`, {
    stick: path,
    hint: 'Check that the path is the tty of a stick; `e3272 list` shows them.',
    cause,
  });
}
