/** What is under way when a connection ends, and what is asked before the name is known to be ours. */

import assert from 'node:assert/strict';
import type { Outgoing } from '../../src/gateway/post';
import { fates, type GatewayBench, gatewayBench, OTHER } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';
const NO_LIMITS = { limits: { hour: undefined, day: undefined, number: undefined, reserve: 0 } };
const told = (it: GatewayBench, id: string, word: string) => it.until(() => fates(it.receipts(id)).endsWith(word));
const send = (it: GatewayBench, id: string, more: object = {}) => it.send(SET, { id, to: OTHER, text: id, ...more });

/** A bench whose broker confirms nothing while `isDead`, and loses it. */
async function deaf(): Promise<{ it: GatewayBench; setDead: (dead: boolean) => void; published: () => number }> {
  let isDead = false;
  let count = 0;
  let publish = (_: Outgoing): void => undefined;
  const way = {
    publish: (message: Outgoing) => {
      if (isDead && !message.retain) count++;
      if (isDead) return new Promise<boolean>(() => undefined);
      publish(message);
      return Promise.resolve(true);
    },
  };
  const it = await gatewayBench({ settings: NO_LIMITS, parts: { way }, away: true });
  publish = (message) => it.broker.publish(message);
  it.connect();
  await it.wait(3_000);
  return { it, setDead: (dead) => (isDead = dead), published: () => count };
}

describe('an event that nobody confirms', () => {
  it('is told on the next connection, also where as many are under way as may be, and nothing else happens', async () => {
    const { it, setDead } = await deaf();
    setDead(true);
    for (let i = 0; i < 60; i++) send(it, `a${i}`);
    await it.until(() => it.texts.length === 60);
    await it.wait(5_000);
    it.disconnect();
    setDead(false);
    it.connect();
    await it.wait(60_000);
    for (let i = 0; i < 60; i++) assert.equal(fates(it.receipts(`a${i}`)), 'accepted sent', `a${i}`);
    assert.equal(it.texts.length, 60);
    await it.close();
  });
});

describe('an event on a living connection', () => {
  it('is told once, while one before it is told again that got lost', async () => {
    const confirm: (() => void)[] = [];
    let publish = (_: Outgoing): void => undefined;
    const way = {
      publish: (message: Outgoing) => {
        const receipt = message.topic.endsWith('/receipt') ? message.payload : '{}';
        const { id, event_type } = JSON.parse(receipt) as { id?: string; event_type?: string };
        const isFirst = id === 'a0' && event_type === 'sent' && confirm.length === 0;
        if (!isFirst) publish(message);
        // The network takes its time for those of a1, and has lost that of a0.
        if (!isFirst && id !== 'a1') return Promise.resolve(true);
        return new Promise<boolean>((resolve) => confirm.push(() => resolve(true)));
      },
    };
    const it = await gatewayBench({ settings: NO_LIMITS, parts: { way }, away: true });
    publish = (message) => it.broker.publish(message);
    it.connect();
    await it.wait(3_000);
    send(it, 'a0');
    await it.until(() => confirm.length === 1);
    await it.wait(25_000);
    send(it, 'a1');
    await told(it, 'a1', 'sent');
    assert.equal(fates(it.receipts('a0')), 'accepted');
    await told(it, 'a0', 'sent');
    for (const done of confirm) done();
    await it.wait(120_000);
    assert.equal(fates(it.receipts('a1')), 'accepted sent');
    await it.close();
  });
});

describe('an event that is under way when a connection ends', () => {
  it('has its time on the next one: whoever publishes sends it there by itself', async () => {
    const { it, setDead, published } = await deaf();
    setDead(true);
    send(it, 'a1');
    await it.until(() => it.texts.length === 1);
    await it.wait(20_000);
    const before = published();
    it.disconnect();
    it.connect();
    await it.wait(20_000);
    assert.equal(published(), before);
    await it.wait(20_000);
    assert.ok(published() > before);
    await it.close();
  });
});

describe('a broker that confirms nothing', () => {
  it('is told the same less and less often, and what it has not got when it does', async () => {
    const { it, setDead, published } = await deaf();
    setDead(true);
    for (let i = 0; i < 10; i++) send(it, `a${i}`);
    await it.until(() => it.texts.length === 10);
    const before = published();
    for (let hour = 0; hour < 11; hour++) await it.wait(3_600_000);
    // 20 events, twice in the first minute, then at most four times an hour.
    assert.ok(published() - before < 20 * 60, `${published() - before}`);
    setDead(false);
    await it.wait(901_000);
    for (let i = 0; i < 10; i++) assert.match(fates(it.receipts(`a${i}`)), /^accepted sent/);
    await it.close();
  });
});

describe('a gateway that is taken away for good', () => {
  it('leaves no sender without a word', async () => {
    const it = await gatewayBench();
    it.stick.unplug();
    await it.wait(10_000);
    send(it, 'a1');
    await told(it, 'a1', 'accepted');
    await it.close(true);
    assert.equal(fates(it.receipts('a1')), 'accepted unknown');
    it.stick.plug();
    await it.wait(60_000);
    assert.deepEqual(it.texts, []);
  });
});

describe('what is asked again', () => {
  it('before the name is known to be ours is answered when it is', async () => {
    const it = await gatewayBench();
    send(it, 'a1');
    await told(it, 'a1', 'sent');
    await it.close();
    it.restart();
    it.connect();
    send(it, 'a1');
    await told(it, 'a1', 'sent!');
    assert.deepEqual(it.texts, ['a1']);
    await it.close();
  });

  it('by a retained command at each start is refused at each, where everybody hears it', async () => {
    const it = await gatewayBench({ away: true });
    it.broker.retained.set(SET, JSON.stringify({ id: 'r1', to: OTHER, text: 'retained' }));
    for (let i = 1; i <= 2; i++) {
      it.connect();
      await it.until(() => it.receipts('r1').length === i);
      await it.close();
      it.restart();
    }
    assert.deepEqual(it.texts, []);
  });

  it('of a contact whose name is written as people write names is understood', async () => {
    const it = await gatewayBench();
    send(it, 'a1', { to: '@Anna' });
    await told(it, 'a1', 'sent');
    await it.close();
  });
});
