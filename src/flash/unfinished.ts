/**
 * A write that was begun and not completed leaves a stick that may well start and answer AT, with half of its firmware
 * old. So it is noted, per port path, until all images are complete: a later job must not take the stick for converted.
 */

import type { CheckedFirmware } from './files';
import type { Job } from './job';

export interface Unfinished {
  /** Name of the firmware file. */
  firmware: string;
  /** Partition names. */
  complete: string[];
  missing: string[];
}

/**
 * Keeps on record how far the write of `file` has come; the record goes when nothing is missing. What an earlier write
 * of another file left behind stays missing until its partition has been written as a whole.
 */
export function noteUnfinished(job: Job, file: CheckedFirmware, earlier: Unfinished | undefined): void {
  const names = (complete: boolean) => job.report.images.filter((i) => i.complete === complete).map((i) => i.name);
  const complete = names(true);
  const left = (earlier?.missing ?? []).filter((name) => !complete.includes(name));
  const missing = [...new Set([...names(false), ...left])];
  const note: Unfinished = {
    firmware: names(false).length > 0 ? file.firmware.name : (earlier?.firmware ?? file.firmware.name),
    complete,
    missing,
  };
  job.host.writeNote(job.report.stick, missing.length > 0 ? JSON.stringify(note) : undefined);
}

/** The write that was not completed at this port path, if there is one. */
export function readUnfinished(job: Job): Unfinished | undefined {
  const text = job.host.readNote(job.report.stick);
  if (text === undefined) return undefined;
  try {
    const note = JSON.parse(text) as Partial<Unfinished>;
    const list = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
    return {
      firmware: String(note.firmware ?? 'a firmware'),
      complete: list(note.complete),
      missing: list(note.missing),
    };
  } catch {
    // Damaged, but it was there: something was begun.
    return { firmware: 'a firmware', complete: [], missing: [] };
  }
}

/** For people: what was begun, and how far it came. */
export const unfinishedText = (u: Unfinished): string =>
  `an earlier write of ${u.firmware} was not completed (complete: ${u.complete.join(', ') || 'none'}; missing: ${
    u.missing.join(', ') || 'unknown'
  })`;
