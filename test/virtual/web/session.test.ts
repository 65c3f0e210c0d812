import assert from 'node:assert/strict';
import type { HilinkFirmware } from '../../../src/virtual/web/firmware';
import { Client, codeOf, header, inHilink, listOf, NEW_MODE, request, tag, textOf, webRig } from './rig';

const RELEASE = request(['Action', 1]);

describe('virtual web face: sessions and tokens', () => {
  it(
    'tokenless: everything at once, without cookie and token',
    inHilink({ hilink: 'tokenless' }, async ({ client }) => {
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE)), undefined);
      assert.equal(codeOf(await client.get('webserver/SesTokInfo')), 100002);
      assert.equal(codeOf(await client.get('webserver/token')), 100002);
      assert.doesNotMatch(textOf(await client.openPage()), /csrf_token/);
      assert.equal(client.cookie, '');
    }),
  );

  it(
    'token: each POST wants one, each is good once, cookies count for nothing',
    inHilink({ hilink: 'token' }, async ({ client }) => {
      client.cookie = 'cookie';
      const [token] = client.tokens;
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE, undefined)), undefined);
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE, token)), 125003);
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE)), 125001);
      assert.equal(codeOf(await client.get('webserver/SesTokInfo')), 100002);
      await client.fetchToken();
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE)), undefined);
    }),
  );

  it(
    'metas: two in a page with a cookie; without the cookie nothing works',
    inHilink({}, async (r) => {
      const { client } = r;
      assert.equal(client.tokens.length, 2);
      assert.equal(client.cookie.length, 128);
      for (const path of ['webserver/SesTokInfo', 'webserver/token'])
        assert.equal(codeOf(await client.get(path)), 100002);
      const stranger = new Client(r);
      assert.equal(codeOf(await stranger.get('monitoring/status')), 125002);
      assert.equal(codeOf(await stranger.post('dialup/dial', RELEASE, client.tokens[0])), 125002);
      // With the cookie the page gives more tokens of the same session.
      const again = await client.openPage();
      assert.equal(header(again, 'Set-Cookie'), undefined);
      assert.equal(client.tokens.length, 4);
      assert.equal(codeOf(await client.get('monitoring/status')), undefined);
    }),
  );

  it(
    'sestok: a new session without a cookie, a new token with one',
    inHilink({ hilink: 'sestok' }, async (r) => {
      const { client } = r;
      const { cookie } = client;
      await client.openSession();
      assert.equal(client.cookie, cookie);
      const stranger = new Client(r);
      assert.equal(codeOf(await stranger.get('webserver/token')), 125002);
      await stranger.openSession();
      assert.notEqual(stranger.cookie, cookie);
      assert.equal(codeOf(await stranger.post('dialup/dial', RELEASE, client.tokens[0])), 125003, 'of another session');
    }),
  );

  it(
    'scram: webserver/token has 64 characters, of which the last 32 count',
    inHilink({ hilink: 'scram' }, async ({ client }) => {
      const whole = tag(await client.get('webserver/token'), 'token') ?? '';
      assert.equal(whole.length, 64);
      assert.equal(codeOf(await client.post('user/logout', request(['Logout', 1]), whole)), 125003);
      assert.equal(codeOf(await client.post('user/logout', request(['Logout', 1]), whole.slice(-32))), undefined);
    }),
  );

  it(
    'gives the next token with each answer to a POST, errors too, and takes each once',
    inHilink({}, async ({ client }) => {
      const [first = ''] = client.tokens;
      client.tokens = [];
      const wrong = await client.post('dialup/dial', request(['Action', 7]), first);
      assert.equal(codeOf(wrong), 100006);
      assert.equal(client.tokens.length, 1);
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE, first)), 125003);
      // The refusal brought another one.
      assert.equal(client.tokens.length, 2);
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE)), undefined);
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE, '')), 125001);
    }),
  );

  it(
    '20 requests with one token: one is carried out',
    inHilink({}, async ({ client }) => {
      const [token] = client.tokens;
      const codes = (
        await Promise.all(Array.from({ length: 20 }, () => client.post('dialup/dial', RELEASE, token)))
      ).map(codeOf);
      assert.deepEqual(codes, [undefined, ...Array.from({ length: 19 }, () => 125003)]);
    }),
  );

  it(
    'forgets the oldest of too many tokens',
    inHilink({ hilink: 'token' }, async ({ client }) => {
      const [first = ''] = client.tokens;
      for (let n = 0; n < 63; n++) await client.fetchToken();
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE, first)), undefined, '64 are kept');
      const [second = ''] = client.tokens;
      for (let n = 0; n < 64; n++) await client.fetchToken();
      assert.equal(codeOf(await client.post('dialup/dial', RELEASE, second)), 125003);
    }),
  );

  it(
    'ends a session that nobody uses for five minutes, not one that is polled',
    inHilink({}, async (r) => {
      for (let n = 0; n < 3; n++) {
        await r.pass(299_000);
        assert.equal(codeOf(await r.client.get('monitoring/status')), undefined);
      }
      await r.pass(301_000);
      assert.equal(codeOf(await r.client.get('monitoring/status')), 125002);
    }),
  );

  it(
    'has room for a few sessions: the oldest that is not logged in makes room',
    inHilink({ hilink: 'sestok', web: { login: false } }, async (r) => {
      const clients = Array.from({ length: 9 }, () => new Client(r));
      for (const client of clients) await client.openSession();
      assert.equal(r.stick.web?.sessions, 8);
      assert.equal(codeOf(await r.client.get('monitoring/status')), 125002);
      assert.equal(codeOf(await (clients.at(-1) as Client).get('monitoring/status')), undefined);
    }),
  );

  it(
    'forgets all sessions when it restarts',
    inHilink({}, async (r) => {
      const { cookie } = r.client;
      r.stick.reenumerate();
      await r.event('web');
      await r.event('web');
      assert.equal(codeOf(await r.client.get('monitoring/status')), 125002);
      await r.client.openPage();
      assert.notEqual(r.client.cookie, cookie);
    }),
  );
});

