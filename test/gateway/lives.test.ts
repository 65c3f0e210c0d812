/** A gateway over several lives, with a broker that goes away, a clock that is wrong, a disk that is full, and a twin. */

import assert from 'node:assert/strict';
import { Journal } from '../../src/gateway/journal';
import { fates, type GatewayBench, gatewayBench, MemoryStore, OTHER, settingsOf } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';
const NO_LIMITS = { limits: { hour: undefined, day: undefined, number: undefined, reserve: 0 } };

const told = (it: GatewayBench, id: string, word: string) => it.until(() => fates(it.receipts(id)).endsWith(word));
const send = (it: GatewayBench, id: string, more: object = {}) => it.send(SET, { id, to: OTHER, text: id, ...more });

describe('a gateway that is killed', () => {
  it('before it could send: sends in its next life, and tells what it has accepted', async () => {
    const it = await gatewayBench({ away: true });
    send(it, 'a1');
    it.restart();
    it.connect();
    await told(it, 'a1', 'sent');
    assert.equal(fates(it.receipts('a1')), 'accepted sent');
    assert.deepEqual(it.texts, ['a1']);
    await it.close();
  });

  it('while the stick has the message: it is sent once, whatever comes again', async () => {
    const it = await gatewayBench({ settings: NO_LIMITS });
    for (const id of ['a1', 'a2', 'a3']) send(it, id);
    await it.until(() => it.texts.length === 1);
    it.restart();
    it.connect();
    for (const id of ['a1', 'a2', 'a3']) send(it, id);
    for (const id of ['a1', 'a2', 'a3']) await it.until(() => /sent/.test(fates(it.receipts(id))));
    await it.wait(60_000);
    assert.deepEqual(it.texts, ['a1', 'a2', 'a3']);
    await it.close();
  });

  it('in the middle of an order: that is unknown, and never begun again', async () => {
    const it = await gatewayBench({ settings: { ussd: ['*100#'] } });
    let asked = 0;
    it.stick.onEvent((event) => {
      if (event.what === 'at' && event.command.includes('+CUSD=1')) asked++;
    });
    it.send('e3272/gw1/ussd/set', { id: 'u1', code: '*100#' });
    await it.until(() => asked === 1);
    it.restart();
    it.connect();
    await it.until(() => it.results('u1').length === 1);
    assert.equal(it.results('u1')[0]?.error?.code, 'MAYBE_SENT');
    await it.wait(60_000);
    assert.equal(asked, 1);
    await it.close();
  });

  it('and a machine that was started since: nothing old is sent', async () => {
    const it = await gatewayBench({ away: true });
    send(it, 'a1');
    it.machine.boot = 'machine-2';
    it.restart();
    it.connect();
    await told(it, 'a1', 'expired');
    await it.wait(60_000);
    assert.deepEqual(it.texts, []);
    await it.close();
  });
});

describe('a gateway whose broker is away', () => {
  it('delivers afterwards what came and what became of its commands, in order', async () => {
    const it = await gatewayBench();
    send(it, 'a1');
    it.disconnect();
    it.stick.receiveSms({ from: OTHER, text: 'meanwhile' });
    await it.until(() => it.texts.length === 1);
    await it.wait(10_000);
    const events = () => it.broker.captured.filter(({ retain }) => !retain).map(({ topic }) => topic.slice(10));
    assert.deepEqual(events(), []);
    it.restart();
    it.connect();
    await it.until(() => events().length >= 3);
    assert.deepEqual([...events()].sort(), ['sms/receipt', 'sms/receipt', 'sms/received']);
    assert.equal(fates(it.receipts('a1')), 'accepted sent');
    await it.close();
  });

  it('tells an event again that nobody has confirmed', async () => {
    const it = await gatewayBench();
    let lost = 1;
    it.broker.drops = (topic) => topic.endsWith('/receipt') && lost-- > 0;
    const published = it.broker.publish.bind(it.broker);
    it.broker.publish = (message) => {
      const before = it.broker.captured.length;
      published(message);
      if (it.broker.captured.length === before) throw new Error('lost');
    };
    send(it, 'a1');
    await told(it, 'a1', 'sent');
    await it.until(() => it.receipts('a1').length === 2);
    assert.deepEqual(fates(it.receipts('a1')).split(' ').sort(), ['accepted', 'sent']);
    await it.close();
  });
});

