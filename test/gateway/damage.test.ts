/** What comes from anybody, and from a disk that is damaged: nothing of it ends the process, or keeps a gateway from starting. */

import assert from 'node:assert/strict';
import { usesOf } from '../../src/gateway/guard';
import { Journal } from '../../src/gateway/journal';
import type { Command } from '../../src/gateway/journal-lines';
import type { Receipt } from '../../src/gateway/payloads';
import { fates, type GatewayBench, gatewayBench, MemoryStore, OTHER, settingsOf } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';
const KEY = 'gateway-gw1';
const told = (it: GatewayBench, id: string, word: string) => it.until(() => fates(it.receipts(id)).endsWith(word));

const times = { date: () => new Date(Date.UTC(2027, 0, 1)), up: () => 5_000, machine: 'm' };
const command = (id: string, more: Partial<Command> = {}): Command => ({
  ...{
    kind: 'sms',
    id,
    hash: 'h',
    at: Date.UTC(2027, 0, 1),
    up: 1_000,
    machine: 'm',
    ttl: 900_000,
    to: OTHER,
    parts: 1,
  },
  ...{ whom: 'w', wish: { number: OTHER, text: 'x' }, open: true, reply: { topic: 'r', correlation: 'YQ==' } },
  last: { v: 1, event_type: 'accepted', id, to: OTHER, parts: 1, at: '2027-01-01T00:00:00Z' },
  ...more,
});

/** A journal that has a line of each kind, in its head and behind it. */
function journalText(): string {
  const store = new MemoryStore();
  const first = new Journal(store, 'gw1', 'n', times);
  const use = (journal: Journal, id: string) => {
    journal.take(command(id), 'e3272/gw1/sms/receipt');
    const order = command(`o${id}`, { kind: 'command', last: { v: 1, id: `o${id}`, ok: true, at: '' } });
    journal.take(order, 'e3272/gw1/command/result');
    journal.begin(order);
    journal.received(`m${id}`, 'e3272/gw1/sms/received', { received_at: '2027-01-01T00:00:00Z' });
    const receipt: Receipt = { v: 1, event_type: 'sent', id, to: OTHER, refs: [7], at: '' };
    journal.tell(command(id), 'e3272/gw1/sms/receipt', receipt, true);
    journal.partDelivered(id);
    journal.own(id === 'a');
    journal.publishedNow({ [`homeassistant/device/${id}/config`]: { rssi: 'sensor' } });
  };
  use(first, 'a');
  first.close();
  const next = new Journal(store, 'gw1', 'n', times);
  use(next, 'b');
  return store.notes.get(KEY) ?? '';
}

/** All that a gateway does with what it has read. */
function use(text: string): void {
  const store = new MemoryStore();
  store.notes.set(KEY, text);
  let journal: Journal;
  try {
    journal = new Journal(store, 'gw1', 'n', times);
  } catch (error) {
    assert.equal((error as { code?: string }).code, 'FILE_UNREADABLE');
    return;
  }
  usesOf(journal.commands, (one) => journal.ageOf(one));
  for (const { topic, payload } of journal.mails) assert.ok(`${topic}${JSON.stringify(payload)}` !== '');
  for (const entities of Object.values(journal.published)) Object.entries(entities);
  for (const one of journal.open) journal.tell(one, 't', one.last, true);
  journal.knows('x');
  journal.received('new', 't', { received_at: '' });
  assert.ok(Number.isFinite(journal.counters.received + journal.counters.sent));
  journal.close();
  assert.ok(new Journal(store, 'gw1', 'n', times));
}

