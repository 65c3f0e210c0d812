/** Cures for what is wrong with files: in every place the same. */

import type { Messages, OtherFile } from '../errors';
import { ANY_MODEL, FLASH, MODEL } from '../family/family';
import type { Cures } from './cure';

const AGAIN = 'Download or copy the file again.';
const OTHER_SOURCE = 'The file is damaged or was packed wrongly: get it from another source.';
const USE_OURS = `Use firmware made for the ${ANY_MODEL}.`;
const INCOMPLETE = 'The download or copy was not complete: get the file again.';
const BY_HAND = 'Check the address and the network, or download the file yourself and give its path.';
const WRITER = 'Wait until the program that writes the file has finished, then start again.';
const KNOWN = `Use a loader that is known: ${FLASH.loaders.map(({ name }) => name).join(', ')}.`;
const GIVE_LOADER = `Give the USB loader file for the ${MODEL}, such as ${FLASH.loaders[0].name}.`;
const GIVE_FIRMWARE = `Give the .BIN or .EXE file of an ${MODEL} firmware.`;
const TABLE = `A stick that starts with such a table may lose IMEI, serial number and calibration, or not start at all. ${USE_OURS}`;
const DESTROYED = 'The header of an image there is probably destroyed: get the file again, or the firmware as a .BIN.';
const FOLDER_NAMES =
  'Its images are named 00-00000100-Name.bin, 01-00000101-Name.bin and so on: number, code in hex, name.';

/** By what was given by mistake; empty where there is no more to say than which file is wanted. */
const INSTEAD: Readonly<Record<OtherFile, string>> = {
  archive: 'Unpack it first, then give the .BIN or .EXE file (or the loader file) that is in it.',
  page: 'Open the address in a browser, download the file itself, and compare its size with what the page says.',
  piece: 'It is a piece of a firmware: give the whole .BIN or .EXE file.',
  image: 'Give the whole .BIN or .EXE file, or a folder of all images without their headers.',
  loader: 'Give it as the loader, and a .BIN or .EXE file as the firmware.',
  shortcut: 'Give the file that it leads to.',
  torrent: 'Open it with a torrent program, then give the file that it downloads.',
  'git-lfs': 'Fetch the file with "git lfs pull", or from the web page of the project.',
  'git-annex': 'Fetch the file with "git annex get".',
  incomplete: INCOMPLETE,
  unfinished: 'Wait until the download is complete, or start it again.',
  other: '',
};

