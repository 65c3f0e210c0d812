/** What a gateway asks of an mqtt-broker node, and what that does to it. */

import assert from 'node:assert/strict';
import { BrokerLink, type BrokerNode, brokerNode, leaveOthers } from '../../nodes/e3272-gateway/broker';
import { GATEWAY } from '../../nodes/e3272-gateway/saved';
import { readContacts, readSettings } from '../../nodes/e3272-gateway/settings';
import { connectionOf, incomingOf } from '../../nodes/e3272-gateway/wire';
import * as driver from '../../nodes/shared/gateway';
import type { Incoming } from '../../src/gateway/incoming';

const TOPIC = 'e3272/gw1/+/set';
const AVAILABILITY = 'e3272/gw1/availability';

/** As Node-RED has one, as far as it goes here. */
function fakeBroker(more: object = {}) {
  const calls: string[] = [];
  const node = { id: 'gateway', shown: [] as unknown[], status: (status: unknown) => void node.shown.push(status) };
  const say = (word: string) => node.status({ text: `node-red:common.status.${word}` });
  const broker = {
    ...{ connected: false, clientid: 'gw1', autoUnsubscribe: false, cleansession: false },
    options: { will: { topic: AVAILABILITY, payload: 'offline' } },
    birthMessage: { topic: AVAILABILITY, payload: 'online' },
    closeMessage: { topic: AVAILABILITY, payload: 'offline' },
    subscriptions: {} as Record<string, Record<string, { callback?: (...given: unknown[]) => void; options: object }>>,
    subscribe(topic: string, options: object, callback: () => void, ref: string) {
      calls.push(`subscribe ${topic}`);
      broker.subscriptions[topic] = { [ref]: { callback, options } };
    },
    register() {
      calls.push('register');
      say('connecting');
    },
    unsubscribe: (topic: string, _ref: string, removed: boolean) => calls.push(`unsubscribe ${topic} ${removed}`),
    deregister(_node: unknown, done: () => void, removed: boolean) {
      calls.push(`deregister ${removed}`);
      say('disconnected');
      done();
    },
    publish: (message: { topic: string }, done: (error?: unknown) => void) =>
      done(message.topic === 'refused' ? new Error('not authorised') : undefined),
    ...more,
  };
  const link = new BrokerLink(broker as unknown as BrokerNode, node as never);
  return { broker, node, calls, say, link };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const out = (topic: string) => ({ topic, payload: '', retain: false, qos: 1 as const });

describe('a gateway at an mqtt-broker node', () => {
  it('subscribes before it registers, and is told of the connection after that, not in its status', async () => {
    const { broker, node, calls, say, link } = fakeBroker();
    const told: boolean[] = [];
    link.start(
      [TOPIC],
      () => undefined,
      (connected) => told.push(connected),
    );
    assert.deepEqual(calls, [`subscribe ${TOPIC}`, 'register']);
    broker.connected = true;
    say('connected');
    assert.deepEqual(told, [], 'the broker node has not subscribed yet');
    await turn();
    assert.deepEqual(told, [true]);
    node.status({ text: 'own words' });
    assert.deepEqual(node.shown, [{ text: 'own words' }]);
  });

  it('hands on a message within the call, with what MQTT 5 says of it', () => {
    const { broker, link } = fakeBroker();
    const got: Incoming[] = [];
    link.start(
      [TOPIC],
      (message) => got.push(message),
      () => undefined,
    );
    const properties = { responseTopic: 'r', correlationData: Buffer.from('c'), messageExpiryInterval: 7 };
    const packet = { retain: true, messageId: 5, properties };
    broker.subscriptions[TOPIC]?.['gateway']?.callback?.('e3272/gw1/sms/set', Buffer.from('{}'), packet);
    const [{ payload, ...rest } = { payload: undefined }] = got;
    assert.equal(String(payload), '{}');
    assert.deepEqual(rest, {
      ...{ topic: 'e3272/gw1/sms/set', retain: true, packet: 5 },
      ...{ responseTopic: 'r', correlationData: Buffer.from('c'), expiry: 7 },
    });
  });

  it('stays subscribed when it is not removed, and takes over what it has left', async () => {
    const first = fakeBroker();
    first.link.start(
      [TOPIC, 'old'],
      () => undefined,
      () => undefined,
    );
    await first.link.stop(false);
    assert.deepEqual(first.calls.slice(3), ['deregister false']);
    const got: Incoming[] = [];
    first.calls.length = 0;
    const next = new BrokerLink(first.broker as unknown as BrokerNode, first.node as never);
    next.start(
      [TOPIC],
      (message) => got.push(message),
      () => undefined,
    );
    assert.deepEqual(first.calls, ['unsubscribe old true', 'register']);
    first.broker.subscriptions[TOPIC]?.['gateway']?.callback?.('t', Buffer.from('x'), {});
    assert.equal(got.length, 1);
    await next.stop(true);
    assert.deepEqual(first.calls.slice(2), [`unsubscribe ${TOPIC} true`, 'deregister true']);
  });

  it('leaves the broker at which it was before for another one, or for none', async () => {
    for (const next of [fakeBroker({ id: 'other' }), undefined]) {
      const first = fakeBroker({ id: 'first' });
      first.link.start(
        [TOPIC],
        () => undefined,
        () => undefined,
      );
      await first.link.stop(false);
      if (!next) leaveOthers('gateway');
      next?.link.start(
        [TOPIC],
        () => undefined,
        () => undefined,
      );
      await next?.link.stop(true);
      assert.equal(first.calls.at(-1), `unsubscribe ${TOPIC} true`);
    }
  });

  it('lets no number be given to its subscriptions: kept messages may come under another one', () => {
    const { broker, link } = fakeBroker();
    link.start(
      [TOPIC],
      () => undefined,
      () => undefined,
    );
    const options = broker.subscriptions[TOPIC]?.['gateway']?.options;
    assert.ok(options, 'there is no subscription');
    const { properties } = options as { properties: Record<string, unknown> };
    properties['subscriptionIdentifier'] = 3;
    assert.equal(properties['subscriptionIdentifier'], undefined);
  });

  it('is told of each command whether it is retained, of a birth message only whether it is an old one', () => {
    const { broker, link } = fakeBroker();
    const birth = 'homeassistant/status';
    link.start(
      [TOPIC, birth],
      () => undefined,
      () => undefined,
    );
    const rap = (topic: string) =>
      (broker.subscriptions[topic]?.['gateway']?.options as { rap?: boolean } | undefined)?.rap;
    assert.deepEqual([rap(TOPIC), rap(birth)], [true, false]);
  });

  it('knows what the broker has, and what it has not', async () => {
    const { broker, link } = fakeBroker();
    assert.equal(await link.publish(out('t')), false);
    broker.connected = true;
    assert.equal(await link.publish(out('t')), true);
    assert.equal(await link.publish(out('refused')), false);
  });

  it('finds what of its settings loses messages', () => {
    const faults = (more: object) =>
      fakeBroker(more)
        .link.faults(AVAILABILITY)
        .map(({ fault }) => fault);
    assert.deepEqual(faults({}), []);
    assert.deepEqual(faults({ options: {} }), ['will']);
    assert.deepEqual(faults({ birthMessage: { topic: 'other', payload: 'online' } }), ['birth']);
    assert.deepEqual(faults({ closeMessage: { topic: AVAILABILITY, payload: 'bye' } }), ['close']);
    assert.deepEqual(faults({ clientid: '' }), ['client-id']);
    assert.deepEqual(faults({ cleansession: true }), ['clean']);
    assert.deepEqual(faults({ autoUnsubscribe: true }), ['unsubscribe']);
    assert.deepEqual(faults({ autoUnsubscribe: undefined }), ['unsubscribe']);
  });

  it('refuses a node that is none', () => {
    for (const found of [null, undefined, {}, { register() {} }]) {
      assert.throws(() => brokerNode(found), { code: 'BAD_ARGUMENT' });
    }
  });
});

describe('a gateway by wires', () => {
  it('reads messages of mqtt in, and what a status node says of the connection', () => {
    const status = (text: string) => connectionOf({ status: { text } } as never);
    assert.equal(status('node-red:common.status.connected'), true);
    assert.equal(status('node-red:common.status.connecting'), false);
    assert.equal(connectionOf({ payload: 'x' }), undefined);
    const message = incomingOf({ topic: 't', payload: { id: 'a' }, retain: true, messageExpiryInterval: 5 } as never);
    assert.deepEqual(message, { topic: 't', payload: { id: 'a' }, retain: true, expiry: 5 });
  });
});

describe('the settings of a gateway', () => {
  const read = (more: object, contacts = '') =>
    readSettings('n', { ...GATEWAY.fresh, gw: 'gw1', ...more }, contacts, driver);

  it('are on by default: limits, and nothing but SMS', () => {
    const { limits, at, ussd, numbers } = read({});
    assert.deepEqual(limits, { hour: 30, day: 200, number: 20, reserve: 10 });
    assert.deepEqual([at, ussd, numbers], [[], [], []]);
    assert.deepEqual(read({ hour: '', reserve: 0 }).limits, { hour: undefined, day: 200, number: 20, reserve: 0 });
  });

  it('read contacts a line each, and tell a wrong one without its number', () => {
    const clean = driver.cleanNumber;
    assert.deepEqual(readContacts('anna (Anna B.) = +49 170 1234567\n\n@bob: 0170/1234567', clean), [
      { key: 'anna', name: 'Anna B.', number: '+491701234567' },
      { key: 'bob', name: 'bob', number: '01701234567' },
    ]);
    assert.throws(
      () => readContacts('anna = +491701234567\n+491713920000', clean),
      (error: Error) => /^Line 2 /.test(error.message) && !error.message.includes('3920000'),
    );
  });
});
