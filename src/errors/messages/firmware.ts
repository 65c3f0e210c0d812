/** Sentences about firmware files, folders of images and the images in them. `title`: "image 2 (Linux) of file". */

import type { Catalogue } from '../catalogue';

/** What a file is that was given by mistake, by what can be done about it. */
export type OtherFile =
  | 'archive'
  | 'page'
  | 'piece'
  | 'image'
  | 'loader'
  | 'shortcut'
  | 'torrent'
  | 'git-lfs'
  | 'git-annex'
  | 'incomplete'
  | 'unfinished'
  | 'other';

export interface Titled {
  title: string;
}
export interface Named {
  name: string;
}

const corrupt = (title: string, fault: string): string => `The LZMA data of the ${title} are corrupt: ${fault}.`;
const noFolder = (name: string, fault: string): string =>
  `The folder ${name} is no complete folder of images: ${fault}.`;

export const FIRMWARE = {
  'FIRMWARE_INVALID/other-file': (p: Named & { what: string; kind: OtherFile }) =>
    `${p.name} is no Balong firmware: it is ${p.what}.`,
  'FIRMWARE_INVALID/start': (p: Named) =>
    `${p.name} is no Balong firmware: it has no image header at byte 0x5C and is no Windows program.`,
  'FIRMWARE_INVALID/program': (p: Named) => `${p.name} is a Windows program without firmware inside.`,
  'FIRMWARE_INVALID/file-type': (p: Named & { type: string }) => `${p.name} has the unknown file type ${p.type}.`,
  'FIRMWARE_INVALID/trailing': (p: Named & { bytes: number }) =>
    `${p.name} has ${p.bytes} bytes behind its last image that are no image.`,
  'FIRMWARE_INVALID/further-image': (p: Named & { at: string }) =>
    `${p.name} has an image at byte ${p.at} that does not follow on the others.`,
  'FIRMWARE_INVALID/beside-chain': (p: Named & { bytes: number; where: string }) =>
    `${p.name} has ${p.bytes} bytes ${p.where} image, where the program holds nothing but its firmware.`,
  'FIRMWARE_INVALID/header': (p: { what: string; fault: string }) => `The header of ${p.what} ${p.fault}.`,
  'FIRMWARE_INVALID/folder-name': (p: Named & { file: string }) =>
    noFolder(p.name, `it holds "${p.file}", whose name is not that of an image`),
  'FIRMWARE_INVALID/folder-headed': (p: Named & { file: string }) =>
    noFolder(p.name, `it holds "${p.file}", an image with its header`),
  'FIRMWARE_INVALID/folder-twice': (p: Named & { number: string; file: string }) =>
    noFolder(p.name, `the number ${p.number} stands twice, the second time on "${p.file}"`),
  'FIRMWARE_INVALID/folder-gap': (p: Named & { number: string; file: string }) =>
    noFolder(p.name, `image ${p.number} is missing before "${p.file}"`),
  'FIRMWARE_INVALID/image-headed': (p: Named) => `${p.name} begins with an image header: it would be written as well.`,
  'FIRMWARE_INVALID/image-size': (p: Titled & { bytes: number; wanted: string }) =>
    `The ${p.title} has ${p.bytes} bytes where ${p.wanted} belong.`,
  'FIRMWARE_INVALID/packed': (p: Titled & { kind: string }) =>
    `The ${p.title} cannot be sent: it is compressed (${p.kind}), and only zlib and LZMA are decompressed on the way.`,
  'FIRMWARE_INVALID/zlib': (p: Titled & { text: string }) =>
    `The ${p.title} cannot be sent: it begins like zlib data but does not decompress (${p.text}).`,
  'FIRMWARE_INVALID/zlib-trailing': (p: Titled & { bytes: number }) =>
    `The ${p.title} cannot be sent: ${p.bytes} bytes follow the end of its zlib data.`,
  'FIRMWARE_INVALID/lzma-properties': (p: Titled) => `The ${p.title} is LZMA with properties that do not exist.`,
  'FIRMWARE_INVALID/lzma-nothing': (p: Titled) => `The ${p.title} is LZMA that decompresses to nothing.`,
  'FIRMWARE_INVALID/lzma-start': (p: Titled) => corrupt(p.title, 'its data do not begin with 0'),
  'FIRMWARE_INVALID/lzma-trailing': (p: Titled & { bytes: number }) =>
    corrupt(p.title, `${p.bytes} bytes or more follow its end`),
  'FIRMWARE_INVALID/lzma-end': (p: Titled) => corrupt(p.title, 'its last bytes are wrong'),
  'FIRMWARE_INVALID/lzma-short': (p: Titled & { bytes: number }) => corrupt(p.title, `it ends after ${p.bytes} bytes`),
  'FIRMWARE_INVALID/lzma-reference': (p: Titled) => corrupt(p.title, 'it refers to bytes that never came'),
  'FIRMWARE_INVALID/lzma-long': (p: Titled & { bytes: number }) =>
    corrupt(p.title, `they go on behind the ${p.bytes} bytes they announce`),
  'FIRMWARE_INVALID/table-unusable': (p: Titled & { fault: string }) => `The ${p.title} cannot be used: ${p.fault}.`,
  'FIRMWARE_INVALID/too-many-tables': (p: Titled) => `The ${p.title} holds more partition tables than anybody needs.`,
  'FIRMWARE_TRUNCATED/image': (p: Named & { where: string; bytes: number }) =>
    `${p.name} ends ${p.where}; it has ${p.bytes} bytes.`,
  'FIRMWARE_TRUNCATED/no-image': (p: Named & { bytes: number }) =>
    `${p.name} has only ${p.bytes} bytes and holds no image.`,
  'FIRMWARE_TRUNCATED/parts': (p: Named & { missing: string }) =>
    `${p.name} says that it holds ${p.missing}, but there is none in it: it was cut between two images.`,
  'FIRMWARE_TRUNCATED/zlib': (p: Titled) => `The zlib data of the ${p.title} are cut off.`,
  'FIRMWARE_TRUNCATED/lzma': (p: Titled) => `The LZMA data of the ${p.title} are cut off.`,
  'FIRMWARE_CRC/header': (p: { what: string }) => `The header of ${p.what} does not match its checksum.`,
  'FIRMWARE_CRC/header-damaged': (p: Named & { at: string }) =>
    `The image header at byte ${p.at} of ${p.name} is damaged.`,
  'FIRMWARE_CRC/header-destroyed': (p: Named & { where: string; at: string }) =>
    `${p.name} has an image ${p.where} byte ${p.at} whose header is destroyed.`,
  'FIRMWARE_CRC/image': (p: Titled & { block: number; blocks: number; at: string }) =>
    `The ${p.title} does not match its checksums: block ${p.block} of ${p.blocks}, from byte ${p.at} of the file.`,
  'FIRMWARE_CRC/changed': (p: Titled & { at: string; file: string }) =>
    `The ${p.title} has changed since it was checked: from byte ${p.at} of ${p.file}.`,
  'FIRMWARE_TOO_LARGE/header': (p: { what: string; bytes: number; most: number }) =>
    `The header of ${p.what} says that the image has ${p.bytes} bytes, more than the whole flash memory (${p.most}).`,
  'FIRMWARE_TOO_LARGE/images': (p: Named & { most: number }) => `${p.name} holds more than ${p.most} images.`,
  'FIRMWARE_TOO_LARGE/folder': (p: Named & { images: number; most: number }) =>
    `The folder ${p.name} holds ${p.images} images.`,
  'FIRMWARE_TOO_LARGE/dictionary': (p: Titled & { bytes: number; most: number }) =>
    `The ${p.title} is LZMA with a dictionary of ${p.bytes} bytes; at most ${p.most} are allowed.`,
  'FIRMWARE_TOO_LARGE/image': (p: Titled & { bytes: number; room: number }) =>
    `The ${p.title} has ${p.bytes} bytes; the partition it is for takes ${p.room}.`,
  'FIRMWARE_TOO_LARGE/unpacked': (p: Titled & { room: number }) =>
    `The ${p.title} decompresses to more than ${p.room} bytes; the partition it is for takes ${p.room}.`,
  'FIRMWARE_WRONG_DEVICE/update-app': (p: Named & { model: string }) =>
    `${p.name} is the UPDATE.APP of a Huawei phone or router, not firmware for an ${p.model}.`,
  'FIRMWARE_WRONG_DEVICE/code': (p: Titled & { code: string; model: string }) =>
    `The ${p.title} has code ${p.code}, which belongs to another chip: the file is not for an ${p.model}.`,
  'FIRMWARE_WRONG_DEVICE/text': (p: Titled & { device: string; model: string }) =>
    `The ${p.title} says that it is for ${p.device}, not for an ${p.model}.`,
  'FIRMWARE_WRONG_DEVICE/table': (p: Titled & { fault: string }) => `The ${p.title} ${p.fault}.`,
  'FIRMWARE_UNSUPPORTED/archive': (p: Named & { what: string }) => `${p.name} is ${p.what}, not the file inside it.`,
  'FIRMWARE_UNSUPPORTED/signed': (p: Named & { signs: string; model: string }) =>
    `${p.name} is signed (${p.signs}); the ${p.model} loader knows no signatures.`,
  'FIRMWARE_UNSUPPORTED/nv': (p: Titled & { code: string }) =>
    `The ${p.title} is an NV image (code ${p.code}): it would replace IMEI, serial number and calibration.`,
  'FIRMWARE_UNSUPPORTED/code': (p: Titled & { code: string; model: string }) =>
    `The ${p.title} has code ${p.code}, which is not among those that may be written to an ${p.model}.`,
} satisfies Catalogue;
