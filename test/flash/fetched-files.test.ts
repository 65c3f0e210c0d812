/** A job whose firmware comes from a URL: the fetch is part of the job. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256 } from '../../src/virtual/events';
import { made } from '../support/errors';
import { journey, makeFirmware, makeLoader } from './journey';

describe('a firmware that is fetched by the job', () => {
  const firmware = makeFirmware();
  const loader = makeLoader({ size: 20_000 });
  let server: Server;
  let url: string;
  /** The server stands still after this many bytes. */
  let sent: number;
  before(async () => {
    server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': firmware.length });
      response.write(firmware.subarray(0, sent));
      if (sent === firmware.length) response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fw.bin#sha256=${sha256(firmware)}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  it('tells how far the fetch is, and writes it', async () => {
    sent = firmware.length;
    const run = journey({ loader, firmware });
    await run.plug({ bootPin: true });
    const report = await run.convert({ firmware: url });
    assert.equal(report.error, undefined);
    const fetching = run.events.filter((e) => e.type === 'progress' && /Fetching the firmware/.test(e.text));
    const last = fetching.at(-1);
    assert.ok(last?.type === 'progress');
    assert.deepEqual([last.stage, last.done, last.total], ['files', firmware.length, firmware.length]);
  });

  it('can be cancelled while it comes', async () => {
    sent = 5_000;
    const run = journey({ loader, firmware });
    await run.plug({ bootPin: true });
    const controller = new AbortController();
    const report = await run.convert({
      firmware: url,
      signal: controller.signal,
      onEvent(event) {
        if (event.type === 'progress') controller.abort(made('CANCELLED', 'Enough.'));
      },
    });
    assert.equal(report.error?.code, 'CANCELLED');
    assert.deepEqual([...run.stick.flash.keys()], []);
  });
});
