/** A machine on which everything is as it should be, for virtual sticks; tests say what is not. */

import type { Connection, DeviceNode, Machine } from '../host/facts';
import type { UsbDevice } from '../host/host';

export const virtualMachine = (): Machine => ({
  system: 'linux',
  kernel: 'virtual',
  node: process.versions.node,
  bus: true,
  drivers: { option: 'there', cdc_ether: 'there', 'usb-storage': 'there' },
  newIds: [],
  rule: { state: 'right', file: '77-e3272.rules' },
  managers: [],
  others: [],
});

/** `forbidden` and `holderOf`: what the host says of a path. */
export function virtualConnection(
  device: UsbDevice,
  forbidden: (path: string) => boolean,
  holderOf: (path: string) => string | undefined,
): Connection {
  const node = (path: string, key: string): DeviceNode =>
    forbidden(key) ? { path, state: 'forbidden', group: 'dialout' } : { path, state: 'open' };
  return {
    usb: node(`${device.portPath}:usb`, device.portPath),
    ttys: device.interfaces.flatMap(({ tty }) => {
      const holder = tty === undefined ? undefined : holderOf(tty);
      return tty === undefined ? [] : [{ ...node(tty, tty), holders: holder === undefined ? [] : [holder] }];
    }),
    speed: 480,
    maxPower: 500,
    overCurrent: 0,
    intruders: [],
  };
}
