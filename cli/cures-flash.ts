/** Cures of mode switch and flash, with the names of options and commands. */

import type { Cures } from '../src/cures/cure';
import type { Messages } from '../src/errors';

const BOTH_FILES = "Name both files (--loader and --firmware). They are Huawei's and must be brought along.";
const ORDER = 'the firmware is written first, the web UI behind it.';
const STAYED =
  'A stick that has switched once since it was plugged in refuses: unplug it, plug it in again and repeat. ' +
  'If it stays, try the other message (--message alt, or new).';
const ON_BUS = 'That takes the USB bus of this machine: name the stick by its port path (--stick), not by a tty.';
const BOOT_PIN =
  'The boot pin is the way: `e3272 convert` with a loader and a firmware file asks for it and says where it is.';
const LOGIN = 'One of the ways wants the password of its web page: put it into E3272_HILINK_PASSWORD. Else: ';

export const FLASH_CLI_CURES = {
  'BAD_ARGUMENT/no-system': 'Name the whole HiLink firmware with --firmware, and its web UI with --webui.',
  'BAD_ARGUMENT/webui-alone': `Name both (--firmware and --webui): ${ORDER}`,
  'BAD_ARGUMENT/webui-without-bus': 'Repeat without --tty: on the bus it can be seen.',
  'BAD_ARGUMENT/only-webui': `Name the firmware that it belongs to with --firmware and this file with --webui: ${ORDER}`,
  'BAD_ARGUMENT/no-webui': 'Name the web UI file that belongs to this HiLink firmware with --webui.',
  'BAD_ARGUMENT/no-mere-webui': `Name the firmware with --firmware and the web UI file with --webui: ${ORDER}`,
  'BAD_ARGUMENT/missing-files': BOTH_FILES,
  'BAD_ARGUMENT/nothing-to-write': (p) =>
    `${BOTH_FILES} If another stick is plugged in there now, say so: --as-is ${p.stick}.`,
  'BAD_ARGUMENT/leftovers': (p) =>
    `Write a firmware that holds these too. If the stick at this place is another one, say so: --as-is ${p.stick}.`,
  'NOT_CONFIRMED/changes': (p) => `This would happen: ${p.steps} Confirm it to go on (--yes).`,
  'NOT_CONFIRMED/new-table': (p) =>
    `This would happen: ${p.steps} The firmware brings another partition table, which takes a yes of its own (--new-table).`,
  'NOT_CONFIRMED/as-is': (p) =>
    `If it is another one, or whole all the same, say so: --as-is ${p.stick}.` +
    (p.place === p.stick ? '' : ` If the stick that was at ${p.place} is gone for good: the same with ${p.place}.`),
  'WRONG_MODE/hilink-written': 'Write a firmware that is no HiLink. For a HiLink router name its web UI too (--webui).',
  'WRONG_MODE/needs-boot':
    'Plug it in with the boot pin held and repeat with the tty that it has then, or without --tty.',
  'WRONG_MODE/no-loader': 'Upload a loader first (`e3272 upload`), or use `e3272 convert`.',
  'VERSION_MISMATCH/after-write':
    'It answers AT. Write the file once more (--reflash), or accept this version (--other-version).',
  'PROTOCOL/setport':
    'Its firmware may know another set of ports: see `e3272 at "AT^SETPORT=?"` and choose one with --setport.',
  'FILE_NOT_WRITTEN/journal':
    'Without that record a stick that was left half-written would be taken for a whole one. Make room on the disk, or ' +
    'name a folder that this user may write to (--state, or the environment variable E3272_STATE), and repeat.',
  'NOT_SWITCHED/same-mode': 'Try the other message (--message alt, or new).',
  'NOT_SWITCHED/stayed': STAYED,
  'NOT_SWITCHED/stayed-passed': STAYED,
  'NOT_SWITCHED/no-way-known': `${BOOT_PIN} --force tries the requests all the same.`,
  'NOT_SWITCHED/no-way-worked': (p) => `${/100003/.test(p.tried) ? LOGIN : ''}${BOOT_PIN}`,
  'WRONG_MODE/leave-without-bus': ON_BUS,
  'WRONG_MODE/configuration-without-bus': ON_BUS,
  'BAD_ARGUMENT/served-name': (p) =>
    `They are called like virtual-1@${p.address}:3300: the stick, this machine's own address, a TCP port.`,
  'BAD_ARGUMENT/not-loopback': (p) =>
    `Write ${p.loopback}. For another machine there is \`e3272 virtual --usbip\`, or a tunnel to that port.`,
} satisfies Cures<Messages>;
