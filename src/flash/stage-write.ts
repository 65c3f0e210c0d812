import { encodeFrame } from '../codec/hdlc';
import { asDriverError, DriverError, isDriverError } from '../errors';
import { openImage } from '../firmware/reader';
import { stickText } from '../stick/stick';
import { TIMEOUTS } from '../timeouts';
import { type BlockSource, writeImage } from './download';
import type { LoaderReport } from './events';
import type { CheckedFirmware } from './files';
import type { Found, Job, LoaderFound } from './job';
import { ACK, LoaderLink } from './loader-link';
import { nakText } from './nak';
import { refuseIntruders } from './stage-upload';
import { noteUnfinished, readUnfinished } from './unfinished';

const IDENTIFY = Uint8Array.of(0x45);
const SOFTWARE_VERSION = Uint8Array.of(0x46);
const RESET = encodeFrame(Uint8Array.of(0x0a));
/** Products whose loader this job may write through: both are Balong V7R1 with interchangeable firmware. */
const PRODUCTS = /\bE327[26]/i;

/** How often an image is written anew when an answer that mattered was lost. */
const MAX_TRIES = 4;

const printable = (bytes: Uint8Array): string =>
  Buffer.from(bytes)
    .toString('latin1')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim();

/** The value of `key:` in the lines of `AT^DLOADINFO?`. */
function field(lines: readonly string[], key: string): string | undefined {
  const line = lines.find((l) => l.toLowerCase().startsWith(`${key}:`));
  return line?.slice(key.length + 1).trim();
}

/**
 * Asks the loader who it is, before anything is written: `AT^DLOADINFO?` and the identify command must both name an
 * E3272 or E3276. Errors: FIRMWARE_WRONG_DEVICE, PROTOCOL (no answer).
 */
async function identify(link: LoaderLink, stick: string): Promise<LoaderReport> {
  let lines: string[] = [];
  for (let attempt = 0; attempt < 2 && !field(lines, 'product name'); attempt++) {
    // A late answer to an earlier question must not be read as this one.
    if (attempt > 0) await link.ping();
    lines = (await link.at('AT^DLOADINFO?', TIMEOUTS.loader.command))?.lines ?? [];
  }
  const product = field(lines, 'product name');
  const answer = await link.request(IDENTIFY, 0x45, TIMEOUTS.loader.command, 2);
  const version = await link.request(SOFTWARE_VERSION, 0x46, TIMEOUTS.loader.command, 2);
  if (!product || !answer) {
    throw new DriverError('PROTOCOL', `The loader of the stick at ${stick} does not say what stick it is.`, {
      stick,
      hint: 'Nothing was written. Close other programs that use its ports and repeat.',
    });
  }
  const identity = printable(answer.subarray(1));
  const stranger = [product, identity].find((text) => !PRODUCTS.test(text));
  if (stranger !== undefined) {
    throw new DriverError(
      'FIRMWARE_WRONG_DEVICE',
      `The loader of the stick at ${stick} calls it "${stranger}": no E3272.`,
      {
        stick,
        hint: 'Nothing was written. Only E3272 and E3276 sticks can be written; other models have other chips.',
      },
    );
  }
  return {
    product,
    identity,
    softwareVersion: field(lines, 'swver') || (version ? printable(version.subarray(2)) : ''),
  };
}

/** Opens the download: identity, then DATAMODE, which this loader takes as a courtesy and later chips demand. */
async function openDownload(job: Job, found: LoaderFound): Promise<{ link: LoaderLink; device: LoaderReport }> {
  const link = new LoaderLink(found.port, job.host.clock, found.stick.path);
  const device = await identify(link, found.stick.path);
  const answer = await link.at('AT^DATAMODE');
  if (answer && !answer.ok) {
    throw new DriverError('PROTOCOL', `The loader of the stick at ${found.stick.path} refused AT^DATAMODE.`, {
      stick: found.stick.path,
      hint: 'Nothing was written. A loader that demands a signature belongs to a newer chip.',
    });
  }
  return { link, device };
}

/** Who the loader says it is; stands in the report as `device`. Files for other sticks were refused when they were read. */
export async function identifyLoader(job: Job, found: LoaderFound): Promise<LoaderLink> {
  job.stage('identify', `Asking the loader of ${stickText(found.stick)} what stick it is.`);
  const { link, device } = await openDownload(job, found);
  job.report.device = device;
  return link;
}

