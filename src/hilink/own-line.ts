/** What cuts the line of the machine that it is asked on needs a word of its own: the stick may be all that it has. */

import { failure } from '../errors';
import type { Host, UsbDevice } from '../host/host';

/** Name of the interface of `device` that carries the machine's default route; undefined where none does, or none is seen. */
export async function ownLineThrough(host: Pick<Host, 'network'>, device: UsbDevice): Promise<string | undefined> {
  const links = (await host.network?.(device)) ?? [];
  return links.find(({ ownLine }) => ownLine)?.name;
}

/** Error: COMMAND_REFUSED, where the stick is the machine's own line and nobody has said `force`. */
export async function requireOtherLine(host: Pick<Host, 'network'>, device: UsbDevice, force = false): Promise<void> {
  const through = force ? undefined : await ownLineThrough(host, device);
  if (through !== undefined) {
    throw failure('COMMAND_REFUSED/own-line', { stick: device.portPath, interface: through });
  }
}
