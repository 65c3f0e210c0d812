/**
 * The automatic mode switch: a stick that comes up as a CD-ROM is switched, at most twice per plug, and never while
 * somebody holds it: in a job the CD-ROM is a station on the way, or somebody is about to press the boot pin.
 */

import { asDriverError, type DriverError, isDriverError } from '../errors';
import type { Host } from '../host/host';
import type { SwitchMessage } from '../modeswitch/messages';
import { type SwitchResult, switchStick } from '../modeswitch/switch';
import { heldFor, holdStick } from '../stick/hold';
import type { Stick } from '../stick/stick';
import type { StickChange } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';

/** A second switch of the same plug may help after a fault; a stick that still comes back as a CD-ROM has its reasons. */
const MOST_PER_PLUG = 2;

interface Plug {
  switches: number;
  /** Since when it has been off the bus, or in another mode than storage; on the host's clock. */
  away?: number;
  working?: number;
}

/** Per host and port path, shared by all who switch: two of them must not add up to four switches. */
const plugs = new WeakMap<Host, Map<string, Plug>>();

export interface AutoSwitchOptions {
  message?: SwitchMessage;
  timeoutMs?: number;
  signal?: AbortSignal;
  onStart?: (stick: Stick) => void;
  onEnd: (outcome: { result: SwitchResult } | { error: DriverError; stick: Stick }) => void;
}

/** To be told of every change of a stick (`watchSticks`); switches when it is time to. Never throws. */
export function autoSwitch(host: Host, change: StickChange, options: AutoSwitchOptions): void {
  const plug = count(host, change);
  const { stick } = change;
  if (change.event === 'vanished' || stick.mode !== 'storage') return;
  if (plug.switches >= MOST_PER_PLUG || heldFor(host, stick.path) !== undefined) return;
  void run(host, plug, stick, options);
}

/** Keeps the count of a plug, and starts it anew when the stick was pulled or has worked for a while. */
function count(host: Host, { event, stick }: StickChange): Plug {
  const all = plugs.get(host) ?? new Map<string, Plug>();
  plugs.set(host, all);
  const plug = all.get(stick.path) ?? { switches: 0 };
  all.set(stick.path, plug);
  const now = host.clock.now();
  const { replug, settled } = TIMEOUTS.session;
  if (event === 'vanished') {
    plug.away ??= now;
    if (plug.working !== undefined && now - plug.working >= settled) plug.switches = 0;
    delete plug.working;
    return plug;
  }
  if (plug.away !== undefined && now - plug.away >= replug) plug.switches = 0;
  delete plug.away;
  if (stick.mode === 'storage') delete plug.working;
  else plug.working ??= now;
  return plug;
}

async function run(host: Host, plug: Plug, stick: Stick, options: AutoSwitchOptions): Promise<void> {
  const { message, timeoutMs, signal, onStart, onEnd } = options;
  try {
    const hold = await holdStick(host, stick.path, { purpose: 'automatic mode switch' });
    plug.switches++;
    let result: SwitchResult;
    try {
      onStart?.(stick);
      result = await switchStick(host, stick, {
        ...(message && { message }),
        ...(timeoutMs !== undefined && { timeoutMs }),
        ...(signal && { signal }),
      });
    } finally {
      hold.release();
    }
    onEnd({ result });
  } catch (error) {
    // Somebody else has the stick, and other plans for it.
    if (signal?.aborted || isDriverError(error, 'BUSY')) return;
    onEnd({ error: asDriverError(error, 'NOT_SWITCHED', `The stick at ${stick.path} was not switched`), stick });
  }
}
