/** What is kept of messages, and what is forgotten. */

import assert from 'node:assert/strict';
import { begin, type Entry, end, errorOf, keep, recover } from '../../src/device/outbox/entry';
import { forgotten, formNote, parseNote, restartedSince } from '../../src/device/outbox/outbox-note';
import { errorData, failure, withMore } from '../../src/errors';

const DAY = 86_400_000;

const entry = (more: Partial<Entry> = {}): Entry => ({
  id: 'a',
  hash: 'h',
  state: 'accepted',
  to: '22922',
  parts: 1,
  pdus: [{ hex: '00', length: 1 }],
  done: 0,
  refs: [],
  place: '1-1',
  at: 0,
  until: 1_000,
  ...more,
});

describe('what an outbox remembers', () => {
  it('500 fates, those that nobody has to be told first, for seven days; all that is open', () => {
    const over = Array.from({ length: 600 }, (_, n) => entry({ id: `${n}`, state: 'sent', ended: n, told: true }));
    const untold = entry({ id: 'untold', state: 'failed', ended: 0 });
    const open = Array.from({ length: 600 }, (_, n) => entry({ id: `open ${n}` }));
    const gone = forgotten([untold, ...over, ...open], 1_000).map(({ id }) => id);
    assert.deepEqual(
      gone,
      Array.from({ length: 101 }, (_, n) => `${n}`),
    );
    assert.deepEqual(forgotten([untold, ...open], 7 * DAY), []);
    assert.deepEqual(forgotten([untold, ...open], 7 * DAY + 1), [untold]);
  });

  it('one fate of each message, the first one, and its PDUs no longer than needed', () => {
    const one = entry({ from: { owner: 'out' } });
    begin(one);
    end(one, 'unknown', 5);
    end(one, 'sent', 6);
    assert.deepEqual([one.state, one.ended, one.pdus, one.told], ['unknown', 5, [], undefined]);
    const nobodys = entry();
    end(nobodys, 'sent', 6);
    assert.equal(nobodys.told, true);
  });

  it('nothing that is over comes to life again', () => {
    for (const state of ['sent', 'failed', 'expired', 'unknown'] as const) {
      const one = entry({ state, until: 0 });
      recover(one, 10, true);
      assert.equal(one.state, state);
    }
    for (const [state, now, restarted, fate] of [
      ['accepted', 999, false, 'accepted'],
      ['accepted', 1_000, false, 'expired'],
      ['accepted', 0, true, 'expired'],
      ['sending', 0, true, 'unknown'],
      ['sending', 0, false, 'unknown'],
    ] as const) {
      const one = entry({ state });
      recover(one, now, restarted);
      assert.equal(one.state, fate);
    }
  });
});

describe('the note of an outbox', () => {
  it('holds what was put in, with its version and the run of the machine', () => {
    const full = entry({
      state: 'failed',
      sim: 's',
      twice: true,
      from: { owner: 'o', tag: { a: 1 } },
      report: { owner: 'o' },
    });
    const error = keep(
      failure(
        'CMS_ERROR/rejected',
        { command: 'AT+CMGS', answer: '+CMS ERROR: 21', words: null, stick: null },
        { number: 21 },
      ),
    );
    const entries = [entry(), { ...full, error }];
    const text = formNote(entries, { boot: 'boot' });
    assert.deepEqual(parseNote(text), { state: 'ours', entries, boot: 'boot' });
    assert.match(text ?? '', /^\{"version":1,/);
    assert.equal(formNote([], { boot: 'boot' }), undefined);
    assert.deepEqual(parseNote(undefined), { state: 'none', entries: [] });
  });

  it('keeps an error as it was made, and reads one of version 0.1', () => {
    const made = withMore(
      failure(
        'CMS_ERROR/rejected',
        { command: 'AT+CMGS', answer: '+CMS ERROR: 21', words: null, stick: null },
        { number: 21 },
      ),
      'sms-not-sent',
      {
        sent: 0,
        parts: 1,
      },
    );
    const read = errorOf(JSON.parse(JSON.stringify(keep(made))));
    assert.deepEqual(errorData(read), errorData(made));
    const old = errorOf({ code: 'CMS_ERROR', message: 'It was refused.', hint: 'Check the number.', number: 21 });
    assert.deepEqual(errorData(old), {
      code: 'CMS_ERROR',
      reason: '',
      params: {},
      message: 'It was refused. Check the number.',
      number: 21,
    });
    assert.ok(!('hint' in old));
  });

  it('that is damaged says nothing; a newer one is told apart', () => {
    for (const text of ['', '{', '7', 'null', '[]', '{"version":0,"entries":[]}', '{"version":1}', '{"version":"2"}']) {
      assert.deepEqual(parseNote(text), { state: 'ours', entries: [] }, text);
    }
    assert.equal(parseNote('{"version":2,"entries":[]}').state, 'newer');
    const wrong: unknown[] = [
      null,
      7,
      { ...entry(), id: 7 },
      { ...entry(), until: '1' },
      { ...entry(), state: 'lost' },
      { ...entry(), pdus: [] },
      { ...entry(), pdus: [{ hex: '00' }] },
      { ...entry(), refs: ['1'] },
      { ...entry(), from: 'me' },
      { ...entry(), report: { tag: 1 } },
      { ...entry(), error: {} },
    ];
    for (const one of wrong) {
      const text = JSON.stringify({ version: 1, entries: [one, entry()] });
      assert.deepEqual(parseNote(text).entries, [entry()], JSON.stringify(one));
    }
  });

  it('is from before a start of the machine where both are known and differ', () => {
    const note = (boot?: string) => ({ state: 'ours' as const, entries: [], ...(boot && { boot }) });
    assert.equal(restartedSince(note('a'), 'b'), true);
    assert.equal(restartedSince(note('a'), 'a'), false);
    assert.equal(restartedSince(note(), 'a'), false);
    assert.equal(restartedSince(note('a'), undefined), false);
  });
});
