import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { fileError, openSource, sniff } from '../../src/firmware/source';
import { refused } from './help';

describe('firmware/source', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'e3272-source-'));
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
    assert.deepEqual([...(await source.read(1, 2, new Uint8Array(2)))], [3, 4]);
    assert.deepEqual([...bytes], [2, 3, 4, 5]);
  });

  it('names what is wrong with a path', async () => {
    await refused(openSource(join(folder, 'nowhere.bin')), 'FILE_NOT_FOUND', /nowhere\.bin/);
    await refused(openSource(join(file('plain2', 'x'), 'below')), 'FILE_NOT_FOUND');
    mkdirSync(join(folder, 'dir'));
    await refused(openSource(join(folder, 'dir')), 'FILE_NOT_REGULAR', /no folder of images/);
    await refused(openSource('/dev/null'), 'FILE_NOT_REGULAR');
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
    assert.equal(fileError('fw.bin', Object.assign(new Error('EIO'), { code: 'EIO' })).code, 'FILE_UNREADABLE');
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

  it('notices that a file became shorter', async () => {
    const path = file('shrinking.bin', Buffer.alloc(1000));
    const source = await openSource(path);
    truncateSync(path, 300);
    await refused(source.read(200, 200), 'FILE_UNREADABLE', /became shorter/);
    await source.close();
  });
});
