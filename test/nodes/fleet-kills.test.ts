/** The short forms of `npm run slow:fleet` and `npm run slow:gateway`. */

import assert from 'node:assert/strict';
import { killBrokers } from '../fleet/kills';
import { killReds } from '../fleet/reds';

/** Told where it fails. */
const seed = Date.now() % 1_000_000;

describe('a fleet whose broker is killed', () => {
  it('sends each message once, also those that come twice', async () => {
    const report = await killBrokers({ engine: 'mosquitto', messages: 60, kills: 1, gateways: 3, seed });
    assert.deepEqual(report.blows, { 'broker killed': 1 });
    assert.deepEqual(report.fates, { sent: 60 });
    assert.ok(report.twice > 0);
  });
});

describe('gateways in Node-REDs that are killed, with a broker that is killed and clocks that jump', () => {
  it('each message has one fate, and what was sent was sent once', async () => {
    const report = await killReds({ engine: 'mosquitto', messages: 100, kills: 2, reds: 2, gateways: 1, seed });
    const { 'Node-RED killed': killed, 'broker killed': broker, 'clock set': clock } = report.blows;
    assert.deepEqual([killed, broker, clock], [2, 2, 2]);
    const { sent = 0, unknown = 0, ...others } = report.fates;
    assert.deepEqual(others, {});
    assert.ok(sent > 0 && sent + unknown === 100);
    assert.ok(report.twice > 0);
  });
});
