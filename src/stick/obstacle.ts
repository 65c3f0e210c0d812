/**
 * Why a stick that is on the bus does not have what its mode is used by: serial ports, or the CD-ROM that takes the switch
 * message. Each is a reason of an error.
 */

import { OBSTACLES, type ObstacleKey, type Params, type ParamsOf } from '../errors';
import type { UsbDevice, UsbFunction, UsbInterface } from '../host/host';
import { isDiag, isNetwork, isSerial, type Mode } from './modes';

export interface Obstacle {
  key: ObstacleKey;
  params: Params;
  /** Behind "The stick at 1-1 is": where it is, or what it is like. */
  text: string;
}

function obstacle<K extends ObstacleKey>(key: K, params: ParamsOf<(typeof OBSTACLES)[K]>): Obstacle {
  const say = OBSTACLES[key] as (params: unknown) => string;
  return { key, params, text: say(params) };
}

/** What is looked at of a stick. */
interface Looked {
  path: string;
  mode: Mode;
  device: UsbDevice;
}

const isStorage = (i: UsbFunction): boolean => i.class === 0x08;
const takesAt = (i: UsbFunction): boolean => isSerial(i) && !isDiag(i);

/** What `stick` lacks; undefined while its interfaces have not come up, and if there is nothing to complain of. */
export function obstacleOf(stick: Looked): Obstacle | undefined {
  const { device, mode } = stick;
  const { interfaces } = device;
  const needsStorage = mode === 'storage';
  if (!needsStorage && mode !== 'tty' && mode !== 'loader' && mode !== 'boot') return undefined;
  if (device.authorized === false) return unauthorized(`/sys/bus/usb/devices/${stick.path}/authorized`);
  if (interfaces.length === 0) return undefined;
  const needed = needsStorage ? isStorage : takesAt;
  if (!interfaces.some(needed)) return elsewhere(stick, needed) ?? (needsStorage ? undefined : NO_SERIAL);
  if (needsStorage) return undefined;
  const missing = interfaces.filter((i) => takesAt(i) && i.tty === undefined);
  return missing.length > 0 ? withoutTty(stick, missing) : undefined;
}

const LASTING: ReadonlySet<ObstacleKey> = new Set(['WRONG_MODE/configuration', 'WRONG_MODE/composition']);

/** Those that no waiting ends: a driver may still come, and a service may still authorise the stick. */
export function lastingObstacle(stick: Looked): Obstacle | undefined {
  const found = obstacleOf(stick);
  return found && LASTING.has(found.key) ? found : undefined;
}

function elsewhere(stick: Looked, needed: (i: UsbFunction) => boolean): Obstacle | undefined {
  const { configuration, interfaces, others = [] } = stick.device;
  const other = others.find((o) => o.interfaces.some(needed));
  if (configuration === undefined || !other) return undefined;
  return obstacle('WRONG_MODE/configuration', {
    needs: stick.mode === 'storage' ? 'CD-ROM' : 'serial ports',
    configuration,
    contents: contentsOf(interfaces),
    other: other.value,
  });
}

/** What a configuration is for, in a word. */
export function contentsOf(interfaces: readonly UsbFunction[]): string {
  if (interfaces.some((i) => i.class === 0x02 && i.subclass === 0x0e)) return 'MBIM';
  if (interfaces.some(takesAt)) return 'serial ports';
  if (interfaces.some(isNetwork)) return 'network';
  return interfaces.some(isStorage) ? 'storage' : 'other functions';
}

const NO_SERIAL = obstacle('WRONG_MODE/composition', {});
/** The kernel has configured nothing, and does not say why. */
export const NO_INTERFACES = obstacle('DRIVER_MISSING/no-interfaces', {});

/** `files` of sysfs say so. */
const unauthorized = (files: string): Obstacle => obstacle('NO_PERMISSION/not-authorized', { files });

function withoutTty(stick: Looked, missing: readonly UsbInterface[]): Obstacle {
  if (missing.some((i) => i.authorized === false)) {
    return unauthorized(`/sys/bus/usb/devices/${stick.path}:*/authorized`);
  }
  const interfaces = missing.map((i) => i.number);
  const taken = missing.every((i) => i.driver !== undefined);
  return obstacle(taken ? 'DRIVER_MISSING/no-node' : 'DRIVER_MISSING/no-driver', { interfaces });
}
