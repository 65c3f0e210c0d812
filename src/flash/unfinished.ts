/**
 * A write that was begun and not completed leaves a stick that may well start and answer AT, with half of its firmware
 * old. So it is noted, per port path, until all images are complete: a later job must not take the stick for converted.
 */

import type { CheckedFirmware } from './files';
import type { Job } from './job';

export interface Unfinished {
  /** Name and sha256 of the firmware file. */
  firmware: string;
  sha256: string;
  /** Partition names. */
  complete: string[];
  missing: string[];
}

/** Keeps on record how far the write of `file` has come. */
export function noteUnfinished(job: Job, file: CheckedFirmware): void {
  const names = (complete: boolean) => job.report.images.filter((i) => i.complete === complete).map((i) => i.name);
  const note: Unfinished = {
    firmware: file.firmware.name,
    sha256: file.check.sha256 ?? '',
    complete: names(true),
    missing: names(false),
  };
  job.host.writeNote(job.report.stick, JSON.stringify(note));
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
      sha256: String(note.sha256 ?? ''),
      complete: list(note.complete),
      missing: list(note.missing),
    };
  } catch {
    // Damaged, but it was there: something was begun.
    return { firmware: 'a firmware', sha256: '', complete: [], missing: [] };
  }
}

/** For people: what was begun, and how far it came. */
export const unfinishedText = (u: Unfinished): string =>
  `an earlier write of ${u.firmware} was not completed (complete: ${u.complete.join(', ') || 'none'}; missing: ${
    u.missing.join(', ') || 'unknown'
  })`;
