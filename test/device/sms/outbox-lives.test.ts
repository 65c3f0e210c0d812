/** Messages over several lives of whoever sends them: deploys, ends of the process, another SIM, another disk. */

import assert from 'node:assert/strict';
import { noteName } from '../../../src/device/outbox/outbox-note';
import type { SendRequest } from '../../../src/device/sms/open-sms';
import { openSms } from '../../../src/device/sms/open-sms';
import { isDriverError } from '../../../src/errors';
import { isSending, type Lives, MODEM, snapshot, start, states, texts } from './lives-bench';
import { code, FROM, LONG } from './sms-bench';

describe('a deploy in the middle of an SMS', () => {
  for (const [what, text, report] of [
    ['of one part', 'Water in the cellar', false],
    ['of many parts', LONG, false],
    ['with reports', LONG, true],
  ] as const) {
    it(`${what}: all of it is sent, once, and the next life is told`, async () => {
      const it = await start();
      await it.run(it.send({ text: 'first' }));
      const cut = it.send({ id: 'a', text, ...(report && { report: { owner: 'out', tag: 'r' } }) });
      const waits = it.send({ id: 'b', text: 'after it' });
      const ends = Promise.allSettled([cut, waits]);
      await it.until(() => isSending(it, 'a', text === LONG ? 1 : 0));
      await it.deploy();
      for (const end of await it.run(ends)) {
        assert.ok(end.status === 'rejected' && code('CANCELLED')(end.reason));
      }
      await it.until(() => it.told.length === 2);
      assert.deepEqual(texts(it), ['first', text, 'after it']);
      assert.equal(it.sent.length, text === LONG ? 5 : 3, 'each part once');
      assert.deepEqual(states(it), ['a sent', 'b sent']);
      const [first] = it.told;
      assert.equal(first?.tag, 'mine');
      assert.deepEqual(
        first?.fate.refs,
        it.sent.slice(1, -1).map(({ reference }) => reference),
      );
      if (report) {
        await it.until(() => it.reports.length === 3);
        assert.deepEqual(it.reports, ['1 delivered r', '2 delivered r', '3 delivered r']);
      }
      await it.deploy();
      await it.wait(60_000);
      assert.equal(it.told.length, 2, 'told once');
      assert.equal((await it.run(it.send({ id: 'a', text }))).duplicate, true);
      await it.run(it.sms.release());
      assert.equal(it.clock.pending, 0, 'a timer is left');
    });
  }

  it('without an owner ends it, and says how much had been sent', async () => {
    const it = await start();
    const cut = assert.rejects(it.sms.send({ id: 'a', to: FROM, text: LONG }), (error) => {
      assert.ok(code('CANCELLED')(error));
      assert.match(String(error), /1 of 3 parts had been sent/);
      return true;
    });
    await it.until(() => isSending(it, 'a'));
    await it.deploy();
    await it.run(cut);
    await it.wait(60_000);
    assert.equal(it.sent.length, 1);
    await it.run(it.sms.release());
  });

  it('that takes the sender away ends what waits, not the part that is on its way', async () => {
    const it = await start();
    const all = Promise.allSettled([it.send({ id: 'a', text: LONG }), it.send({ id: 'b' })]);
    await it.until(() => isSending(it, 'a'));
    it.sms.callOff('out');
    const codes = (await it.run(all)).map((end) => end.status === 'rejected' && code('CANCELLED')(end.reason));
    assert.deepEqual(codes, [true, true]);
    await it.deploy();
    await it.wait(60_000);
    assert.equal(it.sent.length, 1);
    assert.deepEqual(it.told, []);
    await it.run(it.sms.release());
  });
});

