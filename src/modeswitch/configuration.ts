/**
 * Another USB configuration of a stick: some hold MBIM beside their serial ports or their CD-ROM, and a system may choose
 * that one. Set on request only; the proof is what the bus shows afterwards.
 */

import { type DriverError, failure } from '../errors';
import type { Host, UsbDevice } from '../host/host';
import { contentsOf } from '../stick/obstacle';
import { noModem, type Stick, stickText } from '../stick/stick';
import { waitForStick } from '../stick/watch';
import { TIMEOUTS } from '../timeouts';
import { refuseMounted } from './obstacles';

export interface ConfigurationOptions {
  /** From the request to the bus, default {@link TIMEOUTS.modeswitch.configuration}. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

export interface ConfigurationResult {
  /** The stick as it is now. */
  stick: Stick;
  /** bConfigurationValue before; undefined where none was active. */
  from: number | undefined;
  to: number;
  /** False where it was the active one already. */
  changed: boolean;
  /** From the request to the bus, milliseconds. */
  ms: number;
}

/**
 * Sets configuration `value` of `stick`, which the caller holds. It lasts until the stick leaves the bus. Errors:
 * BAD_ARGUMENT (it has none of that number), WRONG_MODE (no known modem, no bus), NO_PERMISSION, PORT_BUSY (in use, or
 * mounted for writing), STICK_GONE, NOT_SWITCHED (the bus does not show it), PROTOCOL; the signal's reason.
 */
export async function setConfiguration(
  host: Host,
  stick: Stick,
  value: number,
  options: ConfigurationOptions = {},
): Promise<ConfigurationResult> {
  const { timeoutMs = TIMEOUTS.modeswitch.configuration, signal } = options;
  const { device } = stick;
  const started = host.clock.now();
  const result = (now: Stick, changed: boolean): ConfigurationResult => ({
    stick: now,
    from: device.configuration,
    to: value,
    changed,
    ms: Math.round(host.clock.now() - started),
  });
  if (!host.hasBus || !host.setConfiguration) {
    throw failure('WRONG_MODE/configuration-without-bus', { stick: stick.path });
  }
  if (stick.foreign || stick.mode === 'unknown') throw noModem(stick);
  if (!valuesOf(device).includes(value)) throw noSuch(stick, value);
  if (device.configuration === value) return result(stick, false);
  await refuseMounted(host, stick);
  signal?.throwIfAborted();
  await host.setConfiguration(device, value);
  const same = (now: Stick | undefined) => now?.device.address === device.address;
  const found = await waitForStick(
    host,
    stick.path,
    (now) => !same(now) || (now?.device.configuration === value && now.device.interfaces.length > 0),
    { timeoutMs, ...(signal && { signal }) },
  );
  if (found?.stick && same(found.stick)) return result(found.stick, true);
  throw notSet(stick, value, found !== undefined);
}

/** The configurations of a device by their numbers; without descriptors as many as it says it has, from 1 on. */
function valuesOf({ configuration, configurations, others = [] }: UsbDevice): number[] {
  const known = [...(configuration === undefined ? [] : [configuration]), ...others.map((o) => o.value)];
  return known.length >= configurations ? known : Array.from({ length: configurations }, (_, i) => i + 1);
}

function noSuch(stick: Stick, value: number): DriverError {
  const { configuration, interfaces, others = [] } = stick.device;
  const all = [...(configuration === undefined ? [] : [{ value: configuration, interfaces }]), ...others];
  const list = all.map((c) => `${c.value} (${contentsOf(c.interfaces)})`).join(', ');
  const has = list || valuesOf(stick.device).join(', ');
  return failure('BAD_ARGUMENT/configuration', { which: stickText(stick), value, has }, { stick: stick.path });
}

const notSet = (stick: Stick, value: number, left: boolean): DriverError =>
  failure(
    left ? 'STICK_GONE/configuration' : 'NOT_SWITCHED/configuration',
    { which: stickText(stick), value },
    { stick: stick.path },
  );
