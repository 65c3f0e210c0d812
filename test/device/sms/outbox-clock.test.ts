/** Messages that wait, and ids that are remembered, while somebody sets the wall clock. */

import assert from 'node:assert/strict';
import type { NoteEntry } from '../../../src/host/host';
import { type Lives, snapshot, start, states } from './lives-bench';
import { code } from './sms-bench';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEARS = 4 * 365 * DAY;
const JUMPS = [3 * HOUR, -5 * HOUR, YEARS, -YEARS];

/** Another process on the machine of `it`, whose clock was set by so much since the notes were written. */
async function nextLife(it: Lives, notes: NoteEntry[], set: number, boot = 'one'): Promise<Lives> {
  const next = await start({ away: true });
  await next.run(next.sms.release());
  // The clock that nobody sets goes on.
  await next.wait(it.clock.now() - next.clock.now());
  next.clock.setDateBy(set);
  next.host.bootName = boot;
  for (const { key, text } of notes) next.host.writeNote(key, text);
  next.stick.plug();
  await next.deploy();
  return next;
}

/** `a` may wait an hour, `b` two minutes. */
async function waiting(): Promise<{ it: Lives; notes: NoteEntry[] }> {
  const it = await start({ boot: 'one' });
  it.stick.world.centre.settings.refuse = 42;
  const accepted: string[] = [];
  for (const [id, ttl] of [
    ['a', HOUR],
    ['b', 2 * MINUTE],
  ] as const) {
    it.send({ id, ttl, patience: HOUR, onAccepted: (is) => accepted.push(is) }).catch(() => undefined);
  }
  const notes = await snapshot(it, () => accepted.length === 2);
  return { it, notes };
}

async function moreThanAWeek(it: Lives): Promise<void> {
  // Without the stick little happens in it.
  it.stick.unplug();
  for (let days = 0; days < 7.5; days += 0.5) await it.wait(DAY / 2);
  it.stick.plug();
}

describe('a wall clock that is set', () => {
  for (const set of JUMPS) {
    const by = `by ${set / HOUR} h`;

    it(`${by}, between two lives: what waits has the time left that it had`, async () => {
      const { it: first, notes } = await waiting();
      await first.wait(3 * MINUTE);
      const next = await nextLife(first, notes, set);
      await next.until(() => next.told.length === 2);
      assert.deepEqual(states(next).sort(), ['a sent', 'b expired']);
    });

    it(`${by}, in one life that ends later: the same`, async () => {
      const { it: first } = await waiting();
      first.clock.setDateBy(set);
      // Something is written after it.
      await first.run(first.sms.release());
      await first.deploy();
      await first.wait(MINUTE);
      first.send({ id: 'c', ttl: HOUR, patience: HOUR }).catch(() => undefined);
      const notes = await snapshot(first, () => first.notes().some(({ text }) => text?.includes('"id":"c"')));
      await first.wait(2 * MINUTE);
      const next = await nextLife(first, notes, set);
      await next.until(() => next.told.length === 3);
      assert.deepEqual(states(next).sort(), ['a sent', 'b expired', 'c sent']);
    });

    it(`${by}: an id is remembered for seven days, in this life and in the next one`, async () => {
      const it = await start({ boot: 'one' });
      await it.run(it.send({ id: 'a' }));
      it.clock.setDateBy(set);
      assert.equal((await it.run(it.send({ id: 'a' }))).duplicate, true);
      await it.run(it.send({ id: 'b' }));
      assert.equal((await it.run(it.send({ id: 'a' }))).duplicate, true, 'also after the note was thinned');
      const next = await nextLife(it, it.notes(), 2 * set);
      assert.equal((await next.run(next.send({ id: 'a' }))).duplicate, true);
      await moreThanAWeek(next);
      assert.equal((await next.run(next.send({ id: 'a' }))).duplicate, undefined);
    });
  }

  it('before a start of the machine: no age is believed that a clock without a battery gives', async () => {
    for (const [first, set] of [
      // It was not set before, and is not set after.
      [0, YEARS],
      [YEARS, -YEARS],
    ] as const) {
      const it = await start({ boot: 'one' });
      it.clock.setDateBy(first);
      await it.run(it.send({ id: 'a' }));
      const next = await nextLife(it, it.notes(), first + set, 'two');
      assert.equal((await next.run(next.send({ id: 'a' }))).duplicate, true);
      next.clock.setDateBy(YEARS);
      await moreThanAWeek(next);
      assert.equal((await next.run(next.send({ id: 'a' }))).duplicate, undefined, 'nor is it remembered for ever');
    }
  });

  it('is left alone in a note of a version that did not keep when the machine began', async () => {
    const { it: first, notes } = await waiting();
    const old = notes.map(({ key, text = '' }) => ({ key, text: text.replace(/"began":-?\d+,/, '') }));
    assert.notDeepEqual(old, notes);
    const next = await nextLife(first, old, 0);
    await next.until(() => next.told.length === 2);
    assert.deepEqual(states(next).sort(), ['a sent', 'b sent']);
    const late = await nextLife(first, old, HOUR);
    await late.until(() => late.told.length === 2);
    assert.deepEqual(states(late).sort(), ['a expired', 'b expired']);
  });
});

it('an SMS that waits in one life expires by the clock that nobody sets', async () => {
  for (const set of JUMPS) {
    const it = await start({ boot: 'one' });
    it.stick.world.centre.settings.refuse = 42;
    it.send({ id: 'a', patience: HOUR }).catch(() => undefined);
    const late = assert.rejects(it.send({ id: 'b', ttl: 2 * MINUTE }), code('EXPIRED'));
    const began = it.clock.now();
    it.clock.setDateBy(set);
    await it.run(late);
    const took = it.clock.now() - began;
    assert.ok(took >= 2 * MINUTE - 1_000 && took < 2 * MINUTE + 1_000, `${took} ms`);
    await assert.rejects(it.run(it.send({ id: 'b' })), code('EXPIRED'));
    assert.equal(it.clock.now() - began, took, 'it is remembered');
  }
});
