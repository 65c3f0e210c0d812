/** Senders that go on and on, and what comes again much later. */

import assert from 'node:assert/strict';
import { refusalOf, usesOf } from '../../src/gateway/guard';
import { Journal } from '../../src/gateway/journal';
import type { Command } from '../../src/gateway/journal-lines';
import { fates, type GatewayBench, gatewayBench, MemoryStore, OTHER } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';
const DAY = 86_400_000;

const told = (it: GatewayBench, id: string, word: string) => it.until(() => fates(it.receipts(id)).endsWith(word));
const send = (it: GatewayBench, id: string, more: object = {}) => it.send(SET, { id, to: OTHER, text: id, ...more });

describe('a sender that is refused', () => {
  it('does not push out what the limits count, nor the ids of what was sent', () => {
    const store = new MemoryStore();
    const times = { date: () => new Date(Date.UTC(2027, 0, 1)), up: () => 1_000, machine: 'm' };
    const journal = new Journal(store, 'gw1', 'n', times);
    const command = (id: string, event_type: 'sent' | 'refused'): Command => ({
      ...{ kind: 'sms', id, hash: id, at: times.date().getTime(), up: 1_000, machine: 'm', ttl: 1_000, to: OTHER },
      ...{ parts: 1, whom: 'w', open: false, last: { v: 1, event_type, id, to: OTHER, at: '2027-01-01T00:00:00Z' } },
    });
    const take = (id: string, event_type: 'sent' | 'refused') =>
      journal.confirmed(journal.take(command(id, event_type), 't').n);
    for (let i = 0; i < 30; i++) take(`sent-${i}`, 'sent');
    for (let i = 0; i < 13_000; i++) take(`refused-${i}`, 'refused');
    journal.close();
    const next = new Journal(store, 'gw1', 'n', times);
    assert.equal([...next.commands].length, 10_000);
    for (let i = 0; i < 30; i++) assert.ok(next.command('sms', `sent-${i}`), `sent-${i}`);
    assert.ok(next.command('sms', 'refused-12999'), 'the newest');
  });

  it('reaches one number as often as the limit says, in whatever way it is written', async () => {
    const limits = { hour: undefined, day: undefined, number: 4, reserve: 0 };
    const it = await gatewayBench({ settings: { limits } });
    const ways = ['+491713920000', '0049 171 3920000', '0171/3920000', '+49 (171) 392-0000', '01713920000'];
    for (const [i, to] of ways.entries()) send(it, `a${i}`, { to });
    await told(it, 'a4', 'refused');
    await told(it, 'a3', 'sent');
    send(it, 'b', { to: '+491713920001' });
    await told(it, 'b', 'sent');
    await it.close();
  });

  it('gains nothing by asking for reports on what is not delivered', async () => {
    const it = await gatewayBench({ settings: { limits: { hour: 1, day: undefined, number: undefined, reserve: 0 } } });
    it.stick.world.centre.settings.reportStatus = 0x46;
    send(it, 'a1', { report: true });
    await told(it, 'a1', 'sent failed');
    send(it, 'a2', { report: true });
    await told(it, 'a2', 'refused');
    assert.deepEqual(it.texts, ['a1']);
    await it.close();
  });
});

describe('the limits', () => {
  it('promise no time after which a message is taken that has more parts than they ever allow', () => {
    const limits = { hour: 5, day: undefined, number: undefined, reserve: 1 };
    const of = (parts: number, alarm = false) => refusalOf(limits, [], { parts, whom: 'w', alarm });
    assert.deepEqual(of(6), { limit: 5, window: 'an hour', retryAfter: undefined });
    assert.equal(of(5), undefined);
    assert.equal(of(6, true), undefined);
    assert.equal(of(7, true)?.limit, 6);
  });

  it('count what was taken and is undecided when the gateway begins anew, and what nobody knows', async () => {
    const it = await gatewayBench({ settings: { limits: { hour: 2, day: undefined, number: undefined, reserve: 0 } } });
    it.stick.unplug();
    await it.wait(10_000);
    for (const id of ['a1', 'a2']) send(it, id);
    await told(it, 'a2', 'accepted');
    it.restart();
    it.connect();
    send(it, 'a3');
    await told(it, 'a3', 'refused');
    it.stick.plug();
    await told(it, 'a2', 'sent');
    assert.deepEqual(it.texts, ['a1', 'a2']);
    await it.close();
    for (const [event_type, counted] of [
      ['unknown', 1],
      ['failed', 0],
    ] as const) {
      const last = { v: 1 as const, event_type, id: 'a', to: OTHER, at: '' };
      const command: Command = {
        ...{ kind: 'sms', id: 'a', hash: 'a', at: 0, up: 0, ttl: 1, to: OTHER, parts: 1, whom: 'w', open: false, last },
      };
      assert.equal(usesOf([command], () => 0).length, counted, event_type);
    }
  });

  it('count nothing of last week for today where the clock is not set after a start of the machine', () => {
    const store = new MemoryStore();
    const first = Date.UTC(2027, 0, 1);
    let now = first;
    const times = { date: () => new Date(now), up: () => now - first, machine: 'before' };
    const journal = new Journal(store, 'gw1', 'n', times);
    for (let day = 0; day < 6; day++) {
      now = first + day * DAY;
      const id = `day-${day}`;
      journal.take(
        {
          ...{
            kind: 'sms',
            id,
            hash: id,
            at: now,
            up: now - first,
            ttl: 1,
            to: OTHER,
            parts: 10,
            whom: 'w',
            open: false,
          },
          last: { v: 1, event_type: 'sent', id, to: OTHER, at: '' },
        },
        't',
      );
    }
    const next = new Journal(store, 'gw1', 'n', { date: () => new Date(0), up: () => 5_000, machine: 'after' });
    const ages = [...next.commands].map((command) => next.ageOf(command) / DAY);
    assert.deepEqual(ages, [5, 4, 3, 2, 1, 0]);
    assert.equal(usesOf(next.commands, (command) => next.ageOf(command)).length, 1);
  });
});

describe('an id that comes again', () => {
  it('after more than a week, to the same life, is another command, and is carried out', async () => {
    const it = await gatewayBench({ settings: { every: DAY } });
    send(it, 'weekly');
    it.send('e3272/gw1/command/set', { id: 'weekly', do: 'rescan' });
    await told(it, 'weekly', 'sent');
    for (let half = 0; half < 17; half++) await it.wait(DAY / 2);
    send(it, 'weekly');
    it.send('e3272/gw1/command/set', { id: 'weekly', do: 'rescan' });
    await told(it, 'weekly', 'sent accepted sent');
    await it.until(() => it.results('weekly').length === 2);
    assert.deepEqual(it.texts, ['weekly', 'weekly']);
    await it.close();
  }).timeout(60_000);
});
