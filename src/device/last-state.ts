/**
 * What a stick was at last, for programs that must not ask it because this one has it: a note for each stick that is in use,
 * gone when nobody uses it any more. No private data; the notes are 0600 all the same.
 */

import type { DriverError } from '../errors';
import type { Host, Timer } from '../host/host';
import { TIMEOUTS } from '../timeouts';
import type { AtState } from './at/states';
import type { Device } from './device';
import type { WebState } from './hilink/states';

const VERSION = 1;

/** `1-1.4` is noted under `status-1-1.4`; a tty path without what would make it look like the note of a place. */
const keyOf = (place: string): string => `status-${place.replace(/[^\w.@~-]+/g, '_')}`;

export interface LastState {
  /** As {@link AtState}, with the web API where the stick is in HiLink mode. */
  state: string;
  mode?: string;
  sim?: string;
  network?: string;
  web?: string;
  /** Code and reason. */
  error?: string;
  /** Wall clock, ISO 8601. */
  time: string;
  pid: number;
}

/** What {@link LastState} says of a device now. */
export function stateNow({ at, web }: Pick<Device, 'at' | 'web'>): Omit<LastState, 'time' | 'pid'> {
  const now: AtState = at.states.now;
  const hilink: WebState | undefined = now.mode === 'hilink' ? web?.states.now : undefined;
  const { sim, network, error } = hilink ?? now;
  return {
    state: now.state,
    ...(now.mode && { mode: now.mode }),
    ...(sim && { sim }),
    ...(network && { network }),
    ...(hilink && { web: hilink.state }),
    ...(error && { error: nameOf(error) }),
  };
}

const nameOf = ({ code, reason }: DriverError): string => `${code}/${reason}`;

class Keeper {
  users = 0;
  readonly #host: Host;
  readonly #device: Device;
  readonly #key: string;
  readonly #offs: ((() => void) | undefined)[];
  #told = '';
  #at = Number.NEGATIVE_INFINITY;
  #timer: Timer | undefined;
  #writing: Promise<unknown> = Promise.resolve();

  constructor(host: Host, device: Device) {
    this.#host = host;
    this.#device = device;
    this.#key = keyOf(device.place);
    this.#offs = [device.at.states, device.web?.states].map((states) => states?.on(() => this.#changed()));
  }

  /** At once, or as soon as the last note is old enough: a card in a Raspberry Pi wears out. */
  #changed(): void {
    if (this.#timer) return;
    const wait = this.#at + TIMEOUTS.session.note - this.#host.clock.now();
    if (wait <= 0) this.#write();
    else
      this.#timer = this.#host.clock.after(wait, () => {
        this.#timer = undefined;
        this.#write();
      });
  }

  #write(): void {
    const now = stateNow(this.#device);
    const told = JSON.stringify(now);
    if (told === this.#told) return;
    this.#told = told;
    this.#at = this.#host.clock.now();
    const time = this.#host.clock.date().toISOString();
    this.#note(JSON.stringify({ version: VERSION, ...now, time, pid: process.pid }));
  }

  /** Best effort: where no folder takes it nobody hears of it. */
  #note(text: string | undefined): void {
    const write = () => this.#host.writeNoteAsync(this.#key, text);
    this.#writing = this.#host.clock.during(this.#writing.then(write).catch(() => undefined));
  }

  async end(): Promise<void> {
    for (const off of this.#offs) off?.();
    this.#timer?.cancel();
    if (this.#told !== '') this.#note(undefined);
    await this.#writing;
  }
}

const keepers = new WeakMap<Device, Keeper>();

/** Keeps a note of the state of `device` from now on. Returns how to end that; the last user's takes the note away. */
export function keepLastState(host: Host, device: Device): () => Promise<void> {
  if (device.path === undefined) return () => Promise.resolve();
  const keeper = keepers.get(device) ?? new Keeper(host, device);
  keepers.set(device, keeper);
  keeper.users++;
  return async () => {
    if (--keeper.users > 0) return;
    keepers.delete(device);
    await keeper.end();
  };
}

/** What has been noted of the stick at `place`; undefined where nothing is, or nothing that can be read. */
export function readLastState(host: Host, place: string): LastState | undefined {
  try {
    const { version, ...state } = JSON.parse(host.readNote(keyOf(place)) ?? '{}') as Partial<LastState> & {
      version?: unknown;
    };
    const { time, pid } = state;
    const isWhole = version === VERSION && typeof state.state === 'string' && typeof time === 'string';
    return isWhole && typeof pid === 'number' ? (state as LastState) : undefined;
  } catch {
    return undefined;
  }
}
