/**
 * A proxy in front of Node-RED as Home Assistant's ingress and an nginx before it shape requests: everything lies under a path that
 * Node-RED knows nothing of, a POST comes without Content-Length, in chunks, and only when all of it is there.
 */

import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';

export interface Ingress {
  /** With a slash at its end. */
  readonly url: string;
  readonly server: Server;
}

const PREFIX = '/api/hassio_ingress/0123456789abcdef';
/** Of nginx, where nobody has set another limit. */
const MOST_BODY = 1_048_576;

export async function startIngress(target: string): Promise<Ingress> {
  const { hostname, port } = new URL(target);
  const pathOf = ({ url = '' }: IncomingMessage) =>
    url.startsWith(`${PREFIX}/`) ? url.slice(PREFIX.length) : undefined;
  const headersOf = ({ headers }: IncomingMessage) => {
    const { 'content-length': _, ...kept } = headers;
    return { ...kept, 'x-forwarded-host': headers.host, host: `${hostname}:${port}` };
  };
  const server = createServer(async (req, res) => {
    const path = pathOf(req);
    if (path === undefined) return void res.writeHead(404).end();
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    if (body.length > MOST_BODY) return void res.writeHead(413).end();
    const chunked = body.length > 0 ? { 'transfer-encoding': 'chunked' } : {};
    const onward = request({ hostname, port, path, method: req.method, headers: { ...headersOf(req), ...chunked } });
    onward.on('response', (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(res);
    });
    onward.on('error', () => res.writeHead(502).end());
    onward.end(body);
  });
  server.on('upgrade', (req, socket, head) => {
    const onward = connect(Number(port), hostname, () => {
      const lines = Object.entries(headersOf(req)).map(([name, value]) => `${name}: ${value}`);
      onward.write(`GET ${pathOf(req) ?? '/'} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on('error', () => end.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${PREFIX}/`, server };
}
