/** What people download by mistake is named, whether it is given as a firmware or as a loader. */

import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import type { ByteSource } from '../../src/firmware/byte-source';
import { whatIsIt } from '../../src/firmware/kinds';
import { readLoader } from '../../src/firmware/loader';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { makeFirmware, makeLoader } from '../../src/virtual/make-files';
import { noise } from '../../src/virtual/make-noise';
import { cliHint } from '../support/errors';
import { tempFolder } from '../support/temp-folder';
import { patchHeader, refused } from './help';

const HTML = '<!DOCTYPE html>\n<html><head><title>Download</title></head><body>Please wait</body></html>\n';
const LFS = `version https://git-lfs.github.com/spec/v1\noid sha256:${'4d'.repeat(32)}\nsize 62683136\n`;

const utf16 = (text: string, mark = '\ufeff'): Buffer => Buffer.from(mark + text, 'utf16le');
const swapped = (bytes: Buffer): Buffer => Buffer.from(bytes).swap16();
/** Bytes at an offset, zeros before. */
const at = (offset: number, text: string, length = offset + 512): Buffer => {
  const file = Buffer.alloc(length);
  file.write(text, offset, 'latin1');
  return file;
};

/** No archives: these are named by whoever reads the file. */
const KINDS: [name: string, file: string | Buffer, what: RegExp][] = [
  ['an HTML page', HTML, /an HTML page/],
  ['an HTML page with blanks in front', `\r\n\t  ${HTML}`, /an HTML page/],
  ['an HTML page with a byte order mark', `\ufeff${HTML}`, /an HTML page/],
  ['an HTML page in capitals', HTML.toUpperCase(), /an HTML page/],
  ['an HTML page behind a comment', `<!-- saved from url=(0014)about:internet -->\n${HTML}`, /an HTML page/],
  ['an HTML page as XHTML', `<?xml version="1.0"?>\n${HTML}`, /an HTML page/],
  ['an HTML page in UTF-16', utf16(HTML), /an HTML page/],
  ['an HTML page in UTF-16, the other way round', swapped(utf16(HTML)), /an HTML page/],
  ['an HTML page in UTF-16 without a mark', utf16(HTML, ''), /an HTML page/],
  [
    'an HTML page in another encoding',
    Buffer.from(HTML.replace('Download', '\xd1\xea\xe0\xf7\xe0\xf2\xfc'), 'latin1'),
    /an HTML page/,
  ],
  ['an HTML page without a head', '<br />\n<b>Warning</b>: fopen(): failed', /an HTML page/],
  ['an HTML page of many kilobytes', HTML + noise(50_000).toString('hex'), /an HTML page/],
  ['an error in XML', '<?xml version="1.0"?>\n<Error><Code>AccessDenied</Code></Error>', /an XML text/],
  ['an error in XML without a declaration', '<Error><Code>NoSuchKey</Code></Error>', /an XML text/],
  ['an error in JSON', '{"message":"Not Found","documentation_url":"https://docs"}', /a JSON text/],
  ['an error in JSON as a list', '[ {"error": 404} ]', /a JSON text/],
  ['an answer with its headers', 'HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\n', /the answer of a server/],
  ['a saved page', 'MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n', /a saved page/],
  ['a text', '404: Not Found', /a text/],
  ['a text in another language', 'Файл не найден', /a text/],
  ['a text in UTF-16', utf16('404: Not Found'), /a text/],
  ['a Git LFS pointer', LFS, /a Git LFS pointer/],
  ['a Git LFS pointer with CRLF', LFS.replaceAll('\n', '\r\n'), /a Git LFS pointer/],
  [
    'a Git LFS pointer of the first version',
    LFS.replace('git-lfs.github.com', 'hawser.github.com'),
    /a Git LFS pointer/,
  ],
  ['a git-annex pointer', '/annex/objects/SHA256E-s62683136--4d4d.bin\n', /a git-annex pointer/],
  ['a torrent', 'd8:announce35:udp://tracker.example.org:1337/announce4:infod6:lengthi5eee', /a torrent/],
  ['a torrent without a tracker', 'd13:creation datei1700000000e4:infod6:lengthi5eee', /a torrent/],
  ['a magnet link', 'magnet:?xt=urn:btih:00', /a magnet link/],
  ['a shortcut', '[InternetShortcut]\r\nURL=https://example.org/fw.bin\r\n', /a Windows shortcut/],
  [
    'a shortcut as a file of its own',
    Buffer.from('4c0000000114020000000000c000000000000046', 'hex'),
    /a Windows shortcut/,
  ],
  ['a script', '#!/bin/sh\nexit 1\n', /a script/],
  ['an ELF', Buffer.concat([Buffer.from('7f454c46010101', 'hex'), noise(500)]), /a program for Linux \(ELF\)/],
  ['a PDF', Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n', 'latin1'), /a PDF document/],
  ['a picture', Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), noise(500)]), /a picture/],
  ['an installer', Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), noise(500)]), /a Windows installer \(MSI\)/],
  ['a kernel alone', Buffer.concat([Buffer.from('ANDROID!'), noise(500)]), /a boot image/],
  ['one image with its header', makeFirmware().subarray(0x5c), /a single image with its header.*\.fw/],
  ['zeros', Buffer.alloc(5000), /blank at its beginning/],
  ['erased flash', Buffer.alloc(40_000, 0xff), /blank at its beginning/],
];

