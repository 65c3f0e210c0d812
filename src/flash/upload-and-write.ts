/** The two halves of a flash as jobs of their own: upload a loader, write a firmware. */

import { type DriverError, failure, isDriverError } from '../errors';
import type { FileInput } from '../firmware/source';
import type { Host } from '../host/host';
import { stickText } from '../stick/stick';
import type { JobReport } from './events';
import { loadFirmware, loadLoader } from './files';
import { type Found, Job, type JobOptions } from './job';
import { refuseLeftovers } from './leftovers';
import { refuseOtherText } from './other-models';
import { fileSteps, planOf } from './plan';
import { identifyLoader } from './stage-identify';
import { checkPort, uploadLoader, warnForeignLoader } from './stage-upload';
import { resetIntoFirmware, writeImages } from './stage-write';
import { type AsIs, Records } from './unfinished';

function wrongMode({ kind, stick }: Found, key: 'WRONG_MODE/not-boot' | 'WRONG_MODE/no-loader'): DriverError {
  const is = kind === 'tty' ? 'answers AT' : `is in ${kind} mode`;
  return failure(key, { which: stickText(stick), is }, { stick: stick.path });
}

export interface UploadJobOptions extends JobOptions {
  loader: FileInput;
}

/** Uploads a loader to a stick in its boot ROM. Never rejects. */
export function upload(host: Host, options: UploadJobOptions): Promise<JobReport> {
  return new Job(host, options).run(async (job) => {
    job.stage('files', 'Checking the loader file.');
    const none = 'This job writes no firmware: a loader goes to the memory of the stick only.';
    job.checks.begin({ file: none, fit: none, device: none, write: none, after: none });
    const loader = await loadLoader(job, options.loader);
    job.plan = planOf(loader);
    const found = await job.finder.find(await job.holding.take('loader upload'));
    if (found.kind !== 'boot') {
      throw wrongMode(found, 'WRONG_MODE/not-boot');
    }
    refuseOtherText(job, found.stick);
    await checkPort(job, found);
    const steps = fileSteps(job.plan);
    if (options.dryRun) return job.stopDry(found.stick, steps, none);
    await job.confirm(found.stick, 'flash', steps);
    await uploadLoader(job, found, loader);
  });
}

export interface WriteJobOptions extends JobOptions {
  firmware: FileInput;
  /** Leave the loader running instead of restarting into the firmware. */
  keep?: boolean;
  /** See {@link import('./convert-options').ConvertOptions}. */
  asIs?: AsIs;
}

/** Writes a firmware through a running loader. Never rejects. */
export function write(host: Host, options: WriteJobOptions): Promise<JobReport> {
  return new Job(host, options).run(async (job) => {
    job.stage('files', 'Checking the firmware file.');
    const after = 'Restarted by this job, but asked by none: convert asks what runs.';
    job.checks.begin({ after: options.keep ? 'The loader is left running.' : after });
    const file = await loadFirmware(job, options.firmware);
    job.plan = planOf(undefined, [file]);
    const records = new Records(job, options.asIs);
    try {
      const stick = await job.holding.take('firmware write');
      records.begin(stick);
      const found = await job.finder.find(stick);
      if (found.kind !== 'loader') {
        throw wrongMode(found, 'WRONG_MODE/no-loader');
      }
      const earlier = await records.judge(found.stick);
      await checkPort(job, found);
      warnForeignLoader(job, false);
      const loader = await identifyLoader(job, found);
      const steps = fileSteps(job.plan);
      if (options.dryRun) return job.stopDry(found.stick, steps, 'The loader has been asked.');
      await job.confirm(found.stick, 'flash', steps);
      const { at, wire } = await writeImages(job, found, loader, {
        earlier,
        restarts: !options.keep,
        setAside: () => records.setAside(),
      });
      if (!options.keep) {
        const back = await resetIntoFirmware(job, at, wire);
        job.checks.set('after', 'warned', `It came back as ${stickText(back.stick)}; nobody asked what it runs.`);
      }
      await refuseLeftovers(job).catch((error: unknown) => {
        // The stick is whole; the next job asks for more than it has to.
        if (!isDriverError(error, 'FILE_NOT_WRITTEN')) throw error;
        job.warn(error.message);
      });
      await records.keep();
    } finally {
      await job.host.clock.during(file.source.close());
    }
  });
}
