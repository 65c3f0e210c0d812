import assert from 'node:assert/strict';
import { killAtRandom } from './outbox';

describe('SIGKILL at random moments of sending, the short form', () => {
  it('each message has one fate, and what was sent was sent once', async () => {
    const report = await killAtRandom(8, 20_261);
    const { sent = 0, unknown = 0, ...others } = report.fates;
    assert.deepEqual(others, {}, JSON.stringify(report));
    assert.ok(sent > 0 && sent + unknown === report.messages, JSON.stringify(report));
  });
});
