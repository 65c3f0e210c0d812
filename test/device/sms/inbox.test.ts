import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Storage } from '../../../src/at/sms/store';
import { encodeSubmit } from '../../../src/at/sms/submit';
import type { SmsMessage } from '../../../src/device/sms/assemble';
import { Inbox } from '../../../src/device/sms/inbox';
import { SimNote } from '../../../src/device/sms/sim-note';
import { isDriverError } from '../../../src/errors';
import { TIMEOUTS } from '../../../src/timeouts';
import { VirtualClock } from '../../../src/virtual/clock';
import { VirtualHost } from '../../../src/virtual/host';
import { deliver, parts, Sim } from './sim';

interface Options {
  remove?: boolean;
  ignore?: boolean;
  incompleteAfter?: number;
}

/** A SIM, a process that reads it, and how to restart that process. */
function bench(size = 20, options: Options = {}) {
  const clock = new VirtualClock();
  const host = new VirtualHost({ sticks: [], clock });
  const sim = new Sim(size);
  const got: SmsMessage[] = [];
  const reports: unknown[] = [];
  const storages: Storage[] = [];
  const set = { wanted: true, ...options };
  let inbox: Inbox;
  const restart = async () => {
    inbox = new Inbox(host, sim.ask, {
      wanted: () => set.wanted,
      message: (message) => {
        got.push(message);
        return set.ignore ? 'ignored' : set.remove ? 'deleted' : 'kept';
      },
      report: (report) => {
        reports.push(report);
        return 'deleted';
      },
      storage: (storage) => storages.push(storage),
      incompleteAfter: () => set.incompleteAfter,
    });
    await clock.run(inbox.open(new SimNote(host, sim.imsi)));
  };
  return {
    clock,
    host,
    sim,
    got,
    reports,
    storages,
    set,
    restart,
    get inbox() {
      return inbox;
    },
    look: () => clock.run(inbox.look(new AbortController().signal)),
    heard: (urc: string, line: string) => inbox.heard({ urc, line }),
    texts: () => got.map(({ text }) => text),
  };
}

async function opened(size?: number, options?: Options) {
  const it = bench(size, options);
  await it.restart();
  return it;
}

