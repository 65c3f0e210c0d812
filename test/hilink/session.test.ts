import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { hashProof, scramProof } from '../../src/hilink/proofs';
import { Session } from '../../src/hilink/session';
import type { WebRequest } from '../../src/hilink/transport';
import { VirtualClock } from '../../src/virtual/clock';
import { fault, OK, type Routes, StrictServer, xml } from './server';

const PASSWORD = 'S3cret-pass';

const loginState = (inner: string) => xml(`<State>-1</State><Username></Username>${inner}`);
const SHA = loginState('<password_type>4</password_type>');

const field = (body: string, name: string): string => new RegExp(`<${name}>(.*?)</${name}>`).exec(body)?.[1] ?? '';

/** A stick that keeps `device/information` and sms-list behind a login with a hash. */
class LoginServer extends StrictServer {
  logins = 0;
  outs = 0;
  password = PASSWORD;

  constructor(routes: Routes = {}) {
    super({
      'GET user/state-login': ({ headers }) =>
        this.isIn(headers) ? xml('<State>0</State><Username>admin</Username>') : SHA,
      'POST user/login': (request, body) => this.login(request, body),
      'POST user/logout': ({ headers }) => {
        this.outs++;
        this.sessions.delete(headers['Cookie'] ?? '');
        return OK;
      },
      'GET device/information': ({ headers }) =>
        this.isIn(headers) ? xml('<Imei>862147043182076</Imei>') : fault(100003),
      'POST sms/set-read': ({ headers }) => (this.isIn(headers) ? OK : fault(100003)),
      ...routes,
    });
  }

  isIn(headers: WebRequest['headers']): boolean {
    return this.users.has(headers['Cookie'] ?? '') && this.sessions.has(headers['Cookie'] ?? '');
  }

  get open(): number {
    return [...this.users].filter((cookie) => this.sessions.has(cookie)).length;
  }

  login({ headers }: WebRequest, body: string) {
    this.logins++;
    const token = headers['__RequestVerificationToken'] ?? '';
    const right = hashProof('admin', this.password, token) === field(body, 'Password');
    if (!right || field(body, 'password_type') !== '4') return fault(108006);
    return this.welcome(headers['Cookie'] ?? '', OK);
  }

  /** A new session with a list of tokens; that of before is gone. */
  welcome(old: string, body: string) {
    this.sessions.delete(old);
    const { cookie } = this.begin();
    this.users.add(cookie);
    const tokens = Array.from({ length: 30 }, () => this.token(cookie)).join('#');
    return { headers: { 'set-cookie': [`${cookie};path=/;HttpOnly;`], __requestverificationtoken: tokens }, body };
  }
}

function bench<S extends StrictServer>(server: S, password?: string) {
  const clock = new VirtualClock();
  const credentials = password === undefined ? {} : { credentials: { user: 'admin', password } };
  const open = () => new Session({ clock, transport: server.transport, host: '192.168.8.1', ...credentials });
  return { clock, server, session: open(), open, run: <T>(work: Promise<T>) => clock.run(work) };
}

const failure = (code: ErrorCode, number?: number) => (error: unknown) =>
  isDriverError(error, code) && error.number === number;

/** Lets `ms` pass on the clock. */
const pass = (clock: VirtualClock, ms: number) => clock.run(new Promise<void>((resolve) => clock.after(ms, resolve)));

