import { failure } from '../errors';
import type { Host, UsbDevice, Watch } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { Mode } from './modes';
import { lastingObstacle, NO_INTERFACES, obstacleOf } from './obstacle';
import { describeStick, obstacleError, type Stick } from './stick';

export type StickChange =
  | { event: 'present' | 'appeared' | 'changed'; stick: Stick; from?: Mode }
  | { event: 'vanished'; stick: Stick; from: Mode };

/** What makes two looks at a stick the same; the tty list counts because ports appear one after another. */
const fingerprint = (s: Stick): string =>
  [
    s.device.address,
    s.device.configuration,
    s.device.authorized,
    s.productId,
    s.mode,
    s.product,
    s.withoutTty,
    ...s.ttys.map((t) => t.path),
  ].join('|');

/**
 * Tells what happens on the bus: first each stick that is `present`, then `appeared`, `changed`, `vanished`.
 * `from` is the mode before, also across a re-enumeration (vanished in one mode, appeared in another).
 * The listener must not throw.
 */
export function watchSticks(host: Host, listener: (change: StickChange) => void): Watch {
  const known = new Map<string, Stick>();
  const lastMode = new Map<string, Mode>();
  let first = true;
  return host.watch((devices) => {
    const sticks = new Map(devices.map((d) => [d.portPath, describeStick(d)]));
    for (const [path, old] of known) {
      if (sticks.has(path)) continue;
      known.delete(path);
      lastMode.set(path, old.mode);
      listener({ event: 'vanished', stick: old, from: old.mode });
    }
    for (const [path, stick] of sticks) {
      const old = known.get(path);
      known.set(path, stick);
      if (old && fingerprint(old) === fingerprint(stick)) continue;
      const from = old?.mode ?? lastMode.get(path);
      const event = first ? 'present' : old ? 'changed' : 'appeared';
      listener({ event, stick, ...(from !== undefined && { from }) });
    }
    first = false;
  });
}

export interface WaitOptions {
  timeoutMs: number;
  signal?: AbortSignal;
  /** Told of every look at the stick; undefined while it is off the bus. */
  onLook?: (stick: Stick | undefined) => void;
}

/**
 * Waits until the stick at `path` satisfies `wanted` and returns it; undefined after `timeoutMs`.
 * Rejects with the signal's reason when it aborts.
 */
export function waitForStick(
  host: Host,
  path: string,
  wanted: (stick: Stick | undefined, all: UsbDevice[]) => boolean,
  { timeoutMs, signal, onLook }: WaitOptions,
): Promise<{ stick: Stick | undefined } | undefined> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    let watch: Watch | undefined;
    let done = false;
    const finish = () => {
      done = true;
      watch?.stop();
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
    const onAbort = () => {
      finish();
      reject(signal?.reason);
    };
    const timer = host.clock.after(timeoutMs, () => {
      finish();
      resolve(undefined);
    });
    signal?.addEventListener('abort', onAbort, { once: true });
    watch = host.watch(
      (devices) => {
        if (done) return;
        const device = devices.find((d) => d.portPath === path);
        const stick = device && describeStick(device);
        try {
          onLook?.(stick);
          if (!wanted(stick, devices)) return;
        } catch (error) {
          finish();
          return reject(error);
        }
        finish();
        resolve({ stick });
      },
      { eager: true },
    );
    // A host may call the listener within watch(): the handle comes too late for finish().
    if (done) watch.stop();
  });
}

/** Whether this is another enumeration of the stick than `before`. */
export const reenumerated = (before: Stick, now: Stick): boolean =>
  now.device.address !== before.device.address || now.productId !== before.productId;

/**
 * The stick with its ttys: waits until every serial interface has one, for {@link TIMEOUTS.modeswitch.ttys} at most,
 * and takes what is there then. While there is none at all it waits for the first one, for `firstTty` more.
 * Errors: STICK_GONE when it vanished; what keeps its ttys away otherwise ({@link obstacleOf}): WRONG_MODE, at once,
 * NO_PERMISSION, DRIVER_MISSING.
 */
export async function waitForTtys(host: Host, stick: Stick, signal?: AbortSignal): Promise<Stick> {
  // What the latest look has shown.
  let last = stick as Stick | undefined;
  const wait = (timeoutMs: number, wanted: (s: Stick | undefined) => boolean) =>
    waitForStick(host, stick.path, wanted, {
      timeoutMs,
      ...(signal && { signal }),
      onLook: (s) => {
        last = s;
        const lasting = s && lastingObstacle(s);
        if (s && lasting) throw obstacleError(s, lasting);
      },
    });
  const all = () => wait(TIMEOUTS.modeswitch.ttys, (s) => s !== undefined && s.ttys.length > 0 && s.withoutTty === 0);
  if (!(await all()) && last?.ttys.length === 0 && obstacleOf(last)?.key !== 'NO_PERMISSION/not-authorized') {
    const bare = last;
    const left = (s: Stick | undefined) => s === undefined || reenumerated(bare, s);
    await wait(TIMEOUTS.modeswitch.firstTty, (s) => left(s) || (s?.ttys.length ?? 0) > 0);
    if (left(last)) last = undefined;
    else if (last.ttys.length > 0) await all();
  }
  if (!last) throw failure('STICK_GONE/ports-coming', { stick: stick.path });
  if (last.ttys.length > 0) return last;
  throw obstacleError(last, obstacleOf(last) ?? NO_INTERFACES);
}
