/** What the assistant is being told: what is to become of which stick, with which files. */

import type { Card, FileCard, StoredFile } from '../shapes';

export type Part = 'loader' | 'firmware' | 'webui';
export type Target = 'serial' | 'network' | 'hilink';

/** A file of the folder, or a path that somebody who may write flows has named. */
export type FileRef = { name: string } | { path: string };

export interface Draft {
  readonly stick: string;
  /** Made-up files: for a virtual stick. */
  made: boolean;
  files: Partial<Record<Part, FileRef>>;
  cards: Partial<Record<Part, FileCard>>;
  target: Target;
  /** Codes behind the mode switch. */
  codes: Set<string>;
  /** Write firmware although it has AT ports. */
  reflash: boolean;
  newTable: boolean;
}

export interface Stored {
  files: StoredFile[];
  /** The administrator has set the folder: nothing else is read. */
  folderSet: boolean;
}

/** What can stand behind `FF;`, by the list of a real E3272; the stick's own list decides when it is set. */
export const CODES = ['10', '12', '13', '14', '16', 'A1', 'A2'] as const;
/** The AT port: without it the stick could not be reached again. */
export const PCUI = '12';

export const newDraft = ({ stick, virtual }: Card): Draft => ({
  stick,
  made: virtual,
  files: {},
  cards: {},
  target: 'serial',
  codes: new Set(['10', PCUI]),
  reflash: false,
  newTable: false,
});

export const setportOf = ({ codes }: Draft): string => `FF;${CODES.filter((code) => codes.has(code)).join(',')}`;

/**
 * A stick with AT ports gets its ports set, and nothing is written, unless that is asked for, or it is to have none, or an earlier
 * write was not completed.
 */
export const writes = (draft: Draft, card: Card | undefined): boolean =>
  card?.station !== 'at' || draft.reflash || draft.target === 'hilink' || card.unfinished !== undefined;

/** It is what it is to become. */
export const isThere = ({ target, reflash }: Draft, card: Card | undefined): boolean =>
  target === 'hilink' && card?.station === 'hilink' && !reflash;

/** What is to be written. A web UI makes a router of the stick: one that was chosen before another target is left out. */
export function filesOf({ files, target }: Draft): Draft['files'] {
  const { webui, ...system } = files;
  return target === 'hilink' && webui ? files : system;
}

/** The body of a check or of a conversion. */
export function requestOf(draft: Draft, card: Card | undefined): object {
  const { stick, made, target, reflash, newTable } = draft;
  const needed = writes(draft, card);
  return {
    stick,
    ...(needed && (made ? { made } : filesOf(draft))),
    ...(target === 'hilink' ? { toHilink: true } : { setport: setportOf(draft) }),
    ...(reflash && { reflash }),
    ...(newTable && { newTable }),
  };
}

/** The files that a yes is one to: those whose cards were shown. */
export function shownOf(draft: Draft, card: Card | undefined): { sha256?: Partial<Record<Part, string>> } {
  if (draft.made || !writes(draft, card)) return {};
  const parts = Object.keys(filesOf(draft)) as Part[];
  const sums = parts.flatMap((part) => {
    const sum = draft.cards[part]?.sha256;
    return sum === undefined ? [] : [[part, sum]];
  });
  return { sha256: Object.fromEntries(sums) };
}