const ARCHIVES: [file: string | Buffer, what: RegExp][] = [
  ['PK\x03\x04rest', /a zip archive/],
  ['PK\x07\x08PK\x03\x04', /a zip archive/],
  [Buffer.from('Rar!\x1a\x07\x01\0', 'latin1'), /a rar archive/],
  [Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1'), /a 7z archive/],
  [gzipSync('firmware'), /a gzip archive/],
  [Buffer.from('\xfd7zXZ\0\0\x04', 'latin1'), /an xz archive/],
  ['BZh91AY&SYrest', /a bzip2 archive/],
  [Buffer.from('BZh9\x17rE8P\x90\0\0', 'latin1'), /a bzip2 archive/],
  [at(257, 'ustar\x0000', 10_240), /a tar archive/],
  [Buffer.from('MSCF\0\0\0\0rest'), /a cab archive/],
  [Buffer.from('28b52ffd0458', 'hex'), /a zstd archive/],
  [Buffer.from('04224d1864', 'hex'), /an lz4 archive/],
  [Buffer.from('1f9d90', 'hex'), /a compressed file \(\.Z\)/],
  ['LZIP\x01\x0c', /an lzip archive/],
  ['ISc(\0\0', /an InstallShield archive/],
  ['!<arch>\ndebian-binary', /a deb archive/],
  [at(0x8001, 'CD001', 0x9000), /a CD image \(ISO\)/],
];

/** Name, file, what it is called instead. */
const NAMED: [string, RegExp][] = [
  ['fw.bin.crdownload', /a download that is not complete/],
  ['FW.BIN.PART', /a download that is not complete/],
  ['fw.bin.aria2', /a download that is not complete/],
  ['fw.7z.002', /one part of an archive of several/],
  ['fw.r01', /one part of an archive of several/],
  ['E3272s_part2.fw', /a part of a firmware/],
];

const bytes = (file: string | Buffer): Buffer => (typeof file === 'string' ? Buffer.from(file) : file);
/** Begins like none of the kinds, and is no text. */
const NOTHING = Buffer.concat([Buffer.from([0x10, 0x02, 0x99]), noise(4000, 21)]);

describe('firmware/kinds', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('kinds');
  });
  after(() => rmSync(folder, { recursive: true }));

  const reading =
    <T>(read: (source: ByteSource) => Promise<T>) =>
    async (input: Buffer | string): Promise<T> => {
      const source = await openSource(input);
      return read(source).finally(() => source.close());
    };
  const asFirmware = reading((source) => readFirmware(source));
  const asLoader = reading((source) => readLoader(source));

  for (const [name, file, what] of KINDS) {
    it(`names ${name}`, async () => {
      const firmware = await refused(asFirmware(bytes(file)), 'FIRMWARE_INVALID', what);
      assert.ok(cliHint(firmware));
      await refused(asLoader(bytes(file)), 'LOADER_INVALID', what);
    });
  }

  it('names archives before anybody reads them, and says to unpack them', async () => {
    for (const [file, what] of ARCHIVES) {
      for (const read of [asFirmware, asLoader]) {
        const error = await refused(read(bytes(file)), 'FIRMWARE_UNSUPPORTED', what);
        assert.match(cliHint(error), /Unpack it/);
      }
    }
  });

  it('goes by the name where the bytes say nothing', async () => {
    for (const [name, what] of NAMED) {
      const path = join(folder, name);
      writeFileSync(path, NOTHING);
      await refused(asFirmware(path), 'FIRMWARE_INVALID', what);
      await refused(asLoader(path), 'LOADER_INVALID', what);
      // A whole firmware may be called anything.
      writeFileSync(path, makeFirmware());
      assert.equal((await asFirmware(path)).images.length, 3);
    }
    const unknown = join(folder, 'fw.bin');
    writeFileSync(unknown, NOTHING);
    await refused(asFirmware(unknown), 'FIRMWARE_INVALID', /no image header at byte 0x5C/);
    await refused(asLoader(unknown), 'LOADER_INVALID', /does not begin like one/);
  });

  it('names a loader that is given as a firmware, and what is given as a loader', async () => {
    await refused(asFirmware(makeLoader()), 'FIRMWARE_INVALID', /a USB loader/);
    await refused(asLoader(makeFirmware()), 'LOADER_INVALID', /a firmware file/);
    const program = makeFirmware({ exe: 5 << 20 });
    await refused(asLoader(program), 'LOADER_INVALID', /a Windows program/);
  });

  it('names an UPDATE.APP, by its codes or by the files in it', async () => {
    const app = (code: number, version: string) =>
      patchHeader(makeFirmware({ dloadId: 0, images: [{ code, size: 300 }] }), (h) =>
        h.fill(0, 60, 92).write(version, 60),
      );
    for (const file of [app(0xfe000000, 'ANY'), app(0x10, 'SHA256RSA'), app(0x10, 'CURVER')]) {
      await refused(asFirmware(file), 'FIRMWARE_WRONG_DEVICE', /UPDATE\.APP/);
    }
    // A header that nobody here can check is one of theirs all the same.
    const other = app(0xfe000000, 'SHA256RSA');
    other[0x5c + 92] = 0;
    await refused(asFirmware(other), 'FIRMWARE_WRONG_DEVICE', /UPDATE\.APP/);
    const stick = makeFirmware({ dloadId: 0, images: [{ code: 0x103, size: 300 }] });
    assert.equal((await asFirmware(stick)).images.length, 1);
    const typed = makeFirmware({ images: [{ code: 0x103, size: 300, platform: 'X', version: 'CRC' }] });
    assert.equal((await asFirmware(typed)).images.length, 1);
  });

  it('names images with their headers in a folder', async () => {
    for (const file of ['01-00000101-Bootloader_R1.fw', 'VxWorks.fw']) {
      const place = join(folder, file.slice(0, 4));
      mkdirSync(place);
      writeFileSync(join(place, '00-00000100-Ptable_R1.bin'), noise(100));
      writeFileSync(join(place, file), makeFirmware().subarray(0x5c));
      await refused(openSource(place), 'FIRMWARE_INVALID', /an image with its header/);
    }
  });

  it('takes a firmware, a program or a loader for no CD and no tar, whatever they hold', async () => {
    for (const file of [makeFirmware({ exe: 40_000 }), makeLoader()]) {
      file.write('ustar', 257, 'latin1');
      file.write('CD001', 0x8001, 'latin1');
      await (await openSource(file)).close();
    }
    const image = noise(40_000, 5);
    image.write('ustar', 257 - 0x5c - 98 - 20, 'latin1');
    const file = makeFirmware({ images: [{ code: 0x103, data: image }] });
    assert.equal(file.toString('latin1', 257, 262), 'ustar');
    assert.equal((await asFirmware(file)).images.length, 1);
  });

  it('says what to do: fetch the file itself, or give another one', async () => {
    const hints = [
      [HTML, /^Open the address in a browser/, /^Open the address in a browser.*Give the USB loader file/],
      [LFS, /^Fetch the file with "git lfs pull"/, /^Fetch the file with "git lfs pull".*Give the USB loader file/],
      ['#!/bin/sh\n', /^Give the \.BIN or \.EXE file of an E3272/, /^Give the USB loader file/],
    ] as const;
    for (const [file, firmware, loader] of hints) {
      assert.match(cliHint(await refused(asFirmware(bytes(file)), 'FIRMWARE_INVALID')), firmware);
      assert.match(cliHint(await refused(asLoader(bytes(file)), 'LOADER_INVALID')), loader);
    }
  });

  it('goes by every byte of a mark, and by all of what is blank', () => {
    const what = (hex: string, fill?: number, length = 600) => {
      const head = fill === undefined ? noise(length, 7) : Buffer.alloc(length, fill);
      head.write(hex, 'hex');
      return whatIsIt(head)?.what;
    };
    for (const mark of ['1f9d89', '1f9d90']) assert.equal(what(mark), 'a compressed file (.Z)');
    for (const mark of ['1e9d90', '1f9c90', '1f9d88', '1f9d91']) assert.equal(what(mark), undefined, mark);
    assert.equal(what('425a6839314159265359'), 'a bzip2 archive');
    for (const mark of ['425a6830314159265359', '425a6839314159265358', '00000000314159265359']) {
      assert.equal(what(mark), undefined, mark);
    }
    assert.equal(what('', 0), 'blank at its beginning');
    assert.equal(what('', 0xff, 512), 'blank at its beginning');
    assert.equal(what('', 0, 511), undefined);
    assert.equal(what('', 0x10), undefined);
    const late = Buffer.alloc(600);
    late[599] = 0x10;
    assert.equal(whatIsIt(late), undefined);
  });

  it('takes nothing else for a kind', () => {
    assert.equal(whatIsIt(NOTHING), undefined);
    assert.equal(whatIsIt(Buffer.alloc(0)), undefined);
    assert.equal(whatIsIt(Buffer.from('  \n')), undefined);
    assert.equal(whatIsIt(Buffer.from('BZh91234567'))?.what, 'a text');
    assert.equal(whatIsIt(deflateSync(noise(3000))), undefined);
    for (let seed = 1; seed < 300; seed++) {
      const head = noise(2000, seed);
      // Like UTF-16 without a mark.
      head.write('A\0B\0', 'latin1');
      assert.equal(whatIsIt(head), undefined, `noise ${seed}`);
    }
  });
});