describe('a journal that is damaged', () => {
  it('at any byte, in many ways, costs a line or says that it cannot be read', () => {
    const text = journalText();
    use(text);
    for (let i = 0; i < text.length; i++) {
      for (const other of ['"', '}', '0', 'x', '\n', '\0']) use(text.slice(0, i) + other + text.slice(i + 1));
      use(text.slice(0, i));
      use(text.slice(0, i) + text.slice(i + 1));
    }
  }).timeout(120_000);

  it('or says something else than lines do is not believed', () => {
    const [, head = '', ...rest] = journalText().split('\n');
    for (const line of [
      ...[
        'null',
        '5',
        '[]',
        '{}',
        '{"t":"in"}',
        '{"t":"cmd","command":null}',
        '{"t":"out","mail":{}}',
        '{"t":"toString"}',
      ],
      ...['{"t":"disc","published":{"t":null}}', '{"t":"disc"}', '{"t":"seen","id":7}', '{"t":"__proto__"}'],
      ...['{"t":"cmd","command":{"kind":"sms","id":"z","open":false}}', '{"t":"out","mail":{"n":1,"topic":"t"}}'],
    ])
      use(['', head, line, ...rest].join('\n'));
  });
});

describe('a message of anybody', () => {
  it('that says of the name what is no time does not end the process', async () => {
    const it = await gatewayBench();
    it.gateway.take({
      topic: 'e3272/gw1/info',
      payload: '{"boot":"b","instance":"i","at":{"toString":1,"valueOf":1}}',
    });
    assert.equal(it.gateway.state, 'taken');
    assert.deepEqual(it.errors, []);
    await it.close();
  });

  it('that cannot be read at all is an error, and no more', async () => {
    const it = await gatewayBench();
    const circle: Record<string, unknown> = {};
    circle['circle'] = circle;
    it.gateway.take({ topic: SET, payload: circle });
    assert.equal(it.errors.length, 1);
    it.send(SET, { id: 'a1', to: OTHER, text: 'on' });
    await told(it, 'a1', 'sent');
    await it.close();
  });

  it('is refused on every topic, whatever it is made of', async () => {
    const it = await gatewayBench({ settings: { ussd: ['*100#'], defaultTo: '@anna' } });
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const hostile = [
      ...['null', 'true', '17', '[]', '{}', '"text"', '{"id":"x"', deep, `{"text":${deep}}`],
      ...['{"__proto__":{"text":"p"}}', '{"constructor":1,"text":"c"}', '{"text":["a"],"to":1}', '{"text":{"a":1}}'],
      `{"text":"t","to":["${OTHER}"]}`,
      `{"text":"t","to":"${OTHER},${OTHER}"}`,
      ...['{"text":"t","to":"@"}', '{"text":"t","to":"@__proto__"}', '{"text":"t","to":"constructor"}'],
      ...['{"text":"t","ttl":0}', '{"text":"t","ttl":-1}', '{"text":"t","ttl":1e99}', '{"text":"t","ttl":"5"}'],
      ...[
        '{"text":"t","id":7}',
        `{"text":"t","id":"${'i'.repeat(65)}"}`,
        '{"text":"t","id":"a/b"}',
        '{"text":"t","id":""}',
      ],
      ...['{"text":"t","v":0}', '{"text":"t","v":"1"}', '{"text":"t","sent_at":"yesterday"}', '{"text":"t","flash":1}'],
      ...['{"text":"t","priority":"high"}', `{"text":"${'x'.repeat(1_000_000)}"}`, `{"do":"restart","code":"*100#"}`],
      ...['{"do":"toString"}', '{"code":"*100#\\u0000"}', '{"code":17}', '{"command":"AT\\r"}', '{"command":""}'],
    ];
    for (const kind of ['sms', 'ussd', 'at', 'command']) {
      // As a plain text some of them may be sent.
      for (const payload of hostile)
        if (kind !== 'sms' || /^\{.*\}$/s.test(payload)) it.send(`e3272/gw1/${kind}/set`, payload);
    }
    await it.wait(60_000);
    assert.deepEqual([it.texts, it.errors], [[], []]);
    const answers = it.broker.captured.filter(({ topic }) => /\/(receipt|result)$/.test(topic));
    assert.equal(answers.length, it.refused.length);
    assert.ok(answers.every(({ payload }) => payload.length < 1_000));
    assert.ok((it.store.notes.get(KEY) ?? '').length < 200_000);
    it.send(SET, { id: 'a1', to: OTHER, text: 'NUL \0, \u202e, \ud800 and 😀' });
    await told(it, 'a1', 'sent');
    await it.close();
  });
});

