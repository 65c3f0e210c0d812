/** Sentences about the machine: its ttys, locks, notes and folders. */

import type { Catalogue } from '../catalogue';

export const HOST = {} satisfies Catalogue;
