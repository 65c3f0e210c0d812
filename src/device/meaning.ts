/** What the names of sticks mean. */

import { failure } from '../errors';
import type { Host } from '../host/host';
import { parseOwnName } from '../stick/own-name';
import { describeStick, stickText } from '../stick/stick';
import { ByOwnName } from './by-own-name';
import { Choice, type Chooser, type Meaning } from './choice';
import { type Device, deviceAt } from './device';

/** The stick that is plugged in, as long as it is exactly one (design rule: the right stick). */
export const theOnlyOne: Chooser = {
  choose(devices, now) {
    const sticks = devices.map(describeStick).filter((stick) => stick.mode !== 'unknown');
    const [first] = sticks;
    if (sticks.length > 1) {
      return { state: 'error', error: failure('STICK_AMBIGUOUS/several', { sticks: sticks.map(stickText) }) };
    }
    // A stick that was there is waited for: it may be changing its mode, or a job has it.
    return first?.path ?? now ?? { state: 'absent' };
  },
};

const choices = new WeakMap<Host, Map<string, Choice>>();

/**
 * What `which` means on `host`: a port path, `auto` for the only stick there is, or an own name ({@link parseOwnName}). Error:
 * BAD_ARGUMENT for an own name that cannot be one.
 */
export function meaningOf(host: Host, which: string): Meaning {
  const name = which === 'auto' ? undefined : parseOwnName(which);
  if (which !== 'auto' && !name) return always(deviceAt(host, which));
  const key = name ? `${name.what}:${name.hash}` : which;
  const own = choices.get(host) ?? new Map<string, Choice>();
  choices.set(host, own);
  const choice = own.get(key) ?? new Choice(host, which, key, name ? new ByOwnName(host, name) : theOnlyOne);
  own.set(key, choice);
  return choice;
}

/** The one device, whatever happens on the bus. */
export const always = (device: Device): Meaning => ({
  device,
  name: device.place,
  changes: false,
  follow: () => async () => undefined,
});
