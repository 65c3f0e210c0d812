/** Senders that go on and on, and what comes again much later. */

import assert from 'node:assert/strict';
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
