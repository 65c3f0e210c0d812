/** The outbox on the disk: one note of the host for each SIM, `outbox-<hash>`, and one for each place without its SIM. */

import { createHash } from 'node:crypto';
import type { Run } from '../../host/wall-clock';
import { type Entry, isOpen, type OutboxState } from './entry';

const VERSION = 1;
/** Fates that are remembered: so many, and so long. */
const REMEMBERED = 500;
export const REMEMBERED_MS = 7 * 86_400_000;

/** `newer`: of a later version of this software. Damaged ones say nothing, and are `ours` without entries. */
export interface OutboxNote extends Run {
  state: 'none' | 'ours' | 'newer';
  entries: Entry[];
}

/** `what` tells SIMs or places apart; only a hash of it is used. */
export const noteName = (kind: 'sim' | 'place', what: string): string =>
  `outbox-${createHash('sha256').update(`${kind} ${what}`).digest('hex').slice(0, 16)}`;

export const isOutbox = (key: string): boolean => key.startsWith('outbox-');

/** Undefined where there is nothing to keep. */
export function formNote(entries: readonly Entry[], { boot, began }: Run): string | undefined {
  if (entries.length === 0) return undefined;
  const run = { ...(boot !== undefined && { boot }), ...(began !== undefined && { began }) };
  return JSON.stringify({ version: VERSION, ...run, entries });
}

export function parseNote(text: string | undefined): OutboxNote {
  if (text === undefined) return { state: 'none', entries: [] };
  try {
    const { version, boot, began, entries } = JSON.parse(text) as Record<string, unknown>;
    if (typeof version === 'number' && version > VERSION) return { state: 'newer', entries: [] };
    if (version !== VERSION || !Array.isArray(entries)) return { state: 'ours', entries: [] };
    return {
      state: 'ours',
      entries: entries.filter(isEntry),
      ...(typeof boot === 'string' && { boot }),
      ...(typeof began === 'number' && { began }),
    };
  } catch {
    return { state: 'ours', entries: [] };
  }
}

/**
 * True if the machine has been started since the note was written. Then nothing in it may be sent any more: it may come out
 * of a backup, and what was waiting then may have been sent since; a clock that is wrong after the start hides how old it is.
 */
export const restartedSince = ({ boot }: OutboxNote, now: string | undefined): boolean =>
  boot !== undefined && now !== undefined && boot !== now;

/** It need not be known any more: its id may be that of another one. */
export const isForgotten = (entry: Entry, now: number): boolean =>
  !isOpen(entry) && (entry.ended ?? 0) + REMEMBERED_MS < now;

/** Those of `entries`, in order, that are to be forgotten: never one whose fate is open. */
export function forgotten(entries: readonly Entry[], now: number): Entry[] {
  const over = entries
    .filter((entry) => !isOpen(entry))
    .sort((a, b) => Number(b.told ?? false) - Number(a.told ?? false) || (a.ended ?? 0) - (b.ended ?? 0));
  const tooMany = over.length - REMEMBERED;
  return over.filter((entry, i) => i < tooMany || isForgotten(entry, now));
}

const STATES: ReadonlySet<unknown> = new Set<OutboxState>([
  'accepted',
  'sending',
  'sent',
  'failed',
  'expired',
  'unknown',
]);

function isEntry(value: unknown): value is Entry {
  if (typeof value !== 'object' || value === null) return false;
  const entry = value as Record<string, unknown>;
  const { id, hash, state, to, parts, pdus, done, refs, place, at, until, from, report, error } = entry;
  const texts = [id, hash, to, place].every((text) => typeof text === 'string');
  const numbers = [parts, done, at, until].every((number) => typeof number === 'number');
  if (!texts || !numbers || !STATES.has(state) || !Array.isArray(pdus) || !Array.isArray(refs)) return false;
  if (![from, report].every(isAddress) || !isError(error)) return false;
  const open = state === 'accepted' || state === 'sending';
  return pdus.every(isPart) && (!open || pdus.length === parts) && refs.every((ref) => typeof ref === 'number');
}

const isAddress = (value: unknown): boolean => value === undefined || has(value, 'owner');
const isError = (value: unknown): boolean => value === undefined || (has(value, 'code') && has(value, 'message'));

/** An object with a text under `name`. */
const has = (value: unknown, name: string): boolean =>
  typeof value === 'object' && value !== null && typeof (value as Record<string, unknown>)[name] === 'string';

function isPart(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { hex, length } = value as Record<string, unknown>;
  return typeof hex === 'string' && typeof length === 'number';
}