describe('SMS inbox', () => {
  it('hands a message over once, whether it is deleted or not, over restarts', async () => {
    for (const remove of [false, true]) {
      const it = await opened(20, { remove });
      it.sim.store(deliver({ text: 'one' }));
      await it.look();
      await it.look();
      await it.restart();
      await it.look();
      assert.deepEqual(it.texts(), ['one']);
      assert.equal(it.sim.used, remove ? 0 : 1);
    }
  });

  it('puts parts together that come in any order, twice, and with restarts between them', async () => {
    const it = await opened();
    const [one = '', two = '', three = ''] = parts(['a', 'b', 'c'], 7);
    for (const pdu of [three, one, three]) {
      it.sim.store(pdu);
      await it.look();
      await it.restart();
    }
    assert.equal(it.got.length, 0);
    it.sim.store(two);
    await it.look();
    assert.deepEqual(it.texts(), ['abc']);
    assert.equal(it.got[0]?.parts, 3);
    // Repeated long after, with another "more to come" bit.
    it.sim.store(deliver({ text: 'b', part: { reference: 7, total: 3, sequence: 2 }, more: true }));
    await it.look();
    assert.deepEqual(it.texts(), ['abc']);
  });

  it('deletes all PDUs of a message, the repeated ones too, and nothing else', async () => {
    const it = await opened(20, { remove: true });
    const [one = '', two = ''] = parts(['a', 'b'], 7);
    const [stays = ''] = parts(['x', 'y'], 8);
    for (const pdu of [one, one, stays, two]) it.sim.store(pdu);
    const [written] = encodeSubmit({ to: '1', text: 'draft', reference: 0 });
    it.sim.store(written?.hex ?? '');
    await it.look();
    assert.deepEqual(it.texts(), ['ab']);
    assert.deepEqual(it.sim.slots.filter(Boolean), [stays, written?.hex]);
    it.sim.store(two);
    await it.look();
    assert.equal(it.sim.used, 2, 'a repeated part of what was deleted is deleted again');
    assert.deepEqual(it.texts(), ['ab']);
  });

  it('does not mix two messages with the same reference: a part belongs to the nearest in time', async () => {
    const it = await opened();
    const [old = ''] = parts(['old', 'lost'], 7, { at: 0 });
    const [new1 = '', new2 = ''] = parts(['new', '!'], 7, { at: 1_800 });
    for (const pdu of [old, new2, new1]) it.sim.store(pdu);
    await it.look();
    assert.deepEqual(it.texts(), ['new!']);
    const later = parts(['z', 'lost'], 7, { at: 3 * 86_400 });
    it.sim.store(later[0] ?? '');
    it.sim.store(parts(['lost', 'late'], 7, { at: 60 })[1] ?? '');
    await it.look();
    assert.deepEqual(it.texts(), ['new!', 'oldlate']);
  });

  it('keeps the same reference of two senders apart', async () => {
    const it = await opened();
    const [a1 = '', a2 = ''] = parts(['a', 'a'], 7, { from: '111' });
    const [b1 = '', b2 = ''] = parts(['b', 'b'], 7, { from: '222' });
    for (const pdu of [a1, b2, b1, a2]) it.sim.store(pdu);
    await it.look();
    assert.deepEqual(it.got.map(({ from, text }) => `${from} ${text}`).sort(), ['111 aa', '222 bb']);
  });

  it('hands over what is incomplete after the time for it, and only then', async () => {
    const it = await opened(20, { incompleteAfter: 3_600_000 });
    const [one = '', , three = ''] = parts(['a', 'b', 'c'], 7);
    it.sim.store(one);
    await it.look();
    await it.clock.run(new Promise<void>((resolve) => it.clock.after(3_000_000, resolve)));
    it.sim.store(three);
    await it.look();
    await it.clock.run(new Promise<void>((resolve) => it.clock.after(3_000_000, resolve)));
    await it.look();
    assert.deepEqual(it.got, [], 'counted from the last part');
    await it.clock.run(new Promise<void>((resolve) => it.clock.after(700_000, resolve)));
    await it.look();
    assert.deepEqual(
      it.got.map(({ text, missing }) => ({ text, missing })),
      [{ text: 'ac', missing: [2] }],
    );
  });

  it('T25: asks a store again that says it is empty right after +CMTI, and not for ever', async () => {
    const it = await opened();
    const index = it.sim.store(deliver({ text: 'new' }));
    it.sim.hides = 2;
    assert.equal(it.heard('+CMTI', `+CMTI: "SM",${index}`), true);
    const before = it.clock.now();
    await it.look();
    assert.deepEqual(it.texts(), ['new']);
    assert.equal(it.clock.now() - before, 2 * TIMEOUTS.sms.settle);
    it.heard('+CMTI', '+CMTI: "SM",9');
    await it.look();
    await it.look();
    assert.ok(it.clock.now() - before <= 6 * TIMEOUTS.sms.settle);
  });

  it('takes +CMTI with the index -1 and of another store for what they are', async () => {
    const it = await opened();
    it.sim.store(deliver({ text: 'new' }));
    assert.equal(it.heard('+CMTI', '+CMTI: "SM",-1'), true);
    await it.look();
    assert.deepEqual(it.texts(), ['new']);
    it.heard('+CMTI', '+CMTI: "ME",1');
    await it.look();
    assert.ok(it.sim.commands.includes('AT+CPMS="ME"'));
    assert.equal(it.sim.commands.filter((c) => c.startsWith('AT+CPMS')).at(-1), 'AT+CPMS="SM","SM","SM"');
  });

  it('T7: takes messages and reports that come as a URC of two lines, and keeps their parts over restarts', async () => {
    const it = await opened();
    const [one = '', two = ''] = parts(['a', 'b'], 9, { flash: true });
    assert.equal(it.heard('+CMT', `+CMT: ,${one.length / 2 - 1}\n${one}`), true);
    await it.look();
    await it.restart();
    assert.equal(it.got.length, 0);
    it.heard('+CMT', `+CMT: ,${two.length / 2 - 1}\n${two}`);
    await it.look();
    await it.restart();
    await it.look();
    assert.deepEqual(
      it.got.map(({ text, flash }) => ({ text, flash })),
      [{ text: 'ab', flash: true }],
    );
    const report = '0006020C91947110325476525032210043805250322101438000';
    it.heard('+CDS', `+CDS: 25\n${report}`);
    await it.look();
    await it.look();
    assert.equal(it.reports.length, 1);
    assert.equal(it.heard('+CBM', '+CBM: 88\n00'), false);
  });

  it('keeps what can not be read, and hands it over raw, once', async () => {
    const it = await opened();
    it.sim.store('07919730071111F1000B9197');
    it.sim.store(deliver({ text: 'good' }));
    await it.look();
    await it.look();
    assert.deepEqual(it.got.map(({ raw, text }) => raw ?? text).sort(), ['07919730071111F1000B9197', 'good']);
  });

  it('reads a list with a stored SUBMIT in it, and leaves that one alone', async () => {
    const it = await opened(20, { remove: true });
    const [written] = encodeSubmit({ to: '+491701234567', text: 'mine', reference: 0 });
    it.sim.store(written?.hex ?? '');
    it.sim.store(deliver({ text: 'theirs' }));
    await it.look();
    assert.deepEqual(it.texts(), ['theirs']);
    assert.deepEqual(it.sim.slots.filter(Boolean), [written?.hex]);
  });

  it('marks what was there before the SIM was seen first, and nothing later', async () => {
    const it = bench();
    it.sim.store(deliver({ text: 'old' }));
    await it.restart();
    await it.look();
    it.sim.store(deliver({ text: 'new' }));
    await it.look();
    await it.restart();
    it.sim.store(deliver({ text: 'meanwhile' }));
    await it.look();
    assert.deepEqual(
      it.got.map(({ text, existing }) => [text, existing]),
      [
        ['old', true],
        ['new', undefined],
        ['meanwhile', undefined],
      ],
    );
  });

  it('knows SIMs apart, wherever they are', async () => {
    const it = await opened();
    it.sim.store(deliver({ text: 'one' }));
    await it.look();
    const other = new Sim(20, '262029999999999');
    await it.clock.run(it.inbox.open(new SimNote(it.host, other.imsi)));
    await it.look();
    assert.deepEqual(it.texts(), ['one', 'one'], 'the same message on another SIM is another one');
  });

  it('hands nothing over while nobody takes it, and loses nothing by that', async () => {
    const it = await opened(20, { remove: true });
    it.set.wanted = false;
    it.sim.store(deliver({ text: 'kept' }));
    await it.look();
    assert.equal(it.sim.used, 1);
    it.set.wanted = true;
    await it.look();
    assert.deepEqual(it.texts(), ['kept']);
  });

  it('T42: tells how full the store is at each look', async () => {
    const it = await opened(3);
    it.sim.store(deliver({ text: 'one' }));
    await it.look();
    it.heard('^SMMEMFULL', '^SMMEMFULL: "SM"');
    it.sim.store(deliver({ text: 'two' }));
    it.sim.store(deliver({ text: 'three' }));
    await it.look();
    assert.deepEqual(
      it.storages.map(({ store, used, total }) => `${store} ${used}/${total}`),
      ['SM 1/3', 'SM 3/3'],
    );
  });

  it('loses nothing when a command fails in the middle', async () => {
    const it = await opened(20, { remove: true });
    it.sim.store(deliver({ text: 'one' }));
    it.sim.once.set('AT+CMGD', [() => ['+CMS ERROR: 314']]);
    assert.equal((await it.look())?.number, 314);
    assert.deepEqual(it.texts(), ['one']);
    await it.restart();
    await it.look();
    assert.deepEqual(it.texts(), ['one']);
    assert.equal(it.sim.used, 0, 'what was to be deleted is deleted later');
  });

  it('uses the store of the stick where the SIM refuses to be one, but not without a SIM', async () => {
    const it = bench();
    it.sim.once.set('AT+CPMS="SM"', [() => ['+CMS ERROR: 302']]);
    await it.restart();
    assert.equal(it.sim.commands.at(-1), 'AT+CPMS="ME","ME","ME"');
    it.sim.once.set('AT+CPMS="SM"', [() => ['+CMS ERROR: 310']]);
    await assert.rejects(it.restart(), (e) => isDriverError(e, 'CMS_ERROR') && e.number === 310);
  });

  it('lists and clears on request', async () => {
    const it = await opened();
    it.sim.store(deliver({ text: 'one' }));
    await it.look();
    const [half = ''] = parts(['x', 'y'], 8);
    it.sim.store(half);
    const { signal } = new AbortController();
    const list = await it.clock.run(it.inbox.list(signal));
    assert.deepEqual(
      list.map(({ store, index, handedOver }) => `${store} ${index} ${handedOver}`),
      ['SM 0 true', 'SM 1 false'],
    );
    assert.equal(await it.clock.run(it.inbox.clear(false, signal)), 1);
    assert.deepEqual(it.sim.slots.filter(Boolean), [half]);
    assert.equal(await it.clock.run(it.inbox.clear(true, signal)), 1);
    assert.equal(it.sim.used, 0);
  });

  it('keeps neither number nor text in its note but for parts that have no other place', async () => {
    const it = await opened();
    const notes: string[] = [];
    const write = it.host.writeNote.bind(it.host);
    it.host.writeNote = (...args) => {
      notes.push(args.join(' '));
      write(...args);
    };
    it.sim.store(deliver({ from: '+491701234567', text: 'secret' }));
    await it.look();
    assert.ok(notes.length > 0);
    for (const note of notes) assert.doesNotMatch(note, /secret|1701234567|7110325476|26201|0073006500630072/);
  });

  it('a message that the stick does not delete keeps no other one back, and is deleted later', async () => {
    const it = await opened(20, { remove: true });
    it.sim.store(deliver({ text: 'one' }));
    it.sim.once.set('AT+CMGD=0', [() => ['+CMS ERROR: 320'], () => ['+CMS ERROR: 320']]);
    assert.equal((await it.look())?.number, 320);
    it.sim.store(deliver({ text: 'two', at: 60 }));
    it.sim.store(deliver({ text: 'three', at: 70 }));
    assert.equal((await it.look())?.number, 320);
    assert.deepEqual(it.texts(), ['one', 'two', 'three']);
    assert.equal(await it.look(), undefined);
    assert.equal(it.sim.used, 0);
    assert.equal(it.got.length, 3);
  });

  it('one that nobody wanted is neither offered again nor cleared', async () => {
    const it = await opened(20, { ignore: true });
    it.sim.store(deliver({ text: 'before' }));
    await it.look();
    await it.restart();
    await it.look();
    assert.deepEqual(it.texts(), ['before']);
    const { signal } = new AbortController();
    assert.deepEqual(
      (await it.clock.run(it.inbox.list(signal))).map((stored) => stored.handedOver),
      [false],
    );
    assert.equal(await it.clock.run(it.inbox.clear(false, signal)), 0);
    assert.equal(it.sim.used, 1);
    assert.equal(await it.clock.run(it.inbox.clear(true, signal)), 1);
  });

  it('two messages that share reference and one part are two', async () => {
    const it = bench();
    await it.restart();
    const send = (texts: string[], at: number) => {
      for (const pdu of parts(texts, 7, { at })) it.sim.store(pdu);
    };
    send(['ALARM site 7: ', 'door open'], 0);
    await it.look();
    send(['ALARM site 7: ', 'door closed'], 600);
    await it.look();
    assert.deepEqual(it.texts(), ['ALARM site 7: door open', 'ALARM site 7: door closed']);
  });

  it('what came without a place leaves the note when it was deleted before', async () => {
    const it = await opened(20, { remove: true });
    const pdu = deliver({ text: 'passing' });
    for (let i = 0; i < 2; i++) {
      it.heard('+CMT', `+CMT: ,20\n${pdu}`);
      await it.look();
    }
    assert.deepEqual(it.texts(), ['passing']);
    const note = createHash('sha256').update(it.sim.imsi).digest('hex').slice(0, 16);
    assert.deepEqual((JSON.parse(it.host.readNote(`sms-${note}`) ?? '') as { loose: string[] }).loose, []);
  });
});
