import assert from 'node:assert/strict';
import { soak } from './at';

describe('soak, the short form', () => {
  it('20000 commands: T22, no reply reaches another command; nothing is lost or doubled, and memory stays flat', async () => {
    const report = await soak(20_000);
    assert.ok(report.answered > 17_000, JSON.stringify(report));
    assert.ok(report.faults > 300 && report.enumerations > 30, JSON.stringify(report));
    const [early, late] = report.heap;
    assert.ok(late - early < 4_000_000, `${late - early} bytes more`);
  });
});
