/**
 * Why a stick that is on the bus does not have what its mode is used by: serial ports, or the CD-ROM that takes the switch
 * message. Each cause has words and a cure of its own.
 */

import type { ErrorCode } from '../errors';
import type { UsbDevice, UsbFunction, UsbInterface } from '../host/host';
import { isDiag, isNetwork, isSerial, type Mode } from './modes';

/**
 * `configuration`: another configuration of the device has it. `composition`: AT^SETPORT or the firmware shows none.
 * `authorization`: the system keeps drivers away from it (USBGuard). `driver`: no driver has taken the interface. `node`: one
 * has, but there is no device node.
 */
export interface Obstacle {
  cause: 'configuration' | 'composition' | 'authorization' | 'driver' | 'node';
  code: ErrorCode;
  /** Behind "The stick at 1-1 is": where it is, or what it is like. */
  text: string;
  hint: string;
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

/** Those that no waiting ends: a driver may still come, and a service may still authorise the stick. */
export function lastingObstacle(stick: Looked): Obstacle | undefined {
  const obstacle = obstacleOf(stick);
  return obstacle?.cause === 'configuration' || obstacle?.cause === 'composition' ? obstacle : undefined;
}

function elsewhere(stick: Looked, needed: (i: UsbFunction) => boolean): Obstacle | undefined {
  const { configuration, interfaces, others = [] } = stick.device;
  const other = others.find((o) => o.interfaces.some(needed));
  if (configuration === undefined || !other) return undefined;
  const what = stick.mode === 'storage' ? 'no CD-ROM there' : 'no serial ports there';
  const has = stick.mode === 'storage' ? 'it' : 'them';
  return {
    cause: 'configuration',
    code: 'WRONG_MODE',
    text: `in configuration ${configuration} (${contentsOf(interfaces)}): ${what}; configuration ${other.value} has ${has}`,
    hint:
      `Set configuration ${other.value}: \`e3272 switch --configuration ${other.value}\`, or msg.configuration = ` +
      `${other.value} to an e3272-modeswitch node. It lasts until the stick is plugged in anew; docs/e3272.rules says how ` +
      'to have it set each time.',
  };
}

/** What a configuration is for, in a word. */
export function contentsOf(interfaces: readonly UsbFunction[]): string {
  if (interfaces.some((i) => i.class === 0x02 && i.subclass === 0x0e)) return 'MBIM';
  if (interfaces.some(takesAt)) return 'serial ports';
  if (interfaces.some(isNetwork)) return 'network';
  return interfaces.some(isStorage) ? 'storage' : 'other functions';
}

const NO_SERIAL: Obstacle = {
  cause: 'composition',
  code: 'WRONG_MODE',
  text: 'without an AT port: its composition shows none, as after an AT^SETPORT that left it out',
  hint:
    'Nothing can be told to it by AT any more. Plug it in with the boot pin held to ground and convert it there, with a ' +
    'loader and a firmware file.',
};

function unauthorized(files: string): Obstacle {
  return {
    cause: 'authorization',
    code: 'NO_PERMISSION',
    text: 'not authorised by the system (USBGuard does so): no driver may use it',
    hint:
      'Allow it: with USBGuard `usbguard list-devices -b`, then `usbguard allow-device -p` with its number, also in its other ' +
      `modes, in which it has other ids; without, write 1 to ${files}.`,
  };
}

function withoutTty(stick: Looked, missing: readonly UsbInterface[]): Obstacle {
  if (missing.some((i) => i.authorized === false)) {
    return unauthorized(`/sys/bus/usb/devices/${stick.path}:*/authorized`);
  }
  const numbers = missing.map((i) => i.number).join(', ');
  const which = missing.length > 1 ? `its serial interfaces ${numbers}` : `its serial interface ${numbers}`;
  if (missing.every((i) => i.driver !== undefined)) {
    return {
      cause: 'node',
      code: 'DRIVER_MISSING',
      text: `on the bus, but there is no device node for ${which}, which a driver has taken`,
      hint: "In a container, make the host's /dev visible. On the host itself: is udev running?",
    };
  }
  return {
    cause: 'driver',
    code: 'DRIVER_MISSING',
    text: `on the bus, but the system made no tty of ${which}: no driver has taken ${missing.length > 1 ? 'them' : 'it'}`,
    hint: 'Load the kernel driver (`modprobe option`). Some systems ship it in a package of extra kernel modules.',
  };
}
