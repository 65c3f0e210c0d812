/** Sentences about virtual sticks, here and in another process. */

import type { Catalogue } from '../catalogue';

export const VIRTUAL = {} satisfies Catalogue;