export const FIRMWARE_CURES = {
  FIRMWARE_INVALID: OTHER_SOURCE,
  'FIRMWARE_INVALID/other-file': (p) => INSTEAD[p.kind] || GIVE_FIRMWARE,
  'FIRMWARE_INVALID/start': GIVE_FIRMWARE,
  'FIRMWARE_INVALID/program': `Give the updater .EXE of an ${MODEL} firmware, or the .BIN file taken out of it.`,
  'FIRMWARE_INVALID/file-type': `The file is damaged or not for an ${MODEL}: get it from another source.`,
  'FIRMWARE_INVALID/trailing': 'The file is damaged, or two files were joined: get it from another source.',
  'FIRMWARE_INVALID/further-image':
    'An image header in front of it is damaged, or the program holds two firmwares: get the file again, or as a .BIN.',
  'FIRMWARE_INVALID/beside-chain': DESTROYED,
  'FIRMWARE_INVALID/header': `This is no firmware for an ${MODEL}, or it was packed wrongly: get the file from another source.`,
  'FIRMWARE_INVALID/folder-name': FOLDER_NAMES,
  'FIRMWARE_INVALID/folder-headed': FOLDER_NAMES,
  'FIRMWARE_INVALID/folder-twice': FOLDER_NAMES,
  'FIRMWARE_INVALID/folder-gap': FOLDER_NAMES,
  'FIRMWARE_INVALID/image-headed':
    'A folder of images holds them without their headers: take the firmware apart again, without headers.',
  'FIRMWARE_INVALID/image-size': 'The file is changing just now, or it was packed wrongly: get it again.',
  'FIRMWARE_INVALID/packed': 'Written as it is, it would leave a dead stick: get the file from another source.',
  'FIRMWARE_INVALID/table-unusable': TABLE,
  'FIRMWARE_INVALID/too-many-tables': TABLE,
  FIRMWARE_TRUNCATED: AGAIN,
  'FIRMWARE_TRUNCATED/image': INCOMPLETE,
  'FIRMWARE_TRUNCATED/parts': INCOMPLETE,
  'FIRMWARE_TRUNCATED/sent': 'The firmware file changed while it was written. Repeat with an unchanged file.',
  'FIRMWARE_CRC/header': 'The file is damaged: download or copy it again.',
  'FIRMWARE_CRC/header-damaged': AGAIN,
  'FIRMWARE_CRC/header-destroyed': 'Download or copy the file again, or get the firmware as a .BIN.',
  'FIRMWARE_CRC/image': 'The file is damaged, or it is changing just now: download or copy it again.',
  'FIRMWARE_CRC/changed': WRITER,
  'FIRMWARE_CRC/sent':
    'Wait until the program that writes the firmware file has finished, then repeat the write: this image is not complete.',
  'FIRMWARE_CRC/download':
    'The download is damaged, or the file on the server is another one now. Ask its owner before you go on.',
  'FIRMWARE_TOO_LARGE/header': `This is no firmware for an ${MODEL}, or it was packed wrongly: get the file from another source.`,
  'FIRMWARE_TOO_LARGE/images': `The stick takes no more in one file: use firmware made for the ${MODEL}.`,
  'FIRMWARE_TOO_LARGE/folder': (p) =>
    `The stick takes at most ${p.most} at a time: use firmware made for the ${MODEL}.`,
  'FIRMWARE_TOO_LARGE/dictionary': `No firmware for an ${MODEL} needs that: get the file from another source.`,
  'FIRMWARE_TOO_LARGE/image': `The firmware is for a stick with another partition table: use firmware made for the ${MODEL}.`,
  'FIRMWARE_TOO_LARGE/unpacked': `The firmware is for a stick with another partition table: use firmware made for the ${MODEL}.`,
  'FIRMWARE_TOO_LARGE/download': `No firmware of an ${MODEL} is that large: check the address.`,
  'FIRMWARE_WRONG_DEVICE/update-app': USE_OURS,
  'FIRMWARE_WRONG_DEVICE/code': USE_OURS,
  'FIRMWARE_WRONG_DEVICE/text': USE_OURS,
  'FIRMWARE_WRONG_DEVICE/table': TABLE,
  'FIRMWARE_UNSUPPORTED/archive': INSTEAD.archive,
  'FIRMWARE_UNSUPPORTED/signed': USE_OURS,
  'FIRMWARE_UNSUPPORTED/nv': 'NV is never written. Use firmware without an NV image.',
  'FIRMWARE_UNSUPPORTED/code': USE_OURS,
  'FIRMWARE_SYNTHETIC/file': (p) => `Use the ${p.what} file of your stick's maker. There is no way around this check.`,

  LOADER_INVALID: GIVE_LOADER,
  'LOADER_INVALID/other-file': (p) => `${INSTEAD[p.kind] || ''} ${GIVE_LOADER}`.trimStart(),
  'LOADER_UNSAFE/erases': `${KNOWN} There is no way around this check.`,
  'LOADER_UNSAFE/unknown': KNOWN,

  'FILE_NOT_FOUND/no-file': 'Check the path; a relative path counts from the folder the program was started in.',
  'FILE_NOT_FOUND/scheme':
    'Only URLs that begin with http:// or https:// are fetched: download the file yourself and give its path.',
  'FILE_NOT_FOUND/server': 'Check the address, or download the file yourself and give its path.',
  'FILE_UNREADABLE/permission': 'Give the user that runs this program read permission for the file and its folders.',
  'FILE_UNREADABLE/system': 'Copy the file to another disk and try again.',
  'FILE_UNREADABLE/shrunk': WRITER,
  'FILE_UNREADABLE/reading': 'Try again.',
  'FILE_UNREADABLE/worker': 'Try again.',
  'FILE_UNREADABLE/worker-ended': 'Try again.',
  'FILE_UNREADABLE/fetch': BY_HAND,
  'FILE_UNREADABLE/server': 'Check the address, or download the file yourself and give its path.',
  'FILE_UNREADABLE/redirect': 'Give the address at which the file really is.',
  FILE_NOT_REGULAR:
    'Give one firmware file (.BIN or .EXE), one loader file, or a folder of images (00-00000100-Name.bin ...).',
  'FILE_EMPTY/file': AGAIN,
  'FILE_EMPTY/image': 'Take the firmware apart again.',
  'FILE_NOT_WRITTEN/system': 'Make room on the disk, or take a folder that this user may write to.',
  'FILE_NOT_WRITTEN/download':
    'The disk of the temporary folder is full or damaged: name another one in the environment variable TMPDIR.',
  'TIMEOUT/fetch-silence': 'Check the network, or download the file yourself and give its path.',
  'TIMEOUT/fetch-total': 'Check the network, or download the file yourself and give its path.',
  'BAD_ARGUMENT/path': 'Give the path of a file.',
  'BAD_ARGUMENT/url':
    'Put #sha256= and the 64 hex digits of the file behind the URL: only they prove that it is the right file.',
  'BAD_ARGUMENT/url-without-sha256':
    'Put #sha256= and the 64 hex digits of the file behind the URL: only they prove that it is the right file.',
  'BAD_ARGUMENT/folder-taken': 'Name a folder that does not exist yet.',
  'BAD_ARGUMENT/no-headers': 'Export it without headers, or give the .BIN or .EXE file.',
} satisfies Cures<Messages>;
