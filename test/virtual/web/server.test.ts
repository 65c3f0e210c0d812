import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer } from 'node:net';
import { isDriverError } from '../../../src/errors';
import { systemClock } from '../../../src/host/clock';
import type { StickOptions } from '../../../src/virtual/options';
import { obey } from '../../../src/virtual/orders';
import { serveVirtual } from '../../../src/virtual/serve';
import { VirtualStick } from '../../../src/virtual/stick';
import { serveWeb, type WebServer } from '../../../src/virtual/web/server';
import { NEW_MODE } from './rig';

const TIMING = { plug: 1, switch: 1, offBus: 1, firstTty: 1, webStart: 1, webAnswer: 1, urcEvery: 0 };

interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  raw: string[];
  body: string;
}

/** Rejects when the connection is closed before the whole answer is there. */
function ask(port: number, path: string, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const call = httpRequest({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      method: body === undefined ? 'GET' : 'POST',
    });
    call.once('error', reject);
    call.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.once('error', reject);
      response.once('end', () => {
        const { statusCode = 0, headers, rawHeaders: raw } = response;
        resolve({ status: statusCode, headers, raw, body: Buffer.concat(chunks).toString() });
      });
    });
    call.end(body);
  });
}

const CLOSED = /socket hang up|ECONNRESET|aborted/;

describe('virtual web face: its TCP server', () => {
  let stick: VirtualStick;
  let server: WebServer;

  const seen = (ready: () => boolean) =>
    new Promise<void>((resolve) => {
      const stop = stick.onEvent(() => {
        if (!ready()) return;
        stop();
        resolve();
      });
    });

  async function start(options: Partial<StickOptions> = {}): Promise<void> {
    stick = new VirtualStick({ clock: systemClock, hilink: 'tokenless', timing: TIMING, ...options });
    server = await serveWeb({ stick, port: 0 });
  }

  async function toHilink(): Promise<void> {
    const there = seen(() => stick.appearance === 'cdrom-hilink');
    stick.plug();
    await there;
    const up = seen(() => stick.web?.up === true);
    assert.equal(stick.storage(0)?.bulkOut(NEW_MODE), 'ok');
    await up;
  }

  afterEach(async () => {
    stick.unplug();
    await server.close();
  });

  it('answers in HiLink mode, and drops connections in all others', async () => {
    await start();
    await assert.rejects(ask(server.port, '/api/monitoring/status'), CLOSED);
    await toHilink();
    const reply = await ask(server.port, '/api/monitoring/status');
    assert.equal(reply.status, 200);
    assert.equal(reply.headers['content-type'], 'text/xml');
    assert.match(reply.body, /<SimStatus>1<\/SimStatus>/);
    assert.equal(server.url, `http://127.0.0.1:${server.port}`);
    obey(stick, '{"fault":"silence","at":"web"}');
    const waiting = assert.rejects(ask(server.port, '/api/monitoring/status'), CLOSED);
    await seen(() => stick.faults.open === 0);
    stick.unplug();
    await waiting;
    await assert.rejects(ask(server.port, '/api/monitoring/status'), CLOSED);
  });

  it('takes a POST with what is in it', async () => {
    await start();
    await toHilink();
    const body = '<?xml version="1.0" encoding="UTF-8"?><request><Action>3</Action></request>';
    assert.match((await ask(server.port, '/api/dialup/dial', body)).body, /<code>100006<\/code>/);
  });

  it('cuts an answer in its middle, and closes what is answered by nothing', async () => {
    await start();
    await toHilink();
    obey(stick, '{"fault":"cut","at":"web"}');
    await assert.rejects(ask(server.port, '/api/monitoring/status'), CLOSED);
    obey(stick, '{"fault":"lost","at":"web"}');
    await assert.rejects(ask(server.port, '/api/monitoring/status'), CLOSED);
    assert.equal(stick.faults.open, 0);
  });

  it('names headers as the sticks do, in small letters where that is ordered', async () => {
    await start({ hilink: 'metas' });
    await toHilink();
    const names = async () => (await ask(server.port, '/')).raw.filter((_, n) => n % 2 === 0);
    assert.ok((await names()).includes('Set-Cookie'));
    obey(stick, '{"do":"quirk","name":"web-lower-headers"}');
    assert.ok((await names()).includes('set-cookie'));
  });

  it('lets no connection outlive its web server', async () => {
    await start();
    await toHilink();
    const socket = connect(server.port, '127.0.0.1').resume();
    socket.write('GET /api/monitoring/status HTTP/1.1\r\nHost: hi.link\r\n\r\n');
    await once(socket, 'data');
    const closed = once(socket, 'close');
    stick.unplug();
    await closed;
  });

  it('refuses more than a stick takes', async () => {
    await start();
    await toHilink();
    await assert.rejects(
      ask(server.port, '/api/dialup/dial', 'x'.repeat(70_000)),
      /socket hang up|ECONNRESET|EPIPE|aborted/,
    );
    assert.equal((await ask(server.port, '/api/monitoring/status')).status, 200);
  });

  it('is not at peace with a program that sends no HTTP, but stays', async () => {
    await start();
    await toHilink();
    const socket = connect(server.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume().write('AT\r\n\r\n');
    await once(socket, 'close');
    assert.equal((await ask(server.port, '/api/monitoring/status')).status, 200);
  });

  it('says that its port is taken', async () => {
    await start();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const wrong = (error: unknown) => isDriverError(error, 'PORT_BUSY') && error.message.includes(`${port}`);
    await assert.rejects(serveWeb({ stick, port }), wrong);
    await assert.rejects(serveVirtual({ sticks: [stick], as: { kind: 'host', port: 0 }, web: port }), wrong);
    other.close();
  });

  it('comes with a stick that is served to other programs', async () => {
    await start();
    await toHilink();
    const served = await serveVirtual({ sticks: [stick], as: { kind: 'host', port: 0 }, web: 0 });
    assert.equal(served.web.length, 1);
    assert.equal((await ask(served.web[0]?.port ?? 0, '/api/monitoring/status')).status, 200);
    await served.close();
    await assert.rejects(ask(served.web[0]?.port ?? 0, '/'), /ECONNREFUSED/);
  });
});