describe('virtual web face: what it refuses', () => {
  const firmwares: HilinkFirmware[] = ['tokenless', 'token', 'metas', 'sestok', 'scram'];
  for (const hilink of firmwares) {
    it(
      `${hilink}: a request that is not as it must be`,
      inHilink({ hilink, web: { login: false } }, async (r) => {
        const { client } = r;
        r.order({ do: 'quirk', name: 'web-no-spaces', on: hilink !== 'scram' });
        const good = listOf(1);
        const wrong = [
          good.replace('<ReadCount>', '\n<ReadCount>'),
          good.replace(
            '<PageIndex>1</PageIndex><ReadCount>20</ReadCount>',
            '<ReadCount>20</ReadCount><PageIndex>1</PageIndex>',
          ),
          good.replace('<Ascending>0</Ascending>', ''),
          good.replace('</request>', '<More>1</More></request>'),
          good.replace('<PageIndex>1', '<PageIndex a="1">1'),
          good.replace('</request>', ''),
          good.replace('</PageIndex>', '</pageindex>'),
          good.replace('</PageIndex>', '</PageIndex/>'),
          `${good}<request></request>`,
          `${'<a>'.repeat(500)}${'</a>'.repeat(500)}`,
          good.replaceAll('request', 'response'),
          `${good}\n`,
          good.replace('<PageIndex>1', '<PageIndex>&unknown;'),
          '',
          '{}',
        ];
        for (const body of wrong) {
          if (hilink === 'token') await client.fetchToken();
          assert.equal(codeOf(await client.post('sms/sms-list', body)), 100005, body);
        }
        if (hilink === 'token') await client.fetchToken();
        assert.equal(codeOf(await client.post('sms/sms-list', good)), undefined);
      }),
    );
  }

  it(
    'white space between elements is refused by some only',
    inHilink({}, async ({ client }) => {
      const spaced = listOf(1).replaceAll('><', '>\n  <');
      assert.equal(codeOf(await client.post('sms/sms-list', `${spaced}\n`)), undefined);
      assert.equal(
        codeOf(await client.post('sms/sms-list', spaced.replace('\n  <PageIndex>', 'x<PageIndex>'))),
        100005,
      );
    }),
  );

  it(
    'what the firmware lacks, and the wrong method',
    inHilink({}, async ({ client }) => {
      assert.equal(codeOf(await client.get('lan/HostInfo')), 100002);
      assert.equal(codeOf(await client.get('dialup/mobile-dataswitch')), 100002);
      assert.equal(codeOf(await client.get('sms/send-sms')), 100001);
      assert.equal(codeOf(await client.post('monitoring/status', request())), 100001);
      const put = await client.raw('PUT', '/api/monitoring/status');
      assert.equal(put && codeOf(put), 100001);
    }),
  );

  it(
    'bytes that are no UTF-8',
    inHilink({}, async (r) => {
      const from = Buffer.from(listOf(1));
      const at = from.indexOf('<ReadCount>20') + '<ReadCount>'.length;
      const withBytes = (hex: string) =>
        Buffer.concat([from.subarray(0, at), Buffer.from(hex, 'hex'), from.subarray(at)]);
      const ask = async (body: Buffer) => {
        const headers = {
          cookie: `SessionID=${r.client.cookie}`,
          __requestverificationtoken: r.client.tokens.shift() ?? '',
        };
        const answer = await r.stick.web?.handle({ method: 'POST', path: '/api/sms/sms-list', headers, body });
        r.client.tokens.push(answer ? (header(answer, '__RequestVerificationToken') ?? '') : '');
        return answer && codeOf(answer);
      };
      // Alone, in front of something else, longer than needed, beyond the last character, cut off.
      for (const hex of ['ff', '80', 'c332', 'c080', 'e08080', 'f0808080', 'f7bfbfbf']) {
        assert.equal(await ask(withBytes(hex)), 100005, hex);
      }
      assert.equal(await ask(Buffer.concat([from.subarray(0, -1), Buffer.from('c3', 'hex')])), 100005);
      // Well written, but no number.
      for (const hex of ['c3a4', 'eda0bdedb880', 'f09f9880']) assert.equal(await ask(withBytes(hex)), 100006, hex);
    }),
  );

  it(
    'sends what is no page to the page, with the address that the stick has',
    inHilink({}, async ({ client }) => {
      const answer = await client.raw('GET', '/generate_204');
      assert.equal(answer?.status, 307);
      assert.equal(answer && header(answer, 'Location'), 'http://192.168.8.1/html/index.html');
    }),
  );
});

