import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { fetchFile } from '../../src/firmware/fetch';
import { readFirmware } from '../../src/firmware/firmware';
import { openSource } from '../../src/firmware/source';
import type { Clock } from '../../src/host/host';
import { TIMEOUTS } from '../../src/timeouts';
import { makeFirmware } from '../../src/virtual/make-files';
import { refused } from './help';

const FILE = makeFirmware();
const SHA = createHash('sha256').update(FILE).digest('hex');

/** Time that passes only when told to. */
class StillClock implements Clock {
  readonly #timers = new Map<object, { ms: number; fn: () => void }>();
  now = () => 0;
  date = () => new Date(0);
  during = <T>(work: Promise<T>) => work;
  after(ms: number, fn: () => void) {
    const timer = { cancel: () => this.#timers.delete(timer) };
    this.#timers.set(timer, { ms, fn });
    return timer;
  }
  /** Timers of this length end now. */
  end(ms: number): void {
    for (const timer of [...this.#timers.values()]) if (timer.ms === ms) timer.fn();
  }
  get waiting(): number {
    return this.#timers.size;
  }
}

describe('firmware/fetch', () => {
  let server: Server;
  let base: string;
  let answer: RequestListener;
  const seen: string[] = [];
  before(async () => {
    server = createServer((request, response) => {
      seen.push(request.url ?? '');
      answer(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  beforeEach(() => {
    seen.length = 0;
    answer = (_request, response) => response.end(FILE);
  });

  const leftovers = () => readdirSync(tmpdir()).filter((name) => /^e3272-[0-9a-f]{8}-/.test(name));
  const url = (path = '/fw.bin', sha = SHA) => `${base}${path}#sha256=${sha}`;

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
        const source = await openSource(url());
        assert.ok((await source.read(0, source.size)).equals(FILE));
        await source.close();
      },
    );
  });

  it('looks at what the disk has of it: a byte that did not get there is noticed', async () => {
    await writing(
      (original, handle, data, from) => original.call(handle, Buffer.alloc(data.length), from),
      () => refused(openSource(url()), 'FILE_NOT_WRITTEN', /not on the disk as it came/).then(() => undefined),
    );
  });

  it('fetches a file, proves it and reads it like any other; nothing stays behind', async () => {
    const before = leftovers();
    const steps: [number, number | undefined][] = [];
    answer = (_request, response) => response.setHeader('content-length', FILE.length).end(FILE);
    const source = await openSource(url('/a/fw.bin?token=secret', SHA.toUpperCase()), {
      onProgress: (done, total) => steps.push([done, total]),
    });
    assert.deepEqual(leftovers(), before);
    assert.equal(source.name, `${base}/a/fw.bin`);
    assert.deepEqual(seen, ['/a/fw.bin?token=secret']);
    assert.equal(source.size, FILE.length);
    assert.deepEqual(steps.at(-1), [FILE.length, FILE.length]);
    assert.equal((await readFirmware(source)).images.length, 3);
    await source.close();
    await refused(source.read(0, 1), 'FILE_UNREADABLE');
  });

  it('wants a sha256, and refuses a file with another one', async () => {
    await refused(openSource(`${base}/fw.bin`), 'BAD_ARGUMENT', /says no sha256/);
    await refused(openSource(`${base}/fw.bin#sha256=abc`), 'BAD_ARGUMENT');
    await refused(openSource(`http://[/#sha256=${SHA}`), 'BAD_ARGUMENT', /no URL/);
    assert.deepEqual(seen, []);
    const other = SHA.replace(/^./, (c) => (c === '0' ? '1' : '0'));
    await refused(openSource(url('/fw.bin', other)), 'FIRMWARE_CRC', new RegExp(SHA));
  });

  it('names what came instead of the file', async () => {
    answer = (_request, response) => response.end('<!doctype html><title>Log in</title>');
    await refused(openSource(url()), 'FIRMWARE_CRC', /not the file that was meant: it is an HTML page, its sha256/);
    answer = (_request, response) => response.end(gzipSync(FILE));
    await refused(openSource(url()), 'FIRMWARE_CRC', /it is a gzip archive/);
  });

  it('says what the server says', async () => {
    const status = (code: number) => {
      answer = (_request, response) => response.writeHead(code).end();
      return openSource(url());
    };
    await refused(status(404), 'FILE_NOT_FOUND', /404/);
    await refused(status(403), 'FILE_UNREADABLE', /403/);
    await refused(status(500), 'FILE_UNREADABLE', /500/);
    await refused(status(204), 'FILE_UNREADABLE', /204/);
    answer = (request) => request.socket.destroy();
    await refused(openSource(url()), 'FILE_UNREADABLE', /cannot be fetched/);
    const error = await refused(openSource(`http://user:pass@127.0.0.1:1/x?key=k#sha256=${SHA}`), 'FILE_UNREADABLE');
    assert.doesNotMatch(`${error.message} ${error.hint}`, /pass|key=/);
  });

  it('refuses what is empty, or an archive', async () => {
    answer = (_request, response) => response.end();
    const sha = createHash('sha256').digest('hex');
    await refused(openSource(url('/fw.bin', sha)), 'FILE_EMPTY');
    const zip = Buffer.from('PK\x03\x04rest');
    answer = (_request, response) => response.end(zip);
    const zipSha = createHash('sha256').update(zip).digest('hex');
    await refused(openSource(url('/fw.zip', zipSha)), 'FIRMWARE_UNSUPPORTED', /zip archive/);
  });

  it('notices that the connection broke in the middle', async () => {
    answer = (_request, response) => {
      response.setHeader('content-length', FILE.length);
      response.write(FILE.subarray(0, 3000), () => response.destroy());
    };
    await refused(openSource(url()), 'FILE_UNREADABLE', /cannot be fetched/);
  });

  it('stops at the limit, told before or noticed on the way', async () => {
    answer = (_request, response) => response.setHeader('content-length', FILE.length).end(FILE);
    await refused(fetchFile(url(), { maxSize: FILE.length - 1 }), 'FIRMWARE_TOO_LARGE');
    answer = (_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(FILE));
      };
      response.on('drain', more);
      more();
    };
    await refused(fetchFile(url(), { maxSize: 1_000_000 }), 'FIRMWARE_TOO_LARGE', /at most 1000000/);
  });

  it('follows five redirects, no sixth, and none to anything but http', async () => {
    answer = (request, response) => {
      const n = Number(request.url?.slice(1));
      if (n === 0) response.end(FILE);
      else response.writeHead(302, { location: `/${n - 1}` }).end();
    };
    await (await openSource(url('/5'))).close();
    await refused(openSource(url('/6')), 'FILE_UNREADABLE', /more than 5 times/);
    for (const location of ['file:///etc/passwd', 'ftp://127.0.0.1/x']) {
      answer = (_request, response) => response.writeHead(301, { location }).end();
      await refused(openSource(url()), 'FILE_UNREADABLE', /redirects to/);
    }
    answer = (_request, response) => response.writeHead(301).end();
    await refused(openSource(url()), 'FILE_UNREADABLE', /redirects to nowhere/);
  });

  it('gives up a server that is silent, before or in the middle, and one that never ends', async () => {
    const clock = new StillClock();
    let asked = () => {};
    let arrived = new Promise<void>((resolve) => {
      asked = resolve;
    });
    answer = () => asked();
    const silent = refused(openSource(url(), { clock }), 'TIMEOUT', /within 30 s/);
    await arrived;
    clock.end(TIMEOUTS.fetch.answer);
    await silent;
    for (const ms of [TIMEOUTS.fetch.silence, TIMEOUTS.fetch.total]) {
      answer = (_request, response) => void response.write(FILE.subarray(0, 100));
      arrived = new Promise((resolve) => {
        asked = resolve;
      });
      const stuck = refused(openSource(url(), { clock, onProgress: () => asked() }), 'TIMEOUT');
      await arrived;
      clock.end(ms);
      await stuck;
    }
    assert.equal(clock.waiting, 0);
  });

  it('can be cancelled', async () => {
    const controller = new AbortController();
    answer = () => controller.abort(new Error('enough'));
    await refused(openSource(url(), { signal: controller.signal }), 'CANCELLED');
    await refused(openSource(url(), { signal: controller.signal }), 'CANCELLED');
  });
});
