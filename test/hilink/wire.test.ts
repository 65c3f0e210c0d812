import assert from 'node:assert/strict';
import { type ErrorCode, isDriverError } from '../../src/errors';
import { valuesIn } from '../../src/hilink/read';
import { cutError, type WebRequest } from '../../src/hilink/transport';
import { Wire } from '../../src/hilink/wire';
import { VirtualClock } from '../../src/virtual/clock';
import { fault, OK, type Routes, TinyServer, xml } from './server';

function bench(routes: Routes) {
  const clock = new VirtualClock();
  const server = new TinyServer(routes);
  const wire = new Wire({ clock, transport: server.transport, host: '192.168.8.1' });
  return { clock, server, wire, run: <T>(work: Promise<T>) => clock.run(work) };
}

const failure = (code: ErrorCode, about: RegExp | number) => (error: unknown) =>
  isDriverError(error, code) && (typeof about === 'number' ? error.number === about : about.test(error.message));

const tokensOf = (requests: readonly WebRequest[]) =>
  requests.flatMap(({ method, headers }) => (method === 'POST' ? [headers['__RequestVerificationToken']] : []));

const META =
  '<html><head><meta name="csrf_token" content="first+/="/><META content=\'second\' NAME=csrf_token></head></html>';

describe('hilink: sessions are found by asking', () => {
  it('a path that makes them', async () => {
    const { server, wire, run } = bench({
      'GET webserver/SesTokInfo': xml('<SesInfo>abc+/=</SesInfo><TokInfo>t1</TokInfo>'),
      'POST sms/set-read': OK,
    });
    await run(wire.begin({}));
    assert.equal(wire.form, 'session');
    await run(wire.post('sms/set-read', [['Index', 1]]));
    const { headers, path } = server.requests.at(-1) ?? assert.fail();
    assert.equal(path, '/api/sms/set-read');
    assert.equal(headers['Cookie'], 'SessionID=abc+/=');
    assert.equal(headers['__RequestVerificationToken'], 't1');
    assert.equal(
      server.body('POST sms/set-read'),
      '<?xml version="1.0" encoding="UTF-8"?><request><Index>1</Index></request>',
    );
    // Once found, not asked again.
    await run(wire.begin({}));
    assert.equal(server.count('GET webserver/SesTokInfo'), 1);
  });

  it('tokens and a cookie in the start page, behind one hop', async () => {
    const { server, wire, run } = bench({
      'GET html/index.html': { status: 302, headers: { location: '/html/home.html' } },
      'GET html/home.html': { headers: { 'set-cookie': ['SessionID=s1;path=/;HttpOnly;'] }, body: META },
      'POST sms/set-read': OK,
    });
    await run(wire.begin({}));
    assert.equal(wire.form, 'pages');
    for (let nth = 0; nth < 3; nth++) await run(wire.post('sms/set-read', []));
    // Both are used up: the page has more.
    assert.deepEqual(tokensOf(server.requests), ['first+/=', 'second', 'first+/=']);
    assert.equal(server.requests.at(-1)?.headers['Cookie'], 'SessionID=s1');
  });

  it('a token without a cookie, which it wants to see with questions too', async () => {
    const { server, wire, run } = bench({
      'GET webserver/token': [xml('<token>t1</token>'), xml('<token>t2</token>')],
      'GET pin/status': xml('<SimState>257</SimState>'),
      'POST sms/set-read': OK,
    });
    await run(wire.begin({}));
    assert.equal(wire.form, 'token');
    await run(wire.get('pin/status'));
    assert.equal(server.requests.at(-1)?.headers['__RequestVerificationToken'], 't1');
    await run(wire.post('sms/set-read', []));
    await run(wire.post('sms/set-read', []));
    assert.deepEqual(tokensOf(server.requests), ['t1', 't2']);
    assert.equal(server.requests.at(-1)?.headers['Cookie'], undefined);
  });

  it('nothing at all', async () => {
    const { server, wire, run } = bench({ 'GET html/index.html': '<html></html>', 'POST dialup/dial': OK });
    await run(wire.begin({}));
    assert.equal(wire.form, 'none');
    await run(wire.post('dialup/dial', [['Action', 1]]));
    assert.deepEqual(tokensOf(server.requests), [undefined]);
  });

  it('of a page that sends elsewhere nothing is taken, and nothing is sent there', async () => {
    const { server, wire, run } = bench({
      'GET html/index.html': { status: 307, headers: { location: 'http://192.168.8.2/html/index.html' }, body: META },
    });
    await run(wire.begin({}));
    assert.equal(wire.form, 'none');
    assert.deepEqual(server.log, ['GET webserver/SesTokInfo', 'GET html/index.html', 'GET webserver/token']);
  });
});

