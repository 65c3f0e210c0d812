/**
 * The web server of a virtual stick on a TCP port of this machine: a thin layer of HTTP around {@link WebFace}. While the stick
 * is in no HiLink mode, or its server has not started yet, each connection is dropped at its first request: some clients would
 * connect again and again for ever to a server that drops them before.
 */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { asDriverError } from '../../errors';
import { LOOPBACK } from '../../served-name';
import type { VirtualStick } from '../stick';
import type { WebAnswer } from './http';

export interface WebServerOptions {
  stick: VirtualStick;
  /** TCP port on {@link LOOPBACK}, and nowhere else; 0 = any free one. */
  port: number;
  /** Told of what did not work out. */
  complain?: (error: unknown) => void;
}

export interface WebServer {
  readonly port: number;
  /** Where a client finds it: `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Drops all connections and stops to listen; the stick stays as it is. */
  close(): Promise<void>;
}

/** Octets that a request may have behind its head. */
const LARGEST = 1 << 16;
/** A stick has room for few. */
const MOST_CONNECTIONS = 16;

/** What speaks HTTP for the stick: connections may come from a port of this machine, or from the stick's own network. */
export interface WebHttp {
  readonly server: Server;
  /** Takes a connection that no port of {@link server} has taken. */
  connect(stream: Duplex): void;
  /** Drops all connections. */
  close(): void;
}

export function webHttp(stick: VirtualStick, complain: (error: unknown) => void = () => undefined): WebHttp {
  const streams = new Set<Duplex>();
  const server = createServer((request, response) => {
    answer(stick, request, response).catch((error: unknown) => {
      request.socket.destroy();
      complain(error);
    });
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.on('connection', (stream: Duplex) => {
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
  });
  const drop = () => {
    for (const stream of [...streams]) stream.destroy();
  };
  const stop = stick.onEvent((event) => {
    if (event.what === 'web' && !event.up) drop();
  });
  return {
    server,
    connect: (stream) => server.emit('connection', stream),
    close: () => {
      stop();
      drop();
    },
  };
}

/** Error: PORT_BUSY, when the TCP port cannot be had. */
export async function serveWeb({ stick, port, complain = () => undefined }: WebServerOptions): Promise<WebServer> {
  const http = webHttp(stick, complain);
  const { server } = http;
  const listening = await listen(server, port).catch((error: unknown) => {
    http.close();
    throw asDriverError(error, 'PORT_BUSY/tcp-web', { port }, { stick: stick.portPath });
  });
  server.on('error', complain);
  return {
    port: listening,
    url: `http://${LOOPBACK}:${listening}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      http.close();
      await closed;
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      server.removeListener('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

/** undefined: too large, or not whole. */
async function bodyOf(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > LARGEST) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}

async function answer(stick: VirtualStick, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/', socket } = request;
  const body = await bodyOf(request);
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
  );
  const outcome = body && (await stick.web?.handle({ method, path: url, headers, body }));
  if (!outcome || socket.destroyed) {
    socket.destroy();
    return;
  }
  send(outcome, response, stick.world.webQuirks.has('web-lower-headers'));
}

function send({ status, headers, body, cut }: WebAnswer, response: ServerResponse, lower: boolean): void {
  const named = (name: string) => (lower ? name.toLowerCase() : name);
  response.sendDate = false;
  const all = [...headers, ['Content-Length', String(body.length)] as const];
  response.writeHead(
    status,
    all.flatMap(([name, value]) => [named(name), value]),
  );
  if (!cut) response.end(body);
  else response.write(body.subarray(0, body.length >> 1), () => response.destroy());
}
