/** Descriptors for a trace: ids and interfaces as they are, strings only where they are a model's, ttys by their names. */

import { basename } from 'node:path';
import type { UsbDevice } from '../host/host';
import type { Pseudonyms } from './pseudonyms';

/** What every stick of a firmware says instead of a serial number. */
const COMMON_SERIAL = /^(?:0?123456789ABCDEF|F{8,16}|0{4,16})$/i;
const MODEL = /^(?!.*\d{7})[\w .,()-]{0,40}$/;

export function redactDevice(names: Pseudonyms, device: UsbDevice): UsbDevice {
  const { manufacturer, product, serial, interfaces, portPath, ...numbers } = device;
  const model = (text: string) => (MODEL.test(text) ? text : names.text(text));
  return {
    ...numbers,
    portPath: placeOf(portPath),
    ...(manufacturer !== undefined && { manufacturer: model(manufacturer) }),
    ...(product !== undefined && { product: model(product) }),
    ...(serial !== undefined && { serial: COMMON_SERIAL.test(serial) ? names.vouch(serial) : names.code(serial) }),
    interfaces: interfaces.map(({ tty, ...rest }) => ({ ...rest, ...(tty !== undefined && { tty: portName(tty) }) })),
  };
}

/** `1-1.4`; a virtual stick of another process is at a place with a port, which is nobody's. */
export const placeOf = (portPath: string): string => portPath.replace(/@.*$/, '');

/** `ttyUSB0`: folders may be called after people. */
export const portName = (path: string): string => {
  const name = basename(path);
  return /^tty[A-Za-z]{1,6}\d{1,3}$/.test(name) ? name : 'tty';
};