describe('a planned end of the process', () => {
  it('comes after the answer to the part that is on its way, and after that is on record', async () => {
    const it = await start();
    it.stick.changeTiming({ sms: 5_000 });
    const write = it.host.writeNoteAsync.bind(it.host);
    it.host.writeNoteAsync = async (key, text) => {
      // Of this machine: the clock of the stick stands still while a disk works.
      await new Promise((resolve) => setTimeout(resolve, 50));
      return write(key, text);
    };
    it.send({ id: 'a', text: LONG }).catch(() => undefined);
    await it.until(() => isSending(it, 'a', 1));
    await it.run(it.sms.release());
    const next = await start({ notes: it.notes() });
    await next.until(() => next.told.length === 1);
    assert.deepEqual(states(next), ['a sent']);
    assert.deepEqual([it.sent.length, next.sent.length], [2, 1]);
  });
});

it('an SMS that waits while nobody uses the stick leaves no timer behind', async () => {
  const it = await start();
  it.stick.world.centre.settings.refuse = 42;
  const cut = assert.rejects(it.send({ id: 'a' }), code('CANCELLED'));
  await it.wait(2_000);
  await it.run(it.sms.release());
  await cut;
  assert.equal(it.clock.pending, 0);
  it.stick.world.centre.settings.refuse = 0;
  await it.wait(3_600_000);
  await it.deploy();
  await it.until(() => it.told.length === 1);
  assert.deepEqual([states(it), texts(it)], [['a sent'], ['Water in the cellar']]);
});

it('the fate of an SMS is told when it is on the disk, however slow that is', async () => {
  const it = await start();
  const write = it.host.writeNoteAsync.bind(it.host);
  it.host.writeNoteAsync = async (key, text) => {
    // Of this machine: the clock of the stick stands still while a disk works.
    await new Promise((resolve) => setTimeout(resolve, 5));
    return write(key, text);
  };
  const isKept = (id: string) =>
    it.notes().some(({ text }) => new RegExp(`"${id}",[^{]*"state":"sent"`).test(text ?? ''));
  assert.equal(await it.run(it.send({ id: 'a' }).then(() => isKept('a'))), true);
  const cut = it.send({ id: 'b' }).catch(() => undefined);
  await it.until(() => isSending(it, 'b'));
  let kept: boolean | undefined;
  await it.run(it.sms.release());
  await cut;
  it.sms = openSms(it.host, '1-1');
  it.sms.fates('out', () => {
    kept = isKept('b');
  });
  await it.until(() => kept !== undefined);
  assert.equal(kept, true);
});

it('many SMS that wait are no leak: no warning of Node.js', async () => {
  const warnings: string[] = [];
  const warned = ({ name }: Error) => warnings.push(name);
  process.on('warning', warned);
  const it = await start();
  await it.run(Promise.all(Array.from({ length: 20 }, (_, n) => it.send({ text: `${n}` }))));
  process.off('warning', warned);
  assert.deepEqual(warnings, []);
});