describe('a gateway under another name', () => {
  const received = ({ broker }: GatewayBench, gw: string) =>
    broker.captured.flatMap(({ topic, payload }) =>
      topic === `e3272/${gw}/sms/received` ? [(JSON.parse(payload) as { text: string }).text] : [],
    );

  it('tells what it could not tell under the old one', async () => {
    const it = await gatewayBench();
    it.stick.unplug();
    await it.wait(10_000);
    it.stick.plug();
    await it.wait(20_000);
    it.disconnect();
    it.stick.receiveSms({ from: OTHER, text: 'meanwhile' });
    it.send(SET, { id: 'a1', to: OTHER, text: 'a1' });
    await it.until(() => it.texts.length === 1);
    await it.wait(90_000);
    it.stick.unplug();
    await it.wait(10_000);
    it.send(SET, { id: 'a2', to: OTHER, text: 'a2' });
    it.send('e3272/gw1/command/set', { id: 'o1', do: 'rescan' });
    await it.close();
    it.restart(settingsOf({ gw: 'gw2' }));
    it.connect();
    await it.until(() => received(it, 'gw2').length > 0);
    await it.wait(5_000);
    assert.deepEqual(received(it, 'gw2'), ['meanwhile']);
    assert.equal(fates(it.receipts('a1')), 'accepted sent');
    assert.equal(fates(it.receipts('a2')), 'accepted unknown');
    assert.equal(it.results('o1')[0]?.error?.code, 'MAYBE_SENT');
    assert.deepEqual([...it.store.notes.keys()], ['gateway-gw2']);
    await it.close();
  });

  it('that had been taken before tells what had come meanwhile, and leaves the retained to the other one', async () => {
    const it = await gatewayBench({ away: true });
    it.stick.receiveSms({ from: OTHER, text: 'meanwhile' });
    await it.wait(90_000);
    const at = new Date(it.broker.now()).toISOString();
    const info = JSON.stringify({ v: 1, gw: 'gw1', instance: 'another', boot: 'another', at });
    it.broker.retained.set('e3272/gw1/info', info);
    it.connect();
    assert.equal(it.gateway.state, 'taken');
    await it.close();
    it.restart(settingsOf({ gw: 'gw2' }));
    it.connect();
    await it.until(() => received(it, 'gw2').length > 0);
    assert.equal(it.broker.retained.get('e3272/gw1/info'), info);
    assert.deepEqual([...it.store.notes.keys()], ['gateway-gw2']);
    await it.close();
  });

  it('whose old journal cannot be taken away works all the same', async () => {
    const it = await gatewayBench();
    await it.close();
    const write = it.store.write.bind(it.store);
    it.store.write = (key, text) => {
      if (text === undefined) throw new Error('read-only');
      return write(key, text);
    };
    it.restart(settingsOf({ gw: 'gw2' }));
    it.connect();
    await it.wait(5_000);
    assert.equal(it.gateway.state, 'own');
    assert.ok(it.errors.length > 0);
    await it.close();
  });
});

describe('a gateway that is gone for good', () => {
  it('leaves no piece of a journal behind, whatever is confirmed late', () => {
    const store = new MemoryStore();
    const journal = new Journal(store, 'gw1', 'n', times);
    const mails = Array.from({ length: 120 }, (_, i) => journal.post('t', { i }));
    journal.close(true);
    for (const { n } of mails) journal.confirmed(n);
    journal.tell(command('a'), 't', command('a').last, true);
    assert.deepEqual([...store.notes], []);
  });
});
