/**
 * The note about passwords that sticks have refused, for the next process: a few wrong ones lock a stick. A file of the host,
 * `web-password.json`, with a slow hash for each stick, and never the password.
 */

import type { Host } from '../../host/host';
import { known } from '../../values/shape';
import { hashed, isHashOf, type SlowHash } from '../slow-hash';

export const PASSWORD_NOTE = 'web-password';
const VERSION = 1;
/** So many sticks are remembered. */
const MOST = 32;

/** One stick since it was plugged in: a start forgets tries, and may come with another password. */
export interface Plugged {
  /** Port path. */
  path: string;
  /** Of the enumeration. */
  address: number;
}

interface Refused extends SlowHash {
  address: number;
  /** Of the machine's start, where the system tells it: addresses are counted from there. */
  boot?: string;
  /** The stick's own. */
  number: number;
}
type Note = Readonly<Record<string, Refused>>;

/** Undefined for a note of a later version, which is left as it is; a damaged one says nothing. */
function read(host: Host): Note | undefined {
  try {
    const { version, sticks } = JSON.parse(host.readNote(PASSWORD_NOTE) ?? '{}') as Record<string, unknown>;
    if (typeof version === 'number' && version > VERSION) return undefined;
    return Object.fromEntries(Object.entries(sticks ?? {}).filter(([, one]) => isRefused(one))) as Note;
  } catch {
    return {};
  }
}

function isRefused(value: unknown): value is Refused {
  const { address, number, salt, hash } = (value ?? {}) as Record<string, unknown>;
  return (
    typeof address === 'number' && typeof number === 'number' && typeof salt === 'string' && typeof hash === 'string'
  );
}

function write(host: Host, path: string, refused?: Refused): void {
  const note = read(host);
  if (!note) return;
  const others = Object.entries(note).filter(([other]) => other !== path);
  if (!refused && others.length === Object.keys(note).length) return;
  const sticks = refused ? [...others, [path, refused]].slice(-MOST) : others;
  const content = { version: VERSION, sticks: Object.fromEntries(sticks) };
  host.writeNote(PASSWORD_NOTE, sticks.length > 0 ? JSON.stringify(content) : undefined);
}

/** The stick has refused `password`, with `number`. */
export async function remember(
  host: Host,
  { path, address }: Plugged,
  password: string,
  number: number,
): Promise<void> {
  const hash = await hashed(host, password);
  write(host, path, { address, ...known({ boot: host.boot?.() }), number, ...hash });
}

/** The number that the stick has refused `password` with; undefined where it has not, and what was noted is forgotten then. */
export async function refusalOf(host: Host, { path, address }: Plugged, password: string): Promise<number | undefined> {
  const noted = read(host)?.[path];
  if (!noted) return undefined;
  const there = noted.address === address && noted.boot === host.boot?.();
  if (there && (await isHashOf(host, password, noted))) return noted.number;
  write(host, path);
  return undefined;
}