describe('an end of the process in the middle of an SMS', () => {
  /** The disk at that moment, and another process with another stick that has the same SIM. */
  async function killed(when: (it: Lives) => boolean, request: Partial<SendRequest>): Promise<Lives> {
    const it = await start();
    await it.run(it.send({ text: 'before' }));
    it.send({ id: 'a', ...request }).catch(() => undefined);
    it.send({ id: 'b', text: 'after it' }).catch(() => undefined);
    const notes = await snapshot(it, () => when(it));
    const next = await start({ notes });
    await next.until(() => next.told.length === 2);
    return next;
  }

  it('while it waits: it is sent in the next one', async () => {
    const it = await killed(() => true, {});
    assert.deepEqual(texts(it), ['Water in the cellar', 'after it']);
    assert.deepEqual(states(it), ['a sent', 'b sent']);
  });

  it('while the stick has it: nobody knows, and it is not sent again', async () => {
    const it = await killed((life) => isSending(life, 'a'), {});
    assert.deepEqual(states(it), ['a unknown', 'b sent']);
    assert.deepEqual(texts(it), ['after it']);
    const error = it.told[0]?.fate.error;
    assert.equal(error?.code, 'MAYBE_SENT');
    assert.match(error?.message ?? '', /^The SMS may have been sent: the program ended/);
    await assert.rejects(it.run(it.send({ id: 'a' })), code('MAYBE_SENT'), 'the same answer');
  });

  it('while it has one of many parts: the rest is not sent either', async () => {
    const it = await killed((life) => isSending(life, 'a', 1), { text: LONG });
    assert.deepEqual(states(it), ['a unknown', 'b sent']);
    assert.deepEqual(texts(it), ['after it']);
    assert.match(it.told[0]?.fate.error?.message ?? '', /^Part 2 of 3 of the SMS may have been sent/);
    assert.equal(it.told[0]?.fate.refs.length, 1);
  });

  it('between two parts: the rest follows, as the same message', async () => {
    const it = await start();
    // The second part is refused for a while.
    it.stick.onEvent((event) => {
      if (event.what === 'sms') it.stick.world.centre.settings.refuse = 42;
    });
    it.send({ id: 'a', text: LONG }).catch(() => undefined);
    await it.until(() => it.sent.length === 1);
    await it.wait(2_000);
    const next = await start({ notes: it.notes() });
    await next.until(() => next.told.length === 1);
    assert.deepEqual(states(next), ['a sent']);
    const parts = [...it.sent, ...next.sent].map(({ part }) => part);
    assert.deepEqual(
      parts.map((part) => part?.sequence),
      [1, 2, 3],
    );
    assert.equal(new Set(parts.map((part) => part?.reference)).size, 1);
  });

  it('before the fate was told: it is told in the next one', async () => {
    const it = await start();
    const done = it.send({ id: 'a' });
    const notes = await snapshot(it, () => it.notes().some(({ text }) => text?.includes('"sent"')));
    await it.run(done);
    // As if the flow had not heard of it.
    const untold = notes.map(({ key, text = '' }) => ({
      key,
      text: text.replace(',"told":true', ',"from":{"owner":"out","tag":"mine"}'),
    }));
    const next = await start({ notes: untold });
    await next.until(() => next.told.length === 1);
    assert.deepEqual([states(next), next.sent.length], [['a sent'], 0]);
  });

  it('with a stick that is away: what was accepted waits for its SIM', async () => {
    const it = await start({ away: true });
    const accepted: string[] = [];
    it.send({ id: 'a', onAccepted: (id) => accepted.push(id) }).catch(() => undefined);
    it.send({ id: 'b', onAccepted: (id) => accepted.push(id) }).catch(() => undefined);
    const notes = await snapshot(it, () => accepted.length === 2);
    const next = await start({ notes });
    await next.until(() => next.told.length === 2);
    assert.deepEqual(states(next).sort(), ['a sent', 'b sent']);
    // What was adopted by the SIM is not adopted again.
    const last = await start({ notes: [...next.notes(), ...notes.filter(({ key }) => !next.host.readNote(key))] });
    await last.wait(120_000);
    assert.deepEqual([last.sent.length, last.told.length], [0, 0]);
  });
});

describe('an SMS of several parts that is in the note of its SIM and in that of its place', () => {
  for (const [what, ofSim, ofPlace] of [
    ['the place', { state: 'sending', done: 1 }, { state: 'accepted', done: 2 }],
    ['the SIM', { state: 'accepted', done: 2 }, { state: 'accepted', done: 1 }],
  ] as const) {
    it(`goes on where the note of ${what} says, which knows of more parts`, async () => {
      const it = await start();
      it.send({ id: 'a', text: LONG }).catch(() => undefined);
      const notes = await snapshot(it, () => isSending(it, 'a', 1));
      const sim = notes.find(({ key }) => key !== noteName('place', '1-1'));
      const { entries, ...rest } = JSON.parse(sim?.text ?? '') as { entries: object[] };
      const as = (more: object) =>
        JSON.stringify({ ...rest, entries: entries.map((entry) => ({ ...entry, refs: [], ...more })) });
      const next = await start({
        notes: [
          { key: sim?.key ?? '', text: as(ofSim) },
          { key: noteName('place', '1-1'), text: as(ofPlace) },
        ],
      });
      await next.until(() => next.told.length === 1);
      assert.deepEqual([states(next), next.sent.length], [['a sent'], 1]);
      // Where nobody who is told is there, the notes are read one after the other.
      const from = { owner: 'away' };
      const alone = await start({
        notes: [
          { key: sim?.key ?? '', text: as({ ...ofSim, from }) },
          { key: noteName('place', '1-1'), text: as({ ...ofPlace, from }) },
        ],
      });
      await alone.wait(120_000);
      assert.equal(alone.sent.length, 1);
    });
  }
});

