import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { get as httpGet, type IncomingMessage, type RequestListener, type RequestOptions } from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchFile } from '../../src/firmware/fetch';
import { openSource } from '../../src/firmware/source';
import { TIMEOUTS } from '../../src/timeouts';
import { made } from '../support/errors';
import { refused } from './help';
import { FILE, SHA, StillClock, webServer } from './web-server';

describe('firmware/fetch: limits', () => {
  const web = webServer();

  it('keeps no file and no connection open when it is refused', async () => {
    const open = () =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return /\/e3272-[0-9a-f-]{36}/.test(readlinkSync(`/proc/self/fd/${fd}`));
        } catch {
          return false;
        }
      }).length;
    const source = await openSource(web.url());
    assert.equal(open(), 1);
    await source.close();
    const other = SHA.replace(/^./, (c) => (c === '0' ? '1' : '0'));
    await refused(openSource(web.url('/fw.bin', other)), 'FIRMWARE_CRC');
    assert.equal(open(), 0);
    let closed = () => {};
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    web.answer = (_request, response) => {
      response.on('close', closed);
      response.setHeader('content-length', 10 * FILE.length).write(FILE);
    };
    await refused(fetchFile(web.url(), { maxSize: 9 * FILE.length }), 'FIRMWARE_TOO_LARGE');
    await end;
    assert.equal(open(), 0);
  });

  it('says so when there is no room for the temporary file', async () => {
    const before = process.env.TMPDIR;
    process.env.TMPDIR = join(tmpdir(), 'no', 'such', 'folder');
    try {
      await refused(openSource(web.url()), 'FILE_NOT_WRITTEN', /ENOENT/);
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
    }
    assert.deepEqual(web.seen, []);
  });

  it('stops at the limit, told before or noticed on the way', async () => {
    // Nothing but the header comes.
    web.answer = (_request, response) => response.setHeader('content-length', FILE.length).flushHeaders();
    await refused(
      fetchFile(web.url(), { maxSize: FILE.length - 1 }),
      'FIRMWARE_TOO_LARGE',
      new RegExp(`${FILE.length} bytes`),
    );
    web.answer = (_request, response) => response.setHeader('content-length', FILE.length).end(FILE);
    await (await fetchFile(web.url(), { maxSize: FILE.length })).close();
    web.answer = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(FILE));
      };
      response.on('drain', more);
      more();
    };
    await refused(fetchFile(web.url(), { maxSize: 1_000_000 }), 'FIRMWARE_TOO_LARGE', /at most 1000000/);
  });

  it('follows a redirect to https, and none from there to http', async () => {
    const { get } = https;
    // What would go through TLS comes from the same server.
    https.get = ((target: URL, options: RequestOptions, callback: (response: IncomingMessage) => void) =>
      httpGet(String(target).replace('https:', 'http:'), options, callback)) as typeof get;
    const secure = web.base.replace('http:', 'https:');
    try {
      const redirecting = (location: string): RequestListener => {
        return (request, response) => {
          if (request.url === '/fw.bin') response.writeHead(307, { location }).end();
          else response.end(FILE);
        };
      };
      web.answer = redirecting(`${secure}/other.bin`);
      for (const start of [web.base, secure]) await (await openSource(`${start}/fw.bin#sha256=${SHA}`)).close();
      web.answer = redirecting(`${web.base}/other.bin`);
      await refused(openSource(`${secure}/fw.bin#sha256=${SHA}`), 'FILE_UNREADABLE', /redirects to http:/);
    } finally {
      https.get = get;
    }
  });

  it('gives up a server that is silent, before or in the middle, and one that never ends', async () => {
    const clock = new StillClock();
    let asked = () => {};
    let arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    web.answer = () => asked();
    const silent = refused(openSource(web.url(), { clock }), 'TIMEOUT', /within 30 s/);
    await arrived;
    clock.end(TIMEOUTS.fetch.answer);
    await silent;
    for (const ms of [TIMEOUTS.fetch.silence, TIMEOUTS.fetch.total]) {
      web.answer = (_request, response) => void response.write(FILE.subarray(0, 100));
      arrived = new Promise((resolve) => {
        asked = resolve;
      });
      const stuck = refused(openSource(web.url(), { clock, onProgress: () => asked() }), 'TIMEOUT');
      await arrived;
      clock.end(ms);
      await stuck;
    }
    assert.equal(clock.waiting, 0);
  });

  it('counts the silence from the last bytes that came', async () => {
    const clock = new StillClock();
    const old: (() => void)[] = [];
    web.answer = (_request, response) => {
      // The next bytes go when the ones before have come.
      response.write(FILE.subarray(0, 1000));
      more = () => response.end(FILE.subarray(1000));
    };
    let more = () => {};
    const source = await openSource(web.url(), {
      clock,
      onProgress(done) {
        // Whoever counted before these bytes has no say any more.
        for (const end of old.splice(0)) end();
        old.push(...clock.endings(TIMEOUTS.fetch.silence));
        if (done === 1000) more();
      },
    });
    assert.equal(source.size, FILE.length);
    await source.close();
    assert.equal(clock.waiting, 0);
  });

  it('can be cancelled, with the reason that was given, and leaves no listener behind', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    await (await openSource(web.url(), { signal })).close();
    assert.deepEqual(getEventListeners(signal, 'abort'), []);
    web.answer = () => controller.abort(made('BUSY', 'Somebody else wants it.'));
    const error = await refused(openSource(web.url(), { signal }), 'BUSY');
    assert.equal(error, signal.reason);
  });

  it('can be cancelled while what came is read once more', async () => {
    const large = Buffer.concat([FILE, Buffer.alloc(600_000)]);
    web.answer = (_request, response) => response.end(large);
    const controller = new AbortController();
    const handle = await open('/dev/null');
    const proto = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const { read } = proto;
    Object.assign(proto, {
      read(this: FileHandle, ...args: Parameters<typeof read>) {
        controller.abort(new Error('enough'));
        return read.apply(this, args);
      },
    });
    try {
      const sum = createHash('sha256').update(large).digest('hex');
      const fetching = openSource(web.url('/fw.bin', sum), { signal: controller.signal });
      await assert.rejects(fetching, { code: 'CANCELLED', message: /enough/ });
    } finally {
      Object.assign(proto, { read });
    }
  });
});
