import assert from 'node:assert/strict';
import { type AtHandle, openAt } from '../../../src/device/at/open-at';
import { openSms } from '../../../src/device/sms/open-sms';
import { type ErrorCode, isDriverError } from '../../../src/errors';
import type { UsbDevice } from '../../../src/host/host';
import { holdStick } from '../../../src/stick/hold';
import { HILINK_NAMES } from '../../../src/virtual/web/firmware';
import { untilWeb, type WebBench, webBench } from './bench';

const PARTS = ['signal', 'network', 'sim', 'data', 'temperature', 'identity'] as const;
const PASSWORD = { web: { password: 'admin' } };

const open = ({ host }: WebBench, password: string | null = 'admin', which = '1-1'): AtHandle =>
  openAt(host, which, { web: password === null ? {} : { password } });

const rejects = (work: Promise<unknown>, code: ErrorCode, reason?: string) =>
  assert.rejects(work, (e) => isDriverError(e, code) && (reason === undefined || e.reason === reason));

const logins = ({ requests }: WebBench) =>
  requests.filter((path) => /\/user\/(login|challenge_login)$/.test(path)).length;

describe('a stick in HiLink mode', () => {
  for (const hilink of HILINK_NAMES) {
    it(`tells its status in the words of the AT side, and logs out at the end: ${hilink}`, async () => {
      const bench = await webBench({ hilink });
      const handle = open(bench);
      const { web } = await bench.run(untilWeb(handle, 'ready'));
      assert.equal(web?.url, hilink === 'tokenless' ? 'http://192.168.1.1' : 'http://192.168.8.1');
      assert.deepEqual([web?.sim, web?.network], ['ready', 'registered']);
      // It dials by itself, as soon as somebody speaks to it.
      await bench.pass(30_000);
      const status = await bench.run(handle.webStatus({ parts: PARTS }));
      assert.equal(status.network?.registered, true);
      assert.equal(status.sim?.state, 'READY');
      assert.equal(status.data?.connection, 'up');
      assert.ok((status.signal?.bars ?? 0) > 0);
      assert.equal(status.identity?.imei, undefined);
      assert.deepEqual(Object.keys(status).sort(), ['data', 'identity', 'network', 'signal', 'sim']);
      const { identity } = await bench.run(handle.webStatus({ parts: ['identity'], personal: true }));
      assert.match(identity?.imei ?? '', /^\d{15}$/);
      await bench.run(handle.release());
      if (logins(bench) > 0) assert.match(bench.requests.at(-1) ?? '', /user\/logout$/);
      const { length } = bench.requests;
      await bench.pass(300_000);
      assert.equal(bench.requests.length, length);
    });
  }

  it('is none for a user that needs AT ports: nothing is sent', async () => {
    const bench = await webBench();
    const handle = openAt(bench.host, '1-1');
    await rejects(bench.run(handle.run('AT')), 'WRONG_MODE', 'no-at-port');
    assert.deepEqual([handle.state.mode, handle.state.web], ['hilink', undefined]);
    assert.deepEqual(bench.requests, []);
    await bench.run(handle.release());
  });

  it('is asked few things while nobody wants anything: five a minute', async () => {
    const bench = await webBench();
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    const { length } = bench.requests;
    await bench.pass(600_000);
    const asked = bench.requests.length - length;
    assert.ok(asked > 20 && asked <= 50, `${asked}`);
    await bench.run(handle.release());
  });

  it('a refused password is sent once, until it is another one or the stick was plugged in anew', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    const handle = open(bench, 'wrong');
    const { web } = await bench.run(untilWeb(handle, 'error'));
    assert.equal(web?.error?.code, 'LOGIN_REFUSED');
    assert.doesNotMatch(JSON.stringify(web), /wrong"/);
    await rejects(bench.run(handle.webStatus({ parts: PARTS })), 'LOGIN_REFUSED');
    await bench.pass(3_600_000);
    await bench.run(handle.release());
    // A deploy that has changed nothing of it.
    const again = open(bench, 'wrong');
    await bench.run(untilWeb(again, 'error'));
    assert.equal(logins(bench), 1);
    const right = open(bench);
    await bench.run(untilWeb(right, 'ready'));
    assert.equal(logins(bench), 2);
    await bench.run(Promise.all([again.release(), right.release()]));
    const last = open(bench, 'wrong');
    await bench.run(untilWeb(last, 'error'));
    bench.stick.unplug();
    await bench.run(untilWeb(last, undefined));
    await bench.toHilink();
    await bench.run(untilWeb(last, 'error'));
    assert.equal(logins(bench), 4);
    await bench.run(last.release());
  });

  it('says when it wants a password that nobody gave, and when the login is locked, which passes', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    const handle = open(bench, null);
    // Most is open to all.
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.release());
    bench.stick.faults.order({ fault: 'nak', at: 'web', code: 100_003, count: 100 });
    const other = open(bench, null);
    const { web } = await bench.run(untilWeb(other, 'error'));
    assert.equal(web?.error?.reason, 'login-needed');
    await bench.run(other.release());
    bench.stick.faults.clear();
    bench.stick.faults.order({ fault: 'lockout', at: 'web', path: 'user/login', ms: 60_000 });
    const locked = open(bench);
    assert.equal((await bench.run(untilWeb(locked, 'error'))).web?.error?.code, 'LOGIN_LOCKED');
    await bench.run(untilWeb(locked, 'ready'));
    await bench.run(locked.release());
  });

  it('is there again after a restart and after the bus has lost it, and gone while it is a CD-ROM', async () => {
    const bench = await webBench();
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    bench.stick.unplug();
    await bench.run(untilWeb(handle, undefined));
    assert.equal(handle.state.state, 'absent');
    await bench.toHilink();
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.webStatus({ parts: PARTS }));
    await bench.run(handle.release());
  });

  it('has time to start: nothing is wrong while nobody answers, for a minute', async () => {
    const bench = await webBench({ timing: { webStart: 40_000 } });
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    const seen: unknown[] = [];
    handle.onState(({ web }) => seen.push(web?.state));
    bench.stick.unplug();
    await bench.toHilink();
    const up = bench.clock.now();
    await bench.run(untilWeb(handle, 'ready'));
    assert.ok(bench.clock.now() - up < 5_000);
    assert.ok(!seen.includes('error'));
    bench.stick.changeTiming({ webStart: 600_000 });
    bench.stick.unplug();
    const failed = untilWeb(handle, 'error');
    void bench.toHilink();
    assert.equal((await bench.run(failed)).web?.error?.code, 'STICK_GONE');
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('is left at once when a job wants the stick, and taken up after it', async () => {
    const bench = await webBench();
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'a test', stepBack: async () => undefined }));
    await bench.run(untilWeb(handle, undefined));
    const { length } = bench.requests;
    await bench.pass(300_000);
    assert.equal(bench.requests.length, length);
    hold.release();
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('has logged out when a job that takes the stick has it: most take one login at a time', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.webStatus({ parts: ['identity'] }));
    assert.equal(logins(bench), 1);
    const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'a test' }));
    assert.match(bench.requests.at(-1) ?? '', /user\/logout$/);
    hold.release();
    await bench.run(handle.release());
  });

  it('does not keep a job waiting for ever that takes it while it does not answer', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    bench.stick.faults.order({ fault: 'silence', at: 'web', path: 'user/logout' });
    const before = bench.clock.now();
    const hold = await bench.run(holdStick(bench.host, '1-1', { purpose: 'a test' }));
    assert.ok(bench.clock.now() - before <= 5_000, `${bench.clock.now() - before}`);
    hold.release();
    await bench.run(handle.release());
  });

  it('forgets what it was when a request shows that nobody answers, and looks again', async () => {
    const bench = await webBench();
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    bench.stick.faults.order({ fault: 'silence', at: 'web' });
    await rejects(bench.run(handle.webStatus({ parts: PARTS })), 'TIMEOUT');
    assert.equal(handle.state.web?.state, 'error');
    await bench.run(untilWeb(handle, 'ready'));
    await bench.run(handle.release());
  });

  it('serves several users by one client', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    const [one, two] = [open(bench), openAt(bench.host, 'auto', PASSWORD)];
    await bench.run(Promise.all([untilWeb(one, 'ready'), untilWeb(two, 'ready')]));
    await bench.run(Promise.all([one, two, one].map((at) => at.webStatus({ parts: PARTS }))));
    assert.equal(logins(bench), 1);
    await bench.run(one.release());
    await bench.run(two.webStatus({ parts: PARTS }));
    await bench.run(two.release());
  });

  for (const hilink of HILINK_NAMES) {
    it(`is compared before each change: nothing is done at another one that answers now: ${hilink}`, async () => {
      const bench = await webBench({ hilink }, [{ firmware: 'hilink', portPath: '1-2', hilink }]);
      const [other] = bench.others;
      if (other) await bench.toHilink(other);
      const [own] = await bench.host.network({ portPath: '1-1' } as UsbDevice);
      const [theirs] = await bench.host.network({ portPath: '1-2' } as UsbDevice);
      assert.ok(own?.transport && theirs?.transport);
      let { transport } = own;
      bench.host.links.set('1-1', [{ ...own, transport: (request, signal) => transport(request, signal) }]);
      const sms = openSms(bench.host, '1-1', PASSWORD);
      const reply = await bench.run(sms.ussd('*100#'));
      assert.notEqual(reply.text, '');
      transport = theirs.transport;
      const asked: string[] = [];
      other?.onEvent((event) => {
        if (event.what === 'ussd' || event.what === 'sms') asked.push(event.text);
      });
      await rejects(bench.run(sms.ussd('*100#')), 'STICK_NOT_FOUND', 'other-at-address');
      // It waits for its own SIM.
      await rejects(bench.run(sms.send({ to: '+491713920000', text: 'a', ttl: 60_000 })), 'EXPIRED');
      assert.deepEqual(asked, []);
      await bench.run(sms.release());
    });
  }

  it('is known by its own names as soon as it has said who it is', async () => {
    const bench = await webBench();
    const handle = open(bench);
    await bench.run(untilWeb(handle, 'ready'));
    const { identity } = await bench.run(handle.webStatus({ parts: ['identity'], personal: true }));
    for (const name of [`imei:${identity?.imei}`, `sim:${identity?.iccid}`]) {
      const own = open(bench, 'admin', name);
      await bench.run(untilWeb(own, 'ready'));
      await bench.run(own.release());
    }
    await bench.run(handle.release());
  });
});
