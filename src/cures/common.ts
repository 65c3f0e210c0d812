/** All cures that are the same in every place. */

import type { AddedCures } from './cure';
import { FIRMWARE_CURES } from './firmware';
import { FLASH_CURES } from './flash';

export const COMMON_CURES = { ...FIRMWARE_CURES, ...FLASH_CURES } as const;

export const COMMON_ADDED = {
  'not-written': 'Unplug the stick and plug it in again: it starts its own firmware.',
  images: null,
} satisfies AddedCures;
