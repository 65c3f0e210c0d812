/** All sentences of the driver, by code and reason. */

import { AT } from './messages/at';
import { DEVICE } from './messages/device';
import { FILES } from './messages/files';
import { FIRMWARE } from './messages/firmware';
import { FLASH } from './messages/flash';
import { GATEWAY } from './messages/gateway';
import { HILINK } from './messages/hilink';
import { HOST } from './messages/host';
import { LOADER } from './messages/loader';
import { MODESWITCH } from './messages/modeswitch';
import { SMS } from './messages/sms';
import { STICK } from './messages/stick';
import { VIRTUAL } from './messages/virtual';

export const MESSAGES = {
  ...AT,
  ...DEVICE,
  ...FIRMWARE,
  ...FILES,
  ...FLASH,
  ...GATEWAY,
  ...HILINK,
  ...HOST,
  ...LOADER,
  ...MODESWITCH,
  ...SMS,
  ...STICK,
  ...VIRTUAL,
} as const;

export type Messages = typeof MESSAGES;
/** `LOADER_INVALID/cut`: code and reason of an error of the driver. */
export type ErrorKey = keyof Messages;
