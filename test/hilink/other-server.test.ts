import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { type HilinkClient, openHilink } from '../../src/hilink/client';
import { httpTransport } from '../../src/hilink/transport';
import { sleep } from '../../src/host/host';
import { VirtualClock } from '../../src/virtual/clock';
import { type Habits, OtherServer, PASSWORD, PLAIN } from './other-server';

const SERVERS: Readonly<Record<string, Partial<Habits>>> = {
  'without sessions and logins': { missing: 'empty', framing: 'close', type: undefined, lacks: ['device/signal'] },
  'without sessions, with a login': { guards: 'all', stateless: true, missing: 'status' },
  'that wants the cookie of its page': { gives: 'page cookie', missing: 'redirect', framing: 'chunked' },
  'with tokens and no cookies': { gives: 'token', passwordType: 3, guards: 'usual', names: 'lower' },
  'with long tokens and no cookies': { gives: 'token', longToken: true, next: 'one', type: 'text/html' },
  'with tokens in its page': { gives: 'metas', attributes: '; Path=/', names: 'upper', framing: 'chunked' },
  'with tokens in its page, and a login': { gives: 'metas', next: 'one', guards: 'all', passwordType: 3 },
  'with tokens in its first page alone': { gives: 'metas in /', missing: 'status', attributes: '', slow: 5 },
  'with sessions, and one token at a time': {
    gives: 'session',
    next: 'one',
    guards: 'usual',
    login: 'hash',
    passwordType: 4,
  },
  'with sessions, and a list of tokens': {
    gives: 'session',
    next: 'list',
    guards: 'all',
    login: 'hash',
    passwordType: 4,
    names: 'lower',
    missing: 'page',
  },
  'with sessions, and a pair of tokens': {
    gives: 'session',
    next: 'pair',
    guards: 'all',
    bareSession: true,
    names: 'upper',
    framing: 'chunked',
    missing: 'redirect',
    lacks: ['net/current-plmn', 'ussd/status'],
  },
  'with sessions, and no token in any answer': { gives: 'session', guards: 'usual', attributes: '; HttpOnly; Secure' },
  'with another session for each token': { gives: 'session', newSessionEachTime: true },
  'that takes no cookie but that of its first page': {
    gives: 'session of root',
    next: 'one',
    guards: 'usual',
    login: 'hash',
    passwordType: 4,
  },
  'with a login by challenge': {
    gives: 'session',
    next: 'list',
    guards: 'all',
    login: 'scram',
    passwordType: 4,
    longToken: true,
    xml: (root, inner) =>
      `<?xml version="1.0" encoding="utf-8"?><${root}>\r\n\t${inner.replaceAll('>\n<', '>\r\n\t<')}\r\n</${root}>\r\n`,
  },
  'that answers JSON': {
    xml: (root, inner) =>
      `{"${root}":${inner === 'OK' ? '"OK"' : `{${[...inner.matchAll(/<(\w+)>([^<]*)<\/\1>/g)].map(([, name, value = '']) => `"${name}":"${value.replace('&amp;', '&').replace('&gt;', '>')}"`).join()}}`}}`,
  },
};

/** What every one of them can do, with the same words on our side. */
async function everything(client: HilinkClient, { lacks = [] }: Partial<Habits>): Promise<void> {
  const identity = await client.identity();
  assert.equal(identity.model, 'E3372h-153');
  assert.equal(identity.revision, '22.333.01.00.00');
  const { signal, network, sim, data } = await client.status({ parts: ['signal', 'network', 'sim', 'data'] });
  assert.equal(signal?.bars, 4);
  if (!lacks.includes('device/signal')) assert.deepEqual([signal?.rsrp, signal?.rssi, network?.ci], [-97, -51, 255]);
  assert.equal(network?.operator, lacks.includes('net/current-plmn') ? undefined : 'AT&T');
  assert.deepEqual([network?.registered, network?.submode, sim?.state, sim?.pinTries], [true, 'LTE', 'READY', 3]);
  assert.deepEqual([data?.connection, data?.rxBytes], ['up', 2]);
  assert.deepEqual((await client.setOrder(['LTE']))?.order, ['LTE']);
  assert.deepEqual((await client.selection())?.mode, '03');
}

