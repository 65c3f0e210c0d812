/**
 * The convert job: from whatever the stick is now to an AT port that stays, or to HiLink when a web UI is given.
 *
 * What happens next depends on what the stick is: CD-ROM -> switch; HiLink -> a person must hold the boot pin; boot ROM
 * -> upload the loader; loader -> write the firmware; AT answers -> set SETPORT, or into the loader when it has to be
 * written; anything else is refused. The same call takes up from wherever an earlier one ended.
 */

import { parseComposition } from '../at/commands/ports';
import { DriverError } from '../errors';
import { isVxWorksCode } from '../firmware/partitions';
import type { FileInput } from '../firmware/source';
import type { Host } from '../host/host';
import type { SwitchMessage } from '../modeswitch/messages';
import { Conversion } from './conversion';
import type { JobReport } from './events';
import { type CheckedFirmware, loadFirmware, loadLoader } from './files';
import { Job, type JobOptions } from './job';
import type { AsIs } from './unfinished';

export const DEFAULT_SETPORT = 'FF;10,12';

export interface ConvertOptions extends JobOptions {
  loader?: FileInput;
  firmware?: FileInput;
  /** Web pages of HiLink firmware: with them the stick is to become a HiLink router, and nothing is done to its ports. */
  webui?: FileInput;
  /** Target of AT^SETPORT, default {@link DEFAULT_SETPORT}; `FF;10,12,16` keeps the network interface too. */
  setport?: string;
  /** Write the firmware although AT answers already. */
  reflash?: boolean;
  /**
   * How running firmware is brought into its loader. `auto` (default): `AT^GODLOAD`, and the boot pin when that is refused
   * and a loader file is there.
   */
  wayIn?: 'auto' | 'boot-pin';
  /** The IMEI is saved in full with what the old firmware says of itself; else it is hidden. */
  saveImei?: boolean;
  message?: SwitchMessage;
  /**
   * Take the stick as it is, although a write that was not completed is on record that concerns it or may do so: `true`, or
   * its place (`1-1.4`). The place of another stick: that record is over. Else it has to be written again, or the job ends.
   */
  asIs?: AsIs;
}

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
      await new Conversion(job, options, checked, files, setport ?? DEFAULT_SETPORT).run();
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
