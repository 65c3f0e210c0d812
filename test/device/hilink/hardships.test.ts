/** What months with a stick in HiLink mode bring: late SIMs, changes of mode, other clients, locks, silence. */

import assert from 'node:assert/strict';
import { openSms } from '../../../src/device/sms/open-sms';
import { isDriverError } from '../../../src/errors';
import { webBench } from './bench';

const NUMBER = '+491713920000';
const WEB = { web: { password: 'admin' } };

/** Texts of what was handed over; all of it stays in the store. */
function inbox(sms: ReturnType<typeof openSms>): string[] {
  const got: string[] = [];
  sms.receive({
    onMessage: ({ text }) => {
      got.push(text ?? '');
      return false;
    },
  });
  return got;
}

describe('a stick in HiLink mode, for months', () => {
  it('hands over nothing twice, and sends what waits, when the SIM wants its PIN for a while after a replug', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', WEB);
    const got = inbox(sms);
    await bench.pass(5_000);
    bench.stick.receiveSms({ from: NUMBER, text: 'kept' });
    await bench.pass(90_000);
    assert.deepEqual(got, ['kept']);
    bench.stick.unplug();
    await bench.pass(10_000);
    bench.stick.insertSim('pin');
    await bench.toHilink();
    const sent = sms.send({ to: NUMBER, text: 'while it wants its PIN' });
    await bench.pass(60_000);
    bench.stick.insertSim('ready');
    assert.equal((await bench.run(sent)).to, NUMBER);
    await bench.pass(90_000);
    assert.deepEqual(got, ['kept']);
    await bench.run(sms.release());
  });

  it('hands over nothing twice when it changes to AT and back', async () => {
    const bench = await webBench({ hilink: 'token' });
    const sms = openSms(bench.host, '1-1', WEB);
    const got = inbox(sms);
    await bench.pass(5_000);
    bench.stick.receiveSms({ from: NUMBER, text: 'by the web' });
    await bench.pass(90_000);
    const body = Buffer.from('<function>switchMode</function><switchType>0</switchType>');
    const { web } = bench.stick;
    assert.ok(web);
    await bench.run(web.handle({ method: 'POST', path: '/CGI', headers: {}, body }));
    await bench.pass(120_000);
    assert.equal(sms.state.state, 'ready');
    bench.stick.receiveSms({ from: NUMBER, text: 'by AT' });
    await bench.pass(90_000);
    assert.deepEqual(got, ['by the web', 'by AT']);
    bench.stick.unplug();
    await bench.pass(10_000);
    await bench.toHilink();
    await bench.pass(120_000);
    assert.deepEqual(got, ['by the web', 'by AT']);
    await bench.run(sms.release());
  });

  it('sends an SMS to its end although a USSD code stays without an answer meanwhile', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', WEB);
    await bench.pass(5_000);
    bench.stick.changeTiming({ sms: 60_000, ussd: 300_000 });
    const sent = sms.send({ to: NUMBER, text: 'x' });
    await bench.pass(3_000);
    await bench.run(
      assert.rejects(sms.ussd('*100#', { timeout: 5_000 }), (error) => isDriverError(error, 'TIMEOUT/ussd')),
    );
    assert.equal((await bench.run(sent)).to, NUMBER);
    await bench.run(sms.release());
  });

  it('keeps no copies of what it has sent: they would fill the store', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', WEB);
    await bench.pass(5_000);
    for (const text of ['one', 'two', 'three']) await bench.run(sms.send({ to: NUMBER, text }));
    const used: number[] = [];
    sms.receive({ onMessage: () => false, onStorage: ({ used: now }) => void used.push(now) });
    await bench.pass(90_000);
    assert.equal(used.at(-1), 0);
    await bench.run(sms.release());
  });

  it('sends again what a second client has kept from being taken', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', WEB);
    await bench.pass(5_000);
    bench.stick.faults.order({ fault: 'nak', at: 'web', path: 'sms/send-sms', code: 125_002, count: 2 });
    assert.equal((await bench.run(sms.send({ to: NUMBER, text: 'x' }))).to, NUMBER);
    await bench.run(sms.release());
  });

  it('asks seldom for a password while the login is locked, also where the stick does not tell the lock', async () => {
    const bench = await webBench();
    const nak = (path: string, code: number) =>
      bench.stick.faults.order({ fault: 'nak', at: 'web', path, code, count: 1e6 });
    nak('user/state-login', 100_002);
    nak('user/login', 108_007);
    nak('device/information', 100_003);
    const sms = openSms(bench.host, '1-1', WEB);
    await bench.pass(600_000);
    const logins = bench.requests.filter((path) => path.includes('user/login')).length;
    assert.ok(logins > 0 && logins <= 6, `${logins} logins in ten minutes`);
    await bench.run(sms.release());
  });

  it('does not give a password up whose challenge has crossed with that of somebody else, but one that was changed', async () => {
    const bench = await webBench({ hilink: 'scram' });
    const sms = openSms(bench.host, '1-1', WEB);
    const got = inbox(sms);
    const proofs = () => bench.requests.filter((path) => path.endsWith('user/authentication_login')).length;
    const refuse = (count: number) =>
      bench.stick.faults.order({ fault: 'nak', at: 'web', path: 'user/authentication_login', code: 108_006, count });
    await bench.pass(120_000);
    refuse(1);
    await bench.pass(60_000);
    bench.stick.receiveSms({ from: NUMBER, text: 'after it' });
    await bench.pass(180_000);
    assert.deepEqual(got, ['after it']);
    refuse(1e6);
    const before = proofs();
    await bench.pass(3_600_000);
    assert.equal(proofs() - before, 2);
    assert.equal(sms.state.web?.error?.code, 'LOGIN_REFUSED');
    await bench.run(sms.release());
  });

  it('is not asked every two seconds where a login is wanted and nobody has a password', async () => {
    const bench = await webBench();
    for (const path of ['monitoring/status', 'net/current-plmn', 'device/signal', 'pin/status']) {
      bench.stick.faults.order({ fault: 'nak', at: 'web', path, code: 100_003, count: 1e6 });
    }
    const sms = openSms(bench.host, '1-1', { web: {} });
    await bench.pass(5_000);
    const before = bench.requests.length;
    await bench.pass(600_000);
    assert.ok(bench.requests.length - before < 200, `${bench.requests.length - before} requests in ten minutes`);
    await bench.run(sms.release());
  });

  it('says within a minute or two that the SIM wants its PIN, although messages are looked for all the time', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', WEB);
    sms.receive({ onMessage: () => false });
    await bench.pass(90_000);
    assert.equal(sms.state.web?.sim, 'ready');
    bench.stick.insertSim('pin');
    await bench.pass(120_000);
    assert.equal(sms.state.web?.sim, 'pin');
    await bench.run(sms.release());
  });
});
