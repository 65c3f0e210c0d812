/** Cures of the machine, its ports and the sticks on its bus that are the same in every place. */

import type { Messages } from '../errors';
import { SWITCHED_OUTSIDE } from './addon';
import type { Cures } from './cure';

const REPLUG = 'Unplug the stick, plug it in again and repeat.';
const WAIT = 'Wait until that has ended, or cancel it.';
const LOOK_AGAIN = 'Look for it again: it may have come back in another mode.';
const REOPEN = 'Open it again.';

export const MACHINE_CURES = {
  'STICK_GONE/port':
    'The stick was unplugged or is changing its mode: plug it in again, or wait until it has come back.',
  'STICK_GONE/port-closed': REOPEN,
  'STICK_GONE/left': LOOK_AGAIN,
  'STICK_GONE/ports-coming': 'Check the cable and the power supply, plug the stick in again and repeat.',
  'PORT_BUSY/port': (p) =>
    (p.holders.length > 0 ? 'Stop that program' : `Find the program (\`fuser -v ${p.path}\` as root) and stop it`) +
    ', or tell it to leave this stick alone (ModemManager: the udev rule e3272.rules of this package), and try again.',
  'PORT_BUSY/interface': 'The system may be switching the stick itself just now: wait some seconds and try again.',
  BUSY: WAIT,
  'BUSY/program': 'Wait until that job has ended, or cancel it.',
  'BUSY/job': 'Wait until it has ended, or cancel it.',
  'BUSY/own-job': 'Wait until it has ended, or cancel it.',
  'CANCELLED/job': 'The same job, started again, takes up from where this one stopped.',
  'PROTOCOL/job': 'Look at what is plugged in and repeat the job.',
  'NO_PERMISSION/port':
    'Add yourself to the group that owns it (`adduser YOUR-NAME dialout`, then log in anew), ' +
    'or install the udev rule e3272.rules of this package (docs/).',
  'NO_PERMISSION/usb':
    'Install the udev rule e3272.rules of this package (docs/) and plug the stick in again, or run this as root.',
  'NO_PERMISSION/addon': SWITCHED_OUTSIDE,
  'NO_PERMISSION/no-node':
    "In a container the host's /dev/bus/usb must be passed in, the whole folder: the stick comes back as another file.",
  'NO_PERMISSION/configuration':
    'Run it as root, or install the udev rule e3272.rules of this package (docs/) and the package "usb" ' +
    '(`npm install usb@3.1`), and plug the stick in again.',
  'NO_PERMISSION/not-put-back': 'Pull it out and plug it in again.',
  'NO_PERMISSION/socket':
    'Let it have sockets of the family AF_UNIX (systemd: RestrictAddressFamilies, AppArmor), and file descriptors.',
  'NO_PERMISSION/not-authorized': (p) =>
    'Allow it: with USBGuard `usbguard list-devices -b`, then `usbguard allow-device -p` with its number, also in its other ' +
    `modes, in which it has other ids; without, write 1 to ${p.files}.`,
  'DRIVER_MISSING/no-node': "In a container, make the host's /dev visible. On the host itself: is udev running?",
  'DRIVER_MISSING/no-driver':
    'Load the kernel driver (`modprobe option`). Some systems ship it in a package of extra kernel modules.',
  'DRIVER_MISSING/no-interfaces':
    'Unplug it, wait five seconds and plug it in again; in a container, all of /sys must be visible.',
  'NATIVE_MISSING/serial':
    'Run `npm rebuild @serialport/bindings-cpp`, its native part, where this package is installed; where that has no ' +
    'ready-made binary for the machine that needs python3, make and g++.',
  'NATIVE_MISSING/usb':
    'Run `npm install usb@3.1` where this package is installed, or install the tool `usb_modeswitch` of your system.',
  'BAD_ARGUMENT/no-device-node': 'Name the device node of a tty, such as /dev/ttyUSB0.',
  'BAD_ARGUMENT/no-bulk': 'Take the mass-storage interface (class 08) of its descriptor.',
  'TIMEOUT/open': REPLUG,
  'TIMEOUT/send': REPLUG,
  'TIMEOUT/receive': REPLUG,
  'PROTOCOL/short-transfer': REPLUG,
  'PROTOCOL/stall': REPLUG,
  'PROTOCOL/usb': REPLUG,
  'FILE_NOT_WRITTEN/old-note': 'Give this user the right to write there, or remove the file.',

  'WRONG_MODE/composition':
    'Nothing can be told to it by AT any more. Plug it in with the boot pin held to ground and convert it there, with a ' +
    'loader and a firmware file.',
  'STICK_NOT_FOUND/none': 'Plug the stick in and try again; in a container, /sys must be visible.',
  'STICK_NOT_FOUND/only-stranger': 'Unplug that and plug in the stick.',
  'STICK_NOT_FOUND/only-foreign': 'Nothing was opened or sent. docs/sticks.md says which sticks can be used.',
  'WRONG_MODE/foreign': 'Nothing was opened or sent. docs/sticks.md says which sticks can be used.',
  'STICK_NOT_FOUND/awaited': 'Plug it in; the AT port is opened by itself.',
  'STICK_NOT_FOUND/awaited-place': 'Plug it in; the AT port is opened by itself.',
  'STICK_NOT_FOUND/awaited-own-name': 'Plug it in; the AT port is opened by itself.',
  'TIMEOUT/silent':
    'Close other programs that use the ports (ModemManager, minicom), unplug the stick, wait five seconds, plug it in ' +
    'again and repeat.',
  'WRONG_MODE/stuck-port':
    'Another program left it so. Unplug the stick, wait five seconds, plug it in again and repeat.',
  'TIMEOUT/loader-repeats': 'Try another cable, USB port or powered hub, then repeat the write.',
} satisfies Cures<Messages>;