describe('virtual web face: when it is there', () => {
  it('in HiLink mode only, some time after the stick', () => {
    const r = webRig({ timing: { webStart: 20_000 } });
    const webNow = () => r.stick.web;
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
      assert.equal(webNow(), undefined);
      await r.switchAgain();
      const { what } = r.events.at(-1) ?? {};
      assert.equal(what, 'web');
      assert.ok(r.clock.now() >= 20_000);
      assert.equal(webNow()?.up, true);
      const web = webNow();
      r.stick.unplug();
      assert.equal(webNow(), undefined);
      assert.equal(await web?.handle({ method: 'GET', path: '/', headers: {}, body: Buffer.from('') }), undefined);
    });
  });

  it('says nothing of a web server that has never come up', () => {
    const r = webRig();
    return r.run(async () => {
      r.stick.plug();
      await r.settle('cdrom-hilink', 0);
      assert.equal(r.stick.storage(0)?.bulkOut(NEW_MODE), 'ok');
      await r.settle('hilink', 0);
      r.stick.unplug();
      assert.ok(!r.events.some(({ what }) => what === 'web'));
    });
  });

  it(
    'answers after the time that it is told to take',
    inHilink({}, async (r) => {
      const began = r.clock.now();
      await r.client.get('monitoring/status');
      assert.equal(r.clock.now() - began, 50);
      r.order({ do: 'timing', webAnswer: 700 });
      await r.client.get('monitoring/status');
      assert.equal(r.clock.now() - began, 750);
    }),
  );

  it(
    'closes the connection of who waits when the stick is pulled',
    inHilink({}, async (r) => {
      const waiting = r.client.raw('GET', '/api/monitoring/status');
      r.stick.unplug();
      assert.equal(await waiting, undefined);
    }),
  );

  it(
    'tells each request in the log, without what is in it',
    inHilink({}, async (r) => {
      const from = r.events.length;
      await r.client.get('monitoring/status?private=1');
      await r.client.post('dialup/dial', request(['Action', 9]));
      await r.client.get('x'.repeat(500));
      assert.deepEqual(
        r.events.slice(from).filter(({ what }) => what === 'request'),
        [
          { what: 'request', method: 'GET', path: '/api/monitoring/status', result: 'OK' },
          { what: 'request', method: 'POST', path: '/api/dialup/dial', result: '100006' },
          { what: 'request', method: 'GET', path: `/api/${'x'.repeat(95)}`, result: '100002' },
        ],
      );
    }),
  );
});