describe('an SMS with an id', () => {
  it('is sent once, however often it is asked for', async () => {
    const it = await start();
    const results = await it.run(Promise.all([1, 2, 3].map(() => it.send({ id: 'alarm-1' }))));
    results.push(await it.run(it.send({ id: 'alarm-1' })));
    assert.equal(it.sent.length, 1);
    assert.deepEqual(
      results.map(({ id, state, duplicate = false, refs }) => [id, state, duplicate, refs]),
      [false, true, true, true].map((again) => ['alarm-1', 'sent', again, [it.sent[0]?.reference]]),
    );
    const next = await start({ notes: it.notes() });
    assert.equal((await next.run(next.send({ id: 'alarm-1' }))).duplicate, true);
    assert.equal(next.sent.length, 0);
  });

  it('is refused with another text or number', async () => {
    const it = await start();
    await it.run(it.send({ id: 'a' }));
    for (const other of [{ text: 'Fire' }, { to: '22922' }, { flash: true }]) {
      await assert.rejects(it.run(it.send({ id: 'a', ...other })), (error) => {
        assert.ok(code('ID_REUSED')(error));
        assert.match((error as Error).message, /given the id a before/);
        return true;
      });
    }
    for (const id of ['', 'x'.repeat(65), 'a b', 'ä']) {
      await assert.rejects(it.run(it.send({ id })), code('BAD_ARGUMENT'));
    }
    assert.equal(it.sent.length, 1);
    // Nor where it shows only when the SIM is known.
    const next = await start({ notes: it.notes() });
    await assert.rejects(next.run(next.send({ id: 'a', text: 'Fire' })), code('ID_REUSED'));
    await next.wait(60_000);
    assert.equal(next.sent.length, 0);
  });

  it('that has failed is not tried again, and says so; another one is', async () => {
    const it = await start();
    it.stick.world.centre.settings.refuse = 21;
    await assert.rejects(it.run(it.send({ id: 'a' })), code('CMS_ERROR', 21));
    it.stick.world.centre.settings.refuse = 0;
    await assert.rejects(it.run(it.send({ id: 'a' })), (error) => {
      assert.ok(code('CMS_ERROR', 21)(error));
      assert.ok(isDriverError(error, 'CMS_ERROR/rejected'));
      assert.deepEqual(
        error.besides?.map(({ what }) => what),
        ['sms-not-sent', 'sms-same-id'],
      );
      return true;
    });
    await it.run(it.send({ id: 'b' }));
    assert.equal(it.sent.length, 1);
  });

  it('that another process has sent meanwhile is not sent here', async () => {
    const it = await start({ away: true });
    const mine = it.send({ id: 'a', patience: 3_600_000 });
    const theirs = await start();
    await theirs.run(theirs.send({ id: 'a' }));
    await it.wait(1_000);
    for (const { key, text } of theirs.notes()) it.host.writeNote(key, text);
    it.stick.plug();
    assert.equal((await it.run(mine)).duplicate, true);
    assert.equal(it.sent.length, 0);
  });
});

