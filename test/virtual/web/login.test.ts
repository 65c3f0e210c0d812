import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { StickOptions } from '../../../src/virtual/options';
import { wanted } from '../../../src/virtual/web/login';
import { prove } from '../../../src/virtual/web/scram';
import { Client, codeOf, header, inHilink, listOf, request, tag, type WebRig } from './rig';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const base64 = (text: string) => Buffer.from(text).toString('base64');
const hashed = (password: string, token: string) => base64(sha256(`admin${base64(sha256(password))}${token}`));

const login = (client: Client, password: string) => {
  const [token = ''] = client.tokens;
  return client.post(
    'user/login',
    request(['Username', 'admin'], ['Password', hashed(password, token)], ['password_type', 4]),
  );
};
const plainLogin = (client: Client, password: string, type: number) =>
  client.post('user/login', request(['Username', 'admin'], ['Password', base64(password)], ['password_type', type]));

const LOGOUT = request(['Logout', 1]);
const sestok = (web: StickOptions['web'] = {}) => ({ hilink: 'sestok', web: { password: 'secret1', ...web } }) as const;

/** The client's side of a login by challenge, written for this test from the order of the steps. */
async function challenge(client: Client, password: string, user = 'admin') {
  const firstNonce = sha256(`nonce ${password}`);
  const first = await client.post(
    'user/challenge_login',
    request(['username', user], ['firstnonce', firstNonce], ['mode', 1]),
  );
  const serverNonce = tag(first, 'servernonce') ?? '';
  const salt = Buffer.from(tag(first, 'salt') ?? '', 'hex');
  const message = `${firstNonce},${serverNonce},${serverNonce}`;
  const salted = pbkdf2Sync(password, salt, Number(tag(first, 'iterations')), 32, 'sha256');
  const key = createHmac('sha256', 'Client Key').update(salted).digest();
  const stored = createHash('sha256').update(key).digest();
  const signature = createHmac('sha256', message).update(stored).digest();
  const proof = Buffer.from(key.map((byte, n) => byte ^ (signature[n] ?? 0))).toString('hex');
  const proven = request(['clientproof', proof], ['finalnonce', serverNonce]);
  const second = await client.post('user/authentication_login', proven);
  return { first, second, proven, serverNonce, firstNonce, salted, message };
}

