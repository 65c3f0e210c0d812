/** From whatever the stick is now to a mode with serial ports, by software alone: for who asks for just that. */

import { isDriverError } from '../errors';
import type { Host } from '../host/host';
import type { SwitchMessage } from '../modeswitch/messages';
import { switchStick } from '../modeswitch/switch';
import { type Mode, modeEntry } from '../stick/modes';
import type { Stick } from '../stick/stick';
import { waitForTtys } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import { type LeaveOptions, leaveHilink } from './leave';
import { makePermanent, type Permanent } from './permanent';
import type { Tried } from './tried';

export interface ToSerialOptions extends LeaveOptions {
  /** For a stick that is a CD-ROM; by default what is known of its firmware: {@link throughCdRom}. */
  message?: SwitchMessage | undefined;
  /** Makes the ports permanent afterwards, see {@link makePermanent}. */
  permanent?: boolean | undefined;
  /** For the return of a CD-ROM, milliseconds. */
  timeoutMs?: number | undefined;
}

export interface ToSerialResult {
  /** As it is now. */
  stick: Stick;
  from: { mode: Mode; productId: number };
  to: { mode: Mode; productId: number };
  /** False where it had serial ports already. */
  switched: boolean;
  /** What was asked of it, in its order. */
  tried: Tried[];
  /** Plugging it in anew takes it back to HiLink. */
  temporary: boolean;
  /** As its web server told. */
  model?: string;
  revision?: string;
  /** Where it was made permanent. */
  setport?: Permanent['setport'];
  /** Milliseconds. */
  ms: number;
}

/**
 * Takes `stick`, which the caller holds, to serial ports. Errors: those of {@link switchStick}, {@link leaveHilink} and
 * {@link makePermanent}; WRONG_MODE for a boot ROM or a loader.
 */
export async function toSerial(host: Host, stick: Stick, options: ToSerialOptions = {}): Promise<ToSerialResult> {
  const { clock } = host;
  const started = clock.now();
  const { message, timeoutMs, permanent, signal } = options;
  let now = stick;
  let tried: Tried[] = [];
  let about: Pick<ToSerialResult, 'model' | 'revision'> = {};
  if (stick.mode === 'storage') {
    ({ stick: now, tried } = await throughCdRom(host, stick, { message, timeoutMs, signal }));
  } else if (stick.mode !== 'hilink' && stick.mode !== 'tty') {
    // Says in words what it is.
    await switchStick(host, stick);
  }
  if (now.mode === 'hilink') {
    const patience = stick.mode === 'storage' ? TIMEOUTS.hilink.start : 0;
    const { stick: left, tried: more, ...who } = await leaveHilink(host, now, { patience, ...options });
    now = left;
    tried = [...tried, ...more];
    about = who;
  }
  const temporary = isTemporary(stick, now);
  const made = permanent ? await makePermanent(host, now, signal) : undefined;
  now = made?.stick ?? now;
  // Its ttys come one after another; what keeps them away is told by whoever opens them.
  if (host.hasBus && now !== stick) now = await waitForTtys(host, now, signal).catch(() => now);
  return {
    stick: now,
    from: { mode: stick.mode, productId: stick.productId },
    to: { mode: now.mode, productId: now.productId },
    switched: stick.mode !== 'tty',
    tried,
    temporary: temporary && !made,
    ...about,
    ...(made && { setport: made.setport }),
    ms: Math.round(clock.now() - started),
  };
}

/** Project and debug mode of HiLink firmware, whoever has led it there. */
const OF_HILINK: readonly number[] = [0x1441, 0x1442, 0x1566, 0x1573];

const isTemporary = (before: Stick, { productId }: Stick): boolean =>
  OF_HILINK.includes(productId) || before.mode === 'hilink' || modeEntry(before.productId)?.firmware === 'hilink';

type CdRomOptions = Pick<ToSerialOptions, 'message' | 'timeoutMs' | 'signal'>;

/**
 * Out of the CD-ROM: by `message`, and where none was asked for, by `project` on HiLink firmware; what that does not move goes
 * the usual way. Errors: those of {@link switchStick}.
 */
export async function throughCdRom(
  host: Host,
  stick: Stick,
  { message, timeoutMs, signal }: CdRomOptions,
): Promise<{ stick: Stick; tried: Tried[] }> {
  const rest = { ...(timeoutMs !== undefined && { timeoutMs }), ...(signal && { signal }) };
  const first = message ?? (modeEntry(stick.productId)?.firmware === 'hilink' ? 'project' : 'new');
  const project = (outcome: Tried['outcome']): Tried[] =>
    first === 'project' ? [{ way: 'cd-rom', to: 'project', outcome }] : [];
  try {
    const { stick: now } = await switchStick(host, stick, { message: first, ...rest });
    return { stick: now, tried: project(now.mode === 'tty' ? 'left' : 'nothing') };
  } catch (error) {
    if (message !== undefined || first !== 'project' || !isDriverError(error, ...STAYED)) throw error;
  }
  const { stick: now } = await switchStick(host, stick, rest);
  return { stick: now, tried: project('nothing') };
}

const STAYED = ['NOT_SWITCHED/stayed', 'NOT_SWITCHED/stayed-passed'] as const;