describe('an SMS that waits', () => {
  it('expires when its time is over before its turn', async () => {
    const it = await start();
    it.stick.world.centre.settings.refuse = 42;
    const first = it.send({ id: 'a', patience: 120_000 });
    const second = it.send({ id: 'b', ttl: 30_000 });
    const began = it.clock.now();
    await assert.rejects(it.run(second), (error) => {
      assert.ok(isDriverError(error, 'EXPIRED/turn'));
      return true;
    });
    assert.ok(it.clock.now() - began < 31_000, 'at once, not when its turn comes');
    await assert.rejects(it.run(first), code('CMS_ERROR', 42));
    await assert.rejects(
      it.run(it.send({ id: 'c', ttl: 20_000 })),
      code('EXPIRED'),
      'nor is it sent later, in its turn',
    );
    for (const ttl of [0, -1, Number.NaN]) await assert.rejects(it.run(it.send({ ttl })), code('BAD_ARGUMENT'));
    assert.equal(it.sent.length, 0);
  });

  it('is not taken up in another life after its time', async () => {
    const it = await start({ away: true });
    const accepted: string[] = [];
    for (const [id, ttl] of [
      ['a', 60_000],
      ['b', 600_000],
    ] as const) {
      it.send({ id, ttl, onAccepted: (is) => accepted.push(is) }).catch(() => undefined);
    }
    const notes = await snapshot(it, () => accepted.length === 2);
    const next = await start({ away: true });
    await next.run(next.sms.release());
    await next.wait(120_000);
    for (const { key, text } of notes) next.host.writeNote(key, text);
    next.stick.plug();
    await next.deploy();
    await next.until(() => next.told.length === 2);
    assert.deepEqual(states(next).sort(), ['a expired', 'b sent']);
    assert.equal(next.sent.length, 1);
  });

  it('from a restored backup, or from before a start of the machine, is not sent', async () => {
    const it = await start({ boot: 'one' });
    const accepted: string[] = [];
    it.stick.world.centre.settings.refuse = 42;
    it.send({ id: 'a', onAccepted: (id) => accepted.push(id) }).catch(() => undefined);
    it.send({ id: 'b', onAccepted: (id) => accepted.push(id) }).catch(() => undefined);
    const notes = await snapshot(it, () => accepted.length === 2);
    const other = await start({ notes, boot: 'two' });
    await other.until(() => other.told.length === 2);
    assert.deepEqual(states(other).sort(), ['a expired', 'b expired']);
    assert.match(other.told[0]?.fate.error?.message ?? '', /before the machine was started/);
    await other.wait(120_000);
    assert.equal(other.sent.length, 0);
    const same = await start({ notes, boot: 'one' });
    await same.until(() => same.told.length === 2);
    assert.deepEqual(states(same).sort(), ['a sent', 'b sent']);
  });

  it('for another SIM waits for that one, and expires', async () => {
    const it = await start({}, [{ ...MODEM, portPath: '1-1' }]);
    const [other] = it.others;
    assert.ok(other);
    await it.run(it.send({ text: 'first' }));
    it.stick.unplug();
    await it.wait(5_000);
    const [back, never] = [it.send({ id: 'a', ttl: 7_200_000 }), it.send({ id: 'b', ttl: 60_000 })];
    const late = assert.rejects(it.run(never), code('EXPIRED'));
    other.plug();
    await it.wait(30_000);
    assert.equal((await it.run(it.send({ id: 'c', text: 'from the other' }))).state, 'sent');
    assert.deepEqual(texts(it), ['first', 'from the other']);
    await late;
    other.unplug();
    await it.wait(3_600_000);
    it.stick.plug();
    assert.equal((await it.run(back)).state, 'sent');
    assert.deepEqual(texts(it), ['first', 'from the other', 'Water in the cellar']);
    await it.run(it.sms.release());
  });

  it('for a SIM that another life has seen last expires too, and is told once', async () => {
    const it = await start();
    await it.run(it.send({ text: 'first' }));
    it.stick.world.centre.settings.refuse = 42;
    it.send({ id: 'a' }).catch(() => undefined);
    it.send({ id: 'b', ttl: 600_000 }).catch(() => undefined);
    const notes = await snapshot(it, () => it.notes().some(({ text }) => text?.includes('"b"')));
    const next = await start({ notes }, [{ ...MODEM, portPath: '1-1' }]);
    const [other] = next.others;
    // Before anybody has looked which SIM it is.
    next.stick.unplug();
    await next.wait(5_000);
    other?.plug();
    await next.wait(500_000);
    assert.deepEqual([states(next), next.sent.length], [[], 0]);
    await next.until(() => next.told.length > 0);
    assert.deepEqual(states(next), ['b expired']);
    await next.deploy();
    other?.unplug();
    await next.wait(5_000);
    next.stick.plug();
    await next.until(() => next.told.length > 1);
    await next.wait(60_000);
    assert.deepEqual(states(next), ['b expired', 'a sent']);
    const last = await start({ notes: next.notes() });
    await last.wait(60_000);
    assert.deepEqual([last.told, last.sent], [[], []]);
  });

  it('whose fate is in the note of its place is not taken up from an older one of its SIM', async () => {
    const it = await start();
    await it.run(it.send({ text: 'first' }));
    it.stick.world.centre.settings.refuse = 42;
    it.send({ id: 'a' }).catch(() => undefined);
    const older = await snapshot(it, () => it.notes().some(({ text }) => text?.includes('"a"')));
    it.stick.unplug();
    await it.wait(5_000);
    it.sms.callOff('out');
    await it.wait(60_000);
    const newer = it.notes().filter(({ key }) => !older.some((old) => old.key === key));
    assert.equal(newer.length, 1);
    const next = await start({ notes: [...older, ...newer] });
    await next.wait(60_000);
    assert.deepEqual([next.told, next.sent], [[], []]);
  });

  it('for a SIM that is in another stick now is sent from there', async () => {
    const it = await start({}, [{ ...MODEM, portPath: '1-2', seed: 1 }]);
    const [other] = it.others;
    assert.ok(other);
    await it.run(it.send({ text: 'first' }));
    it.stick.unplug();
    await it.wait(5_000);
    const waits = it.send({ id: 'a', patience: 7_200_000 });
    const there = openSms(it.host, '1-2');
    other.plug();
    assert.equal((await it.run(waits)).state, 'sent');
    assert.deepEqual(texts(it), ['first', 'Water in the cellar']);
    await it.run(Promise.all([it.sms.release(), there.release()]));
  });
});