describe('hilink: tokens', () => {
  const start = { 'GET webserver/SesTokInfo': xml('<SesInfo>s</SesInfo><TokInfo>t0</TokInfo>') };

  it('rotate: the answer brings the next one, that of an error too, in headers of any case', async () => {
    const { server, wire, run } = bench({
      ...start,
      'POST a': [{ headers: { __requestverificationtoken: 't1' }, body: OK }],
      'POST b': [{ headers: { __requestverificationtoken: 't2' }, body: fault(100006) }, OK],
    });
    await run(wire.begin({}));
    await run(wire.post('a', []));
    await assert.rejects(run(wire.post('b', [])), failure('HILINK_ERROR', 100006));
    await run(wire.post('b', []));
    assert.deepEqual(tokensOf(server.requests), ['t0', 't1', 't2']);
  });

  it('come as a list after a login, or as a pair whose header is a copy', async () => {
    const list = Array.from({ length: 30 }, (_, at) => `l${at}`).join('#');
    const { server, wire, run } = bench({
      ...start,
      'POST list': { headers: { __requestverificationtoken: list }, body: OK },
      'POST pair': {
        headers: {
          __requestverificationtoken: list,
          __requestverificationtokenone: 'one',
          __requestverificationtokentwo: 'two',
        },
        body: OK,
      },
      'POST a': OK,
    });
    await run(wire.begin({}));
    await run(wire.post('list', [], { endsTokens: true }));
    await run(wire.post('a', []));
    await run(wire.post('pair', [], { endsTokens: true }));
    await run(wire.post('a', []));
    await run(wire.post('a', []));
    assert.deepEqual(tokensOf(server.requests), ['t0', 'l0', 'l1', 'one', 'two']);
  });

  it('run out: another is fetched, the last 32 of 64 characters', async () => {
    const { server, wire, run } = bench({
      ...start,
      'GET webserver/token': xml(`<token>${'a'.repeat(32)}${'b'.repeat(32)}</token>`),
      'POST a': OK,
    });
    await run(wire.begin({}));
    await run(wire.post('a', []));
    await run(wire.post('a', []));
    assert.deepEqual(tokensOf(server.requests), ['t0', 'b'.repeat(32)]);
    // With the cookie: without it the stick would make a new session, and a login would be lost.
    assert.equal(server.requests.at(-2)?.headers['Cookie'], 'SessionID=s');
  });

  it('that are not taken are replaced once, then the error is told', async () => {
    for (const number of [125001, 125003]) {
      const { server, wire, run } = bench({ ...start, 'POST a': [fault(number), OK], 'POST b': fault(number) });
      await run(wire.begin({}));
      await run(wire.post('a', []));
      assert.equal(server.count('POST a'), 2);
      await assert.rejects(run(wire.post('b', [])), failure('HILINK_ERROR', number));
      assert.equal(server.count('POST b'), 2);
    }
  });

  it('and cookies that would break a header, or belong to others, are left', async () => {
    const { server, wire, run } = bench({
      ...start,
      'GET a': {
        headers: {
          'set-cookie': ['evil=1; path=/', 'SessionID=; path=/', 'SessionID=a b', 'JSESSIONID=x', 'mySessionID=y'],
        },
        body: OK,
      },
      'POST a': [{ headers: { __requestverificationtoken: 'bad\r\nX: 1#good' }, body: OK }, OK],
    });
    await run(wire.begin({}));
    await run(wire.get('a'));
    await run(wire.post('a', []));
    await run(wire.post('a', []));
    assert.equal(server.requests.at(-1)?.headers['Cookie'], 'SessionID=s');
    assert.deepEqual(tokensOf(server.requests), ['t0', 'good']);
  });

  it('belong to the session: a new cookie on any answer is the one to send', async () => {
    const { server, wire, run } = bench({
      ...start,
      'GET a': { headers: { 'set-cookie': ['SessionID=new+/=;path=/;HttpOnly;'] }, body: OK },
    });
    await run(wire.begin({}));
    await run(wire.get('a'));
    await run(wire.get('a'));
    assert.equal(server.requests.at(-1)?.headers['Cookie'], 'SessionID=new+/=');
  });
});

