/**
 * The mode switch: one SCSI message, and the proof that it worked.
 *
 * Only the bus proves a switch. The stick answers a refused message with a good CSW too, and an accepted one may take
 * the bus away before its CSW: neither says anything. Success is the return at the same port path in another mode.
 *
 * Only ids of the modes table get the message, only where the device calls itself HUAWEI, and only while nothing of it is
 * mounted for writing.
 */

import { type DriverError, failure, isDriverError } from '../errors';
import { type Host, sleep } from '../host/host';
import { either } from '../signals';
import { type Mode, modeEntry } from '../stick/modes';
import { idText, noModem, type Stick, stickText } from '../stick/stick';
import { reenumerated, waitForStick } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import type { SwitchMessage } from './messages';
import { type Claim, type Outcome, sendSwitch } from './send';

/** The watch is ended by hand; this only is what a timer can take. */
const FOREVER = 0x7fffffff;

export interface SwitchOptions {
  /** Default `new`. */
  message?: SwitchMessage;
  /** From the message to the return on the bus, default {@link TIMEOUTS.modeswitch.reenumerate}. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface SwitchResult {
  /** The stick as it is now. */
  stick: Stick;
  from: { mode: Mode; productId: number };
  to: { mode: Mode; productId: number };
  /** True if the stick changed its mode while we looked. */
  switched: boolean;
  /**
   * Who did it: `message` our CBW, `tool` the system's usb_modeswitch on our behalf, `other` somebody else in the
   * meantime (the system's udev rule), `already` = there was nothing to do.
   */
  by: 'message' | 'tool' | 'other' | 'already';
  /** Whether the new mode is one that this message is known to lead to from this product id. */
  asExpected: boolean;
  /** CSW status (0 passed); null if none came. Proves nothing, kept for reports. */
  csw: number | null;
  /** From the message to the return, milliseconds. */
  ms: number;
}

/** The modes that `message` leads to, as far as the field knows. HiLink firmware answers `alt` and `project` with serial ports. */
function expectedModes(productId: number, message: SwitchMessage): Mode[] {
  if (message === 'alt' || message === 'project') return ['tty'];
  const firmware = modeEntry(productId)?.firmware;
  return firmware === 'hilink' ? ['hilink'] : firmware === 'stick' ? ['tty'] : ['hilink', 'tty'];
}

/**
 * Switches `stick` out of its CD-ROM mode. A stick in any other mode is a result (`already`), not an error. After an end
 * without a switch the stick's interface is its kernel driver's again.
 * Errors: NOT_SWITCHED, NO_PERMISSION, PORT_BUSY (in use, or mounted for writing), NATIVE_MISSING, WRONG_MODE (boot ROM,
 * fastboot, no known modem, not HUAWEI's).
 */
export async function switchStick(host: Host, stick: Stick, options: SwitchOptions = {}): Promise<SwitchResult> {
  const { message = 'new', timeoutMs = TIMEOUTS.modeswitch.reenumerate, signal } = options;
  const started = host.clock.now();
  const result = (now: Stick, by: SwitchResult['by'], csw: number | null): SwitchResult => ({
    stick: now,
    from: { mode: stick.mode, productId: stick.productId },
    to: { mode: now.mode, productId: now.productId },
    switched: by !== 'already',
    by,
    asExpected: expectedModes(stick.productId, message).includes(now.mode),
    csw,
    ms: Math.round(host.clock.now() - started),
  });
  // By the table, too: a caller may have made up the mode.
  const { mode, productId } = stick;
  const known = mode === 'storage' ? modeEntry(productId)?.mode === mode : mode !== 'unknown';
  if (stick.foreign || (host.hasBus && !known)) throw noModem(stick);
  if (stick.mode !== 'storage') {
    if (stick.mode === 'tty' || stick.mode === 'hilink') return result(stick, 'already', null);
    throw failure('WRONG_MODE/no-cd-rom', { which: stickText(stick), mode: stick.mode }, { stick: stick.path });
  }

  // The watch starts before the message: the stick may be back before its CSW would have come.
  const stop = new AbortController();
  const over = either(stop.signal, signal);
  let last: Stick | undefined = stick;
  let back: Stick | undefined;
  let returns = 0;
  const returned = waitForStick(
    host,
    stick.path,
    (now) => now !== undefined && now.mode !== 'storage' && now.mode !== 'unknown' && reenumerated(stick, now),
    {
      timeoutMs: FOREVER,
      signal: stop.signal,
      onLook: (now) => {
        if (now && last?.device.address !== now.device.address) returns++;
        last = now;
      },
    },
  ).then((found) => {
    back = found?.stick;
    return back;
  });
  // It is stopped at the end in any case; nobody reads that rejection.
  returned.catch(() => undefined);

  const claim: Claim = {};
  try {
    // Sent to its end even if cancelled: the stick must not be given back while its interface is claimed.
    const outcome = await sendSwitch(host, stick, message, claim, signal).catch(async (error: unknown) => {
      if (!back && isDriverError(error, 'NO_PERMISSION') && error.reason === 'addon') {
        await Promise.race([returned, sleep(host.clock, TIMEOUTS.modeswitch.outside, over.signal)]);
      }
      if (back) return { csw: null, by: 'other' } satisfies Outcome;
      throw error;
    });
    const now = await Promise.race([returned, sleep(host.clock, timeoutMs, over.signal).then(() => undefined)]);
    if (now) return result(now, outcome.by, outcome.csw);
    throw notSwitched(stick, last, returns, timeoutMs, outcome.csw);
  } finally {
    // Not before: a driver that asks a stick in the middle of its switch would be in its way.
    await claim.giveBack?.();
    stop.abort(failure('CANCELLED/switch-over', {}));
    over.off();
  }
}

function notSwitched(
  stick: Stick,
  last: Stick | undefined,
  returns: number,
  timeoutMs: number,
  csw: number | null,
): DriverError {
  const seconds = Math.round(timeoutMs / 1000);
  const { path } = stick;
  if (!last) return failure('NOT_SWITCHED/away', { stick: path, seconds });
  if (returns > 0) return failure('NOT_SWITCHED/same-mode', { stick: path, as: idText(last), mode: last.mode });
  const stayed = csw === 0 ? 'NOT_SWITCHED/stayed-passed' : 'NOT_SWITCHED/stayed';
  return failure(stayed, { which: stickText(stick), seconds }, { stick: path });
}
