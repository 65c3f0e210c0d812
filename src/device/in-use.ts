/** A look at a stick that others use anyway: nothing is opened for it. */

import type { AtRunner } from '../at/ask';
import type { Status, StatusPart } from '../values/status';
import type { Device } from './device';
import { StatusReader } from './status';

const PARTS: readonly StatusPart[] = ['signal', 'network', 'sim'];

/** A reader remembers what a firmware does not have: one for each enumeration. */
const readers = new WeakMap<Device, { reader: StatusReader; address: number | undefined }>();

/**
 * Signal, network and SIM of a stick whose port is open, or whose web API is being used: by that. Who wants what was told finds it
 * in the device's readings. Errors: WRONG_MODE, BUSY and the like where nobody uses it, those of {@link StatusReader.read}.
 */
export async function askInUse(device: Device): Promise<Status> {
  const { at, web, queue } = device;
  if (at.states.now.state !== 'ready' && web?.states.now?.state === 'ready') return web.status({ parts: PARTS });
  const runner: AtRunner = { run: (command, options) => queue.take(() => at.run(command, options)) };
  const address = device.readings?.address;
  const known = readers.get(device);
  const kept = known?.address === address ? known : undefined;
  const { reader } = kept ?? { reader: new StatusReader(runner) };
  if (!kept) readers.set(device, { reader, address });
  return reader.read({ parts: PARTS });
}
