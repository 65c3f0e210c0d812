import assert from 'node:assert/strict';
import { createServer, type Server as HttpServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { isDriverError } from '../../src/errors';
import { openHilink } from '../../src/hilink/client';
import { httpError, httpTransport, isCut } from '../../src/hilink/transport';
import { xml } from './server';

/** What runs is ended after each test. */
const servers = new Set<Server>();
const sockets = new Set<Socket>();

async function listen(server: Server): Promise<URL> {
  servers.add(server);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

const http = (listener: RequestListener): Promise<URL> => listen(createServer(listener) as HttpServer);
const raw = (talk: (socket: Socket) => void): Promise<URL> => listen(createTcpServer(talk));

const request = { method: 'GET' as const, path: '/api/pin/status', headers: { Cookie: 'SessionID=a+/=' } };
const never = new AbortController().signal;

describe('hilink: HTTP', () => {
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers) server.close();
    sockets.clear();
    servers.clear();
  });

  it('carries path, headers and bytes both ways, over a connection for each request', async () => {
    const seen: unknown[] = [];
    const url = await http((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        seen.push([incoming.method, incoming.url, incoming.headers.cookie, Buffer.concat(chunks).toString('hex')]);
        response.writeHead(200, { 'Set-Cookie': ['a=1', 'SessionID=x'], __RequestVerificationToken: 'T' });
        response.end(Buffer.of(0xed, 0xa0, 0xbd));
      });
    });
    const transport = httpTransport({ url });
    const answer = await transport({ ...request, method: 'POST', body: Buffer.of(1, 2, 0xff) }, never);
    assert.deepEqual(seen, [['POST', '/api/pin/status', 'SessionID=a+/=', '0102ff']]);
    assert.equal(answer.status, 200);
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'SessionID=x']);
    assert.equal(answer.headers['__requestverificationtoken'], 'T');
    assert.deepEqual(Buffer.from(answer.body), Buffer.of(0xed, 0xa0, 0xbd));
    await transport(request, never);
    assert.equal(sockets.size, 2);
  });

  it('an answer without an end is ended after a megabyte', async () => {
    let sent = 0;
    const url = await http((_incoming, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, 0x20))) sent += 65_536;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    await assert.rejects(
      httpTransport({ url })(request, never),
      (error) => isDriverError(error, 'HILINK_ERROR') && /longer/.test(error.message),
    );
    assert.ok(sent < 64 << 20);
  });

  it('what sends headers without an end, or no HTTP at all, is no stick', async () => {
    for (const talk of [
      (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\n${'X-A: 1\r\n'.repeat(20_000)}`),
      (socket: Socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
    ]) {
      const url = await raw(talk);
      await assert.rejects(
        httpTransport({ url })(request, never),
        (error) => isDriverError(error, 'HILINK_ERROR') && /speaks no HTTP/.test(error.message),
      );
    }
  });

  it('a connection that ends in the middle is told as that, wherever', async () => {
    for (const start of ['', 'HTTP/1.1 200 OK\r\nContent-Le', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf']) {
      const url = await raw((socket) => {
        socket.once('data', () => socket.end(start, () => socket.destroy()));
      });
      await assert.rejects(httpTransport({ url })(request, never), isCut, JSON.stringify(start));
    }
  });

  it('a line that drops behind the connect may have carried the request; one that drops before it has not', () => {
    const url = new URL('http://192.168.8.1');
    const told = (code: string, syscall: string) =>
      httpError(Object.assign(new Error(code), { code, syscall }), url, false);
    for (const code of ['ETIMEDOUT', 'ENETUNREACH', 'EHOSTUNREACH']) {
      for (const syscall of ['read', 'write']) assert.ok(isCut(told(code, syscall)), `${code} ${syscall}`);
      assert.equal(told(code, 'connect').code, 'STICK_GONE');
    }
  });

  it('nobody at the address is a stick that is gone', async () => {
    const url = await http(() => undefined);
    for (const server of servers) await new Promise((resolve) => server.close(resolve));
    await assert.rejects(
      httpTransport({ url })(request, never),
      (error) => isDriverError(error, 'STICK_GONE') && error.message.includes(url.host),
    );
  });

  it('silence, also a drop at a time, ends when its time is over, and nothing stays open', async () => {
    const closed: Promise<unknown>[] = [];
    const url = await raw((socket) => {
      closed.push(new Promise((resolve) => socket.once('close', resolve)));
      socket.resume();
      socket.write('HTTP/1.1 200 OK\r\n\r\n<resp');
    });
    const client = openHilink({ url: url.origin });
    // The first request is under way when it is stopped.
    const stop = new AbortController();
    servers.forEach((server) => {
      server.once('connection', () => setImmediate(() => stop.abort(new Error('time is over'))));
    });
    await assert.rejects(client.pin({ signal: stop.signal }), /time is over/);
    await Promise.all(closed);
  });

  it('a redirect is not followed: the other server sees nothing', async () => {
    let asked = 0;
    const other = await http((_incoming, response) => {
      asked++;
      response.end(xml('<SimState>257</SimState>'));
    });
    const url = await http((_incoming, response) => {
      response.writeHead(302, { Location: `${other.origin}/api/pin/status`, 'Set-Cookie': 'evil=1' });
      response.end();
    });
    const client = openHilink({ url: url.origin });
    await assert.rejects(
      client.pin(),
      (error) => isDriverError(error, 'HILINK_ERROR') && /another address/.test(error.message),
    );
    assert.equal(asked, 0);
  });
});
