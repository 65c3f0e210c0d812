import assert from 'node:assert/strict';
import { FAULTS_AT, type Fault } from '../../../src/virtual/faults';
import { wanted } from '../../../src/virtual/web/login';
import { codeOf, inHilink, listOf, request, sms, tag, textOf, type WebRig } from './rig';

const DIAL = request(['Action', 0]);
const NUMBER = '+491713920000';

type Judge = (r: WebRig) => Promise<void>;

/** The strength of a fault at a POST that would end the data connection; what has become of that is asked of the stick. */
const post = (r: WebRig) => {
  const headers = { __requestverificationtoken: r.client.tokens.shift() ?? '' };
  return r.client.raw('POST', '/api/dialup/dial', DIAL, headers);
};
const downs = ({ events }: WebRig) => events.filter((event) => event.what === 'data' && !event.up).length;

const JUDGES: Partial<Record<Fault, Judge>> = {
  async silence(r) {
    const answer = post(r);
    await r.pass(600_000);
    assert.equal(downs(r), 0);
    r.stick.unplug();
    assert.equal(await answer, undefined);
  },
  async late(r) {
    const began = r.clock.now();
    const answer = await post(r);
    assert.equal(answer && codeOf(answer), undefined);
    assert.equal(r.clock.now() - began, 2_050);
  },
  async lost(r) {
    assert.equal(await post(r), undefined);
    assert.equal(downs(r), 1, 'carried out');
  },
  async garbage(r) {
    const answer = await post(r);
    assert.ok(answer);
    assert.doesNotMatch(textOf(answer), /response|error/);
    assert.equal(downs(r), 1, 'carried out');
  },
  async cut(r) {
    assert.equal((await post(r))?.cut, true);
    assert.equal(downs(r), 1, 'carried out');
  },
  async nak(r) {
    const answer = await post(r);
    assert.equal(answer && codeOf(answer), 100001);
    assert.equal(downs(r), 0);
  },
  async usedtoken(r) {
    const [token] = r.client.tokens;
    const answer = await post(r);
    assert.equal(answer && codeOf(answer), 125003);
    assert.equal(downs(r), 0);
    assert.equal(codeOf(await r.client.post('dialup/dial', DIAL, token)), 125003, 'the token is really gone');
    assert.equal(codeOf(await r.client.post('dialup/dial', DIAL)), undefined, 'the session is not');
  },
  async nosession(r) {
    const answer = await post(r);
    assert.equal(answer && codeOf(answer), 125002);
    assert.equal(codeOf(await r.client.get('monitoring/status')), 125002);
    assert.equal(r.stick.web?.sessions, 0);
  },
  async toomany(r) {
    const answer = await post(r);
    assert.equal(answer && codeOf(answer), 108003);
    assert.equal(downs(r), 0);
    assert.equal(codeOf(await r.client.post('dialup/dial', DIAL)), undefined);
  },
  async lockout(r) {
    const answer = await post(r);
    assert.equal(answer && codeOf(answer), 108007);
    const login = () => {
      const [token = ''] = r.client.tokens;
      const password = wanted(4, 'admin', 'admin', token);
      return r.client.post('user/login', request(['Username', 'admin'], ['Password', password], ['password_type', 4]));
    };
    const locked = await login();
    assert.deepEqual([codeOf(locked), tag(locked, 'waittime')], [108007, '1']);
    await r.pass(60_000);
    assert.equal(codeOf(await login()), undefined);
  },
  async redirect(r) {
    const answer = await post(r);
    assert.equal(answer?.status, 307);
    assert.match(answer ? textOf(answer) : '', /<html>/);
    assert.equal(downs(r), 0);
  },
  async reboot(r) {
    assert.equal(await post(r), undefined);
    assert.equal(r.stick.appearance, undefined);
    await r.switchAgain();
    assert.equal(codeOf(await r.client.get('monitoring/status')), 125002);
    assert.deepEqual(
      r.events.find(({ what }) => what === 'reset'),
      { what: 'reset', by: 'web' },
    );
  },
  async unplug(r) {
    assert.equal(await post(r), undefined);
    assert.equal(r.stick.plugged, false);
  },
};

