import { asDriverError, failure } from '../errors';
import type { Job } from './job';
import { dropJournal, journalAt, readJournal, unfinishedText } from './journal';

/** The restart into what was written has been seen, or is nobody's concern: nothing is left to take up. Never rejects. */
export async function endJournal(job: Job): Promise<void> {
  if (!journalAt(job.host, job.place)?.whole) return;
  try {
    await dropJournal(job, job.place);
  } catch (error) {
    job.warn(asDriverError(error, 'FILE_NOT_WRITTEN/journal-left', {}).message);
  }
}

/**
 * After all images of the plan were written: what an earlier one left half-written is not mended by a file that does not hold it. Errors: BAD_ARGUMENT;
 * FILE_NOT_WRITTEN where the record of a write that is whole cannot be removed.
 */
export async function refuseLeftovers(job: Job): Promise<void> {
  const { place: stick } = job;
  if (readJournal(job.host, stick) === undefined) return;
  const journal = journalAt(job.host, stick);
  const written = job.plan.images.map((image) => image.name);
  // All is written, only its record is behind.
  if (journal?.missing.every((name) => written.includes(name))) return dropJournal(job, stick);
  throw failure('BAD_ARGUMENT/leftovers', { stick, what: unfinishedText(journal) });
}