describe('hilink: one device, one queue', () => {
  it('twenty at once go one by one, and no token is used twice', async () => {
    const { server, session, run } = bench(
      new StrictServer({ 'POST sms/set-read': OK, 'GET pin/status': xml('<a>1</a>') }),
    );
    const work = Array.from({ length: 20 }, (_, at) =>
      at % 2 === 0 ? session.post('sms/set-read', [['Index', at]]) : session.get('pin/status'),
    );
    await run(Promise.all(work));
    assert.equal(server.most, 1);
    assert.equal(server.count('POST sms/set-read'), 10);
  });

  it('more than it can ever do are not taken', async () => {
    const { session, run } = bench(new StrictServer({ 'GET pin/status': OK }));
    const work = Array.from({ length: 202 }, () => session.get('pin/status'));
    const results = await run(Promise.allSettled(work));
    const refused = results.filter((result) => result.status === 'rejected');
    assert.equal(refused.length, 1);
    assert.ok(isDriverError((refused[0] as PromiseRejectedResult).reason, 'QUEUE_FULL'));
  });

  it('what waits for its turn can be stopped, and is never sent', async () => {
    const { server, session, run } = bench(new StrictServer({ 'GET a': OK, 'GET b': OK, 'GET c': OK }));
    const stop = new AbortController();
    const first = session.get('a');
    const second = session.get('b', { signal: stop.signal });
    const third = session.get('c');
    stop.abort(new Error('no more'));
    await assert.rejects(second, /no more/);
    assert.equal(server.count('GET a'), 0, 'without waiting for the first');
    await run(Promise.all([first, third]));
    assert.deepEqual([server.count('GET b'), server.count('GET c')], [0, 1]);
    await assert.rejects(run(session.get('b', { signal: stop.signal })), /no more/);
  });

  it('what the firmware does not have is asked for once, until it may be another', async () => {
    const { server, session, run } = bench(new StrictServer());
    for (let nth = 0; nth < 3; nth++)
      await assert.rejects(run(session.get('device/signal')), failure('HILINK_ERROR', 100002));
    assert.equal(server.count('GET device/signal'), 1);
    session.forget();
    await assert.rejects(run(session.get('device/signal')), failure('HILINK_ERROR', 100002));
    assert.equal(server.count('GET device/signal'), 2);
  });

  it('a busy stick is asked again, a few times', async () => {
    const { clock, server, session, run } = bench(
      new StrictServer({ 'GET a': [fault(100004), fault(100004), OK], 'GET b': fault(100004) }),
    );
    await run(session.get('a'));
    assert.equal(clock.now(), 2_000);
    await assert.rejects(run(session.get('b')), failure('HILINK_ERROR', 100004));
    assert.equal(server.count('GET b'), 4);
  });
});

describe('hilink: what the stick forgets', () => {
  it('a session is made anew and the request repeated, once', async () => {
    const { server, session, run } = bench(
      new StrictServer({ 'POST sms/set-read': OK, 'GET a': OK, 'GET b': fault(125002) }),
    );
    for (const request of [() => session.post('sms/set-read', []), () => session.get('a')]) {
      await run(request());
      server.forget();
      await run(request());
    }
    await assert.rejects(run(session.get('b')), failure('HILINK_ERROR', 125002));
    assert.equal(server.count('GET b'), 2);
  });

  it('with the login', async () => {
    const { server, session, run } = bench(new LoginServer(), PASSWORD);
    await run(session.get('device/information'));
    server.forget();
    await run(session.post('sms/set-read', []));
    assert.equal(server.logins, 2);
  });

  it('a token alone is replaced in the same session: the login stays', async () => {
    const { server, session, run } = bench(new LoginServer(), PASSWORD);
    await run(session.get('device/information'));
    for (const tokens of server.sessions.values()) tokens.clear();
    await run(session.post('sms/set-read', []));
    assert.equal(server.logins, 1);
  });

  it('in the middle of a login is made anew: that says nothing of the password', async () => {
    const server = new LoginServer();
    const { session, run } = bench(server, PASSWORD);
    server.routes['GET user/state-login'] = [
      () => {
        server.forget();
        return SHA;
      },
      SHA,
    ];
    await run(session.get('device/information'));
    assert.equal(server.logins, 1);
  });

  it('but where it says that the firmware does not allow it, that is it', async () => {
    const { server, session, run } = bench(new StrictServer({ 'POST device/mode': fault(125002) }));
    await assert.rejects(run(session.post('device/mode', [['mode', 0]])), failure('HILINK_ERROR', 125002));
    assert.equal(server.count('POST device/mode'), 1);
  });
});

