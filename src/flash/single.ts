/** The two halves of a flash as jobs of their own: upload a loader, write a firmware. */

import { DriverError } from '../errors';
import type { Host } from '../host/host';
import { stickText } from '../stick/stick';
import type { JobReport } from './events';
import { type FileInput, fileSteps, loadFirmware, loadLoader } from './files';
import { type Found, Job, type JobOptions } from './job';
import { refuseIntruders, uploadLoader } from './stage-upload';
import { identifyLoader, resetIntoFirmware, writeImages } from './stage-write';

function wrongMode(found: Found, wanted: string, hint: string): DriverError {
  const is = found.kind === 'at' ? 'answers AT' : `is in ${found.kind} mode`;
  return new DriverError('WRONG_MODE', `The stick at ${stickText(found.stick)} ${is}, not ${wanted}.`, {
    stick: found.stick.path,
    hint,
  });
}

export interface UploadJobOptions extends JobOptions {
  loader: FileInput;
  allowUnsafeLoader?: boolean;
}

/** Uploads a loader to a stick in its boot ROM. Never rejects. */
export function upload(host: Host, options: UploadJobOptions): Promise<JobReport> {
  return new Job(host, options).run(async (job) => {
    job.stage('files', 'Checking the loader file.');
    const loader = await loadLoader(job, options.loader, options.allowUnsafeLoader ?? false);
    const found = await job.find(await job.take('loader upload'));
    if (found.kind !== 'boot') {
      throw wrongMode(found, 'in its boot ROM', 'Unplug it, hold the boot pin to ground and plug it in again.');
    }
    await refuseIntruders(job);
    if (options.dryRun) return;
    await job.confirm(found.stick, 'flash', fileSteps(job.report));
    await uploadLoader(job, found, loader);
  });
}

export interface WriteJobOptions extends JobOptions {
  firmware: FileInput;
  /** Leave the loader running instead of restarting into the firmware. */
  keep?: boolean;
}

/** Writes a firmware through a running loader. Never rejects. */
export function write(host: Host, options: WriteJobOptions): Promise<JobReport> {
  return new Job(host, options).run(async (job) => {
    job.stage('files', 'Checking the firmware file.');
    const file = await loadFirmware(job, options.firmware);
    try {
      const found = await job.find(await job.take('firmware write'));
      if (found.kind !== 'loader') {
        throw wrongMode(found, 'a running loader', 'Upload a loader first (`e3272 upload`), or use `e3272 convert`.');
      }
      await refuseIntruders(job);
      const link = await identifyLoader(job, found);
      if (options.dryRun) return;
      await job.confirm(found.stick, 'flash', fileSteps(job.report));
      const { at, wire } = await writeImages(job, found, link, file);
      if (!options.keep) await resetIntoFirmware(job, at, wire);
    } finally {
      await job.host.clock.during(file.source.close());
    }
  });
}
