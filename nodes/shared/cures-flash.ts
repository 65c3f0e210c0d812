/** Cures of mode switch and flash, with the names of the nodes' fields and of what a message may say. */

import type { Cures } from '../../src/cures/cure';
import type { Messages } from '../../src/errors';

const BOTH_FILES =
  "Name both files: Loader and Firmware of the e3272-flash node, or msg.loader and msg.firmware. They are Huawei's and must " +
  'be brought along.';
const ORDER = 'the firmware is written first, the web UI behind it.';
const asIs = (place: string): string => `msg.asIs = "${place}"`;
const ON_BUS = "That takes the USB bus of this machine: choose the stick by its port path in the stick's settings.";
const BOOT_PIN =
  'The boot pin is the way: the e3272-flash node, with a loader and a firmware file, asks for it and says where it is.';
const LOGIN = "One of the ways wants the password of its web page: set it in the stick's settings. Else: ";

export const FLASH_NODE_CURES = {
  'BAD_ARGUMENT/no-system':
    'Name the whole HiLink firmware as Firmware (msg.firmware), and its web UI as Web UI (msg.webui).',
  'BAD_ARGUMENT/webui-alone': `Name both, Firmware and Web UI of the e3272-flash node (msg.firmware, msg.webui): ${ORDER}`,
  'BAD_ARGUMENT/webui-without-bus': 'Set a stick on the USB bus: there it can be seen.',
  'BAD_ARGUMENT/only-webui': `Name the firmware that it belongs to as Firmware (msg.firmware) and this file as Web UI (msg.webui): ${ORDER}`,
  'BAD_ARGUMENT/no-webui': 'Name the file that belongs to this HiLink firmware as Web UI (msg.webui).',
  'BAD_ARGUMENT/no-mere-webui': `Name the firmware as Firmware (msg.firmware) and the web UI file as Web UI (msg.webui): ${ORDER}`,
  'BAD_ARGUMENT/missing-files': BOTH_FILES,
  'BAD_ARGUMENT/nothing-to-write': (p) =>
    `${BOTH_FILES} If another stick is plugged in there now, say so: ${asIs(p.stick)}.`,
  'BAD_ARGUMENT/leftovers': (p) =>
    `Write a firmware that holds these too. If the stick at this place is another one, say so: ${asIs(p.stick)}.`,
  'NOT_CONFIRMED/changes': (p) =>
    `This would happen: ${p.steps} Say yes to it with msg.confirm = true or "${p.stick}", or arm the e3272-flash node.`,
  'NOT_CONFIRMED/new-table': (p) =>
    `This would happen: ${p.steps} The firmware brings another partition table, which takes a yes of its own: msg.newTable = true.`,
  'NOT_CONFIRMED/as-is': (p) =>
    `If it is another one, or whole all the same, say so: ${asIs(p.stick)}.` +
    (p.place === p.stick ? '' : ` If the stick that was at ${p.place} is gone for good: the same with ${p.place}.`),
  'WRONG_MODE/hilink-written':
    'Write a firmware that is no HiLink. For a HiLink router name its web UI too: Web UI of the e3272-flash node, or msg.webui.',
  'WRONG_MODE/needs-boot': 'Plug it in with the boot pin held, set it by its port path, and repeat.',
  'WRONG_MODE/no-loader': 'Convert it with the e3272-flash node, which uploads the loader first.',
  'VERSION_MISMATCH/after-write':
    'It answers AT. Write the file once more (tick "Write the firmware although AT answers already", or msg.reflash = true), ' +
    'or accept this version (msg.otherVersion = true).',
  'PROTOCOL/setport':
    'Its firmware may know another set of ports: send AT^SETPORT=? to an e3272-at node and choose one as SETPORT (msg.setport).',
  'FILE_NOT_WRITTEN/journal':
    'Without that record a stick that was left half-written would be taken for a whole one. Make room on the disk, or let ' +
    'Node-RED write to its user folder, and repeat.',
  'NOT_SWITCHED/same-mode':
    'Try the other message: Message of the e3272-modeswitch node, or msg.switch = {"message": "alt"}.',
  'NOT_SWITCHED/stayed':
    'A stick that has switched once since it was plugged in refuses: unplug it, plug it in again and repeat. If it stays, try ' +
    'the other message: Message of the e3272-modeswitch node, or msg.switch = {"message": "alt"}.',
  'NOT_SWITCHED/stayed-passed':
    'A stick that has switched once since it was plugged in refuses: unplug it, plug it in again and repeat. If it stays, try ' +
    'the other message: Message of the e3272-modeswitch node, or msg.switch = {"message": "alt"}.',
  'NOT_SWITCHED/no-way-known': `${BOOT_PIN} msg.force = true tries the requests all the same.`,
  'NOT_SWITCHED/no-way-worked': (p) => `${/100003/.test(p.tried) ? LOGIN : ''}${BOOT_PIN}`,
  'WRONG_MODE/leave-without-bus': ON_BUS,
  'WRONG_MODE/configuration-without-bus': ON_BUS,
  'BAD_ARGUMENT/served-name': (p) =>
    `They are called like virtual-1@${p.address}:3300: the stick, this machine's own address, a TCP port.`,
  'BAD_ARGUMENT/not-loopback': (p) =>
    `Write ${p.loopback} in the stick's settings. For another machine there is USB/IP, or a tunnel to that port.`,
} satisfies Cures<Messages>;