async function messages(client: HilinkClient, server: OtherServer): Promise<void> {
  for (let nth = 1; nth <= 25; nth++) server.stick.arrives('+491', `text ${nth} &lt;&amp;`);
  const inbox = await client.sms.list();
  assert.deepEqual(
    inbox.map(({ text }) => text),
    Array.from({ length: 25 }, (_, at) => `text ${at + 1} <&`),
  );
  await client.sms.markRead(inbox.slice(0, 2));
  await client.sms.markRead(inbox.slice(0, 2));
  assert.deepEqual((await client.sms.delete(inbox.slice(1))).length, 24);
  assert.deepEqual(
    (await client.sms.list()).map(({ text, read }) => [text, read]),
    [['text 1 <&', true]],
  );
  assert.equal((await client.sms.send({ to: '+49 30 1', text: 'a & b' })).outcome, 'sent');
  assert.equal((await client.sms.send({ to: '+49 12', text: 'never' })).outcome, 'failed');
  assert.equal((await client.sms.send({ to: '+49 30 1', text: 'again' })).outcome, 'sent');
  assert.deepEqual(server.stick.sent, ['a &amp; b', 'again']);
  assert.deepEqual(
    (await client.sms.list('sent')).map(({ to, text }) => [to, text]),
    [
      ['+49301', 'a & b'],
      ['+49301', 'again'],
    ],
  );
  const menu = await client.ussd('*100#');
  assert.deepEqual(menu, { text: 'Menu\n1. Credit', menu: true });
  assert.deepEqual(await client.ussd('1'), { text: 'Credit: 5', menu: false });
  await client.cancelUssd();
}

describe('hilink: another server', () => {
  for (const [name, habits] of Object.entries(SERVERS)) {
    const withMessages = !name.includes('JSON');
    it(`${name} serves the whole client, before and after it has forgotten everybody`, async () => {
      const server = new OtherServer({ ...PLAIN, ...habits });
      const url = await server.listen();
      const clock = new VirtualClock();
      // Time stands still while a request is under way.
      const http = httpTransport({ url: new URL(url) });
      const client = openHilink({
        url,
        clock,
        transport: (request, signal) => clock.during(http(request, signal)),
        ...(habits.guards !== undefined && { password: PASSWORD }),
      });
      try {
        await clock.run(everything(client, habits));
        if (withMessages) await clock.run(messages(client, server));
        const before = server.logins;
        assert.ok(before <= (habits.guards === undefined ? 0 : 1), `${before} logins`);
        server.forget();
        await clock.run(everything(client, habits));
        assert.ok(server.logins <= 2 * before, `${server.logins} logins`);
        await clock.run(client.close());
        assert.equal(server.open, 0);
        assert.deepEqual(server.faults, []);
        assert.equal(clock.pending, 0);
      } finally {
        await server.close();
      }
    });
  }

  it('that becomes another one while it is used is understood again, in any order', async () => {
    const names = Object.keys(SERVERS).filter((name) => !name.includes('JSON'));
    for (const order of [names, [...names].reverse()]) {
      const server = new OtherServer(PLAIN);
      const url = await server.listen();
      const clock = new VirtualClock();
      const http = httpTransport({ url: new URL(url) });
      const transport: typeof http = (request, signal) => clock.during(http(request, signal));
      const client = openHilink({ url, clock, password: PASSWORD, transport });
      try {
        for (const name of order) {
          const habits = SERVERS[name] ?? {};
          // Who loses his login again and again within minutes leaves it to somebody else.
          await clock.run(sleep(clock, 600_000));
          const before = server.logins;
          server.become({ ...PLAIN, ...habits });
          // What it is may take it one error to be found out.
          await clock.run(client.identity().catch(() => undefined));
          // Nobody asks a path again that was not there: a restart is seen by whoever opened the client.
          if (habits.lacks) client.forget();
          await clock.run(everything(client, habits));
          if (habits.lacks) client.forget();
          assert.ok(server.logins - before <= 2, `${name}: ${server.logins - before} logins`);
        }
        await clock.run(client.close());
        assert.deepEqual(server.faults, []);
      } finally {
        await server.close();
      }
    }
  });

  it('with a login of any kind is sent a wrong password once', async () => {
    for (const [name, habits] of Object.entries(SERVERS)) {
      if (habits.guards !== 'all') continue;
      const server = new OtherServer({ ...PLAIN, ...habits });
      const url = await server.listen();
      const clock = new VirtualClock();
      const http = httpTransport({ url: new URL(url) });
      const transport: typeof http = (request, signal) => clock.during(http(request, signal));
      const client = openHilink({ url, clock, password: 'wrong', transport });
      try {
        for (let nth = 0; nth < 5; nth++) {
          await assert.rejects(clock.run(client.pin()), (error) => isDriverError(error, 'LOGIN_REFUSED'), name);
        }
        await clock.run(client.close());
        assert.equal(server.logins, 1, name);
      } finally {
        await server.close();
      }
    }
  });
});