describe('virtual web face: login', () => {
  it('types 0 and 3 are base64, 4 is a hash with the token: known vectors', () => {
    const token = 'Q0EShfAXJjd7qkbUACyGNapDV03DBOnn';
    const hash = 'MDI5NGUxNmQwMjA3YmUxMzM0NGZmZmI1NmEwN2VhNDVmNGYzODRiZTViODUwYjA3ZWFjOWFkMzJlNDRlNzZkMA==';
    assert.equal(wanted(4, 'admin', 'secret1', token), hash);
    assert.equal(wanted(0, 'admin', 'secret1', token), 'c2VjcmV0MQ==');
    assert.equal(wanted(3, 'admin', 'secret1', token), 'c2VjcmV0MQ==');
  });

  it('proves a challenge as Huawei does: known vectors', () => {
    const first = '00112233445566778899aabbccddeeff'.repeat(2);
    const asked = {
      user: 'admin',
      firstNonce: first,
      serverNonce: `${first}ABCDEFGHIJKLMNOPQRSTUVWXYZ012345`,
      salt: Buffer.from(Array.from({ length: 32 }, (_, n) => n + 1)).toString('hex'),
      iterations: 100,
    };
    const proof = 'ebd624031d5139c9a8f58c2cc582502c1e5ec42fc26ad1612f1755ddbdee0c6f';
    const proven = prove(asked, 'secret1', proof, 'e114cc');
    assert.equal(proven?.serverSignature, '8d12f667a13a25127f3d5209ea6c2a35c7e635a7d9e129427b3d6d13a2437d4e');
    assert.equal(prove(asked, 'secret2', proof, 'e114cc'), undefined);
    assert.equal(prove(asked, 'secret1', '', 'e114cc'), undefined);
  });

  it(
    'is needed for some things, not for others',
    inHilink(sestok(), async ({ client }) => {
      for (const path of ['device/information', 'dialup/profiles', 'sms/config']) {
        assert.equal(codeOf(await client.get(path)), 100003, path);
      }
      assert.equal(codeOf(await client.post('sms/sms-list', listOf(1))), 100003);
      for (const path of [
        'monitoring/status',
        'device/signal',
        'device/basic_information',
        'pin/status',
        'sms/sms-count',
      ]) {
        assert.equal(codeOf(await client.get(path)), undefined, path);
      }
      assert.equal(tag(await client.get('user/hilink_login'), 'hilink_login'), '1');
    }),
  );

  it(
    'gives another cookie and 30 tokens, one and two among them, and the old session is over',
    inHilink(sestok(), async (r) => {
      const { client } = r;
      const { cookie } = client;
      const answer = await login(client, 'secret1');
      assert.equal(codeOf(answer), undefined);
      assert.notEqual(client.cookie, cookie);
      assert.equal(client.tokens.length, 30);
      assert.equal(header(answer, '__RequestVerificationTokenone'), client.tokens[0]);
      assert.equal(header(answer, '__RequestVerificationTokentwo'), client.tokens[1]);
      for (let n = 0; n < 30; n++) assert.equal(codeOf(await client.post('sms/sms-list', listOf(1))), undefined);
      assert.equal(tag(await client.get('user/state-login'), 'State'), '0');
      const old = new Client(r);
      old.cookie = cookie;
      assert.equal(codeOf(await old.get('monitoring/status')), 125002);
      assert.equal(codeOf(await client.post('user/logout', LOGOUT)), undefined);
      assert.equal(codeOf(await client.get('device/information')), 125002);
    }),
  );

  for (const [hilink, type] of [
    ['tokenless', 0],
    ['token', 3],
  ] as const) {
    it(
      `${hilink}: type ${type}, where a login is wanted`,
      inHilink({ hilink, web: { login: true, password: 'secret1' } }, async ({ client }) => {
        const fresh = () => (type === 3 ? client.fetchToken() : undefined);
        assert.equal(codeOf(await client.get('device/information')), 100003);
        assert.equal(codeOf(await plainLogin(client, 'wrong', type)), 108006);
        await fresh();
        assert.equal(codeOf(await plainLogin(client, 'secret1', 4)), 108006, 'of another type');
        await fresh();
        assert.equal(codeOf(await plainLogin(client, 'secret1', type)), undefined);
        assert.equal(codeOf(await client.get('device/information')), undefined);
        await fresh();
        assert.equal(codeOf(await client.post('user/logout', LOGOUT)), undefined);
        assert.equal(codeOf(await client.get('device/information')), 100003);
      }),
    );
  }

  it(
    'scram: proof and signature of the challenge, and nothing else logs in',
    inHilink({ hilink: 'scram', web: { password: 'secret1' } }, async (r) => {
      const { client } = r;
      assert.equal(codeOf(await login(client, 'secret1')), 100002);
      assert.equal(tag(await client.get('user/state-login'), 'extern_password_type'), '1');
      assert.equal(codeOf(await client.get('device/signal')), 100003);
      const wrong = await challenge(client, 'secret2');
      assert.equal(codeOf(wrong.second), 108006);
      assert.equal(codeOf((await challenge(client, 'secret1', 'root')).second), 108006);
      const right = await challenge(client, 'secret1');
      assert.equal(codeOf(right.second), undefined);
      assert.ok(right.serverNonce.startsWith(right.firstNonce));
      const serverKey = createHmac('sha256', 'Server Key').update(right.salted).digest();
      const signature = createHmac('sha256', right.message).update(serverKey).digest('hex');
      assert.equal(tag(right.second, 'serversignature'), signature);
      const modulus = Buffer.from(tag(right.second, 'rsan') ?? '', 'hex');
      assert.equal(modulus.length, 256);
      const keySignature = createHmac('sha256', serverKey).update(modulus).digest('hex');
      assert.equal(tag(right.second, 'rsapubkeysignature'), keySignature);
      const state = await client.get('user/state-login');
      assert.deepEqual([tag(state, 'State'), tag(state, 'username')], ['0', 'admin']);
    }),
  );

  it(
    'scram: a proof is good for its own challenge, once',
    inHilink({ hilink: 'scram', web: { password: 'secret1' } }, async ({ client }) => {
      const { proven } = await challenge(client, 'secret1');
      assert.equal(codeOf(await client.post('user/authentication_login', proven)), 108006);
      const first = (nonce: string) => request(['username', 'admin'], ['firstnonce', nonce], ['mode', 1]);
      assert.equal(codeOf(await client.post('user/challenge_login', first('00'))), 100006);
      const asked = await client.post('user/challenge_login', first('00'.repeat(32)));
      assert.equal(codeOf(asked), undefined);
      assert.equal(codeOf(await client.post('user/authentication_login', proven)), 108006, 'the nonce of another one');
      const other = tag(asked, 'servernonce') ?? '';
      const again = request(['clientproof', '00'.repeat(32)], ['finalnonce', other]);
      assert.equal(codeOf(await client.post('user/authentication_login', again)), 108006, 'it was used up by that');
    }),
  );

  it(
    'is locked after three wrong passwords, for a minute, then for two; the right one opens it',
    inHilink(sestok(), async (r) => {
      const { client } = r;
      assert.equal(codeOf(await login(client, 'a')), 108006);
      assert.equal(codeOf(await login(client, 'b')), 108006);
      const locked = await login(client, 'c');
      assert.deepEqual([codeOf(locked), tag(locked, 'waittime')], [108007, '1']);
      assert.equal(codeOf(await login(client, 'secret1')), 108007, 'the right one too');
      const state = await client.get('user/state-login');
      assert.deepEqual([tag(state, 'lockstatus'), tag(state, 'remainwaittime')], ['1', '1']);
      await r.pass(60_000);
      for (const password of ['a', 'b']) assert.equal(codeOf(await login(client, password)), 108006);
      assert.equal(tag(await login(client, 'c'), 'waittime'), '2');
      await r.pass(120_000);
      assert.equal(codeOf(await login(client, 'secret1')), undefined);
    }),
  );

  it(
    'counts from the beginning after a login, which the one who is in may repeat; the user counts too',
    inHilink(sestok(), async ({ client }) => {
      for (let round = 0; round < 3; round++) {
        for (const password of ['a', 'b']) assert.equal(codeOf(await login(client, password)), 108006);
        assert.equal(codeOf(await login(client, 'secret1')), undefined);
      }
      const [token = ''] = client.tokens;
      const password = wanted(4, 'admin', 'secret1', token);
      const other = request(['Username', 'root'], ['Password', password], ['password_type', 4]);
      assert.equal(codeOf(await client.post('user/login', other)), 108006);
    }),
  );

  it(
    'forgets its lock when it is plugged in anew',
    inHilink(sestok(), async (r) => {
      for (const password of ['a', 'b', 'c']) await login(r.client, password);
      await r.toHilink();
      Object.assign(r.client, { cookie: '', tokens: [] });
      await r.client.openSession();
      assert.equal(codeOf(await login(r.client, 'secret1')), undefined);
    }),
  );

  it(
    'a second client: refused while the first one is in, let in when that one has been idle for too long',
    inHilink(sestok(), async (r) => {
      assert.equal(codeOf(await login(r.client, 'secret1')), undefined);
      const second = new Client(r);
      await second.openSession();
      assert.equal(tag(await second.get('user/state-login'), 'State'), '-2');
      assert.equal(codeOf(await login(second, 'secret1')), 108003);
      await r.pass(301_000);
      Object.assign(second, { cookie: '' });
      await second.openSession();
      assert.equal(codeOf(await login(second, 'secret1')), undefined);
    }),
  );

  it(
    'a second client on scram firmware throws the first one out',
    inHilink({ hilink: 'scram', web: { password: 'secret1' } }, async (r) => {
      await challenge(r.client, 'secret1');
      const second = new Client(r);
      await second.openSession();
      assert.equal(codeOf((await challenge(second, 'secret1')).second), undefined);
      assert.equal(codeOf(await r.client.get('device/information')), 125002);
    }),
  );

  it(
    'takes an order for another password, and for a login or none',
    inHilink(sestok(), async (r) => changed(r)),
  );

  async function changed(r: WebRig): Promise<void> {
    r.order({ do: 'web', password: 'other' });
    assert.equal(codeOf(await login(r.client, 'secret1')), 108006);
    assert.equal(codeOf(await login(r.client, 'other')), undefined);
    r.order({ do: 'web', login: false });
    assert.equal(codeOf(await r.client.post('user/logout', LOGOUT)), undefined);
    await Promise.resolve(Object.assign(r.client, { cookie: '' }));
    await r.client.openSession();
    assert.equal(codeOf(await r.client.get('device/information')), undefined);
    assert.throws(() => r.order({ do: 'web', password: '' }), /"password" of the web interface must be/);
  }

  it(
    'E3272s: none is wanted, yet the password is checked',
    inHilink({ web: { password: 'secret1' } }, async ({ client }) => {
      assert.equal(codeOf(await client.get('device/information')), undefined);
      assert.equal(codeOf(await login(client, 'wrong')), 108006);
      assert.equal(codeOf(await login(client, 'secret1')), undefined);
    }),
  );
});
