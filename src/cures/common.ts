/** All cures that are the same in every place: they name no option, no node and no member of a message. */

import { AT_CURES } from './at';
import type { AddedCures } from './cure';
import { DEVICE_CURES } from './device';
import { FIRMWARE_CURES } from './firmware';
import { FLASH_CURES } from './flash';
import { GATEWAY_CURES } from './gateway';
import { HILINK_CURES } from './hilink';
import { MACHINE_CURES } from './machine';
import { VIRTUAL_CURES } from './virtual';

export const COMMON_CURES = {
  ...FIRMWARE_CURES,
  ...FLASH_CURES,
  ...AT_CURES,
  ...DEVICE_CURES,
  ...GATEWAY_CURES,
  ...HILINK_CURES,
  ...MACHINE_CURES,
  ...VIRTUAL_CURES,
} as const;

export const COMMON_ADDED = {
  'not-written': 'Unplug the stick and plug it in again: it starts its own firmware.',
  images: null,
  'sms-not-sent': null,
  'sms-tried': 'It was tried for as long as allowed; send it again later.',
  'sms-same-id': 'Under the same id it is not tried again: give it another one.',
} satisfies AddedCures;