describe('an SMS that cannot be put on record', () => {
  it('is not sent, whenever the disk is full', async () => {
    const it = await start();
    await it.run(it.send({ text: 'first' }));
    it.host.hasRoom = false;
    await assert.rejects(it.run(it.send({ id: 'a' })), (error) => {
      assert.ok(isDriverError(error, 'FILE_NOT_WRITTEN/outbox'));
      return true;
    });
    it.host.hasRoom = true;
    const full = it.send({
      id: 'b',
      onAccepted: () => {
        it.host.hasRoom = false;
      },
    });
    await assert.rejects(it.run(full), code('FILE_NOT_WRITTEN'));
    it.host.hasRoom = true;
    await it.wait(60_000);
    assert.equal(it.sent.length, 1);
    assert.equal((await it.run(it.send({ id: 'a' }))).duplicate, undefined, 'the first one was never accepted');
    assert.equal(it.sent.length, 2);
  });

  it('because a newer version has been there, is not sent either, and its note stays', async () => {
    const it = await start();
    await it.run(it.send({ text: 'first' }));
    const newer = it.notes().map(({ key }) => ({ key, text: '{"version":99}' }));
    const next = await start({ notes: newer });
    await assert.rejects(next.run(next.send()), code('FILE_UNREADABLE'));
    assert.equal(next.sent.length, 0);
    assert.ok(newer.every(({ key, text }) => next.host.readNote(key) === text));
    // After the update that it asks for.
    const later = await start({ notes: [...next.notes(), ...it.notes()] });
    await later.wait(120_000);
    assert.equal(later.sent.length, 0, 'what was told to have failed is not sent later');
  });

  it('is nobody: a damaged note says nothing, and is written anew', async () => {
    const it = await start();
    await it.run(it.send({ text: 'first' }));
    for (const text of ['', '{', '[]', '{"version":1,"entries":[{"id":7},null]}']) {
      const next = await start({ notes: it.notes().map(({ key }) => ({ key, text })) });
      await next.run(next.send({ id: 'a' }));
      assert.equal(next.sent.length, 1, text);
      assert.ok(next.notes().every((note) => note.text !== text));
    }
  });
});