describe('what a gateway is told and tells', () => {
  it('is told again after a while, where nothing else happens', async () => {
    const it = await gatewayBench();
    let lost = 1;
    const published = it.broker.publish.bind(it.broker);
    it.broker.publish = (message) => {
      if (message.payload.includes('"sent"') && lost-- > 0) throw new Error('lost');
      published(message);
    };
    send(it, 'a1');
    await it.wait(20_000);
    assert.equal(fates(it.receipts('a1')), 'accepted');
    await told(it, 'a1', 'sent');
    await it.close();
  });

  it('is a message once, and stays with the stick where it cannot be kept', async () => {
    const it = await gatewayBench({ bare: true });
    const times = { date: () => new Date(), up: () => 0, machine: undefined };
    const journal = new Journal(it.store, 'gw9', 'n', times);
    const payload = { received_at: '2027-01-01T00:00:00Z' };
    assert.ok(typeof journal.received('one', 't', payload) === 'object');
    assert.equal(journal.received('one', 't', payload), 'known');
    it.store.hasRoom = false;
    assert.equal(journal.received('two', 't', payload), 'full');
    it.store.hasRoom = true;
    assert.ok(typeof journal.received('two', 't', payload) === 'object');
    assert.equal(journal.counters.received, 2);
    // Once the machine has been started again, ages are those of the wall clock.
    const next = new Journal(it.store, 'gw9', 'n', { ...times, up: () => 5_000_000 });
    assert.equal(next.received('one', 't', payload), 'known');
  });

  it('needs a name that can be one', async () => {
    for (const gw of ['', 'Gw1', 'gw/1', 'gw-1', 'x'.repeat(33)]) {
      await assert.rejects(gatewayBench({ bare: true, settings: { gw } }), { code: 'BAD_ARGUMENT' }, gw);
    }
  });
});

describe('the time of a command', () => {
  it('is over when its turn comes: it expires, and is not sent', async () => {
    const it = await gatewayBench({ away: true });
    send(it, 'late', { ttl: 60 });
    it.send(SET, { id: 'mqtt', to: OTHER, text: 'mqtt' }, { expiry: 60 });
    send(it, 'later', { ttl: 600 });
    await it.wait(120_000);
    it.connect();
    await told(it, 'later', 'sent');
    await told(it, 'late', 'expired');
    await told(it, 'mqtt', 'expired');
    assert.deepEqual(it.texts, ['later']);
    await it.close();
  });

  it('is not that of a wall clock that is set', async () => {
    const it = await gatewayBench({ bare: true });
    send(it, 'a1', { ttl: 600 });
    it.machine.wall += 30 * 86_400_000;
    const journal = new Journal(it.store, 'gw1', 'node1', {
      date: () => new Date(Date.UTC(1970, 0, 1)),
      up: () => it.machine.up + it.clock.now(),
      machine: it.machine.boot,
    });
    const [command] = journal.open;
    assert.ok(command && journal.ageOf(command) < 60_000);
  });

  it('counts from when it was sent where the clocks agree, from its arrival where they do not', async () => {
    for (const [right, ahead, fate] of [
      [true, -1_000_000, 'expired'],
      [false, -1_000_000, 'sent'],
      [true, 1_000_000, 'sent'],
    ] as const) {
      const it = await gatewayBench({ parts: { clockIsRight: () => right } });
      const sent_at = new Date(it.clock.date().getTime() + it.machine.wall + ahead).toISOString();
      send(it, 'a1', { ttl: 900, sent_at });
      await told(it, 'a1', fate);
      await it.close();
    }
  });
});

describe('the limits of a gateway', () => {
  it('hold over restarts, also with a clock that has gone back; alarms have a reserve', async () => {
    const it = await gatewayBench({ settings: { limits: { hour: 3, day: 10, number: 5, reserve: 1 } } });
    for (const id of ['a1', 'a2', 'a3']) send(it, id);
    await told(it, 'a3', 'sent');
    it.machine.boot = 'machine-2';
    it.machine.wall -= 40 * 365 * 86_400_000;
    it.restart();
    it.connect();
    await it.wait(3_000);
    send(it, 'a4');
    await told(it, 'a4', 'refused');
    const [refused] = it.receipts('a4');
    assert.equal(refused?.code, 'RATE_LIMIT');
    assert.ok((refused?.retry_after ?? 0) > 3_000 && (refused?.retry_after ?? 0) <= 3_600);
    send(it, 'alarm', { priority: 'alarm' });
    await told(it, 'alarm', 'sent');
    send(it, 'alarm2', { priority: 'alarm' });
    await told(it, 'alarm2', 'refused');
    await it.wait(3_700_000);
    send(it, 'a5');
    await told(it, 'a5', 'sent');
    send(it, 'a6');
    await told(it, 'a6', 'refused');
    assert.match(String(it.receipts('a6')[0]?.text), /5 SMS a day to one number/);
    await it.close();
  });

  it('refuse more than may wait', async () => {
    const it = await gatewayBench({ away: true, settings: { ...NO_LIMITS, queue: 2 } });
    for (const id of ['a1', 'a2', 'a3']) send(it, id);
    it.connect();
    await told(it, 'a3', 'refused');
    assert.equal(it.receipts('a3')[0]?.code, 'QUEUE_FULL');
    await it.close();
  });
});

