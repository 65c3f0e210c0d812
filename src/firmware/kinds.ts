/**
 * What people download by mistake, by its first bytes: a web page instead of the file behind it, a pointer instead of a
 * file, an archive, a file for something else. Only asked about files that are no firmware and no loader.
 */

import type { OtherFile } from '../errors';
import { MAGIC, PREFIX_LENGTH, parseHeader } from './header';

export interface Kind {
  /** "an HTML page". */
  what: string;
  /** What can be done about it. */
  group: OtherFile;
  /** "zip": it may hold the file that is meant. */
  archive?: string;
}

/** Bytes that {@link whatIsIt} wants to see, fewer of a shorter file: behind 32 KiB a CD says that it is one. */
export const KIND_LENGTH = 0x8006;

/** `head`: the first {@link KIND_LENGTH} bytes, or all of a shorter file. `name` counts only where the bytes say nothing. */
export function whatIsIt(head: Uint8Array, name = ''): Kind | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return bySignature(bytes) ?? byText(bytes) ?? blank(bytes) ?? byName(name);
}

const archive = (name: string, what = `a ${name} archive`): Kind => ({ what, group: 'archive', archive: name });
const other = (what: string, group: OtherFile = 'other'): Kind => ({ what, group });

/** Offset, bytes as latin1, kind. What stands at the start comes first: the rest of a file may hold anything. */
const SIGNATURES: readonly [at: number, bytes: string, kind: Kind][] = [
  [0, 'PK\x03\x04', archive('zip')],
  [0, 'PK\x05\x06', archive('zip')],
  // The first part of several.
  [0, 'PK\x07\x08', archive('zip')],
  [0, 'Rar!\x1a\x07', archive('rar')],
  [0, '7z\xbc\xaf\x27\x1c', archive('7z')],
  [0, '\x1f\x8b\x08', archive('gzip')],
  [0, '\xfd7zXZ\x00', archive('xz', 'an xz archive')],
  [0, 'LZIP\x01', archive('lzip', 'an lzip archive')],
  [0, '\x28\xb5\x2f\xfd', archive('zstd')],
  [0, '\x04\x22\x4d\x18', archive('lz4', 'an lz4 archive')],
  [0, '\x02\x21\x4c\x18', archive('lz4', 'an lz4 archive')],
  [0, 'SZDD\x88\xf0\x27\x33', archive('szdd', 'a file packed by COMPRESS.EXE')],
  [0, '\x89LZO\x00\x0d\x0a\x1a\x0a', archive('lzop', 'an lzop archive')],
  [0, 'MSCF\x00\x00\x00\x00', archive('cab')],
  [0, 'ISc(', archive('InstallShield', 'an InstallShield archive')],
  [0, '!<arch>\n', archive('deb')],
  [0, '\xed\xab\xee\xdb', archive('rpm', 'an rpm archive')],
  [0, '\x7fELF', other('a program for Linux (ELF)')],
  [0, '%PDF-', other('a PDF document', 'page')],
  [0, '\x89PNG\r\n\x1a\n', other('a picture', 'page')],
  [0, '\xff\xd8\xff', other('a picture', 'page')],
  [0, 'GIF8', other('a picture', 'page')],
  [0, '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', other('a Windows installer (MSI) or an Office document', 'archive')],
  [0, 'L\x00\x00\x00\x01\x14\x02\x00', other('a Windows shortcut', 'shortcut')],
  [0, 'ANDROID!', other('a boot image, one image of many', 'piece')],
  [0, '\x3a\xff\x26\xed', other('an Android file system image')],
  [0, '\x27\x05\x19\x56', other('a boot image for U-Boot')],
  [0, 'MZ', other('a Windows program')],
  [0, '\x00\x00\x02\x00', other('a USB loader', 'loader')],
  [
    0,
    MAGIC.toString('latin1'),
    other('a single image with its header, as the Balong tools take a firmware apart (.fw)', 'image'),
  ],
  [7, '**ACE**', archive('ace', 'an ace archive')],
  [257, 'ustar', archive('tar')],
  [0x8001, 'CD001', archive('iso', 'a CD image (ISO)')],
];

function bySignature(bytes: Buffer): Kind | undefined {
  for (const [at, signature, kind] of SIGNATURES) {
    if (bytes.toString('latin1', at, at + signature.length) === signature) return kind;
  }
  if (isBzip2(bytes)) return archive('bzip2');
  return isCompress(bytes) ? archive('compress', 'a compressed file (.Z)') : undefined;
}

/** Archives and streams whose whole content is compressed; the others may well be what is meant for a partition. */
const PACKED = ['zip', 'rar', '7z', 'gzip', 'xz', 'lzip', 'zstd', 'lz4', 'lzop', 'cab', 'bzip2', 'compress', 'szdd'];

/** The archive that begins with `head` ({@link KIND_LENGTH} bytes, or fewer). */
export function archiveKind(head: Uint8Array): Kind | undefined {
  const kind = bySignature(Buffer.from(head.buffer, head.byteOffset, head.byteLength));
  return kind?.archive === undefined ? undefined : kind;
}

/**
 * The kind of compression that an image begins with, of those that nobody here undoes: "gzip". No plain image has been seen
 * that begins so, and by chance one in two millions would at most (`compress` has the shortest magic, 21 bits).
 */
