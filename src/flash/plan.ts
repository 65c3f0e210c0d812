/** What a job will do with its files: made of their checks, and never changed afterwards. */

import type { ByteSource } from '../firmware/byte-source';
import type { CheckedImage, FirmwareReport } from '../firmware/check';
import type { Firmware } from '../firmware/firmware';
import type { Loader } from '../firmware/loader';
import type { ImageReport } from './events';
import { type Said, said } from './said';

/** One image as it will be written. */
export interface PlannedImage extends Readonly<Omit<ImageReport, 'complete' | 'earlier'>> {
  readonly image: CheckedImage;
  readonly source: ByteSource;
}

/** A firmware file, or a web UI file, that has passed its checks. */
export interface CheckedFirmware {
  readonly source: ByteSource;
  readonly firmware: Firmware;
  readonly check: FirmwareReport;
  readonly images: readonly PlannedImage[];
  /** How the flash memory would be divided otherwise than now, a sentence for each partition: needs a yes of its own. */
  readonly tableChanges: readonly string[];
}

export interface JobPlan {
  /** Uploaded, where the stick needs it. */
  readonly loader: Loader | undefined;
  /** Written in this order: the firmware, and behind it the web UI when there is one. */
  readonly files: readonly CheckedFirmware[];
  readonly images: readonly PlannedImage[];
  /** See {@link CheckedFirmware}. */
  readonly tableChanges: readonly string[];
}

export const planOf = (loader: Loader | undefined, files: readonly CheckedFirmware[] = []): JobPlan => ({
  loader,
  files,
  images: files.flatMap(({ images }) => images),
  tableChanges: files.flatMap((file) => file.tableChanges),
});

/** Without files. */
export const NOTHING = planOf(undefined);

/** For the one who has to say yes: one sentence for each file. */
export const fileSteps = ({ loader, files }: JobPlan): Said[] => [
  ...(loader ? [said('plan.loader', { name: loader.name })] : []),
  ...files.map(({ firmware: { name, version } }, i) => {
    const what = i === 0 ? ('firmware' as const) : ('webui' as const);
    return version === '' ? said(`plan.${what}Unnamed`, { name }) : said(`plan.${what}`, { name, version });
  }),
];