describe('a disk that is full', () => {
  it('refuses what cannot be put on record, and takes it when there is room', async () => {
    const it = await gatewayBench();
    it.store.hasRoom = false;
    send(it, 'a1');
    await told(it, 'a1', 'refused');
    assert.equal(it.receipts('a1')[0]?.code, 'FILE_NOT_WRITTEN');
    it.store.hasRoom = true;
    send(it, 'a1');
    await told(it, 'a1', 'sent');
    assert.deepEqual(it.texts, ['a1']);
    await it.close();
  });

  it('takes one write for a command until it is acknowledged', async () => {
    const it = await gatewayBench();
    const before = it.store.appends;
    send(it, 'a1');
    assert.equal(it.store.appends, before + 1);
    await it.close();
  });
});

describe('two gateways with one name', () => {
  const info = (it: GatewayBench, more: object) => {
    const at = new Date(it.clock.date().getTime() + it.machine.wall).toISOString();
    return JSON.stringify({ v: 1, gw: 'gw1', instance: 'another', boot: 'another', at, ...more });
  };

  it('the later one sends nothing, tells nothing, and answers nothing, until a person says that it may', async () => {
    const it = await gatewayBench({ away: true });
    it.broker.retained.set('e3272/gw1/info', info(it, {}));
    send(it, 'before');
    it.connect();
    send(it, 'a1');
    await it.wait(60_000);
    assert.equal(it.gateway.state, 'taken');
    assert.deepEqual([it.texts, it.broker.captured], [[], []]);
    assert.deepEqual(
      it.refused.map(({ error }) => error.code),
      ['NAME_TAKEN'],
    );
    it.gateway.takeOver();
    await it.wait(10_000);
    assert.equal(it.gateway.state, 'own');
    // The other one may have sent what came before.
    assert.deepEqual(it.texts, []);
    send(it, 'a2');
    await told(it, 'a2', 'sent');
    await it.close();
  });

  it('one that has not told of itself for long is not there', async () => {
    const it = await gatewayBench({ away: true });
    it.broker.retained.set('e3272/gw1/info', info(it, { at: '2026-12-31T20:00:00Z' }));
    it.connect();
    await it.wait(3_000);
    assert.equal(it.gateway.state, 'own');
    await it.close();
  });

  it('one that begins while the other is there makes that one stop', async () => {
    const it = await gatewayBench();
    it.gateway.take({ topic: 'e3272/gw1/info', payload: info(it, {}) });
    assert.equal(it.gateway.state, 'taken');
    send(it, 'a1');
    await it.wait(60_000);
    assert.deepEqual(it.texts, []);
    await it.close();
  });

  it('what waits when another one comes is not sent, nor after the name was taken over', async () => {
    const it = await gatewayBench();
    it.stick.unplug();
    await it.wait(10_000);
    send(it, 'a1');
    await told(it, 'a1', 'accepted');
    it.gateway.take({ topic: 'e3272/gw1/info', payload: info(it, {}) });
    it.stick.plug();
    await it.wait(60_000);
    it.gateway.takeOver();
    await it.wait(60_000);
    assert.deepEqual(it.texts, []);
    await it.close();
  });

  it('copies of one state folder tell each other apart', async () => {
    const one = await gatewayBench();
    await one.close();
    const copy = one.store.copy();
    one.restart();
    one.connect();
    await one.wait(3_000);
    assert.equal(one.gateway.state, 'own', 'after its own restart');
    const two = await gatewayBench({ store: copy, broker: one.broker });
    assert.equal(two.gateway.state, 'taken');
    await two.close();
    await one.close();
  });
});

