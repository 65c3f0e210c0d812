/** Jobs as the sidebar keeps them, whoever looks and when. */

import assert from 'node:assert/strict';
import type { NodeAPI } from 'node-red';
import { Panel } from '../../plugins/e3272/panel';
import { blankReport, type JobEvent, type JobReport } from '../../src/flash/events';
import { startJob } from '../../src/jobs/registry';
import { testStick } from './sticks';

const RED = { settings: { get: () => undefined, userDir: '.' }, comms: { publish() {} } } as unknown as NodeAPI;

/** A job at `stick`, told and ended by the test. */
function job(stick: string): {
  tell(event: JobEvent): void;
  cancel(): boolean;
  end(more?: Partial<JobReport>): Promise<void>;
} {
  let tell = (_: JobEvent) => {};
  let finish = (_: JobReport) => {};
  const started = startJob({ stick, context: {} }, ({ onEvent }) => {
    tell = onEvent;
    return new Promise((resolve) => {
      finish = resolve;
    });
  });
  return {
    tell: (event) => tell(event),
    cancel: () => started.cancel(),
    end: (more = {}) =>
      new Promise((resolve) => {
        started.watch({ onEvent() {}, onEnd: () => setImmediate(resolve) });
        finish({ ...blankReport(stick, 'bus'), ok: true, ...more });
      }),
  };
}

const SAYS: JobEvent = { type: 'stage', stage: 'write', text: 'Writing.' };

describe('jobs in the sidebar', () => {
  let panel: Panel;
  beforeEach(() => {
    panel = new Panel(RED);
  });
  afterEach(() => panel.stop());

  it('that were seen stay seen, also when nobody has looked for a while', async () => {
    const { end } = job('9-1');
    await panel.jobs();
    await end();
    assert.equal((await panel.jobs()).shown('9-1')?.ended?.ok, true);
    assert.equal((await panel.jobs()).dismiss('9-1'), true);
    panel.rest();
    assert.equal((await panel.jobs()).shown('9-1'), undefined);
    // Another one is news.
    const next = job('9-1');
    next.tell(SAYS);
    assert.equal((await panel.jobs()).shown('9-1')?.stage, 'write');
    await next.end();
  });

  it('are noted on while nobody looks, for whoever comes later', async () => {
    const { tell, end } = job('9-2');
    await panel.jobs();
    tell(SAYS);
    panel.rest();
    tell({ type: 'warn', text: 'Nobody hears this.' });
    await end();
    assert.deepEqual(
      (await panel.jobs()).log('9-2', 0).lines.map(({ text }) => text),
      ['Writing.', 'Nobody hears this.'],
    );
  });

  it('say how long they wait for hands, and that somebody has called them off', async () => {
    const { tell, cancel, end } = job('9-4');
    const jobs = await panel.jobs();
    tell({ type: 'wait', act: 'boot-pin', stick: '9-4', left: 600, text: 'Hold it.' });
    const waiting = jobs.shown('9-4');
    assert.equal(waiting?.wait, 'boot-pin');
    const { waitLeft = 0 } = waiting ?? {};
    assert.ok(waitLeft > 550 && waitLeft <= 600, `${waitLeft}`);
    assert.equal(waiting?.cancelling, undefined);
    cancel();
    assert.equal(jobs.shown('9-4')?.cancelling, true);
    await end();
    const over = jobs.shown('9-4');
    assert.deepEqual([over?.wait, over?.waitLeft, over?.cancelling], [undefined, undefined, undefined]);
  });

  it('that did not complete a write leave a word on the card of the stick, until one does', async () => {
    const { name, host } = await testStick();
    const card = async () => (await panel.state()).cards.find(({ stick }) => stick === name);
    assert.equal((await card())?.unfinished, undefined);
    const journal = { firmware: 'a', complete: [], missing: ['system'], files: ['b'], images: { system: 'c' } };
    host.writeNote(name, JSON.stringify({ version: 1, ...journal }));
    try {
      assert.ok(Array.isArray((await card())?.unfinished));
      // A job that is under way completes it, or says so.
      const { tell, end } = job(name);
      tell(SAYS);
      assert.equal((await card())?.unfinished, undefined);
      await end();
      assert.ok((await card())?.unfinished);
    } finally {
      host.writeNote(name, undefined);
    }
    assert.equal((await card())?.unfinished, undefined);
  });

  it('that had begun before anybody looked show the checks of their report', async () => {
    const check = { number: 1, id: 'file', result: 'passed', rule: 'Whole.', compared: 'sha256' } as const;
    const { end } = job('9-3');
    await end({ checks: [check] });
    const { checks, report } = (await panel.jobs()).log('9-3', 0);
    assert.deepEqual([checks, report?.ok], [[check], true]);
  });
});

describe('a stick that cannot be watched', () => {
  it('is said so, and hides no other', async () => {
    const [{ name, host }, other] = [await testStick(), await testStick()];
    const { watch } = host;
    host.watch = () => {
      throw new Error('no such bus');
    };
    const panel = new Panel(RED);
    try {
      const { cards, problem } = await panel.state();
      assert.match(problem?.message ?? '', /no such bus/);
      assert.ok(cards.some(({ stick }) => stick === other.name));
      host.watch = watch;
      const mended = await panel.state();
      assert.equal(mended.problem, undefined);
      assert.ok(mended.cards.some(({ stick }) => stick === name));
    } finally {
      host.watch = watch;
      panel.stop();
    }
  });
});