describe('hilink: answers that are none', () => {
  it('pages, redirects, nothing and other statuses are told, never followed or read', async () => {
    const { server, wire, run } = bench({
      'GET page': {
        headers: { 'content-type': 'text/html' },
        body: '<!DOCTYPE html><html><script>1<2</script></html>',
      },
      'GET own': { status: 302, headers: { location: 'http://192.168.8.1/html/index.html' }, body: '<response/>' },
      'GET other': { status: 307, headers: { location: 'http://10.0.0.1/' } },
      'GET secure': { status: 301, headers: { location: 'https://192.168.8.1/' } },
      'GET empty': '',
      'GET missing': { status: 404, body: '<html></html>' },
      'GET broken': { status: 500 },
    });
    const told = async (path: string, about: RegExp | number) =>
      assert.rejects(run(wire.get(path)), failure('HILINK_ERROR', about), path);
    await told('page', /web page/);
    await told('own', /one of its pages \(HTTP 302\)/);
    await told('other', /another address \(HTTP 307\)/);
    await told('secure', /an address with HTTPS/);
    await told('empty', /empty/);
    await told('missing', 100002);
    await told('broken', /status 500/);
    assert.equal(server.log.length, 7);
  });

  it('that do not come end in time, whatever the transport does', async () => {
    const clock = new VirtualClock();
    const signals: AbortSignal[] = [];
    const wire = new Wire({
      clock,
      host: 'h',
      transport: (_request, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    });
    await assert.rejects(clock.run(wire.get('pin/status')), failure('TIMEOUT', /within 30 s/));
    assert.equal(clock.now(), 30_000);
    assert.ok(signals[0]?.aborted);
    const stop = new AbortController();
    const asked = wire.get('pin/status', { signal: stop.signal });
    stop.abort(new Error('stopped'));
    await assert.rejects(clock.run(asked), /stopped/);
    assert.equal(clock.pending, 0);
  });

  it('that are cut: questions are asked again, what changes something is not', async () => {
    const cut = () => {
      throw cutError();
    };
    const { server, clock, wire, run } = bench({
      'GET user/state-login': [cut, cut, cut, cut, xml('<State>0</State>')],
      'GET gone': cut,
      'POST a': cut,
    });
    const login = valuesIn('user/state-login', await run(wire.get('user/state-login')));
    assert.deepEqual(login, { login: { loggedIn: true } });
    assert.equal(clock.now(), 100 + 200 + 300 + 400);
    await assert.rejects(run(wire.get('gone')), failure('HILINK_ERROR', /cut the connection/));
    assert.equal(server.count('GET gone'), 5);
    await assert.rejects(run(wire.post('a', [])), failure('HILINK_ERROR', /cut the connection/));
    assert.equal(server.count('POST a'), 1);
  });
});
