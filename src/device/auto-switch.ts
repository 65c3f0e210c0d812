/**
 * Mode switches that nobody asks for: a stick that comes up as a CD-ROM is switched, at most twice per plug, and never while
 * somebody holds it: in a job the CD-ROM is a station on the way, or somebody is about to press the boot pin.
 */

import { asDriverError, type DriverError, isDriverError } from '../errors';
import type { Host } from '../host/host';
import { Listeners } from '../listeners';
import type { SwitchMessage } from '../modeswitch/messages';
import { type SwitchOptions, type SwitchResult, switchStick } from '../modeswitch/switch';
import { heldFor, holdStick } from '../stick/hold';
import type { Stick } from '../stick/stick';
import type { StickChange } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';

/** A second switch of the same plug may help after a fault; a stick that still comes back as a CD-ROM has its reasons. */
export const MOST_PER_PLUG = 2;

interface Plug {
  switches: number;
  /** Since when it has been off the bus, or in another mode than storage; on the host's clock. */
  away?: number;
  working?: number;
  /** It was switched, and is still a CD-ROM. */
  failed?: true;
}

/** Per host and port path, shared by all who switch: two of them must not add up to four switches. */
const plugs = new WeakMap<Host, Map<string, Plug>>();

const failures = new WeakMap<Host, Listeners<string>>();

const failuresOf = (host: Host): Listeners<string> => {
  const own = failures.get(host) ?? new Listeners<string>();
  failures.set(host, own);
  return own;
};

export interface OneSwitch {
  /** Who switches, in words for others. */
  purpose: string;
  message?: SwitchMessage;
  timeoutMs?: number;
  signal?: AbortSignal;
  onStart?: (stick: Stick) => void;
}

export interface AutoSwitchOptions extends Omit<OneSwitch, 'purpose'> {
  onEnd: (outcome: { result: SwitchResult } | { error: DriverError; stick: Stick }) => void;
}

/** To be told of every change of a stick (`watchSticks`); switches when it is time to. Never throws. */
export function autoSwitch(host: Host, change: StickChange, options: AutoSwitchOptions): void {
  const { stick, event } = change;
  countPlug(host, stick.path, event === 'vanished' ? undefined : stick);
  if (event === 'vanished' || stick.mode !== 'storage') return;
  if (!maySwitch(host, stick.path) || heldFor(host, stick.path) !== undefined) return;
  void run(host, stick, options);
}

async function run(host: Host, stick: Stick, { onEnd, ...options }: AutoSwitchOptions): Promise<void> {
  try {
    onEnd({ result: await switchOnce(host, stick, { ...options, purpose: 'automatic mode switch' }) });
  } catch (error) {
    // Somebody else has the stick, and other plans for it.
    if (options.signal?.aborted || isDriverError(error, 'BUSY')) return;
    onEnd({ error: asDriverError(error, 'NOT_SWITCHED/failed', { stick: stick.path }), stick });
  }
}

const plugOf = (host: Host, path: string): Plug => {
  const all = plugs.get(host) ?? new Map<string, Plug>();
  plugs.set(host, all);
  const plug = all.get(path) ?? { switches: 0 };
  all.set(path, plug);
  return plug;
};

/**
 * Keeps the count of a plug, and starts it anew when the stick was pulled or has worked for a while. To be told of each
 * change at `path` by all who switch; twice is harmless.
 */
export function countPlug(host: Host, path: string, stick: Stick | undefined): void {
  const plug = plugOf(host, path);
  if (stick?.mode !== 'storage') delete plug.failed;
  const now = host.clock.now();
  const { replug, settled } = TIMEOUTS.session;
  if (!stick) {
    plug.away ??= now;
    if (plug.working !== undefined && now - plug.working >= settled) plug.switches = 0;
    delete plug.working;
    return;
  }
  if (plug.away !== undefined && now - plug.away >= replug) plug.switches = 0;
  delete plug.away;
  if (stick.mode === 'storage') delete plug.working;
  else plug.working ??= now;
}

/** False once the present plug has had its switches. */
export const maySwitch = (host: Host, path: string): boolean => plugOf(host, path).switches < MOST_PER_PLUG;

/** Whether the stick at `path` was switched in vain since it was plugged in, and is still a CD-ROM. */
export const notSwitched = (host: Host, path: string): boolean => plugOf(host, path).failed === true;

/** Calls `listener` with the place of a stick that was switched in vain. Returns how to stop. */
export const onNotSwitched = (host: Host, listener: (path: string) => void): (() => void) =>
  failuresOf(host).add(listener);

/** {@link switchStick}, whose failure all hear of who watch the stick. */
export async function switchHeard(host: Host, stick: Stick, options: SwitchOptions): Promise<SwitchResult> {
  try {
    return await switchStick(host, stick, options);
  } catch (error) {
    if (isDriverError(error, 'NOT_SWITCHED')) {
      const plug = plugOf(host, stick.path);
      // One that is off the bus is told by that, and what comes after it is news.
      if (plug.away === undefined) plug.failed = true;
      failuresOf(host).tell(stick.path);
    }
    throw error;
  }
}

/** One switch of the present plug. Errors: BUSY (somebody holds the stick), and those of {@link switchStick}. */
export async function switchOnce(host: Host, stick: Stick, options: OneSwitch): Promise<SwitchResult> {
  const { purpose, message, timeoutMs, signal, onStart } = options;
  const hold = await holdStick(host, stick.path, { purpose });
  plugOf(host, stick.path).switches++;
  try {
    onStart?.(stick);
    return await switchHeard(host, stick, {
      ...(message && { message }),
      ...(timeoutMs !== undefined && { timeoutMs }),
      ...(signal && { signal }),
    });
  } finally {
    hold.release();
  }
}
