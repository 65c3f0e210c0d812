/** Uploads, as their folder sees them: who gives up, who comes twice, and a disk that does not take what it is given. */

import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { NodeAPI } from 'node-red';
import { Files } from '../../plugins/e3272/files';
import { type Asked, BadRequest } from '../../plugins/e3272/routes';
import { writeAll } from '../../src/firmware/file';
import { until } from '../support/waits';

const GIB = 1024 ** 3;
const HOUR = 3_600_000;

/** Nobody tells when a folder has been cleaned: it is looked into. */
const goneFrom = (parts: () => string[]): Promise<boolean> =>
  until({
    what: 'the folder to be cleaned',
    look: () => parts().length === 0,
    listen: (wake) => {
      const looking = setInterval(wake, 5);
      return () => clearInterval(looking);
    },
    came: () => parts().join(),
  });

describe('uploads', () => {
  let userDir = '';
  let files: Files;
  let now = 0;
  let free = GIB;
  let limit: string | undefined;
  let flows: object[] = [];
  let due: { ms: number; act: () => void }[] = [];

  const folder = () => join(userDir, 'e3272', 'files');
  const there = () => readdirSync(folder()).sort();
  const parts = () => there().filter((name) => name.startsWith('.part-'));
  const RED = {
    settings: {
      get userDir() {
        return userDir;
      },
      get: () => limit,
    },
    nodes: { eachNode: (each: (node: object) => void) => flows.forEach(each) },
  } as unknown as NodeAPI;
  const here = {
    now: () => now,
    free: async () => free,
    later(ms: number, act: () => void) {
      const one = { ms, act };
      due.push(one);
      return () => {
        due = due.filter((other) => other !== one);
      };
    },
  };

  beforeEach(() => {
    userDir = mkdtempSync(join(tmpdir(), 'e3272-uploads-'));
    mkdirSync(folder(), { recursive: true });
    [now, free, limit, flows, due] = [0, GIB, undefined, [], []];
    files = new Files(RED, here);
  });
  afterEach(() => {
    files.stop();
    rmSync(userDir, { recursive: true, force: true });
  });

  const begin = (name: string, size: number) => files.begin({ body: { name, size } } as Asked);
  /** A piece that comes when it is sent. */
  function coming(id: string, offset: number) {
    const body = new PassThrough();
    const asked = Object.assign(body, { params: { id }, query: { offset: String(offset) } });
    return { body, done: files.piece(asked as unknown as Asked) };
  }
  function piece(id: string, offset: number, text: string) {
    const { body, done } = coming(id, offset);
    body.end(text);
    return done;
  }
  const refused = (work: Promise<unknown>, status: number) =>
    assert.rejects(work, (error) => error instanceof BadRequest && error.status === status);

  it('that are given up while a piece comes leave nothing behind', async () => {
    const { id } = await begin('a.bin', 4);
    const { body, done } = coming(id, 0);
    body.write('12');
    await files.drop(id);
    body.end('34');
    await refused(done, 404);
    assert.deepEqual(there(), []);
  });

  it('that cannot be put into place are over, and may be begun again', async () => {
    const { id } = await begin('a.bin', 4);
    mkdirSync(join(folder(), 'a.bin'));
    await assert.rejects(piece(id, 0, '1234'), { code: 'FILE_NOT_WRITTEN', message: /^((?!\/).)*$/ });
    assert.deepEqual(there(), ['a.bin']);
    await refused(begin('a.bin', 4), 409);
    rmSync(join(folder(), 'a.bin'), { recursive: true });
    assert.deepEqual((await piece((await begin('a.bin', 4)).id, 0, '1234')).done, true);
  });

  it('are not begun where the disk has no room, for Node-RED needs it too', async () => {
    free = 40 * 1024 ** 2;
    await refused(begin('a.bin', 30 * 1024 ** 2), 507);
    await begin('b.bin', 1_000);
  });

  it('are written whole, where a call takes less than it was given', async () => {
    const taken: [at: number, text: string][] = [];
    const slow = {
      async write(bytes: Buffer, from: number, length: number, at: number) {
        taken.push([at, bytes.subarray(from, from + Math.min(3, length)).toString()]);
        return { bytesWritten: Math.min(3, length), buffer: bytes };
      },
    };
    await writeAll(slow as unknown as FileHandle, Buffer.from('abcdefgh'), 10);
    assert.deepEqual(taken, [
      [10, 'abc'],
      [13, 'def'],
      [16, 'gh'],
    ]);
  });

  it('of those who went away make way, and are cleaned by themselves', async () => {
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c', 'd']) {
      ids.push((await begin(name, 4)).id);
      await piece(ids.at(-1) ?? '', 0, '12');
      now += 1_000;
    }
    await refused(begin('e', 4), 429);
    now += 60_000;
    await begin('e', 4);
    await refused(piece(ids[0] ?? '', 2, '34'), 404);
    assert.equal(parts().length, 3);
    now += HOUR;
    const [timer] = due;
    due = [];
    assert.equal(timer?.ms, HOUR);
    timer?.act();
    await goneFrom(parts);
  });

  it('of an earlier life go, those of another Node-RED that uses the folder stay', async () => {
    const [old, fresh] = ['.part-0000000000000001', '.part-0000000000000002'];
    for (const name of [old, fresh]) writeFileSync(join(folder(), name), '1');
    const before = Date.now() / 1000 - 2 * 3_600;
    utimesSync(join(folder(), old), before, before);
    await begin('a.bin', 4);
    assert.deepEqual(parts(), [fresh]);
  });

  it('replace no file that a flow names, nor one of the administrator', async () => {
    for (const name of ['named.bin', 'free.bin']) writeFileSync(join(folder(), name), 'old');
    flows = [{ type: 'e3272-flash', firmware: join(folder(), 'named.bin') }];
    await refused(begin('named.bin', 4), 409);
    await piece((await begin('free.bin', 4)).id, 0, '1234');
    assert.equal(readFileSync(join(folder(), 'free.bin'), 'utf8'), '1234');
    limit = folder();
    await refused(begin('free.bin', 4), 409);
    await begin('new.bin', 4);
  });

  it('and files have names that the disk takes, as people give them', async () => {
    for (const name of ['[unlocked] E3272s_(21.420){x},v=1 & 2.exe', 'u\u0308ber.bin', 'Прошивка.bin']) {
      assert.equal(files.pathOf(name), join(folder(), name));
    }
    // 119 characters, and 357 bytes.
    await refused(begin('字'.repeat(119), 4), 400);
  });

  it('no link leads out of the folder that the administrator has set', () => {
    writeFileSync(join(folder(), 'in.bin'), '1');
    symlinkSync(join(folder(), 'in.bin'), join(folder(), 'link.bin'));
    symlinkSync('/etc/hostname', join(folder(), 'out.bin'));
    limit = folder();
    assert.ok(files.pathOf('link.bin'));
    assert.throws(() => files.pathOf('out.bin'), BadRequest);
  });
});
