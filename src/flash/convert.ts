/**
 * The convert job: from whatever the stick is now to an AT port that stays, or to HiLink when a web UI is given.
 *
 * What happens next depends on what the stick is: CD-ROM -> switch; HiLink -> a person must hold the boot pin; boot ROM
 * -> upload the loader; loader -> write the firmware; AT answers -> set SETPORT, or into the loader when it has to be
 * written; anything else is refused. The same call takes up from wherever an earlier one ended.
 */

import { parseComposition } from '../at/commands/ports';
import { DriverError } from '../errors';
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
    const { loader, firmware, webui, setport } = options;
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
      await new Conversion(job, options, setport ?? DEFAULT_SETPORT).run();
    } finally {
      for (const { source } of files) await job.host.clock.during(source.close());
    }
  });
}

/** Pages without the system that they belong to leave a stick with neither pages nor ports. */
function requireSystem(file: CheckedFirmware | undefined): void {
  if (!file || file.firmware.images.some((image) => isVxWorksCode(image.code))) return;
  throw new DriverError(
    'BAD_ARGUMENT',
    `${file.firmware.name} holds no system (VxWorks) for the web UI to belong to.`,
    {
      hint: 'Name the whole HiLink firmware with --firmware, and its web UI with --webui.',
    },
  );
}

function refuseNonsense({ setport, webui, firmware }: ConvertOptions, host: Host): void {
  if (setport !== undefined && !parseComposition(setport)) {
    throw new DriverError('BAD_ARGUMENT', `"${setport}" is no value for AT^SETPORT.`, {
      hint: "It has the form before;after with codes of the stick's own list, like FF;10,12.",
    });
  }
  if (webui === undefined) return;
  if (firmware === undefined) {
    throw new DriverError('BAD_ARGUMENT', 'A web UI was named without the HiLink firmware that it belongs to.', {
      hint: 'Name both (--firmware and --webui): the firmware is written first, the web UI behind it.',
    });
  }
  if (!host.hasBus) {
    throw new DriverError('BAD_ARGUMENT', 'A stick that becomes HiLink has no port to prove it by.', {
      hint: 'Repeat without --tty: on the bus it can be seen.',
    });
  }
}
