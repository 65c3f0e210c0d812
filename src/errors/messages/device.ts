/** Sentences about a stick that is kept in use: its session, queue and status. */

import type { Catalogue } from '../catalogue';

export const DEVICE = {} satisfies Catalogue;
