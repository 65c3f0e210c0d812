/**
 * The journal of a write: a note per place that outlives the process, from the first START that the loader accepted to the
 * restart into what was written. A stick that was left half-written may well start and answer AT: a later job must not
 * take it for converted. And a job that was killed goes on behind the images that are complete, if nothing can have come
 * between. Every user of the machine is told that there is one, without the stick's identity.
 */

import { type DriverError, failure } from '../errors';
import type { Host } from '../host/host';
import type { Stick } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { LoaderReport } from './events';
import type { Job } from './job';
import type { ImeiHash } from './same-stick';
import { namesOf, type Work, type WorkImage } from './work';

/** Of the note's form. 0.1 wrote none. */
export const JOURNAL_VERSION = 2;

export interface Journal {
  /** Names of the files, for people. */
  firmware: string;
  /** Partition names. */
  complete: string[];
  /** Never empty, unless `whole`. */
  missing: string[];
  /** Everything is written, only the restart into it has not been seen. */
  whole?: true;
  /** sha256 of the files in the order in which they are written. */
  files: string[];
  /** sha256 of what was sent of the images that are complete (the download compares it with the check's), by their place in the job. */
  images: Record<number, string>;
  /** The loader's present stay on the bus, see {@link import('../host/host').Host.presence}. */
  presence?: string;
  /** When it was last written, wall clock in ms: no other clock is the same in the next process. */
  time?: number;
  /** What the loader said of the stick. */
  device?: LoaderReport;
  /** Which stick it is, where it has told its IMEI before. */
  identity?: ImeiHash;
  /** All users had been told of this write before: whoever has written since has told something else, or taken that back. */
  told?: true;
  /** Sticks of which a person has said that this is not about them. */
  others?: ImeiHash[];
}

/** A note as it was found: `undefined` is one that is damaged, or that may not be read: then anything may be missing. */
export type Found = { journal: Journal | undefined } | { newer: number };

/** What is missing of a write at `place` that was begun and not completed, as far as it is known; undefined: there is none. */
export function missingAt(host: Host, place: string): readonly string[] | undefined {
  const own = host.readNote(place);
  const told = host.toldToAll().filter((mark) => mark.place === place);
  for (const text of own !== undefined ? [own] : told.map((mark) => mark.text)) {
    const { journal }: { journal: Journal | undefined } = { journal: undefined, ...parseJournal(text) };
    if (journal?.whole !== true) return journal?.missing ?? [];
  }
  return undefined;
}

