/** Sentences about firmware files, their images and loaders. */

import type { Catalogue } from '../catalogue';

export const FIRMWARE = {} satisfies Catalogue;