/** Writes all images. Returns the loader as it is then: a mid-way restart gives it another port. */
export async function writeImages(
  job: Job,
  found: LoaderFound,
  link: LoaderLink,
  file: CheckedFirmware,
): Promise<{ at: LoaderFound; wire: LoaderLink }> {
  job.stage('write', `Writing ${file.firmware.name} to ${stickText(found.stick)}. Do not unplug it.`);
  await refuseIntruders(job);
  const { images } = file.check;
  const earlier = readUnfinished(job);
  const total = images.reduce((sum, image) => sum + image.size, 0);
  let before = 0;
  let current = { index: 0, count: images.length, name: '' };
  const progress = job.progress('write', total, () => ({
    text: `Writing ${current.name} (${current.index + 1} of ${current.count}).`,
    image: current,
  }));
  let at = found;
  let restarted = false;
  let wire = link;
  for (const [index, image] of images.entries()) {
    job.checkpoint();
    current = { index, count: images.length, name: image.partition };
    const previous = images[index - 1];
    for (let attempt = 0; ; attempt++) {
      const reader = openImage(file.source, image);
      const source: BlockSource = {
        next(size) {
          const block = reader.next(size);
          return block instanceof Promise ? job.host.clock.during(block) : block;
        },
      };
      try {
        const end = await writeImage(wire, { code: image.code, name: image.partition, size: image.size }, source, {
          stick: at.stick.path,
          // Before its START was accepted nothing has happened to the stick.
          onStarted: () => noteUnfinished(job, file, earlier),
          onProgress: (sent) => progress(before + sent),
          ...(previous && { previousCode: previous.code }),
        });
        if (end === 'done') break;
        if (attempt === MAX_TRIES || (end === 'restart' && restarted)) throw stubborn(at.stick.path, image.partition);
        if (end === 'restart') {
          restarted = true;
          ({ at, wire } = await restartMidway(job, at, wire));
        }
      } catch (error) {
        throw withImages(job, error);
      } finally {
        await job.host.clock.during(reader.close());
      }
    }
    before += image.size;
    const row = job.report.images[index];
    if (row) row.complete = true;
    noteUnfinished(job, file, earlier);
  }
  if (wire.repeats > 0) job.warn(`${wire.repeats} frames had to be sent again.`);
  return { at, wire };
}

const stubborn = (stick: string, image: string): DriverError =>
  new DriverError('PROTOCOL', `${image} could not be written to the stick at ${stick} with certainty.`, {
    stick,
    hint: 'Its answers get lost again and again: try another cable, USB port or powered hub, then repeat the write.',
  });

/** A failure in the middle says which images are complete: they are what the person has to know. */
function withImages(job: Job, error: unknown): DriverError {
  const e = asDriverError(error, 'PROTOCOL', 'The write failed', { stick: job.report.stick });
  const complete = job.report.images.filter((i) => i.complete).map((i) => i.name);
  const open = job.report.images.filter((i) => !i.complete).map((i) => i.name);
  return new DriverError(
    e.code,
    `${e.message} Complete: ${complete.join(', ') || 'none'}. Not complete: ${open.join(', ') || 'none'}.`,
    {
      stick: job.report.stick,
      ...(e.number !== undefined && { number: e.number }),
      hint: e.hint ?? 'Leave the stick plugged in and repeat the write.',
      cause: e,
    },
  );
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
    throw new DriverError(
      'TIMEOUT',
      `The stick at ${found.stick.path} did not come back as a loader after the restart in the middle.`,
      {
        stick: found.stick.path,
        hint: 'Bring it back with the boot pin and write the firmware again from the start.',
      },
    );
  }
  const { link: wire } = await openDownload(job, back);
  wire.repeats = link.repeats;
  return { at: back, wire };
}

/** Sends the reset; its ACK may be lost with the bus. Returns what came back. */
async function resetLoader(job: Job, found: LoaderFound, link: LoaderLink, kinds: Parameters<Job['awaitReturn']>[2]) {
  try {
    const verdict = await link.send(RESET, TIMEOUTS.loader.command, 'the reset');
    if (verdict !== ACK) {
      throw new DriverError(
        'NAK',
        `The loader of the stick at ${found.stick.path} refused the reset (${nakText(verdict)}).`,
        {
          stick: found.stick.path,
          number: verdict,
          hint: 'Unplug the stick, wait five seconds and plug it in again: it starts what was written.',
        },
      );
    }
  } catch (error) {
    // A stick that leaves the bus before its ACK, or is silent because it restarts, is judged by its return.
    if (!isDriverError(error, 'STICK_GONE', 'TIMEOUT')) throw error;
  }
  return job.shielded(() => job.awaitReturn(found.stick, TIMEOUTS.loader.reenumerate, kinds));
}

/** Restarts the stick into what was written; the proof is its return in another mode than the loader's. */
export async function resetIntoFirmware(job: Job, found: LoaderFound, link: LoaderLink): Promise<Found> {
  job.checkpoint();
  job.stage('reset', `Restarting ${stickText(found.stick)} into the new firmware.`);
  const back = await resetLoader(job, found, link, ['at', 'storage', 'hilink']);
  if (back && back.kind !== 'other') return back;
  throw new DriverError(
    back ? 'WRONG_MODE' : 'TIMEOUT',
    back
      ? `After the write the stick came back as ${stickText(back.stick)} instead of the new firmware.`
      : `The firmware was written completely, but the stick did not come back at ${found.stick.path} within ${
          TIMEOUTS.loader.reenumerate / 1000
        } s.`,
    {
      stick: found.stick.path,
      hint: 'Unplug the stick, wait five seconds and plug it in again. If it stays away, bring it back with the boot pin.',
    },
  );
}
