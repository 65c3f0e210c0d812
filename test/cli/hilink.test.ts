/** `e3272 hilink` against the web server of a virtual stick in another process, by each generation of firmware. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { TIMEOUTS } from '../../src/timeouts';
import { STATUS } from '../../src/values/status';
import { HILINK_NAMES } from '../../src/virtual/web/firmware';
import { fits } from '../support/fits';
import { e3272, MAIN } from './e3272';
import { PASSWORD, WebProcess } from './web-process';

const isPost = (request: string): boolean => request.startsWith('POST');

describe('e3272 hilink', () => {
  let web: WebProcess | undefined;
  const serve = async (firmware: string, login = false): Promise<WebProcess> => {
    web = await WebProcess.start(firmware, login);
    return web;
  };
  afterEach(async () => {
    await web?.close();
    web = undefined;
  });

  for (const firmware of HILINK_NAMES) {
    it(`${firmware}: status, messages both ways, USSD, each logged in and out`, async () => {
      const stick = await serve(firmware, true);
      const head = { type: 'result', ok: true, source: 'hilink', url: stick.url };

      stick.order({ do: 'sms', from: '+491713920000', text: 'Grüße <&> 🙂', time: Date.UTC(2024, 1, 29, 23, 59, 59) });
      const status = await stick.run(PASSWORD, 'status');
      assert.equal(status.code, 0, status.stderr);
      const { type, ok, source, url, ...parts } = status.result;
      assert.deepEqual({ type, ok, source, url }, head);
      fits(parts, STATUS, firmware);
      assert.deepEqual(Object.keys(parts), ['signal', 'network', 'sim']);
      assert.equal((parts['sim'] as { state: string }).state, 'READY');
      assert.equal((parts['network'] as { registered: boolean }).registered, true);
      assert.equal(typeof (parts['signal'] as { bars: number }).bars, 'number');
      assert.doesNotMatch(status.stdout, /null|""/);

      const identity = await stick.run(PASSWORD, 'identity');
      assert.match(String((identity.result['identity'] as { imei: string }).imei), /^\d{15}$/);

      const listed = await stick.run(PASSWORD, 'sms', 'list');
      const [message = {}] = listed.result['messages'] as Record<string, unknown>[];
      const { id, time, ...rest } = message;
      assert.deepEqual(rest, { from: '+491713920000', text: 'Grüße <&> 🙂', read: false }, listed.stdout);
      assert.equal(typeof id, 'number');
      assert.match(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);

      const sent = await stick.run(PASSWORD, 'sms', 'send', '--to', '+49 171 3920001', '--text', 'a <&> b 🙂');
      assert.deepEqual(sent.result, { ...head, to: '+491713920001', parts: 1, outcome: 'sent' }, sent.stderr);
      assert.equal(sent.code, 0);
      const gone = stick.log.filter(({ what }) => what === 'sms');
      assert.deepEqual(
        gone.map(({ to, text }) => [to, text]),
        [['+491713920001', 'a <&> b 🙂']],
      );

      const asked = await stick.run(PASSWORD, 'ussd', '*101#', '1');
      assert.equal(asked.code, 0, asked.stderr);
      assert.deepEqual([asked.result['menu'], typeof asked.result['text']], [false, 'string']);

      const logins = stick.requests.filter((one) => /POST user\/(?:challenge_)?login$/.test(one)).length;
      const outs = stick.requests.filter((one) => one === 'POST user/logout').length;
      assert.ok(logins >= 3, stick.requests.join());
      assert.equal(outs, logins);
      // At the end of the command: a while later it would do so by itself.
      const out = stick.log.findLast(({ path }) => path === '/api/user/logout');
      const before = stick.log.findLast(({ what, t }) => what === 'request' && Number(t) < Number(out?.['t']));
      assert.ok(Number(out?.['t']) - Number(before?.['t']) < TIMEOUTS.hilink.logout / 2);
    });
  }

  it('without a login: nothing logs in, and each value has its line', async () => {
    const stick = await serve('metas');
    const plain = await e3272('hilink', 'status', '--url', stick.url);
    assert.equal(plain.code, 0, plain.stderr);
    assert.match(plain.stdout, /^Signal$/m);
    assert.match(plain.stdout, /^ {2}RSRP: -\d+ dBm$/m);
    assert.match(plain.stdout, /^ {2}State: READY$/m);
    assert.match(plain.stdout, /^ {2}Registered: yes$/m);
    assert.equal(stick.requests.filter(isPost).length, 0);
  });

  it('data and a restart: not without a word that the line may be cut', async () => {
    const stick = await serve('sestok');
    for (const args of [['data', 'off'], ['reboot']]) {
      const ran = await stick.run(PASSWORD, ...args);
      assert.deepEqual([ran.code, ran.result['code'], ran.result['reason']], [1, 'NOT_CONFIRMED', 'line']);
      assert.match(String(ran.result['hint']), /--force/);
    }
    assert.equal(stick.requests.filter(isPost).length, 0);
    const connection = async (...args: string[]) => {
      const ran = await stick.run(PASSWORD, 'data', ...args);
      assert.equal(ran.code, 0, ran.stderr);
      return (ran.result['data'] as { connection: string }).connection;
    };
    assert.equal(await connection(), 'up');
    assert.equal(await connection('off', '--force'), 'down');
    assert.equal(await connection(), 'down');
    assert.equal(await connection('on'), 'up');
    const ran = await stick.run(PASSWORD, 'reboot', '--force');
    assert.equal(ran.code, 0, ran.stderr);
    await stick.logged(({ what, by }) => what === 'reset' && by === 'web');
  });

  it('ways: what is known of this firmware, and nothing but questions', async () => {
    const stick = await serve('metas');
    const { code, result } = await stick.run('', 'ways');
    assert.equal(code, 0);
    assert.deepEqual([result['model'], result['revision']], ['E3272', '22.470.07.00.00']);
    const here = Object.fromEntries(
      (result['ways'] as { way: string; here: string }[]).map((one) => [one.way, one.here]),
    );
    assert.deepEqual([here['cgi'], here['mode'], here['pages']], Array(3).fill('does not work'));
    assert.match(String(result['next']), /boot pin/);
    assert.ok(
      stick.requests.every((one) => /^GET (webserver\/SesTokInfo|device\/information|\/html\/index.html)$/.test(one)),
    );
  });

  it('a wrong password is sent once, and said to be wrong', async () => {
    const stick = await serve('sestok', true);
    const { code, result, stdout, stderr } = await stick.run('not-it', 'sms', 'list');
    assert.deepEqual([code, result['code'], result['reason']], [1, 'LOGIN_REFUSED', 'user-or-password']);
    assert.equal(stick.requests.filter((one) => one === 'POST user/login').length, 1);
    assert.doesNotMatch(stdout + stderr, /not-it/);
  });

  it('where too many were wrong none is sent; without any it says where it belongs', async () => {
    const stick = await serve('sestok', true);
    const without = await stick.run('', 'sms', 'list');
    assert.deepEqual([without.code, without.result['reason']], [1, 'login-needed']);
    assert.match(String(without.result['hint']), /E3272_HILINK_PASSWORD/);
    for (let wrong = 0; wrong < 3; wrong++) await stick.run('not-it', 'sms', 'list');
    const logins = () => stick.requests.filter((one) => one === 'POST user/login').length;
    const before = logins();
    const { code, result } = await stick.run(PASSWORD, 'sms', 'list');
    assert.deepEqual([code, result['code']], [1, 'LOGIN_LOCKED']);
    assert.match(String(result['message']), /\d min to go/);
    assert.equal(logins(), before);
  });

  it('a token that is used up, a session that is gone, in the middle: made anew, sent once', async () => {
    for (const fault of ['usedtoken', 'nosession']) {
      const stick = await serve('sestok', true);
      stick.order({ fault, at: 'web', path: 'sms/send-sms' });
      const { code, result, stderr } = await stick.run(PASSWORD, 'sms', 'send', '--to', '22922', '--text', 'x');
      assert.deepEqual([code, result['outcome']], [0, 'sent'], stderr);
      assert.equal(stick.log.filter(({ what }) => what === 'fault').length, 1);
      assert.equal(stick.log.filter(({ what }) => what === 'sms').length, 1);
      await stick.close();
    }
  });

  it('a restart in the middle of a message: it is waited for, and the message sent once', async () => {
    const stick = await serve('metas');
    // The second look is the first one after the message was handed over.
    stick.order({ fault: 'reboot', at: 'web', path: 'sms/send-status', nth: 2 });
    const sending = stick.run('', 'sms', 'send', '--to', '22922', '--text', 'x');
    await stick.logged(({ what, mode }) => what === 'mode' && mode === 'cdrom-hilink');
    // As the system does with one that is plugged in.
    const switched = await e3272('--stick', stick.place, 'switch');
    assert.equal(switched.code, 0, switched.stderr);
    const { code, result, stderr } = await sending;
    assert.deepEqual([code, result['outcome']], [0, 'sent'], stderr);
    assert.equal(stick.requests.filter((one) => one === 'POST sms/send-sms').length, 1);
    assert.equal(stick.log.filter(({ what }) => what === 'sms').length, 1);
  });

  it('changes nothing where another stick answers than the one that is meant', async () => {
    const stick = await serve('metas');
    const { code, result } = await stick.run(
      '',
      '--imei',
      '490154203237518',
      'sms',
      'send',
      '--to',
      '1',
      '--text',
      'x',
    );
    assert.deepEqual([code, result['code'], result['reason']], [1, 'STICK_NOT_FOUND', 'other-at-address']);
    assert.equal(stick.requests.filter(isPost).length, 0);
  });

  it('asks a person for the password, and shows nothing of it', async () => {
    const stick = await serve('sestok', true);
    const env = { ...process.env };
    delete env['E3272_HILINK_PASSWORD'];
    const onTerminal = async (...args: string[]): Promise<string> => {
      const command = [process.execPath, MAIN, '--json', 'hilink', ...args, '--url', stick.url].join(' ');
      const terminal = spawn('script', ['-qec', command, '/dev/null'], { stdio: ['pipe', 'pipe', 'ignore'], env });
      let shown = '';
      terminal.stdout.on('data', (text: Buffer) => {
        if (!shown.includes('Password') && `${shown}${text}`.includes('Password'))
          terminal.stdin.write(`${PASSWORD}\r`);
        shown += text.toString();
      });
      const [code] = await once(terminal, 'exit');
      assert.equal(code, 0, shown);
      assert.doesNotMatch(shown, new RegExp(PASSWORD));
      return shown;
    };
    // Without a login it would tell some of it.
    assert.match(await onTerminal('identity'), /"imei":"\d{15}"/);
    // Firmware that does not say beforehand that it wants one.
    stick.order({ fault: 'nak', at: 'web', path: 'user/hilink_login', code: 100002 });
    assert.match(await onTerminal('sms', 'list'), /"messages":\[\]/);
    assert.equal(stick.log.filter(({ what }) => what === 'fault').length, 1);
  });

  it('refuses what makes no sense, with exit 2', async () => {
    const wrong: [string[], RegExp][] = [
      [['status'], /--url/],
      [['status', '--url', 'https://192.168.8.1'], /http:\/\/192\.168\.8\.1/],
      [['status', '--url', 'http://admin:hidden@192.168.8.1'], /E3272_HILINK_PASSWORD/],
      [['data', 'perhaps', '--url', '192.168.8.1'], /on, off/],
      [['sms', 'send', '--to', '1', '--url', '192.168.8.1'], /--text/],
      [['sms', 'send', '--to', 'x', '--text', 'x', '--url', '127.0.0.1:9'], /number/],
      [['ussd', 'abc', '--url', '127.0.0.1:9'], /\*100#/],
    ];
    for (const [args, about] of wrong) {
      const ran = await e3272('--json', 'hilink', ...args);
      assert.equal(ran.code, 2, args.join(' '));
      assert.match(ran.stderr, about);
      assert.equal(ran.result['code'], 'BAD_ARGUMENT');
      assert.doesNotMatch(ran.stdout + ran.stderr, /hidden/);
    }
  });
});
