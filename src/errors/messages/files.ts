/** Sentences about files, folders and URLs: what is read and written. */

import type { Catalogue } from '../catalogue';

export const FILES = {} satisfies Catalogue;
