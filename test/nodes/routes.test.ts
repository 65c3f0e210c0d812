/** Every route that the package adds to the editor's server, whichever part adds it. */

import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import type { NodeAPI } from 'node-red';
import { type Answered, type Asked, routesOf } from '../../plugins/e3272/routes';
import { admin, adminRoutes, startRuntime } from './runtime';

describe('the routes of the package', () => {
  before(startRuntime);

  it('answer no page of another site, whatever they do', async () => {
    const routes = adminRoutes().filter(({ path }) => path.startsWith('/e3272/'));
    assert.ok(routes.length >= 20, JSON.stringify(routes));
    for (const { method, path } of routes) {
      for (const asker of [{ origin: 'http://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }]) {
        const headers = { ...asker, ...(method === 'POST' && { 'content-type': 'text/plain' }) };
        const { status } = await admin(method, path.replaceAll(/:\w+/g, 'virtual-1'), { method, headers });
        assert.equal(status, 403, `${method} ${path} for ${JSON.stringify(asker)}`);
      }
    }
  });
});

type Handle = (req: Partial<Asked>, res: Partial<Answered>, next: () => void) => void;

/** As much of Node-RED as a plugin is given when it is loaded. */
function fakeRED() {
  const handlers = new Map<string, Handle>();
  const add = (path: string, _allowed: unknown, handle: Handle) => handlers.set(path, handle);
  const plugins: { onadd(): void; onremove(): void }[] = [];
  const server = new EventEmitter();
  const RED = {
    server,
    httpAdmin: { get: add, post: add },
    auth: { needsPermission: () => undefined },
    plugins: { registerPlugin: (_id: string, plugin: (typeof plugins)[number]) => plugins.push(plugin) },
    comms: { publish: () => undefined },
  } as unknown as NodeAPI;
  return { RED, handlers, plugins, server };
}

describe('the plugin, taken out', () => {
  it('leaves its requests to a later installation, and nobody who listens', () => {
    const { RED, handlers, plugins, server } = fakeRED();
    const init: (red: NodeAPI) => void = require('../../plugins/e3272/e3272');
    init(RED);
    plugins[0]?.onadd();
    assert.equal(server.listenerCount('close'), 1);
    plugins[0]?.onremove();
    assert.equal(server.listenerCount('close'), 0);
    assert.ok(handlers.size >= 15);
    for (const [path, handle] of handlers) {
      let passed = false;
      handle({ headers: {} }, {}, () => {
        passed = true;
      });
      assert.ok(passed, path);
    }
  });

  it('breaks an answer off that cannot be told, and Node-RED lives', async () => {
    const { RED, handlers } = fakeRED();
    routesOf(RED).get('x', 'e3272.read', () => ({ n: 1n }));
    let end = () => {};
    const destroyed = new Promise<void>((resolve) => {
      end = resolve;
    });
    const res = {
      setHeader: () => res,
      status: () => res,
      json: (body: unknown) => {
        throw new Error(`no answer is taken: ${typeof body}`);
      },
      destroy: () => {
        end();
        return res;
      },
    } as unknown as Answered;
    handlers.get('/e3272/x')?.({ headers: {} }, res, () => undefined);
    await destroyed;
  });
});
