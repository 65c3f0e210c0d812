/**
 * The journal of a write: a note per port path that outlives the process, from the first START that the loader accepted to
 * the last image. A stick that was left half-written may well start and answer AT: a later job must not take it for
 * converted. And a job that was killed goes on behind the images that are complete, if nothing can have come between.
 */

import type { Stick } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import type { ImageReport, LoaderReport } from './events';
import type { Job } from './job';

export interface Journal {
  /** Names of the files, for people. */
  firmware: string;
  /** Partition names. */
  complete: string[];
  missing: string[];
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
}

const filesOf = ({ report }: Job): { name: string; sha256: string }[] =>
  [report.firmware, report.webui].flatMap((file) => (file ? [file] : []));

/**
 * Keeps on record how far the write has come; the record goes when nothing is missing. What an earlier write of another
 * file left behind stays missing until its partition has been written as a whole. False where the record may be lost
 * when this program or the machine restarts.
 */
export function keepJournal(job: Job, stick: Stick, earlier: Journal | undefined): Promise<boolean> {
  const { images, device } = job.report;
  const names = (complete: boolean) => images.filter((i) => i.complete === complete).map((i) => i.name);
  const complete = names(true);
  const left = (earlier?.missing ?? []).filter((name) => !complete.includes(name));
  const missing = [...new Set([...names(false), ...left])];
  const files = filesOf(job);
  const own = files.map((file) => file.name).join(' and ');
  const presence = job.host.presence(stick.device);
  const journal: Journal = {
    firmware: names(false).length > 0 ? own : (earlier?.firmware ?? own),
    complete,
    missing,
    files: files.map((file) => file.sha256),
    images: Object.fromEntries(images.filter((i) => i.complete).map((i) => [i.index, i.sha256])),
    time: job.host.clock.date().getTime(),
    ...(presence !== undefined && { presence }),
    ...(device && { device }),
  };
  const text = missing.length > 0 ? JSON.stringify(journal) : undefined;
  return job.host.clock.during(job.host.writeNoteAsync(job.report.stick, text));
}

/** The write that was not completed at this port path, if there is one. */
export function readJournal(job: Job): Journal | undefined {
  const text = job.host.readNote(job.report.stick);
  if (text === undefined) return undefined;
  const unknown: Journal = { firmware: 'a firmware', complete: [], missing: [], files: [], images: {} };
  try {
    const note: unknown = JSON.parse(text);
    if (typeof note !== 'object' || note === null) return unknown;
    const { firmware, complete, missing, files, images, presence, time, device } = note as Record<string, unknown>;
    const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
    return {
      firmware: String(firmware ?? unknown.firmware),
      complete: list(complete),
      missing: list(missing),
      files: list(files),
      images: typeof images === 'object' && images !== null ? (images as Record<number, string>) : {},
      ...(typeof presence === 'string' && { presence }),
      ...(typeof time === 'number' && { time }),
      ...(typeof device === 'object' && device !== null && { device: device as LoaderReport }),
    };
  } catch {
    // Damaged, but it was there: something was begun.
    return unknown;
  }
}

/**
 * Images that need not be written again: an earlier run of this very job has written them through the loader that still
 * runs. All must agree, file by file, image by image, what the loader says of the stick, and its stay on the bus; else
 * the stick may be another one, and everything is written anew. So it is when the journal is older than
 * `TIMEOUTS.loader.takeUp`: another program that has written through this loader meanwhile cannot be seen.
 */
export function completeBefore(job: Job, stick: Stick, journal: Journal | undefined): ImageReport[] {
  const presence = job.host.presence(stick.device);
  if (!journal || presence === undefined || journal.presence !== presence) return [];
  const age = job.host.clock.date().getTime() - (journal.time ?? 0);
  if (age < 0 || age > TIMEOUTS.loader.takeUp) return [];
  const { device, images } = job.report;
  if (JSON.stringify(journal.device) !== JSON.stringify(device)) return [];
  if (JSON.stringify(journal.files) !== JSON.stringify(filesOf(job).map((file) => file.sha256))) return [];
  return images.filter((image) => image.sha256 !== '' && journal.images[image.index] === image.sha256);
}

/** For people: what was begun, and how far it came. */
export const unfinishedText = (u: Journal): string =>
  `an earlier write of ${u.firmware} was not completed (complete: ${u.complete.join(', ') || 'none'}; missing: ${
    u.missing.join(', ') || 'unknown'
  })`;