describe('hilink: logins', () => {
  it('come when the stick asks for one, and end when there is nothing to do', async () => {
    const { clock, server, session, run } = bench(new LoginServer({ 'GET pin/status': OK }), PASSWORD);
    await run(session.get('pin/status'));
    assert.equal(server.logins, 0);
    await run(session.get('device/information'));
    await run(session.get('device/information'));
    await run(session.post('sms/set-read', []));
    assert.equal(server.logins, 1);
    await pass(clock, 29_999);
    assert.equal(server.open, 1);
    await pass(clock, 2);
    assert.equal(server.open, 0);
    await run(session.get('device/information'));
    assert.deepEqual([server.logins, server.outs], [2, 1]);
  });

  it('are over with the client: after fifty of them nobody is logged in', async () => {
    const { server, open, run } = bench(new LoginServer(), PASSWORD);
    for (let nth = 0; nth < 50; nth++) {
      const session = open();
      await run(session.get('device/information'));
      await run(session.close());
      await assert.rejects(run(session.get('device/information')), failure('CANCELLED'));
    }
    assert.deepEqual([server.open, server.outs], [0, 50]);
  });

  it('without a password there is none, and nothing to end', async () => {
    const { server, session, run } = bench(new LoginServer());
    await assert.rejects(run(session.get('device/information')), failure('HILINK_ERROR', 100003));
    await run(session.close());
    assert.deepEqual([server.logins, server.outs], [0, 0]);
  });

  it('a password that is refused is not sent again', async () => {
    const { clock, server, session, run } = bench(new LoginServer(), 'wrong');
    for (let nth = 0; nth < 3; nth++) {
      await assert.rejects(run(session.get('device/information')), failure('LOGIN_REFUSED', 108006));
      await pass(clock, 3_600_000);
    }
    assert.equal(server.logins, 1);
  });

  it('a lock is waited for, as long as the stick says', async () => {
    const server = new LoginServer({
      'POST user/login': [fault(108007), (request, body) => server.login(request, body)],
      'GET user/state-login': [
        SHA,
        loginState('<password_type>4</password_type><remainwaittime>3</remainwaittime>'),
        SHA,
      ],
    });
    const { clock, session, run } = bench(server, PASSWORD);
    const refused = () => assert.rejects(run(session.get('device/information')), failure('LOGIN_LOCKED', 108007));
    await refused();
    await pass(clock, 179_000);
    await refused();
    assert.equal(server.count('POST user/login'), 1);
    await pass(clock, 1_001);
    await run(session.get('device/information'));
    assert.equal(server.count('POST user/login'), 2);
  });

  it('to a stick that says that it is locked, or that somebody is in, no password is sent', async () => {
    for (const [state, code, number] of [
      ['<State>-1</State><lockstatus>1</lockstatus>', 'LOGIN_LOCKED', 108007],
      ['<State>-2</State>', 'HILINK_ERROR', 108003],
    ] as const) {
      const { server, session, run } = bench(new LoginServer({ 'GET user/state-login': xml(state) }), PASSWORD);
      await assert.rejects(run(session.get('device/information')), failure(code, number));
      assert.equal(server.logins, 0);
    }
  });

  it('are given up to somebody else who takes the session again and again, for a while', async () => {
    const { clock, server, session, run } = bench(new LoginServer(), PASSWORD);
    const ask = () => run(session.get('device/information'));
    await ask();
    for (let nth = 0; nth < 2; nth++) {
      server.users.clear();
      await ask();
    }
    assert.equal(server.logins, 3);
    server.users.clear();
    await assert.rejects(ask(), failure('HILINK_ERROR', 108003));
    await assert.rejects(ask(), failure('HILINK_ERROR', 108003));
    assert.equal(server.logins, 3);
    await pass(clock, 300_001);
    await ask();
    assert.equal(server.logins, 4);
  });

  for (const type of [0, 3]) {
    it(`of type ${type} send the password as base64`, async () => {
      const server = new LoginServer({
        'GET user/state-login': loginState(`<password_type>${type}</password_type>`),
        'POST user/login': ({ headers }) => server.welcome(headers['Cookie'] ?? '', OK),
      });
      const { session, run } = bench(server, 'secret1');
      await run(session.get('device/information'));
      assert.equal(
        server.body('POST user/login'),
        '<?xml version="1.0" encoding="UTF-8"?><request><Username>admin</Username><Password>c2VjcmV0MQ==</Password>' +
          `<password_type>${type}</password_type></request>`,
      );
    });
  }

  const SALT = '0102030405060708091011121314151617181920212223242526272829303132';

  /** With SCRAM; `wrong` is what it answers in place of its signature. */
  function scramServer(wrong?: string, wrongKey?: string) {
    let nonces = { firstNonce: '', serverNonce: '' };
    const proof = () => scramProof({ password: PASSWORD, salt: SALT, iterations: 100, ...nonces });
    const server = new LoginServer({
      'GET user/state-login': loginState(
        '<password_type>4</password_type><extern_password_type>1</extern_password_type>',
      ),
      'POST user/challenge_login': (_request, body) => {
        const firstNonce = field(body, 'firstnonce');
        nonces = { firstNonce, serverNonce: `${firstNonce}BsP0n8rghqsOgEbevsDvKnn0eCjBfed2` };
        const { serverNonce } = nonces;
        return xml(`<salt>${SALT}</salt><servernonce>${serverNonce}</servernonce><iterations>100</iterations>`);
      },
      'POST user/authentication_login': async ({ headers }, body) => {
        const { clientProof, serverSignature, keySignature } = await proof();
        if (field(body, 'clientproof') !== clientProof || field(body, 'finalnonce') !== nonces.serverNonce)
          return fault(108006);
        const answer = `<serversignature>${wrong ?? serverSignature}</serversignature><rsan>aabb</rsan><rsae>010001</rsae>`;
        const signed = `${answer}<rsapubkeysignature>${wrongKey ?? keySignature('aabb')}</rsapubkeysignature>`;
        return server.welcome(headers['Cookie'] ?? '', xml(signed));
      },
    });
    return server;
  }

  it('with SCRAM prove the password and see it proven', async () => {
    const { clock, server, session, run } = bench(scramServer(), PASSWORD);
    await run(clock.during(session.get('device/information')));
    assert.match(field(server.body('POST user/challenge_login'), 'firstnonce'), /^[0-9a-f]{64}$/);
    assert.equal(server.open, 1);
    const other = bench(scramServer(), 'wrong');
    await assert.rejects(
      other.run(other.clock.during(other.session.get('device/information'))),
      failure('LOGIN_REFUSED', 108006),
    );
  });

  it('with SCRAM by a server that does not know the password, or hands out the key of another, are none', async () => {
    for (const server of [scramServer('ab'.repeat(32)), scramServer(undefined, 'ab'.repeat(32))]) {
      const { clock, session, run } = bench(server, PASSWORD);
      await assert.rejects(
        run(clock.during(session.get('device/information'))),
        /does not prove that it knows the password/,
      );
    }
  });
});

