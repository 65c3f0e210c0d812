import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readlinkSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { type FileHandle, open as openHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { writeError } from '../../src/firmware/file';
import { fileError, openSource, sniff } from '../../src/firmware/source';
import { cliHint } from '../support/errors';
import { tempFolder } from '../support/temp-folder';
import { refused } from './help';

describe('firmware/source', () => {
  let folder: string;
  before(() => {
    folder = tempFolder('source');
  });
  after(() => rmSync(folder, { recursive: true }));

  const file = (name: string, data: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, data);
    return path;
  };

  it('reads a file in any order and into a given buffer', async () => {
    const source = await openSource(file('plain.bin', 'abcdefghij'));
    assert.equal(source.size, 10);
    assert.equal((await source.read(6, 4)).toString(), 'ghij');
    const target = Buffer.alloc(8, 0x2e);
    assert.equal((await source.read(0, 3, target)).toString(), 'abc');
    assert.equal(target.toString(), 'abc.....');
    await source.close();
    await source.close();
    await refused(source.read(0, 1), 'FILE_UNREADABLE');
  });

  it('reads bytes that it was given and leaves them alone', async () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 5, 6]).subarray(1, 5);
    const source = await openSource(bytes);
    assert.equal(source.size, 4);
    assert.deepEqual([...(await source.read(1, 2))], [3, 4]);
    const target = new Uint8Array(4).subarray(1);
    assert.deepEqual([...(await source.read(1, 2, target))], [3, 4]);
    assert.deepEqual([...new Uint8Array(target.buffer)], [0, 3, 4, 0]);
    const own = await source.read(0, 4);
    bytes[0] = 9;
    assert.deepEqual([...own], [2, 3, 4, 5]);
    bytes[0] = 2;
    assert.deepEqual([...bytes], [2, 3, 4, 5]);
  });

  it('names what is wrong with a path', async () => {
    // A file that goes by a name of its own keeps its place to itself.
    const path = join(folder, 'nowhere.bin');
    const named = await refused(openSource({ name: 'mine.bin', path }), 'FILE_NOT_FOUND', /no file mine\.bin/);
    assert.ok(!JSON.stringify([named.params, String(named.cause)]).includes(folder));
    const nowhere = await refused(openSource(join(folder, 'nowhere.bin')), 'FILE_NOT_FOUND', /nowhere\.bin/);
    assert.match(cliHint(nowhere), /^Check the path/);
    assert.equal((nowhere.cause as NodeJS.ErrnoException).code, 'ENOENT');
    for (const url of ['ftp://host/x', 'https:/host/x', 'www.host/x', '//host/x', 'https:host/x']) {
      assert.match(cliHint(await refused(openSource(url), 'FILE_NOT_FOUND')), /^Only URLs/, url);
    }
    for (const path of ['C:\\x\\fw.bin', './ftp:/x', 'fw:2.bin']) {
      assert.match(cliHint(await refused(openSource(path), 'FILE_NOT_FOUND')), /^Check the path/, path);
    }
    await refused(openSource(join(file('plain2', 'x'), 'below')), 'FILE_NOT_FOUND');
    mkdirSync(join(folder, 'dir'));
    await refused(openSource(join(folder, 'dir')), 'FILE_NOT_REGULAR', /no folder of images/);
    await refused(openSource('/dev/null'), 'FILE_NOT_REGULAR', /is a device, pipe or socket/);
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    await refused(openSource(join(folder, 'pipe')), 'FILE_NOT_REGULAR');
    await refused(openSource(file('empty.bin', '')), 'FILE_EMPTY');
    await refused(openSource(new Uint8Array(0)), 'FILE_EMPTY');
    await refused(openSource('a\0b'), 'BAD_ARGUMENT');
  });

  it('says that a file may not be read', async () => {
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', errno: -13 });
    const error = fileError('fw.bin', denied);
    assert.equal(error.code, 'FILE_UNREADABLE');
    assert.equal(error.number, -13);
    assert.equal(error.cause, denied);
    assert.match(error.message, /fw\.bin may not be read/);
    const broken = fileError('fw.bin', Object.assign(new Error('no'), { code: 'EIO' }));
    assert.equal(broken.code, 'FILE_UNREADABLE');
    assert.match(broken.message, /cannot be read \(EIO\)/);
    assert.equal(broken.number, undefined);
    assert.match(fileError('fw.bin', new Error('odd')).message, /\(Error: odd\)/);
    assert.match(fileError('fw.bin', 'odd').message, /\(odd\)/);
    const directory = fileError('fw.bin', Object.assign(new Error('EISDIR'), { code: 'EISDIR' }));
    assert.equal(directory.code, 'FILE_NOT_REGULAR');
    assert.match(directory.message, /is a directory/);
    assert.ok(directory.cause instanceof Error);
    const full = writeError('fw.bin', Object.assign(new Error('no'), { code: 'ENOSPC', errno: -28 }));
    assert.deepEqual([full.code, full.number], ['FILE_NOT_WRITTEN', -28]);
    assert.match(full.message, /fw\.bin cannot be written \(ENOSPC\)/);
    const odd = writeError('fw.bin', 'odd');
    assert.match(odd.message, /\(odd\)/);
    assert.equal(odd.number, undefined);
    const path = file('locked.bin', 'x');
    chmodSync(path, 0);
    // The superuser may read everything; there the mapping above is all that can be shown.
    if (process.getuid?.() !== 0) await refused(openSource(path), 'FILE_UNREADABLE');
  });

  it('recognises archives and says to unpack them', async () => {
    await refused(openSource(file('fw.zip', 'PK\x03\x04rest')), 'FIRMWARE_UNSUPPORTED', /zip archive/);
    await refused(openSource(Buffer.from('Rar!\x1a\x07\x01\0')), 'FIRMWARE_UNSUPPORTED', /rar archive/);
    await refused(openSource(Buffer.from('7z\xbc\xaf\x27\x1c\0\x04', 'latin1')), 'FIRMWARE_UNSUPPORTED', /7z archive/);
    await refused(openSource(gzipSync('firmware')), 'FIRMWARE_UNSUPPORTED', /gzip archive/);
    assert.equal(sniff(Buffer.from('PK')), undefined);
    assert.equal(sniff(Buffer.from('MZ\x90\0')), undefined);
  });

  it('keeps no file open that it refuses', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder);
        } catch {
          return false;
        }
      });
    const path = file('kept.bin', 'PK\x03\x04');
    await refused(openSource(path), 'FIRMWARE_UNSUPPORTED');
    await refused(openSource(file('none.bin', '')), 'FILE_EMPTY');
    assert.deepEqual(open(), []);
    // Another file at its place, or none that can be looked at, between the look at it and the opening.
    const handle = await openHandle(path);
    const proto = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const stat = proto.stat;
    try {
      const results = [
        [async () => ({ isFile: () => false, isDirectory: () => false, size: 1 }), 'FILE_NOT_REGULAR'],
        [async () => Promise.reject(Object.assign(new Error('no'), { code: 'EIO' })), 'FILE_UNREADABLE'],
      ] as const;
      for (const [result, code] of results) {
        Object.assign(proto, { stat: result });
        await refused(openSource(file('other.bin', 'x')), code);
      }
    } finally {
      Object.assign(proto, { stat });
    }
    assert.deepEqual(open(), []);
  });

  it('judges no folder by the bytes of its first image', async () => {
    const path = join(folder, 'pages');
    mkdirSync(path);
    writeFileSync(join(path, '00-00560000-WEBUI.bin'), 'PK\x03\x04 of the pages');
    await (await openSource(path)).close();
  });

  it('notices that a file became shorter', async () => {
    const path = file('shrinking.bin', Buffer.alloc(1000));
    const source = await openSource(path);
    truncateSync(path, 300);
    await refused(source.read(200, 200), 'FILE_UNREADABLE', /became shorter/);
    await source.close();
  });
});
