/** The files of a job: opened and checked as a whole before any port is opened. Checks 1 to 3. */

import { DriverError } from '../errors';
import { type CheckedImage, checkFirmware, type FirmwareReport } from '../firmware/check';
import { type Firmware, readFirmware } from '../firmware/firmware';
import { type Loader, readLoader } from '../firmware/loader';
import { isE3272Code, isVxWorksCode, isWebuiCode } from '../firmware/partitions';
import { otherChip } from '../firmware/policy';
import { type ByteSource, openSource } from '../firmware/source';
import type { JobReport } from './events';
import type { Job } from './job';

/** A path, or the file's bytes. */
export type FileInput = string | Uint8Array;

export interface CheckedFirmware {
  source: ByteSource;
  firmware: Firmware;
  check: FirmwareReport;
}

/** What a firmware file is for in a job: the system, or the web pages that belong to a HiLink system. */
export type Part = 'firmware' | 'webui';

/** Rule: what tools and tests made up never reaches a real stick, without override. */
function refuseSynthetic(job: Job, synthetic: boolean, what: string): void {
  if (!synthetic || !job.host.real) return;
  throw new DriverError('FIRMWARE_SYNTHETIC', `This ${what} is a made-up one for virtual sticks.`, {
    stick: job.report.stick,
    hint: `Use the ${what} file of your stick's maker. There is no way around this check.`,
  });
}

/** What happens with the files that were loaded, for the one who has to say yes: one sentence each. */
export function fileSteps({ loader, firmware, webui }: JobReport): string[] {
  return [
    ...(loader ? [`The loader ${loader.name} is uploaded to the stick's memory.`] : []),
    ...[firmware, webui].flatMap((file, i) =>
      file
        ? [
            `The ${i === 0 ? 'firmware' : 'web UI'} ${file.name} (${file.version || 'no version text'}) is written to its flash.`,
          ]
        : [],
    ),
  ];
}

/** A URL is fetched here: that can be cancelled, and is told where the server says how much will come. */
function open(job: Job, input: FileInput, what: string): Promise<ByteSource> {
  const { signal } = job.options;
  let tell: ((done: number) => void) | undefined;
  const onProgress = (done: number, total: number | undefined) => {
    if (total === undefined) return;
    tell ??= job.progress('files', total, () => ({ text: `Fetching the ${what}.` }));
    tell(done);
  };
  return job.host.clock.during(openSource(input, { onProgress, ...(signal && { signal }) }));
}

export async function loadLoader(job: Job, input: FileInput): Promise<Loader> {
  const source = await open(job, input, 'loader');
  const allowUnsafe = job.overridden('unsafe-loader');
  try {
    const { loader } = await job.checks.run('loader', async () => {
      const read = await job.host.clock.during(readLoader(source, { allowUnsafe }));
      refuseSynthetic(job, read.synthetic, 'loader');
      const known = read.known === undefined ? 'no known file' : `known as ${read.known}`;
      const { product, version, rows } = read.table;
      const compared = `sha256 ${read.sha256} (${known}); ${read.erase.text}; made for ${product} ${version}, ${rows.length} partitions.`;
      return { loader: read, compared };
    });
    job.report.loader = {
      name: loader.name,
      size: loader.size,
      sha256: loader.sha256,
      ...(loader.known !== undefined && { known: loader.known }),
      erase: loader.erase.text,
    };
    if (!loader.erase.safe) {
      const text = `The loader is not proven safe (${loader.erase.text}): forced by the caller.`;
      job.checks.set('loader', 'warned', text);
      job.warn(text);
    }
    return loader;
  } finally {
    await job.host.clock.during(source.close());
  }
}

/**
 * The images are measured against the partitions of `loader` where it is given, else of the known E3272 loader.
 * The source stays open: the write reads from it. The caller closes it.
 */
export async function loadFirmware(
  job: Job,
  input: FileInput,
  loader?: Loader,
  part: Part = 'firmware',
): Promise<CheckedFirmware> {
  const source = await open(job, input, part === 'firmware' ? 'firmware' : 'web UI');
  try {
    const firmware = await job.checks
      .run('file', async () => {
        const read = await job.host.clock.during(readFirmware(source, loader ? { table: loader.table } : {}));
        return {
          read,
          compared: `${read.name}: ${read.images.length} images in ${read.size} bytes, every header right.`,
        };
      })
      .then(({ read }) => read);
    const onProgress = job.progress('files', firmware.size, () => ({ text: `Checking ${firmware.name}.` }));
    const { signal } = job.options;
    const check = await job.host.clock.during(
      checkFirmware(firmware, source, { sha256: true, collect: true, onProgress, ...(signal && { signal }) }),
    );
    job.report[part] = {
      name: firmware.name,
      size: firmware.size,
      sha256: check.sha256 ?? '',
      version: firmware.version,
    };
    await judge(job, firmware, check, part, loader);
    const first = job.report.images.length;
    check.images.forEach((image, i) => {
      job.report.images.push({
        index: first + i,
        code: image.code,
        name: image.partition,
        size: image.size,
        sha256: image.sha256 ?? '',
        complete: false,
      });
    });
    for (const warning of firmware.warnings) job.warn(warning);
    return { source, firmware, check };
  } catch (error) {
    await job.host.clock.during(source.close());
    throw error;
  }
}