describe('virtual web face: faults', () => {
  for (const fault of FAULTS_AT.web) {
    it(
      fault,
      inHilink({}, async (r) => {
        const judge = JUDGES[fault] ?? assert.fail(`nothing is expected of ${fault}`);
        await r.pass(5_000);
        assert.ok(r.events.some((event) => event.what === 'data' && event.up));
        r.order({ fault, at: 'web' });
        await judge(r);
        assert.equal(r.stick.faults.open, 0);
        assert.ok(r.events.some((event) => event.what === 'fault' && event.fault === fault));
      }),
    );
  }

  it(
    'strike the path that is named, the one that is counted, as often as is said',
    inHilink({}, async (r) => {
      r.order({ fault: 'nak', at: 'web', path: 'sms/sms-list', code: 113018, nth: 2, count: 2 });
      const codes: (number | undefined)[] = [];
      for (let n = 0; n < 4; n++) {
        assert.equal(codeOf(await r.client.get('monitoring/status')), undefined);
        codes.push(codeOf(await r.client.post('sms/sms-list', listOf(1))));
      }
      assert.deepEqual(codes, [undefined, 113018, 113018, undefined]);
      assert.throws(() => r.order({ fault: 'late', at: 'at', path: 'x' }), /"path" is a string, at the stage web/);
      assert.throws(() => r.order({ fault: 'redirect', at: 'at' }), /stage at knows/);
    }),
  );

  it(
    'an answer that is lost has been carried out: the message goes',
    inHilink({}, async (r) => {
      r.order({ fault: 'lost', at: 'web', path: 'sms/send-sms' });
      const headers = { __requestverificationtoken: r.client.tokens.shift() ?? '' };
      assert.equal(await r.client.raw('POST', '/api/sms/send-sms', sms([NUMBER], 'x'), headers), undefined);
      await r.event('sms');
      assert.equal(tag(await r.client.get('sms/send-status'), 'TotalCount'), '1');
    }),
  );

  it(
    'a restart in the middle of a message: it is not sent',
    inHilink({ timing: { sms: 5_000 } }, async (r) => {
      await r.client.post('sms/send-sms', sms([NUMBER], 'x'));
      r.order({ fault: 'reboot', at: 'web', path: 'sms/send-status' });
      assert.equal(await r.client.raw('GET', '/api/sms/send-status'), undefined);
      await r.switchAgain();
      await r.pass(60_000);
      assert.ok(!r.events.some(({ what }) => what === 'sms'));
    }),
  );
});

describe('virtual web face: quirks', () => {
  it(
    'lines end in CR LF; answers call themselves text/html',
    inHilink({ quirks: ['web-crlf', 'web-html-type'] }, async ({ client }) => {
      const answer = await client.get('user/hilink_login');
      const lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<response>',
        '<hilink_login>0</hilink_login>',
        '</response>',
        '',
      ];
      assert.equal(textOf(answer), lines.join('\r\n'));
      assert.deepEqual(answer.headers[0], ['Content-Type', 'text/html']);
    }),
  );

  it(
    'the connection is cut at the first state-login of each session',
    inHilink({ quirks: ['web-drops-login'] }, async ({ client }) => {
      assert.equal(await client.raw('GET', '/api/user/state-login'), undefined);
      assert.equal(codeOf(await client.get('user/state-login')), undefined);
      Object.assign(client, { cookie: '' });
      await client.openPage();
      assert.equal(await client.raw('GET', '/api/user/state-login'), undefined);
    }),
  );

  it(
    'redirects while there is no data connection',
    inHilink(
      { hilink: 'sestok', web: { login: false }, quirks: ['web-redirects'], timing: { dial: 3_000 } },
      async (r) => {
        assert.equal((await r.client.get('monitoring/status')).status, 307);
        await r.client.fetchToken();
        await r.pass(3_000);
        assert.equal((await r.client.get('monitoring/status')).status, 200);
      },
    ),
  );

  it(
    'are known by name only',
    inHilink({}, async (r) => {
      assert.throws(() => r.order({ do: 'quirk', name: 'web-nothing' }), /"name" of the quirk must be one of/);
      await r.client.get('monitoring/status');
    }),
  );
});