/** Takes a note apart. Whatever is not as {@link keepJournal} writes it is damaged: an empty list of what is missing, too. */
export function parseJournal(text: string | undefined): Found {
  const damaged = { journal: undefined };
  let note: unknown;
  try {
    note = JSON.parse(String(text));
  } catch {
    return damaged;
  }
  const { version, firmware, complete, missing, whole, files, images, presence, time, device, identity, told, others } =
    Object(note) as Record<string, unknown>;
  if (typeof version === 'number' && version > JOURNAL_VERSION) return { newer: version };
  if (typeof firmware !== 'string' || !isTexts(complete) || !isTexts(missing) || !isTexts(files)) return damaged;
  if ((missing.length === 0) !== (whole === true)) return damaged;
  if (typeof images !== 'object' || images === null || !isTexts(Object.values(images))) return damaged;
  return {
    journal: {
      firmware,
      complete,
      missing,
      ...(whole === true && { whole }),
      files,
      images: images as Record<number, string>,
      ...(typeof presence === 'string' && { presence }),
      ...(typeof time === 'number' && { time }),
      ...(device !== undefined && { device: device as LoaderReport }),
      ...(typeof identity === 'string' && { identity: identity as ImeiHash }),
      ...(told === true && { told }),
      ...(isTexts(others) && { others: others as ImeiHash[] }),
    },
  };
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** What is noted at `place`; undefined = nothing. */
export function readJournal(host: Host, place: string): Found | undefined {
  const text = host.readNote(place);
  return text === undefined ? undefined : parseJournal(text);
}

/** What can be read of it; undefined also for what a newer version has noted. */
export const journalAt = (host: Host, place: string): Journal | undefined =>
  ({ journal: undefined, ...readJournal(host, place) }).journal;

/**
 * Keeps on record how far the write has come. What an earlier write of another file left behind stays missing until its
 * partition has been written as a whole. With `restarts` the record stays until {@link dropJournal}, else it goes when
 * nothing is missing. `told`: what this has returned before, whether all users were told. Error: FILE_NOT_WRITTEN where the
 * record would not outlive this process.
 */
export async function keepJournal(
  job: Job,
  stick: Stick,
  work: Work,
  { earlier, restarts, told }: { earlier: Journal | undefined; restarts: boolean; told: boolean },
): Promise<boolean> {
  const { place } = job;
  const { files, images, device } = work;
  const complete = namesOf(work, true);
  const open = namesOf(work, false);
  const left = (earlier?.missing ?? []).filter((name) => !complete.includes(name));
  const missing = [...new Set([...open, ...left])];
  if (missing.length === 0 && !restarts) {
    await dropJournal(job, place);
    return told;
  }
  const own = files.map((file) => file.name).join(' and ');
  const presence = job.host.presence(stick.device);
  return noteJournal(job, place, {
    firmware: open.length > 0 ? own : (earlier?.firmware ?? own),
    complete,
    missing,
    ...(missing.length === 0 && { whole: true }),
    files: files.map((file) => file.sha256),
    images: Object.fromEntries(images.filter((i) => i.complete).map((i) => [i.index, i.sha256])),
    time: job.host.clock.date().getTime(),
    ...(presence !== undefined && { presence }),
    device,
    ...(told && { told }),
    // Not what an earlier one says: the stick that is written now may be another one.
    ...(job.same.identity !== undefined && { identity: job.same.identity }),
  });
}

/** What all users are told: nothing of the stick's identity, and nothing when nothing is missing. */
function toldText({ firmware, complete, missing }: Journal): string | undefined {
  const told = { version: JOURNAL_VERSION, firmware, complete, missing, files: [], images: {} };
  return missing.length > 0 ? JSON.stringify(told) : undefined;
}

/** Returns whether all users could be told. Error: FILE_NOT_WRITTEN. */
export async function noteJournal(job: Job, place: string, journal: Journal): Promise<boolean> {
  const { host } = job;
  const kept = await host.clock.during(
    host.writeNoteAsync(place, JSON.stringify({ version: JOURNAL_VERSION, ...journal })),
  );
  if (!kept) throw forgetful(job.place);
  return host.clock.during(host.tellAll(place, toldText(journal)));
}

/** What a newer version has noted is not replaced by what this one knows. Error: FILE_NOT_WRITTEN. */
export function requireOwnJournal({ host, place: stick }: Job): void {
  const found = readJournal(host, stick);
  if (!found || !('newer' in found)) return;
  throw failure('FILE_NOT_WRITTEN/journal-newer', { stick, form: found.newer });
}

/** Nothing is left to be done at `place`; what a newer version has noted stays. Error: FILE_NOT_WRITTEN when the note stays. */
export async function dropJournal(job: Job, place: string): Promise<void> {
  const { host } = job;
  const found = readJournal(host, place);
  if (found && 'newer' in found) return;
  await host.clock.during(host.writeNoteAsync(place, undefined));
  await host.clock.during(host.tellAll(place, undefined));
}

const forgetful = (stick: string): DriverError => failure('FILE_NOT_WRITTEN/journal', { stick });

/**
 * Images that need not be written again: an earlier run of this very job has written them through the loader that still
 * runs. All must agree, file by file, image by image, what the loader says of the stick, and its stay on the bus; else
 * the stick may be another one, and everything is written anew. So it is when all users have been told something else
 * meanwhile, or when the journal is older than `TIMEOUTS.loader.takeUp`: another program that has written through this
 * loader cannot be seen.
 */
export function completeBefore<I extends WorkImage>(
  job: Job,
  stick: Stick,
  { files, images, device }: Work<I>,
  journal: Journal | undefined,
): I[] {
  const presence = job.host.presence(stick.device);
  if (!journal || presence === undefined || journal.presence !== presence) return [];
  const mark = job.host.toldToAll().find(({ place }) => place === stick.path);
  if ((mark || journal.told) && mark?.text !== toldText(journal)) return [];
  const age = job.host.clock.date().getTime() - (journal.time ?? 0);
  if (age < 0 || age > TIMEOUTS.loader.takeUp) return [];
  if (JSON.stringify(journal.device) !== JSON.stringify(device)) return [];
  if (JSON.stringify(journal.files) !== JSON.stringify(files.map((file) => file.sha256))) return [];
  return images.filter((image) => journal.images[image.index] === image.sha256);
}

/** For people: what was begun, and how far it came. */
export const unfinishedText = (journal: Journal | undefined): string =>
  journal
    ? `an earlier write of ${journal.firmware} was not completed (complete: ${journal.complete.join(', ') || 'none'}; missing: ${journal.missing.join(', ')})`
    : 'an earlier write was not completed, and its record is damaged: anything may be missing';