export function packedKind(head: Uint8Array): string | undefined {
  const kind = archiveKind(head)?.archive;
  return kind !== undefined && PACKED.includes(kind) ? kind : undefined;
}

/** Level 1 to 9, then the mark of a first block, or of no block. */
const isBzip2 = (bytes: Buffer): boolean =>
  /^BZh[1-9]$/.test(bytes.toString('latin1', 0, 4)) &&
  ['314159265359', '177245385090'].includes(bytes.toString('hex', 4, 10));

/** Of `compress`: block mode and 9 to 16 bits. */
const isCompress = ([a, b, c = 0]: Buffer): boolean => a === 0x1f && b === 0x9d && c >= 0x89 && c <= 0x90;

/** Characters that are looked at. */
const TEXT_LENGTH = 1024;
const CONTROL = /[^\P{Cc}\t-\r]/u;

const ERROR_TEXT = 'such as the error message of a server';

/** What a text begins with, blanks apart. */
const TEXTS: readonly [RegExp, Kind][] = [
  [
    /^version https:\/\/(?:git-lfs\.github|hawser\.github)\.com\/spec\//,
    other('a Git LFS pointer, not the file that it stands for', 'git-lfs'),
  ],
  [/^\S*\/annex\/objects\//, other('a git-annex pointer, not the file', 'git-annex')],
  [/^d\d+:(?:announce|comment|created by|creation date|info|nodes|url-list)/, other('a torrent', 'torrent')],
  [/^magnet:/, other('a magnet link', 'torrent')],
  [
    /^(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|title|script|style|meta|link|center|h\d|p|div|br|b|a|table)\b/is,
    other('an HTML page', 'page'),
  ],
  [/^<\?xml.{0,400}<html\b/is, other('an HTML page', 'page')],
  [/^<(?:\?xml|!doctype|!--|[a-z][\w:.-]*[\s/>])/i, other(`an XML text, ${ERROR_TEXT}`, 'page')],
  [/^[[{]\s*(?:["[{\]}]|\d|true|false|null)/, other(`a JSON text, ${ERROR_TEXT}`, 'page')],
  [/^HTTP\/\d/, other('the answer of a server with its headers', 'page')],
  [/^(?:MIME-Version|From|Message-ID|Return-Path|Received):/i, other('a saved page or e-mail', 'page')],
  [/^\[InternetShortcut\]/i, other('a Windows shortcut', 'page')],
  [/^#!/, other('a script')],
];

/** UTF-8 or UTF-16; what is no more than text only where every character is one, the rest also in other encodings. */
function byText(bytes: Buffer): Kind | undefined {
  const text = decode(bytes);
  if (text === undefined || text.trim() === '' || CONTROL.test(text)) return undefined;
  const begun = text.trimStart();
  const known = TEXTS.find(([pattern]) => pattern.test(begun))?.[1];
  return known ?? (text.includes('\ufffd') ? undefined : other('a text', 'page'));
}

function decode(bytes: Buffer): string | undefined {
  // Letters of most languages have a zero byte in UTF-16.
  const mark = bytes.toString('hex', 0, 2);
  const zeros = [...bytes.subarray(0, 4)].map((byte) => Number(byte === 0)).join('');
  const little = mark === 'fffe' || zeros === '0101';
  const big = mark === 'feff' || zeros === '1010';
  if (!little && !big) return bytes.toString('utf8', 0, 4 * TEXT_LENGTH).slice(0, TEXT_LENGTH);
  const whole = Buffer.from(bytes.subarray(0, Math.min(bytes.length & ~1, 2 * TEXT_LENGTH)));
  const text = (big ? whole.swap16() : whole).toString('utf16le').replace(/^\ufeff/, '');
  // Half of it would be such characters if it were no text.
  return /[\ud800-\uffff]/.test(text) ? undefined : text;
}

/** What a download leaves that has taken its room beforehand. */
function blank(bytes: Buffer): Kind | undefined {
  const [first] = bytes;
  if (bytes.length < 512 || (first !== 0 && first !== 0xff) || !bytes.every((byte) => byte === first)) return undefined;
  return other('blank at its beginning', 'incomplete');
}

const PARTIAL = /\.(?:crdownload|part|partial|filepart|opdownload|download|aria2|!ut|!qb|bc!)$/i;

function byName(name: string): Kind | undefined {
  if (PARTIAL.test(name)) {
    return other('a download that is not complete', 'unfinished');
  }
  if (/\.(?:\d{3}|r\d\d|z\d\d)$/i.test(name)) return other('one part of an archive of several', 'archive');
  return /\.fw$/i.test(name) ? other('a part of a firmware (.fw)', 'piece') : undefined;
}

/** What the first files in an UPDATE.APP are called. */
const APP_FILES = /^(?:SHA256RSA|CRC|CURVER|VERLIST|INPUT|EFI|XLOADER|SYSTEM|CUST|PACKAGE_TYPE|BASE_VERLIST)/;

/**
 * An UPDATE.APP of a Huawei phone or router has the form of a .BIN, its first 92 bytes zero. Its codes begin with FE, and
 * where firmware of a stick has its version stands the name of a file.
 */
export function isUpdateApp(head: Buffer): boolean {
  if (!head.subarray(0, PREFIX_LENGTH).every((byte) => byte === 0)) return false;
  const { code, version } = parseHeader(head, PREFIX_LENGTH);
  return code >>> 24 === 0xfe || APP_FILES.test(version);
}
