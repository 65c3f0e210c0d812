/**
 * The note about PINs that were tried, of all SIMs: a SIM moves from stick to stick. A file of the host, `pin.json`, with
 * slow hashes; version 0.1 wrote the list alone.
 */

import type { Host } from '../../host/host';
import { isHashOf, type SlowHash } from '../slow-hash';

export const PIN_NOTE = 'pin';
const VERSION = 2;

/** So many refused PINs are remembered. */
const MAX_REFUSED = 32;

/** A PIN that was tried, as salted hash. `tries`: left before, while it is not known whether it was refused. */
export interface Tried extends SlowHash {
  /** Hash of the ICCID; where that can't be read, the stick's place has to do. */
  sim: string;
  tries?: number;
}

/** `damaged`, and `newer` (of a later version, which is left as it is): any PIN may have been refused before. */
export type PinNoteState = 'whole' | 'damaged' | 'newer';

/** What was written, also where the host can't keep notes: a PIN is never tried twice by one process. */
const written = new WeakMap<Host, readonly Tried[]>();

export const noteState = (host: Host): PinNoteState => parse(host.readNote(PIN_NOTE)).state;

export function remembered(host: Host): readonly Tried[] {
  const noted = parse(host.readNote(PIN_NOTE)).pins;
  const own = written.get(host) ?? [];
  return [...noted, ...own.filter(({ salt }) => !noted.some((tried) => tried.salt === salt))];
}

function keep(host: Host, pins: readonly Tried[]): void {
  written.set(host, pins);
  if (noteState(host) === 'newer') return;
  host.writeNote(PIN_NOTE, pins.length > 0 ? JSON.stringify({ version: VERSION, pins }) : undefined);
}

/** Notes `tried`, in the place of `old`. */
export function remember(host: Host, tried: Tried, old: Tried | undefined): void {
  const rest = remembered(host).filter(({ salt }) => salt !== old?.salt && salt !== tried.salt);
  keep(host, [...rest, tried].slice(-MAX_REFUSED));
}

export function forget(host: Host, sim: string): void {
  const all = remembered(host);
  const rest = all.filter((tried) => tried.sim !== sim);
  if (rest.length < all.length) keep(host, rest);
}

export async function find(host: Host, known: readonly Tried[], pin: string): Promise<Tried | undefined> {
  for (const tried of known) if (await isHashOf(host, pin, tried)) return tried;
  return undefined;
}

function parse(text: string | undefined): { state: PinNoteState; pins: Tried[] } {
  if (text === undefined) return { state: 'whole', pins: [] };
  let note: unknown;
  try {
    note = JSON.parse(text);
  } catch {
    return { state: 'damaged', pins: [] };
  }
  const { version, pins } = (Array.isArray(note) ? { version: VERSION, pins: note } : (note ?? {})) as {
    version?: unknown;
    pins?: unknown;
  };
  if (typeof version === 'number' && version > VERSION) return { state: 'newer', pins: [] };
  if (version !== VERSION || !Array.isArray(pins) || !pins.every(isTried)) return { state: 'damaged', pins: [] };
  return { state: 'whole', pins };
}

function isTried(value: unknown): value is Tried {
  const { sim, salt, hash, tries } = (value ?? {}) as Record<string, unknown>;
  if (typeof sim !== 'string') return false;
  return typeof salt === 'string' && typeof hash === 'string' && (tries === undefined || typeof tries === 'number');
}
