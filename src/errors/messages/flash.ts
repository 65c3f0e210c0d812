/** Sentences about upload, write and conversion. */

import type { Catalogue } from '../catalogue';

export const FLASH = {} satisfies Catalogue;
