/** Sentences about messages and their outbox. */

import type { Catalogue } from '../catalogue';

export const SMS = {} satisfies Catalogue;
