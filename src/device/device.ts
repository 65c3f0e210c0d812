/**
 * One device per real stick, however it is called: its AT session, its web API in HiLink mode, its queue, and by {@link Device} as the key whatever
 * else there is once per stick. A name only chooses one of them.
 */

import type { Host } from '../host/host';
import { AtSession } from './at/session';
import type { AtSource } from './at/source';
import { HilinkSession } from './hilink/session';
import { Queue } from './queue';
import { Readings } from './readings';

/** Commands of all users of a stick that wait or are under way. */
const MOST_COMMANDS = 1_000;

export class Device {
  readonly at: AtSource;
  /** Undefined where it stands for no stick. */
  readonly web: HilinkSession | undefined;
  readonly queue = new Queue('AT commands', MOST_COMMANDS);
  /** Undefined where it stands for no stick. */
  readonly readings: Readings | undefined;
  /** Port path; where it stands for no stick, the name that means none. */
  readonly place: string;
  /** Undefined where it stands for no stick. */
  readonly path: string | undefined;

  constructor(at: AtSource, place: string, path?: string, web?: HilinkSession, readings?: Readings) {
    this.at = at;
    this.web = web;
    this.readings = readings;
    this.place = place;
    this.path = path;
  }
}

/** One entry per port path that has ever been used: few, and cheap while nobody uses them. */
const devices = new WeakMap<Host, Map<string, Device>>();

/** The stick in the socket `path`. */
export function deviceAt(host: Host, path: string): Device {
  const own = devices.get(host) ?? new Map<string, Device>();
  devices.set(host, own);
  const present = own.get(path);
  if (present) return present;
  const readings = new Readings(() => host.clock.now());
  const [at, web] = [new AtSession(host, path, readings), new HilinkSession(host, path, readings)];
  const device = new Device(at, path, path, web, readings);
  own.set(path, device);
  return device;
}