/** Problems of the file itself; all others are about what an E3272 may get. */
const DAMAGE = ['FIRMWARE_CRC', 'FIRMWARE_TRUNCATED', 'FIRMWARE_INVALID'];

/** Checks 1 and 2 on what was found. All problems stand in the report; the first one is thrown, damage before the rest. */
async function judge(
  job: Job,
  firmware: Firmware,
  check: FirmwareReport,
  part: Part,
  loader: Loader | undefined,
): Promise<void> {
  const { problems } = check;
  const damage = problems.filter((p) => DAMAGE.includes(p.code));
  await job.checks.run('file', () => {
    refuse(job, 'file', damage);
    return `Every block right, sha256 ${check.sha256}.`;
  });
  await job.checks.run('fit', () => {
    refuseSynthetic(job, firmware.synthetic, 'firmware');
    const unfit = problems.filter((p) => !damage.includes(p) && !isExcused(job, firmware, p));
    const order = wrongOrder(firmware, part);
    refuse(job, 'fit', [...unfit, ...tooLarge(job, check.images), ...(order ? [order] : [])]);
    const rooms = check.images.map((image) => `${image.partition} ${image.size} of ${image.room}`).join(', ');
    const table = loader ? "the loader's own table" : 'the table of the known E3272 loader';
    const signed = firmware.signed ? 'signed, which was allowed' : 'unsigned';
    return `${firmware.name}: bytes of partition by ${table}: ${rooms}; ${signed}; version ${firmware.version || 'not named'}.`;
  });
  if (problems.some((p) => isExcused(job, firmware, p))) {
    job.checks.set('fit', 'warned', `Overridden: ${problems.map((p) => p.message).join(' ')}`);
  }
}

/** Throws the first of `problems`; the others are told in the check. */
function refuse(job: Job, id: 'file' | 'fit', [first, ...more]: readonly DriverError[]): void {
  if (!first) return;
  for (const problem of more) job.checks.fail(id, problem);
  throw first;
}

/** The name of another device and signatures may be overridden; codes and the chip never, wherever in the file they stand. */
function isExcused(job: Job, firmware: Firmware, { code }: DriverError): boolean {
  if (!firmware.images.every((image) => isE3272Code(image.code))) return false;
  if (firmware.images.some(({ platform, version }) => otherChip(platform) ?? otherChip(version))) return false;
  if (code === 'FIRMWARE_WRONG_DEVICE') return job.overridden('other-device');
  return code === 'FIRMWARE_UNSUPPORTED' && firmware.signed && job.overridden('signed-firmware');
}

/** Once more, on the sizes as they are sent: no override leads past this. */
function tooLarge(job: Job, images: readonly CheckedImage[]): DriverError[] {
  if (job.report.overrides.length === 0) return [];
  return images
    .filter((image) => image.size > image.room)
    .map(
      ({ partition, size, room }) =>
        new DriverError('FIRMWARE_TOO_LARGE', `${partition} has ${size} bytes, its partition takes ${room}.`, {
          stick: job.report.stick,
          hint: 'Use firmware made for the E3272 or E3276.',
        }),
    );
}

/** HiLink takes two files: the system first, its web pages second. */
function wrongOrder({ images, name }: Firmware, part: Part): DriverError | undefined {
  const system = images.some((image) => isVxWorksCode(image.code));
  const pages = images.some((image) => isWebuiCode(image.code));
  if (part === 'firmware') {
    if (system || !pages) return undefined;
    return new DriverError('BAD_ARGUMENT', `${name} holds only the web UI of HiLink, no firmware.`, {
      hint: 'Name the firmware that it belongs to with --firmware and this file with --webui; the firmware is written first.',
    });
  }
  if (!pages && !system) {
    return new DriverError(
      'BAD_ARGUMENT',
      `${name} holds no web UI: a HiLink without one has neither pages nor ports.`,
      {
        hint: 'Name the web UI file that belongs to this HiLink firmware with --webui.',
      },
    );
  }
  if (!system) return undefined;
  return new DriverError('BAD_ARGUMENT', `${name} holds a whole firmware, not the web UI that belongs to one.`, {
    hint: 'Name the firmware with --firmware and the web UI file with --webui; the firmware is written first.',
  });
}