describe('what a gateway sees of its broker', () => {
  it('that it drops what is published', async () => {
    const it = await gatewayBench({ away: true });
    it.broker.drops = () => true;
    it.connect();
    await it.wait(10_000);
    assert.equal(it.gateway.state, 'silent');
    it.broker.drops = () => false;
    it.disconnect();
    it.connect();
    await it.wait(3_000);
    assert.equal(it.gateway.state, 'own');
    await it.close();
  });

  it('that somebody has written over what it has told: it is told again', async () => {
    const it = await gatewayBench();
    const { broker } = it;
    broker.publish({ topic: 'e3272/gw1/availability', payload: 'offline', retain: true, qos: 1 });
    assert.equal(broker.retained.get('e3272/gw1/availability'), 'online');
    for (const topic of [...broker.retained.keys()]) broker.publish({ topic, payload: '', retain: true, qos: 1 });
    assert.ok((broker.retained.get('e3272/gw1/info') ?? '') !== '');
    await it.close();
  });
});

describe('a gateway that goes', () => {
  it('takes away all that is retained of it, and what waits', async () => {
    const it = await gatewayBench();
    assert.ok(it.broker.retained.size > 5);
    await it.close(true);
    assert.deepEqual([...it.broker.retained], []);
    assert.deepEqual([...it.store.notes], []);
  });

  it('under another name leaves nothing under the old one', async () => {
    const it = await gatewayBench();
    await it.close();
    it.restart(settingsOf({ gw: 'gw2' }));
    it.connect();
    await it.wait(5_000);
    assert.deepEqual(
      [...it.broker.retained.keys()].filter((topic) => topic.includes('gw1')),
      [],
    );
    assert.ok(it.broker.retained.has('homeassistant/device/gw2/e3272/config'));
    assert.deepEqual([...it.store.notes.keys()], ['gateway-gw2']);
    await it.close();
  });
});

describe('the journal', () => {
  const times = (up = 0) => ({ date: () => new Date(Date.UTC(2027, 0, 1)), up: () => up, machine: 'm' });

  it('is read as far as it goes where the power went in the middle of a line', () => {
    const store = new MemoryStore();
    const first = new Journal(store, 'gw1', 'n', times());
    first.post('e3272/gw1/sms/received', { id: 'one' });
    const whole = store.notes.get('gateway-gw1') ?? '';
    first.post('e3272/gw1/sms/received', { id: 'two' });
    const more = store.notes.get('gateway-gw1') ?? '';
    for (let length = whole.length; length < more.length; length++) {
      store.notes.set('gateway-gw1', more.slice(0, length));
      // What is added is a line of its own.
      store.append('gateway-gw1', '\n{"t":"own","yes":true}');
      const next = new Journal(store.copy(), 'gw1', 'n', times());
      assert.deepEqual(
        [...next.mails].map(({ payload }) => payload),
        [{ id: 'one' }],
      );
      assert.equal(next.owned, true);
    }
  });

  it('is left alone where a later version has written it', () => {
    const store = new MemoryStore();
    store.notes.set('gateway-gw1', '\n{"t":"head","version":2}');
    assert.throws(() => new Journal(store, 'gw1', 'n', times()), { code: 'FILE_UNREADABLE' });
  });

  it('forgets the oldest that is over, never what is open', () => {
    const store = new MemoryStore();
    const journal = new Journal(store, 'gw1', 'n', times());
    const command = (id: string, open: boolean) => ({
      ...{ kind: 'sms' as const, id, hash: '', at: 0, up: 0, ttl: 1, to: null, parts: 1, open },
      last: { v: 1 as const, event_type: 'sent' as const, id, to: null, at: '' },
    });
    journal.take(command('open', true), 't');
    for (let i = 0; i < 10_050; i++) journal.confirmed(journal.take(command(`c${i}`, false), 't').n);
    journal.close();
    const next = new Journal(store, 'gw1', 'n', times());
    assert.ok(next.command('sms', 'open'));
    assert.equal(next.command('sms', 'c49'), undefined);
    assert.ok(next.command('sms', 'c50'));
    assert.ok((store.notes.get('gateway-gw1') ?? '').length < 3_000_000);
    const later = new Journal(store, 'gw1', 'n', times(8 * 86_400_000));
    assert.deepEqual(
      [...later.commands].map(({ id }) => id),
      ['open'],
    );
  });
});
