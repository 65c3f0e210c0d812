/** The short form of `npm run slow:fleet`. */

import assert from 'node:assert/strict';
import { killBrokers } from '../fleet/kills';

describe('a fleet whose broker is killed', () => {
  it('sends each message once, also those that come twice', async () => {
    const report = await killBrokers({ engine: 'mosquitto', messages: 60, kills: 1, gateways: 3, seed: 1 });
    assert.equal(report.kills, 1);
    assert.deepEqual(report.fates, { sent: 60 });
    assert.equal(report.sent, 60);
    assert.ok(report.twice > 0);
  });
});
