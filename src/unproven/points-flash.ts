/** Boot ROM, loader, firmware files: facts/flash.md 8. */

import type { Point } from './point';
import { verdict } from './point';

/** The limit for a block at which the loader erases and writes, milliseconds. */
const SLOW_BLOCK = 30_000;
/** So many octets has a frame with a block. */
const BLOCK = 1000;

export const FLASH_POINTS: readonly Point[] = [
  {
    id: 'flash-1',
    subject: 'A data packet that is sent to the boot ROM twice',
    assumed: 'It is not acknowledged again: a loader is begun anew instead.',
    settle:
      'Upload a loader over a bad hub, or lose one acknowledgement on purpose, and look at what the boot ROM answers.',
  },
  {
    id: 'flash-2',
    subject: 'Blocks of 8192 octets',
    assumed: 'The loader says that it takes them and is not asked to: 4096 are sent.',
    settle: 'Write with blocks of 8192 octets to a stick that may be lost.',
  },
  {
    id: 'flash-3',
    subject: 'How long the loader works on a block',
    assumed: `No acknowledgement takes longer than ${SLOW_BLOCK / 1000} s.`,
    settle: 'A trace of one whole write.',
    models: /^/,
    look: ({ acks }) => {
      const blocks = acks.filter(({ bytes }) => bytes >= BLOCK);
      return verdict(blocks.length < 100 ? undefined : blocks.every(({ ms }) => ms <= SLOW_BLOCK));
    },
  },
  {
    id: 'flash-4',
    subject: 'Unlock code and version in the header of genuine files of the E3272',
    assumed: 'They are as in the files of the E3276; no file is refused for them.',
    settle: 'Check a genuine file and send what is said of it, not the file.',
  },
  {
    id: 'flash-5',
    subject: 'Going on with a firmware from its middle after a restart (dload type 0)',
    assumed: 'It may not work: a write is always begun anew.',
    settle: 'Cancel a write between two images, restart, and write the rest: on a stick that may be lost.',
  },
];
