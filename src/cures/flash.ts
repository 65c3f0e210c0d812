/** Cures of upload, write, conversion and mode switch that are the same in every place. */

import type { Messages } from '../errors';
import { ALL_MODELS, MODEL } from '../family/family';
import type { Cures } from './cure';

const REPLUG = 'Unplug it, wait five seconds, plug it in again and repeat.';
const BOOT_PIN_AGAIN =
  'Nothing was written to the flash. Unplug the stick, hold the boot pin to ground while you plug it in again, and repeat. ' +
  'If it happens again, the loader file may be for another model.';
const NOT_BACK =
  'Nothing was written to the flash. Plug the stick in again with the boot pin held and repeat; if it happens again, ' +
  'the loader file is for another model or the stick has secure boot.';
const NOTHING_MORE =
  'Nothing more was done. Unplug it, wait five seconds and plug it in again, with the boot pin held if it has to be reflashed.';
const ONE_STICK = 'Leave one stick plugged in at its place until the job has ended, and repeat.';
const RESTART =
  'Unplug the stick, wait five seconds and plug it in again. If it stays away, bring it back with the boot pin.';
const CODES = 'Choose codes from the answer to AT^SETPORT=?, with one that it calls PCUI behind the semicolon.';
const otherModel = (what: string): string =>
  `Nothing was ${what}. Only ${ALL_MODELS} sticks can be written; other models have other chips.`;
const oldValue = (before: string): string =>
  `Unplug the stick, wait five seconds and plug it in again. The old value of AT^SETPORT was "${before}".`;

export const FLASH_CURES = {
  // What asks for an end knows why.
  CANCELLED: null,
  'CANCELLED/job-aborted': 'The same job, started again, takes up from where this one stopped.',
  'PROTOCOL/job-on-stick': 'Look at what is plugged in and repeat the job.',
  'PROTOCOL/check': 'Repeat the job.',
  'PROTOCOL/write': 'Leave the stick plugged in and repeat the write.',

  'BAD_ARGUMENT/setport-value': "It has the form before;after with codes of the stick's own list, like FF;10,12.",
  'BAD_ARGUMENT/as-is-elsewhere': (p) => `Name ${p.stick} if that one is meant.`,
  'WRONG_MODE/restless': NOTHING_MORE,
  'WRONG_MODE/no-hilink': NOTHING_MORE,
  'WRONG_MODE/no-way': NOTHING_MORE,
  'WRONG_MODE/not-boot': 'Unplug it, hold the boot pin to ground and plug it in again.',
  'NOT_SWITCHED/cd-rom-again': `Another program may be switching it too. ${REPLUG}`,
  'TIMEOUT/boot-pin': (p) => `The pin is ${p.pin}. Repeat the job when you are ready.`,
  'STICK_GONE/left-meanwhile': ONE_STICK,
  'STICK_GONE/other-place': ONE_STICK,
  'STICK_GONE/other-imei': ONE_STICK,
  'FIRMWARE_WRONG_DEVICE/model': otherModel('changed'),
  'FIRMWARE_WRONG_DEVICE/model-on-bus': otherModel('changed'),
  'FIRMWARE_WRONG_DEVICE/model-by-id': otherModel('changed'),
  'FIRMWARE_WRONG_DEVICE/loader': otherModel('written'),
  'PORT_BUSY/intruders':
    'Install the udev rule `e3272.rules` of this package (docs/), stop the program (`systemctl stop ModemManager`), or ' +
    'keep it away with `mmcli --inhibit-device` while the job runs, and repeat.',

  'NAK/boot-rom': BOOT_PIN_AGAIN,
  'PROTOCOL/boot-rom': BOOT_PIN_AGAIN,
  'TIMEOUT/boot-rom': BOOT_PIN_AGAIN,
  'TIMEOUT/boot-rom-slow': BOOT_PIN_AGAIN,
  'TIMEOUT/boot-rom-silent':
    'It may be in the middle of an earlier upload: unplug the stick, hold the boot pin to ground while you plug it in ' +
    'again, and repeat.',
  'WRONG_MODE/after-upload': NOT_BACK,
  'TIMEOUT/after-upload': NOT_BACK,

  'PROTOCOL/loader-nameless': 'Nothing was written. Close other programs that use its ports and repeat.',
  'PROTOCOL/datamode': 'Nothing was written. A loader that demands a signature belongs to a newer chip.',
  'NAK/image-start': 'The image is not for this stick, or its partition is too small. Nothing of it was written.',
  'NAK/image': 'The flash could not be written (bad blocks, or no room). Repeat the write; this image is not complete.',
  'NAK/dialect': `This loader speaks another dialect of the protocol: the stick is probably no ${MODEL}.`,
  'NAK/reset': 'Unplug the stick, wait five seconds and plug it in again: it starts what was written.',
  'PROTOCOL/uncertain':
    'Its answers get lost again and again: try another cable, USB port or powered hub, then repeat the write.',
  'TIMEOUT/midway': 'Bring it back with the boot pin and write the firmware again from the start.',
  'WRONG_MODE/after-write': RESTART,
  'TIMEOUT/after-write': RESTART,
  'FILE_NOT_WRITTEN/journal-left': 'Make room on the disk, or let this user write to the folder.',
  'FILE_NOT_WRITTEN/journal-behind': 'Make room on the disk, or let this user write to the folder.',
  'FILE_NOT_WRITTEN/journal-newer': 'Write the stick with that version.',
  'COMMAND_REFUSED/setport-judged': CODES,
  'WRONG_MODE/after-setport': (p) => oldValue(p.before),
  'TIMEOUT/after-setport': (p) => oldValue(p.before),

  'PROTOCOL/switch-message': REPLUG,
  'PROTOCOL/inquiry': REPLUG,
  'WRONG_MODE/no-cd-rom': 'Only a stick that shows itself as a CD-ROM can be switched. Unplug it and plug it in again.',
  'WRONG_MODE/no-storage': 'It may still be starting: try again in a few seconds.',
  'WRONG_MODE/stranger': 'It is no stick of this family: no switch message was sent to it.',
  'NOT_SWITCHED/vendor': `No switch message was sent. ${REPLUG}`,
  'NOT_SWITCHED/away': 'Unplug it, wait five seconds, plug it in again; try another USB port or a powered hub.',
  'NOT_SWITCHED/left-as-other': 'It may have restarted: wait a minute, look at what it is then, and repeat.',
  'NOT_SWITCHED/left-for-good': 'Unplug it, wait five seconds and plug it in again: it is HiLink as before then.',
  'COMMAND_REFUSED/no-pcui': 'It keeps the ports that it has now until it is plugged in anew.',
  'NOT_SWITCHED/configuration': REPLUG,
  'STICK_GONE/configuration': REPLUG,
  'PORT_BUSY/mounted':
    'Nothing was changed. Unmount it (`umount`, for a swap area `swapoff`) and repeat; a read-only mount is no obstacle.',
  'NATIVE_MISSING/switch':
    'Run `npm install usb@3.1` where this package is installed, or load the kernel driver (`modprobe usb-storage`).',
  'BAD_ARGUMENT/configuration': (p) => `Nothing was changed. It has: ${p.has}.`,
} satisfies Cures<Messages>;
