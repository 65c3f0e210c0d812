/** `e3272 hilink` at an address that is no stick's: a clear error, in bounded time and memory, and no password for it. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTcpServer } from 'node:net';
import { startWith } from './e3272';

const TOKEN = '<response><SesInfo>s</SesInfo><TokInfo>t</TokInfo></response>';
const error = (code: number): RequestListener => {
  return ({ url = '' }, response) =>
    response.end(url.endsWith('SesTokInfo') ? TOKEN : `<error><code>${code}</code></error>`);
};
const endless: RequestListener = (_request, response) => {
  const more = () => {
    while (!response.destroyed && response.write('<a>'.repeat(10_000)));
  };
  response.on('drain', more);
  more();
};
const entities = Array.from({ length: 20 }, (_, nth) => `<!ENTITY e${nth + 1} "&e${nth};&e${nth};&e${nth};&e${nth};">`);

/** The reason of HILINK_ERROR for each. A text is all that comes over the socket. */
const SERVERS: Record<string, [RequestListener | string, string]> = {
  'a page': [(_, response) => response.end('<!DOCTYPE html><html>My router</html>'), 'web-page'],
  'an endless answer': [endless, 'too-long'],
  'entities of entities': [
    (_, response) =>
      response.end(`<!DOCTYPE x [<!ENTITY e0 "ha">${entities.join('')}]><response><x>&e20;</x></response>`),
    'document-type',
  ],
  'too deep an answer': [(_, response) => response.end('<response>'.repeat(50_000)), 'no-xml'],
  'bytes that are no text': [(_, response) => response.end(Buffer.alloc(5000, 0x9c)), 'no-xml'],
  nothing: [(_, response) => response.end(), 'empty'],
  'a redirect in a circle': [
    ({ url }, response) => response.writeHead(302, { location: `${url}x` }).end(),
    'to-own-page',
  ],
  'yes to everything': [(_, response) => response.end('<response>OK</response>'), 'nothing-told'],
  'an error for ever': [error(125003), 'other-session'],
  'no for ever': [error(100003), 'login-needed'],
  'something else than HTTP': ['SSH-2.0-x\r\n', 'no-http'],
  'half an answer': ['HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<resp', 'cut'],
};

/** A server of this process. */
async function listening(answer: RequestListener | string): Promise<{ server: Server; url: string }> {
  const server =
    typeof answer === 'string'
      ? (createTcpServer((socket) => socket.once('data', () => socket.end(answer))) as Server)
      : createServer(answer);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return { server, url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` };
}

describe('e3272 hilink at a place that is no stick', () => {
  const PASSWORD = 'not-for-strangers';
  let server: Server | undefined;
  afterEach(() => {
    server?.close();
    server?.closeAllConnections?.();
    server = undefined;
  });
  const run = (url: string, ...args: string[]) =>
    startWith(
      { E3272_HILINK_PASSWORD: PASSWORD, NODE_OPTIONS: '--max-old-space-size=100' },
      ...['--json', 'hilink', ...args, '--url', url],
    ).ended;

  for (const [name, [answer, reason]] of Object.entries(SERVERS)) {
    it(`that answers with ${name}: ${reason}`, async () => {
      const place = await listening(answer);
      server = place.server;
      const began = Date.now();
      const { code, result, stdout, stderr } = await run(place.url, 'status');
      assert.deepEqual([code, result['ok'], result['code'], result['reason']], [1, false, 'HILINK_ERROR', reason]);
      assert.ok(String(result['hint']).length > 0);
      assert.doesNotMatch(stdout + stderr, new RegExp(PASSWORD));
      assert.ok(Date.now() - began < 30_000);
    });
  }

  it('that sends on to another address: nothing is asked there', async () => {
    let asked = 0;
    const other = await listening((_, response) => {
      asked++;
      response.end('<response><rssi>-60dBm</rssi></response>');
    });
    const place = await listening((_, response) => response.writeHead(307, { location: other.url }).end());
    server = place.server;
    const { code, result } = await run(place.url, 'sms', 'send', '--to', '22922', '--text', 'x');
    other.server.close();
    assert.deepEqual([code, result['reason'], asked], [1, 'to-elsewhere', 0]);
  });

  it('that says yes to everything: it has no messages to list, and is nobody', async () => {
    const place = await listening((_, response) => response.end('<response>OK</response>'));
    server = place.server;
    const listed = await run(place.url, 'sms', 'list');
    assert.deepEqual([listed.code, listed.result['reason']], [1, 'other-xml']);
    const identity = await run(place.url, 'identity');
    assert.deepEqual([identity.code, identity.result['reason']], [1, 'nothing-told']);
  });

  it('where nobody is', async () => {
    const place = await listening('');
    place.server.close();
    await once(place.server, 'close');
    const { code, result } = await run(place.url, 'status');
    assert.deepEqual([code, result['code'], result['reason']], [1, 'STICK_GONE', 'web']);
  });
});
