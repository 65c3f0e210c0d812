/** Writing: all images through a running loader, the restart in the middle, the reset into what was written. */

import { encodeFrame } from '../codec/hdlc';
import { asDriverError, type DriverError, failure, isDriverError, withMore } from '../errors';
import { openImage } from '../firmware/reader';
import { stickText } from '../stick/stick';
import { ACK, type LoaderLink } from '../survey/loader-link';
import { TIMEOUTS } from '../timeouts';
import { type BlockSource, writeImage } from './download';
import type { Finder } from './finder';
import type { Found, Job, LoaderFound } from './job';
import { completeBefore, type Journal, journalAt, keepJournal, requireOwnJournal, unfinishedText } from './journal';
import { endJournal } from './leftovers';
import { nakText } from './nak';
import type { PlannedImage } from './plan';
import { type Identified, openDownload } from './stage-identify';
import { checkPort } from './stage-upload';
import { namesOf, type Work, type WorkImage, workOf } from './work';

const RESET = encodeFrame(Uint8Array.of(0x0a));

/** How often an image is written anew when an answer was lost: a bad minute passes, a bad cable does not. */
const MAX_TRIES = 10;

export interface WriteImagesOptions {
  /** What an earlier write has left behind on this stick. Its record stays until the first image is begun, whose own takes its place. */
  earlier: Journal | undefined;
  /** Before that record is replaced, see {@link import('./unfinished').Records.setAside}. */
  setAside: () => Promise<void>;
  /** The stick is restarted afterwards: until that has been seen the record stays. */
  restarts: boolean;
}

/**
 * Writes all images of the plan, in their order and through one run of the loader. Images that an earlier run of the same
 * job has completed are left out, see {@link completeBefore}. Returns the loader as it is then: a mid-way restart gives it
 * another port.
 */
export async function writeImages(
  job: Job,
  found: LoaderFound,
  loader: Identified,
  options: WriteImagesOptions,
): Promise<{ at: LoaderFound; wire: LoaderLink }> {
  const names = job.plan.files.map(({ firmware }) => firmware.name).join(' and ');
  job.stage('write', `Writing ${names} to ${stickText(found.stick)}. Do not unplug it.`);
  await checkPort(job, found);
  requireOwnJournal(job);
  await job.power.secure(found.stick.path);
  const writing = new Writing(job, found, loader, options);
  try {
    await writing.run();
  } catch (error) {
    job.checks.fail('write', error);
    throw error;
  }
  const { at, wire, earlier } = writing;
  const { length } = job.plan.images;
  const compared = `${length} of ${length} images${earlier > 0 ? `, ${earlier} of them in an earlier run` : ''}; ${wire.repeats} frames were sent again.`;
  job.checks.set('write', 'passed', compared);
  if (wire.repeats > 0) job.warn(`${wire.repeats} frames had to be sent again.`);
  return { at, wire };
}

class Writing {
  at: LoaderFound;
  wire: LoaderLink;
  /** Images that an earlier run has written. */
  earlier = 0;
  readonly #job: Job;
  readonly #work: Work<PlannedImage & WorkImage>;
  readonly #options: WriteImagesOptions;
  #restarted = false;
  /** The journal has been replaced: what it said of an earlier write is gone. */
  #kept = false;
  /** All users know of this write. */
  #told = false;
  /** What has been said of a journal that is out of date. */
  #said: string | undefined;

  constructor(job: Job, found: LoaderFound, { link, device }: Identified, options: WriteImagesOptions) {
    this.#job = job;
    this.at = found;
    this.wire = link;
    this.#work = workOf(job.plan, device);
    this.#options = options;
  }

  async run(): Promise<void> {
    const job = this.#job;
    const { images } = this.#work;
    const total = images.reduce((sum, image) => sum + image.size, 0);
    this.#takeUp();
    let before = images.reduce((sum, image) => sum + (image.complete ? image.size : 0), 0);
    let current = { index: 0, count: images.length, name: '' };
    const what = () => ({
      text: `Writing ${current.name} (${current.index + 1} of ${current.count}).`,
      image: current,
    });
    const progress = job.account.progress('write', total, what, before);
    let previousCode: number | undefined;
    for (const image of images) {
      if (!image.complete) {
        job.checkpoint();
        await job.same.require(this.at.stick);
        current = { index: image.index, count: images.length, name: image.name };
        await this.#write(image, previousCode, (sent) => progress(before + sent));
        before += image.size;
        image.complete = true;
        job.account.fact({ type: 'written', index: image.index });
        job.did('did.write', { name: image.name, bytes: image.size });
        await this.#keep();
      }
      previousCode = image.code;
    }
  }

  #takeUp(): void {
    const job = this.#job;
    const { earlier } = this.#options;
    // Also what only waits for its restart.
    const done = completeBefore(job, this.at.stick, this.#work, journalAt(job.host, job.place));
    if (done.length === 0) {
      if (earlier) job.warn(`On the stick at ${job.place} ${unfinishedText(earlier)}.`);
      return;
    }
    for (const image of done) {
      image.complete = true;
      job.account.fact({ type: 'written', index: image.index, earlier: true });
    }
    this.earlier = done.length;
    job.warn(
      `Taken up from an earlier run of this job, through the loader that still runs: ${done.map((d) => d.name).join(', ')} not written again.`,
    );
  }

