/** Every route that the package adds to the editor's server, whichever part adds it. */

import assert from 'node:assert/strict';
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
