/**
 * Which stick and which SIM card is in which socket, as they have said themselves. Hashes only: in memory what the present
 * enumeration has said, in a note what was there last.
 */

import type { Host, UsbDevice } from '../host/host';
import { Listeners } from '../listeners';
import { type OwnName, parseOwnName } from './own-name';

/** Hashes; what the stick does not tell is missing. */
export type Identity = Partial<Record<OwnName['what'], string>>;

/** A stick, as far as it matters who it is. */
interface Somebody {
  path: string;
  device: Pick<UsbDevice, 'address'>;
}

const NOTE = 'sticks';
const VERSION = 1;
/** Sockets that are remembered. */
const MOST = 64;

interface Told {
  /** USB address: another one is another enumeration, and perhaps another stick. */
  address: number;
  identity: Identity;
}

const same = (a: Identity, b: Identity): boolean => a.imei === b.imei && a.sim === b.sim;

export class Identities {
  readonly #host: Host;
  readonly #told = new Map<string, Told>();
  readonly #changes = new Listeners<void>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** Calls `listener` whenever a stick has said who it is. Returns how to stop. */
  on(listener: () => void): () => void {
    return this.#changes.add(listener);
  }

  /** The stick at `path` has said who it is. */
  tell(path: string, address: number, identity: Identity): void {
    this.#told.set(path, { address, identity });
    const noted = this.#noted();
    if (noted && !same(noted[path] ?? {}, identity)) {
      delete noted[path];
      const sticks = Object.fromEntries([...Object.entries(noted), [path, identity]].slice(-MOST));
      this.#host.writeNote(NOTE, JSON.stringify({ version: VERSION, sticks }));
    }
    this.#changes.tell();
  }

  /** True if another stick or card has said so at `path` before, in this process. */
  differs(path: string, now: Identity): boolean {
    const before = this.#told.get(path)?.identity ?? {};
    const other = (what: OwnName['what']) => before[what] !== undefined && before[what] !== now[what];
    return other('imei') || other('sim');
  }

  /** What `stick` has said since it came to the bus. */
  of({ path, device }: Somebody): Identity | undefined {
    const told = this.#told.get(path);
    return told?.address === device.address ? told.identity : undefined;
  }

  /** Whether the one that was meant was in the socket of `stick` last: the best there is for one that cannot be asked. */
  wasAt({ path }: Pick<Somebody, 'path'>, { what, hash }: OwnName): boolean {
    return this.#noted()?.[path]?.[what] === hash;
  }

  /** Undefined for a note of a later version, which is left as it is; a damaged one says nothing. */
  #noted(): Record<string, Identity> | undefined {
    try {
      const note: unknown = JSON.parse(this.#host.readNote(NOTE) ?? '{}');
      const { version = VERSION, sticks } = note as { version?: unknown; sticks?: unknown };
      if (typeof version === 'number' && version > VERSION) return undefined;
      return typeof sticks === 'object' && sticks !== null ? { ...(sticks as Record<string, Identity>) } : {};
    } catch {
      return {};
    }
  }
}

const all = new WeakMap<Host, Identities>();

export function identitiesOf(host: Host): Identities {
  const own = all.get(host) ?? new Identities(host);
  all.set(host, own);
  return own;
}

/** Whether `stick` is the one with this name: as it has said itself, or else by what its socket had last. */
export function means(host: Host, name: OwnName, stick: Somebody): boolean {
  const identities = identitiesOf(host);
  const told = identities.of(stick);
  return told ? told[name.what] === name.hash : identities.wasAt(stick, name);
}

/** Tells sticks that `which` means from others: `auto` means all. Error: BAD_ARGUMENT, see {@link parseOwnName}. */
export function meantBy(host: Host, which: string): (stick: Somebody) => boolean {
  const name = parseOwnName(which);
  if (name) return (stick) => means(host, name, stick);
  return ({ path }) => which === 'auto' || path === which;
}
