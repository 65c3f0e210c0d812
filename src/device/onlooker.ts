/**
 * What the stick that a name means is at, for those who have no share in its session: from the bus, from who holds it, and
 * from its session while others have one. Nothing is opened and nothing is sent for it.
 */

import type { Host, UsbDevice } from '../host/host';
import { onHold, workedOn } from '../stick/hold';
import { meantBy } from '../stick/identities';
import { describeStick, type Stick } from '../stick/stick';
import { type AtState, AtStates } from './at/states';
import { countPlug, notSwitched, onNotSwitched } from './auto-switch';
import { deviceAt } from './device';
import { theOnlyOne } from './meaning';

/** What a session is at that the bus does not show. */
const TELLING: ReadonlySet<AtState['state']> = new Set(['ready', 'busy', 'released', 'recovering', 'error']);

export interface Onlooking {
  readonly state: AtState;
  stop(): void;
}

export interface OnlookerOptions {
  /** Of several sticks that are meant the last one that came counts; else that is an error, as for whoever would open one. */
  several?: boolean;
}

/**
 * Calls `listener` with each change; `connecting` is all that is known before the first look at the bus. A stick with AT ports
 * that nobody has opened is in `mode` `tty`. Error: BAD_ARGUMENT, see {@link meantBy}.
 */
export function watchState(
  host: Host,
  which: string,
  listener: (state: AtState) => void,
  { several = false }: OnlookerOptions = {},
): Onlooking {
  const meant = meantBy(host, which);
  /** The last one that came stands last. */
  const present = new Map<string, Stick>();
  const sessions = new Map<string, () => void>();
  let elsewhere = false;
  /** Where the stick was seen last: a job may be about to bring it back. */
  let place: string | undefined;
  let bus: readonly UsbDevice[] | undefined;
  const states = new AtStates();
  states.on(listener);

  const stateOf = (devices: readonly UsbDevice[]): AtState => {
    const only = which === 'auto' && !several;
    const chosen = only ? theOnlyOne.choose(devices, undefined) : undefined;
    if (typeof chosen === 'object' && chosen.error) return chosen;
    const all = [...present.values()];
    const stick = all.filter(({ mode }) => mode !== 'unknown').at(-1) ?? (only ? undefined : all.at(-1));
    place = stick?.path ?? place;
    if (place !== undefined && workedOn(host, place) !== undefined) {
      return { state: 'busy', stick: place, ...(stick && { mode: stick.mode }) };
    }
    if (!stick) {
      const error = host.unreachable?.();
      return { state: 'absent', ...(error && { error }), ...(elsewhere && { elsewhere }) };
    }
    const { path, mode } = stick;
    const session = deviceAt(host, path).at.states.now;
    if (TELLING.has(session.state) || session.mode === 'loader') return { mode, ...session };
    return { state: 'mode', stick: path, mode, ...(notSwitched(host, path) && { notSwitched: true as const }) };
  };

  const look = (): void => {
    if (bus) states.set(stateOf(bus));
  };

  const watch = host.watch((devices) => {
    bus = devices;
    const sticks = devices.map(describeStick);
    const here = sticks.filter(meant);
    elsewhere = here.length === 0 && sticks.some((stick) => stick.mode !== 'unknown');
    for (const path of [...present.keys()]) {
      if (here.some((stick) => stick.path === path)) continue;
      present.delete(path);
      countPlug(host, path, undefined);
    }
    for (const stick of here) {
      present.set(stick.path, stick);
      countPlug(host, stick.path, stick);
      if (!sessions.has(stick.path)) sessions.set(stick.path, deviceAt(host, stick.path).at.states.on(look));
    }
    look();
  });
  const offs = [onHold(host, look), onNotSwitched(host, look)];
  return {
    get state() {
      return states.now;
    },
    stop() {
      watch.stop();
      for (const off of [...offs, ...sessions.values()]) off();
    },
  };
}
