/**
 * A stick that has answered AT, or that we have restarted, and comes back as a CD-ROM: the session switches it itself, so
 * that it needs nobody for that.
 */

import { asDriverError, type DriverError, failure, isDriverError } from '../../errors';
import type { Host } from '../../host/host';
import { modeEntry } from '../../stick/modes';
import type { Stick } from '../../stick/stick';
import { MOST_PER_PLUG, maySwitch, switchOnce } from '../auto-switch';
import type { AtEvent } from './events';

/** No CD-ROM in front of the ports, see facts of AT^SETPORT: FF = none. */
const WITHOUT_CDROM = 'AT^SETPORT="FF;10,12"';

const HOW = `${WITHOUT_CDROM} prevents it: then the stick starts with its AT ports and shows no CD-ROM.`;

/** Whether a switch leads to AT ports, as far as the table knows. HiLink's CD-ROM leads to a router. */
export const comesBackAsCdrom = (stick: Stick | undefined): stick is Stick => {
  const entry = stick?.mode === 'storage' ? modeEntry(stick.productId) : undefined;
  return entry?.mode === 'storage' && entry.firmware !== 'hilink';
};

/**
 * One try. Resolves with why the stick stays as it is: NOT_SWITCHED once it has had its switches, BUSY while somebody else
 * has it, or what kept the message from being sent; undefined: it has another mode, or may be tried again.
 */
export async function switchBack(
  host: Host,
  stick: Stick,
  tell: (event: AtEvent) => void,
  signal: AbortSignal,
): Promise<DriverError | undefined> {
  const { path } = stick;
  if (!maySwitch(host, path)) return notSwitched(path);
  try {
    await switchOnce(host, stick, {
      purpose: 'mode switch after a restart',
      signal,
      onStart: () => {
        const text = `The stick at ${path} has come back as a CD-ROM and is switched. ${HOW}`;
        tell({ event: 'switching', level: 'warn', stick: path, text });
      },
    });
    return undefined;
  } catch (thrown) {
    if (signal.aborted) return undefined;
    const error = asDriverError(thrown, 'NOT_SWITCHED/failed', { stick: path });
    if (!isDriverError(error, 'NOT_SWITCHED')) return error;
    return maySwitch(host, path) ? undefined : notSwitched(path, error);
  }
}

const notSwitched = (stick: string, cause?: DriverError): DriverError =>
  failure('NOT_SWITCHED/again', { stick, times: MOST_PER_PLUG }, { cause });
