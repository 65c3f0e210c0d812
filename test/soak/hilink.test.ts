import assert from 'node:assert/strict';
import { HILINK_NAMES } from '../../src/virtual/web/firmware';
import { liveThrough } from './hilink';

describe('a stick in HiLink mode for a week, the short form: three busy hours', () => {
  HILINK_NAMES.forEach((firmware, at) => {
    it(`loses nothing, says nothing twice and locks nobody out: ${firmware}`, async () => {
      const report = await liveThrough(firmware, 0.125, 20_261_130 + at, 2);
      const all = JSON.stringify(report);
      assert.ok(report.received > 0 && (report.sent['sent'] ?? 0) > 0, all);
      assert.ok(report.requestsPerMinute < 60, all);
      assert.ok(report.sessions <= 8, all);
      assert.equal(report.timers, 0, all);
      const [early, late] = report.heap;
      assert.ok(late - early < 8 * 2 ** 20, all);
    });
  });
});
