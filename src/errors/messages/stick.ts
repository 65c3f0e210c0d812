/** Sentences about finding a stick and what it lacks. */

import type { Catalogue } from '../catalogue';

export const STICK = {} satisfies Catalogue;