  /** Without a journal of its own the write ends before its first block: an older one would be believed later. */
  async #keep(): Promise<void> {
    try {
      const { earlier, restarts, setAside } = this.#options;
      await setAside();
      this.#told = await keepJournal(this.#job, this.at.stick, this.#work, { earlier, restarts, told: this.#told });
      this.#kept = true;
      this.#job.holding.writes();
    } catch (error) {
      if (!this.#kept) throw error;
      // What it says is less than what was done: the next job writes more than it has to.
      const text = asDriverError(error, 'FILE_NOT_WRITTEN/journal-behind', {}).message;
      if (text !== this.#said) this.#job.warn(text);
      this.#said = text;
    }
  }

  /** Until it is certain that the image is complete. */
  async #write(
    planned: PlannedImage,
    previousCode: number | undefined,
    onProgress: (sent: number) => void,
  ): Promise<void> {
    const job = this.#job;
    const { code, name, size, sha256 } = planned;
    for (let attempt = 0; ; attempt++) {
      const reader = openImage(planned.source, planned.image);
      const source: BlockSource = {
        next(length) {
          const block = reader.next(length);
          return block instanceof Promise ? job.host.clock.during(block) : block;
        },
      };
      try {
        const end = await writeImage(this.wire, { code, name, size, sha256 }, source, {
          stick: this.at.stick.path,
          // Before its START was accepted nothing has happened to the stick.
          onStarted: () => this.#keep(),
          onProgress,
          ...(previousCode !== undefined && { previousCode }),
        });
        if (end === 'done') return;
        if (attempt === MAX_TRIES || (end === 'restart' && this.#restarted)) {
          throw failure('PROTOCOL/uncertain', { stick: this.at.stick.path, image: name });
        }
        if (end === 'restart') {
          this.#restarted = true;
          ({ at: this.at, wire: this.wire } = await restartMidway(job, this.at, this.wire));
          await job.power.secure(this.at.stick.path);
        }
      } catch (error) {
        throw withImages(job.place, this.#work, error);
      } finally {
        await job.host.clock.during(reader.close());
      }
    }
  }
}

/** A failure in the middle says which images are complete: they are what the person has to know. */
function withImages(stick: string, work: Work, error: unknown): DriverError {
  const [complete, open] = [namesOf(work, true), namesOf(work, false)].map((names) => names.join(', ') || 'none');
  const failed = asDriverError(error, 'PROTOCOL/write', { stick });
  return withMore(failed, 'images', { complete: complete as string, open: open as string }, { stick });
}

/** The partition table has changed: reset, and the loader comes back by itself and goes on (dload type 0). */
async function restartMidway(
  job: Job,
  found: LoaderFound,
  link: LoaderLink,
): Promise<{ at: LoaderFound; wire: LoaderLink }> {
  job.warn('The partition table has changed: the loader asks for a restart in the middle, which is normal.');
  const back = await resetLoader(job, found, link, ['loader']);
  if (back?.kind !== 'loader') {
    throw failure('TIMEOUT/midway', { stick: found.stick.path });
  }
  const { link: wire } = await openDownload(job, back);
  wire.repeats = link.repeats;
  return { at: back, wire };
}

/** Sends the reset; its ACK may be lost with the bus. Returns what came back. */
async function resetLoader(
  job: Job,
  found: LoaderFound,
  link: LoaderLink,
  kinds: Parameters<Finder['awaitReturn']>[2],
) {
  try {
    const verdict = await link.send(RESET, TIMEOUTS.loader.command, 'the reset');
    if (verdict !== ACK) {
      throw failure('NAK/reset', { stick: found.stick.path, verdict: nakText(verdict), number: verdict });
    }
  } catch (error) {
    // A stick that leaves the bus before its ACK, or is silent because it restarts, is judged by its return.
    if (!isDriverError(error, 'STICK_GONE', 'TIMEOUT')) throw error;
  }
  return job.shielded(() => job.finder.awaitReturn(found.stick, TIMEOUTS.loader.reenumerate, kinds));
}

/** Restarts the stick into what was written; the proof is its return in another mode than the loader's. */
export async function resetIntoFirmware(job: Job, found: LoaderFound, link: LoaderLink): Promise<Found> {
  job.checkpoint();
  await job.same.require(found.stick);
  job.stage('reset', `Restarting ${stickText(found.stick)} into the new firmware.`);
  const back = await resetLoader(job, found, link, ['tty', 'storage', 'hilink']);
  if (back && back.kind !== 'other') {
    job.did('did.restart', { which: stickText(back.stick) });
    await endJournal(job);
    return back;
  }
  const { path: stick } = found.stick;
  const error = back
    ? failure('WRONG_MODE/after-write', { which: stickText(back.stick) }, { stick })
    : failure('TIMEOUT/after-write', { stick, seconds: TIMEOUTS.loader.reenumerate / 1000 });
  job.checks.fail('after', error);
  throw error;
}
