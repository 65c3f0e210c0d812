import type { ImageReport, LoaderReport } from './events';
import type { JobPlan, PlannedImage } from './plan';

/** One image of a write, as its journal knows it. */
export interface WorkImage extends Readonly<Pick<ImageReport, 'index' | 'name' | 'size' | 'sha256'>> {
  /** Every block and the END were acknowledged, in this run or in an earlier one. */
  complete: boolean;
}

/** The work list of a write: what is to be written to which stick, and how far that has come. */
export interface Work<I extends WorkImage = WorkImage> {
  readonly files: readonly { name: string; sha256: string }[];
  readonly images: readonly I[];
  /** What the loader says of the stick. */
  readonly device: LoaderReport;
}

export const workOf = (plan: JobPlan, device: LoaderReport): Work<PlannedImage & WorkImage> => ({
  files: plan.files.map(({ firmware, check }) => ({ name: firmware.name, sha256: check.sha256 ?? '' })),
  images: plan.images.map((image) => ({ ...image, complete: false })),
  device,
});

/** Names of the images that are complete, or are not. */
export const namesOf = ({ images }: Pick<Work, 'images'>, complete: boolean): string[] =>
  images.filter((image) => image.complete === complete).map((image) => image.name);
