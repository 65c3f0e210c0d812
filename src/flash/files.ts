/** The files of a job: opened and checked as a whole before any port is opened. */

import { DriverError } from '../errors';
import { checkFirmware, type FirmwareReport } from '../firmware/check';
import { type Firmware, readFirmware } from '../firmware/firmware';
import { type Loader, readLoader } from '../firmware/loader';
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

/** Rule: what tools and tests made up never reaches a real stick, without override. */
function refuseSynthetic(job: Job, synthetic: boolean, what: string): void {
  if (!synthetic || !job.host.real) return;
  throw new DriverError('FIRMWARE_SYNTHETIC', `This ${what} is a made-up one for virtual sticks.`, {
    stick: job.report.stick,
    hint: `Use the ${what} file of your stick's maker. There is no way around this check.`,
  });
}

/** What happens with the files that were loaded, for the one who has to say yes: one sentence each. */
export function fileSteps({ loader, firmware }: JobReport): string[] {
  return [
    ...(loader ? [`The loader ${loader.name} is uploaded to the stick's memory.`] : []),
    ...(firmware
      ? [`The firmware ${firmware.name} (${firmware.version || 'no version text'}) is written to its flash.`]
      : []),
  ];
}

export async function loadLoader(job: Job, input: FileInput, allowUnsafe: boolean): Promise<Loader> {
  const source = await job.host.clock.during(openSource(input));
  try {
    const loader = await job.host.clock.during(readLoader(source, { allowUnsafe }));
    refuseSynthetic(job, loader.synthetic, 'loader');
    job.report.loader = {
      name: loader.name,
      size: loader.size,
      sha256: loader.sha256,
      ...(loader.known !== undefined && { known: loader.known }),
      erase: loader.erase.text,
    };
    if (!loader.erase.safe) job.warn(`The loader is not proven safe (${loader.erase.text}): forced by the caller.`);
    return loader;
  } finally {
    await job.host.clock.during(source.close());
  }
}

/**
 * The images are measured against the partitions of `loader` where it is given, else of the known E3272 loader.
 * The source stays open: the write reads from it. The caller closes it.
 */
export async function loadFirmware(job: Job, input: FileInput, loader?: Loader): Promise<CheckedFirmware> {
  const source = await job.host.clock.during(openSource(input));
  try {
    const firmware = await job.host.clock.during(readFirmware(source, loader ? { table: loader.table } : {}));
    refuseSynthetic(job, firmware.synthetic, 'firmware');
    const onProgress = job.progress('files', firmware.size, () => ({ text: `Checking ${firmware.name}.` }));
    const { signal } = job.options;
    const check = await job.host.clock.during(
      checkFirmware(firmware, source, { sha256: true, onProgress, ...(signal && { signal }) }),
    );
    job.report.firmware = {
      name: firmware.name,
      size: firmware.size,
      sha256: check.sha256 ?? '',
      version: firmware.version,
    };
    job.report.images = check.images.map((image, index) => ({
      index,
      code: image.code,
      name: image.partition,
      size: image.size,
      sha256: image.sha256 ?? '',
      complete: false,
    }));
    for (const warning of firmware.warnings) job.warn(warning);
    return { source, firmware, check };
  } catch (error) {
    await job.host.clock.during(source.close());
    throw error;
  }
}