describe('hilink: requests that go encrypted', () => {
  it('do so when they are not taken plain, and only those that may', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const hex = (text: string) => Buffer.from(text, 'base64url').toString('hex');
    const { server, session, run } = bench(
      new StrictServer({
        'POST pin/operate': ({ headers }) => (headers['encrypt_transmit'] ? OK : fault(100005)),
        'POST sms/set-read': fault(100005),
        'GET webserver/publickey': xml(`<encpubkeyn>${hex(n)}</encpubkeyn><encpubkeye>${hex(e)}</encpubkeye>`),
      }),
    );
    await run(session.post('pin/operate', [['CurrentPin', '1234']], { mayEncrypt: true }));
    assert.match(server.body('POST pin/operate'), /^[0-9a-f]{256,}$/);
    assert.match(server.requests.at(-1)?.headers['Content-Type'] ?? '', /;enc$/);
    await assert.rejects(run(session.post('sms/set-read', [])), failure('HILINK_ERROR', 100005));
    assert.equal(server.count('POST sms/set-read'), 1);
  });

  it('a login too, with the token of its own request', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
    const { n = '', e = '' } = publicKey.export({ format: 'jwk' });
    const hex = (text: string) => Buffer.from(text, 'base64url').toString('hex');
    const server = new LoginServer({
      'POST user/login': ({ headers }) =>
        headers['encrypt_transmit'] ? server.welcome(headers['Cookie'] ?? '', OK) : fault(100006),
      'GET webserver/publickey': xml(`<encpubkeyn>${hex(n)}</encpubkeyn><encpubkeye>${hex(e)}</encpubkeye>`),
    });
    const { session, run } = bench(server, PASSWORD);
    await run(session.get('device/information'));
    assert.match(server.body('POST user/login'), /^[0-9a-f]{256,}$/);
    assert.equal(server.count('POST user/login'), 2);
  });

  it('fail as they did where the firmware has no key', async () => {
    const { session, run } = bench(new StrictServer({ 'POST pin/operate': fault(100005) }));
    await assert.rejects(run(session.post('pin/operate', [], { mayEncrypt: true })), failure('HILINK_ERROR', 100005));
  });
});
