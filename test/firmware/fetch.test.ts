import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { readFirmware } from '../../src/firmware/read-firmware';
import { openSource } from '../../src/firmware/source';
import { cliHint } from '../support/errors';
import { refused } from './help';
import { FILE, SHA, webServer } from './web-server';

describe('firmware/fetch', () => {
  const web = webServer();

  const leftovers = () => readdirSync(tmpdir()).filter((name) => /^e3272-[0-9a-f]{8}-/.test(name));

  type Write = (this: FileHandle, data: Uint8Array, from: number, length?: number) => Promise<{ bytesWritten: number }>;

  /** While `work` runs each write to a file does what `write` says. */
  async function writing(
    write: (original: Write, handle: FileHandle, data: Buffer, from: number) => unknown,
    work: () => Promise<void>,
  ): Promise<void> {
    const handle = await open('/dev/null');
    const proto = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const original: Write = proto.write;
    Object.assign(proto, {
      write(this: FileHandle, data: Buffer, from = 0) {
        return write(original, this, data, from);
      },
    });
    try {
      await work();
    } finally {
      Object.assign(proto, { write: original });
    }
  }

  it('writes all of it also where the system takes a part at a time', async () => {
    await writing(
      (original, handle, data, from) => original.call(handle, data, from, Math.min(1000, data.length - from)),
      async () => {
        const source = await openSource(web.url());
        assert.ok((await source.read(0, source.size)).equals(FILE));
        await source.close();
      },
    );
  });

  it('looks at what the disk has of it: a byte that did not get there is noticed', async () => {
    await writing(
      (original, handle, data, from) => original.call(handle, Buffer.alloc(data.length), from),
      () => refused(openSource(web.url()), 'FILE_NOT_WRITTEN', /not on the disk as it came/).then(() => undefined),
    );
  });

  it('fetches a file, proves it and reads it like any other; nothing stays behind', async () => {
    const before = leftovers();
    const steps: [number, number | undefined][] = [];
    web.answer = (_request, response) => response.setHeader('content-length', FILE.length).end(FILE);
    const source = await openSource(web.url('/a/fw.bin?token=secret', SHA.toUpperCase()), {
      onProgress: (done, total) => steps.push([done, total]),
    });
    assert.deepEqual(leftovers(), before);
    assert.equal(source.name, `${web.base}/a/fw.bin`);
    assert.deepEqual(web.seen, ['/a/fw.bin?token=secret']);
    assert.equal(source.size, FILE.length);
    assert.deepEqual(steps.at(-1), [FILE.length, FILE.length]);
    assert.equal((await readFirmware(source)).images.length, 3);
    await source.close();
    await refused(source.read(0, 1), 'FILE_UNREADABLE');
  });

  it('wants a sha256, and refuses a file with another one', async () => {
    await refused(openSource(`${web.base}/fw.bin`), 'BAD_ARGUMENT', /says no sha256/);
    await refused(openSource(`${web.base}/fw.bin#sha256=abc`), 'BAD_ARGUMENT');
    await refused(openSource(`http://[/#sha256=${SHA}`), 'BAD_ARGUMENT', /no URL/);
    assert.deepEqual(web.seen, []);
    const other = SHA.replace(/^./, (c) => (c === '0' ? '1' : '0'));
    await refused(openSource(web.url('/fw.bin', other)), 'FIRMWARE_CRC', new RegExp(SHA));
  });

  it('names what came instead of the file', async () => {
    web.answer = (_request, response) => response.end('<!doctype html><title>Log in</title>');
    await refused(openSource(web.url()), 'FIRMWARE_CRC', /not the file that was meant: it is an HTML page, its sha256/);
    web.answer = (_request, response) => response.end(gzipSync(FILE));
    await refused(openSource(web.url()), 'FIRMWARE_CRC', /it is a gzip archive/);
  });

  it('says what the server says', async () => {
    const status = (code: number) => {
      web.answer = (_request, response) => response.writeHead(code).end();
      return openSource(web.url());
    };
    await refused(status(404), 'FILE_NOT_FOUND', /There is no .*404/);
    await refused(status(410), 'FILE_NOT_FOUND', /There is no .*410/);
    await refused(status(403), 'FILE_UNREADABLE', /does not hand out .*403/);
    await refused(status(500), 'FILE_UNREADABLE', /500/);
    await refused(status(204), 'FILE_UNREADABLE', /204/);
    web.answer = (request) => request.socket.destroy();
    await refused(openSource(web.url()), 'FILE_UNREADABLE', /cannot be fetched/);
    const error = await refused(openSource(`http://user:pass@127.0.0.1:1/x?key=k#sha256=${SHA}`), 'FILE_UNREADABLE');
    assert.doesNotMatch(`${error.message} ${cliHint(error)}`, /pass|key=/);
  });

  it('refuses what is empty, or an archive', async () => {
    web.answer = (_request, response) => response.end();
    const sha = createHash('sha256').digest('hex');
    await refused(openSource(web.url('/fw.bin', sha)), 'FILE_EMPTY');
    const zip = Buffer.from('PK\x03\x04rest');
    web.answer = (_request, response) => response.end(zip);
    const zipSha = createHash('sha256').update(zip).digest('hex');
    await refused(openSource(web.url('/fw.zip', zipSha)), 'FIRMWARE_UNSUPPORTED', /zip archive/);
  });

  it('notices that the connection broke in the middle', async () => {
    web.answer = (_request, response) => {
      response.setHeader('content-length', FILE.length);
      response.write(FILE.subarray(0, 3000), () => response.destroy());
    };
    const error = await refused(openSource(web.url()), 'FILE_UNREADABLE');
    assert.equal(error.message, `${web.base}/fw.bin cannot be fetched (ECONNRESET).`);
  });

  it('follows five redirects, no sixth, and none to anything but http', async () => {
    web.answer = (request, response) => {
      const n = Number(request.url?.slice(1));
      if (n === 0) response.end(FILE);
      else response.writeHead(302, { location: `/${n - 1}` }).end();
    };
    await (await openSource(web.url('/5'))).close();
    await refused(openSource(web.url('/6')), 'FILE_UNREADABLE', /more than 5 times/);
    for (const location of ['file:///etc/passwd', 'ftp://127.0.0.1/x']) {
      web.answer = (_request, response) => response.writeHead(301, { location }).end();
      await refused(openSource(web.url()), 'FILE_UNREADABLE', /redirects to/);
    }
    for (const headers of [{}, { location: 'http://[' }]) {
      web.answer = (_request, response) => response.writeHead(301, headers).end();
      await refused(openSource(web.url()), 'FILE_UNREADABLE', /redirects to nowhere/);
    }
    // The answer that redirects is not waited for to its end.
    let closed = () => {};
    const end = new Promise<void>((resolve) => {
      closed = resolve;
    });
    web.answer = (request, response) => {
      if (request.url !== '/fw.bin') return void response.end(FILE);
      response.on('close', closed);
      response.writeHead(302, { location: '/other.bin' }).write('and so on');
    };
    await (await openSource(web.url())).close();
    await end;
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    web.answer = () => controller.abort(new Error('enough'));
    await refused(openSource(web.url(), { signal: controller.signal }), 'CANCELLED');
    await refused(openSource(web.url(), { signal: controller.signal }), 'CANCELLED');
  });
});
