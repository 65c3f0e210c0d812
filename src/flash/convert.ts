/**
 * The convert job: from whatever the stick is now to an AT port that stays, or to HiLink when a web UI is given.
 *
 * What happens next depends on what the stick is: CD-ROM -> switch; HiLink -> a person must hold the boot pin; boot ROM
 * -> upload the loader; loader -> write the firmware; AT answers -> set SETPORT, or into the loader when it has to be
 * written; anything else is refused. The same call takes up from wherever an earlier one ended.
 */

import { parseComposition } from '../at/commands/ports';
import { failure } from '../errors';
import { SETPORT } from '../family/family';
import { isVxWorksCode } from '../firmware/partitions';
import type { Host } from '../host/host';
import { Conversion } from './conversion';
import type { ConvertOptions } from './convert-options';
import type { JobReport } from './events';
import { loadFirmware, loadLoader } from './files';
import { Job } from './job';
import { type CheckedFirmware, planOf } from './plan';

export type { ConvertOptions } from './convert-options';

export const DEFAULT_SETPORT = SETPORT.serial;

/** Runs the whole conversion. Never rejects: the report says how it ended. */
export function convert(host: Host, options: ConvertOptions): Promise<JobReport> {
  return new Job(host, options).run(async (job) => {
    const { loader, firmware, webui } = options;
    refuseNonsense(options, host);
    if (loader !== undefined || firmware !== undefined) {
      job.stage('files', 'Checking the files.');
      job.checks.begin({
        ...(firmware === undefined && { file: 'No firmware file was named.', fit: 'No firmware file was named.' }),
        ...(loader === undefined && {
          loader: "No loader file was named: only the firmware's own loader can be used.",
        }),
      });
    }
    const files: CheckedFirmware[] = [];
    try {
      const checked = loader === undefined ? undefined : await loadLoader(job, loader);
      if (firmware !== undefined) files.push(await loadFirmware(job, firmware));
      if (webui !== undefined) {
        requireSystem(files[0]);
        files.push(await loadFirmware(job, webui, 'webui', files[0]));
      }
      job.plan = planOf(checked, files);
      await new Conversion(job, options).run();
    } finally {
      for (const { source } of files) await job.host.clock.during(source.close());
    }
  });
}

/** Pages without the system that they belong to leave a stick with neither pages nor ports. */
function requireSystem(file: CheckedFirmware | undefined): void {
  if (!file || file.firmware.images.some((image) => isVxWorksCode(image.code))) return;
  throw failure('BAD_ARGUMENT/no-system', { name: file.firmware.name });
}

function refuseNonsense({ setport, webui, firmware }: ConvertOptions, host: Host): void {
  if (setport !== undefined && !parseComposition(setport)) {
    throw failure('BAD_ARGUMENT/setport-value', { value: setport });
  }
  if (webui === undefined) return;
  if (firmware === undefined) throw failure('BAD_ARGUMENT/webui-alone', {});
  if (!host.hasBus) throw failure('BAD_ARGUMENT/webui-without-bus', {});
}
