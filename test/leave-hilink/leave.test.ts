/** Out of HiLink mode by the web server: in which order, how often, what proves it, and what is refused. */

import assert from 'node:assert/strict';
import { isDriverError } from '../../src/errors';
import { type LeaveOptions, leaveHilink } from '../../src/leave-hilink/leave';
import { triedTexts } from '../../src/leave-hilink/tried';
import { holdStick } from '../../src/stick/hold';
import { identitiesOf } from '../../src/stick/identities';
import { findStick } from '../../src/stick/stick';
import type { FaultOrder } from '../../src/virtual/faults';
import type { HilinkFirmware } from '../../src/virtual/web/firmware';
import { webBench } from '../device/hilink/bench';
import type { BenchStick } from '../support/bench';

const LEAVING = /^\/CGI$|switch\w+Mode|device\/mode/;
const CGI = '/CGI';

/** A stick in HiLink mode, how it is taken out, and which of the requests that lead out it has seen. */
async function leaving(options: BenchStick = {}, more: readonly BenchStick[] = []) {
  const bench = await webBench(options, more);
  const events: string[] = [];
  bench.stick.onEvent((event) => {
    if (event.what === 'request' && LEAVING.test(event.path)) events.push(`${event.method} ${event.path}`);
  });
  const leave = async (more: LeaveOptions = {}) => {
    const stick = await findStick(bench.host, '1-1');
    const hold = await holdStick(bench.host, '1-1', { purpose: 'test' });
    return bench.run(leaveHilink(bench.host, stick, more).finally(hold.release));
  };
  const fault = (order: Partial<FaultOrder>) => bench.stick.faults.order({ fault: 'silence', at: 'web', ...order });
  return { ...bench, events, leave, fault };
}

const code =
  (...keys: Parameters<typeof isDriverError> extends [unknown, ...infer K] ? K : never) =>
  (error: unknown) =>
    isDriverError(error, ...keys);

describe('out of HiLink by software', () => {
  const WAYS: [HilinkFirmware, string, string, number][] = [
    ['tokenless', 'pages project: left HiLink', 'GET /html/switchProjectMode.html', 0x1442],
    ['token', 'cgi project: left HiLink', 'POST /CGI', 0x1442],
    ['sestok', 'cgi project: left HiLink', 'POST /CGI', 0x1442],
  ];
  for (const [hilink, tried, request, productId] of WAYS) {
    it(`${hilink}: ${tried}, by one request, proven by the bus`, async () => {
      const { leave, events, stick } = await leaving({ hilink });
      const result = await leave();
      assert.equal(triedTexts(result.tried), tried);
      assert.deepEqual(events, [request]);
      assert.equal(result.stick.productId, productId);
      assert.equal(result.model, 'E3272');
      assert.equal(stick.appearance, 'upgrade');
    });
  }

  it('what refuses is followed by the next at once, each once; the last one is in debug mode', async () => {
    const { leave, events, fault, clock } = await leaving({ hilink: 'sestok' });
    fault({ fault: 'nak', path: CGI, code: 100002, count: 2 });
    const before = clock.now();
    const { tried, stick } = await leave({ password: 'admin' });
    assert.equal(
      triedTexts(tried),
      'cgi project: refused (100002); cgi debug: refused (100002); mode debug: left HiLink',
    );
    assert.deepEqual(events, ['POST /CGI', 'POST /CGI', 'POST /api/device/mode']);
    assert.equal(stick.productId, 0x1566);
    assert.ok(clock.now() - before < 10_000);
  });

  it('what is not answered is watched for half a minute before the next one', async () => {
    const { leave, fault, clock } = await leaving({ hilink: 'token' });
    fault({ fault: 'silence', path: CGI });
    const before = clock.now();
    const { tried } = await leave();
    assert.equal(triedTexts(tried), 'cgi project: nothing happened; cgi debug: left HiLink');
    assert.ok(clock.now() - before > 33_000);
  });

  it('a device/mode that wants a login is told by its number, and goes with the password', async () => {
    const { leave, fault } = await leaving({ hilink: 'sestok' });
    fault({ fault: 'nak', path: CGI, code: 100002, count: 2 });
    await assert.rejects(leave(), (error) => {
      assert.ok(isDriverError(error, 'NOT_SWITCHED/no-way-worked'));
      assert.match(error.message, /mode debug: refused \(100003\)/);
      return true;
    });
  });

  it('22.470: nothing is asked, for the boot pin is the way; with force each once, and it stays', async () => {
    const { leave, events, stick } = await leaving();
    await assert.rejects(leave(), code('NOT_SWITCHED/no-way-known'));
    assert.deepEqual(events, []);
    await assert.rejects(leave({ force: true }), (error) => {
      assert.ok(isDriverError(error, 'NOT_SWITCHED/no-way-worked'));
      assert.match(error.message, /cgi project: refused; cgi debug: refused; mode debug: refused \(125002\); pages/);
      return true;
    });
    assert.deepEqual(events, [
      'POST /CGI',
      'POST /CGI',
      'POST /api/device/mode',
      'GET /html/switchProjectMode.html',
      'GET /html/switchDebugMode.html',
    ]);
    assert.equal(stick.appearance, 'hilink');
  });

  it('not while it is the own line of the machine, unless forced', async () => {
    const { leave, events, host } = await leaving({ hilink: 'token' });
    host.ownLines.add('1-1');
    await assert.rejects(leave(), code('COMMAND_REFUSED/own-line'));
    assert.deepEqual(events, []);
    assert.equal((await leave({ force: true })).stick.productId, 0x1442);
  });

  it('not where another stick answers than the one that has said who it is', async () => {
    const { leave, events, host, stick } = await leaving({ hilink: 'token' });
    identitiesOf(host).tell('1-1', stick.device?.address ?? 0, { imei: 'another' });
    await assert.rejects(leave({ force: true }), code('STICK_NOT_FOUND/other-answers'));
    assert.deepEqual(events, []);
  });

  it('not where another stick answers when it comes to the request', async () => {
    const { host, run, stick, events, others, toHilink } = await leaving({ hilink: 'token' }, [
      { hilink: 'token', firmware: 'hilink', portPath: '1-2' },
    ]);
    for (const other of others) await toHilink(other);
    const linksOf = async (path: string) => host.network((await findStick(host, path)).device);
    const [[link], [strange]] = [await linksOf('1-1'), await linksOf('1-2')];
    assert.ok(link?.transport && strange?.transport);
    const [own, foreign] = [link.transport, strange.transport];
    let asked = 0;
    host.links.set('1-1', [
      { ...link, transport: (...a) => (/information/.test(a[0].path) && ++asked > 1 ? foreign(...a) : own(...a)) },
    ]);
    const left = leaveHilink(host, await findStick(host, '1-1'), { force: true });
    await assert.rejects(run(left), code('STICK_NOT_FOUND/other-at-address'));
    assert.deepEqual([events, stick.appearance], [[], 'hilink']);
  });

  it('a restart in the middle is no success: it is said what came back, and nothing more is asked', async () => {
    const { leave, events, fault } = await leaving({ hilink: 'sestok' });
    fault({ fault: 'reboot', path: CGI });
    await assert.rejects(leave(), (error) => {
      assert.ok(isDriverError(error, 'NOT_SWITCHED/left-as-other'));
      assert.match(error.message, /12d1:1f01 \(storage\).*cgi project: nothing happened/);
      return true;
    });
    assert.ok(events.length <= 1);
  });

  it('a stick that does not come back is told as such', async () => {
    const { leave, fault } = await leaving({ hilink: 'sestok' });
    fault({ fault: 'unplug', path: CGI });
    await assert.rejects(leave(), code('NOT_SWITCHED/left-for-good'));
  });

  it('a web server that says nothing at all is an error of its own, and is asked for nothing', async () => {
    const { leave, events, fault } = await leaving({ hilink: 'token' });
    fault({ fault: 'silence', count: 100 });
    await assert.rejects(leave(), code('TIMEOUT', 'HILINK_ERROR'));
    assert.deepEqual(events, []);
  });

  it('a cancel ends the watch', async () => {
    const { leave, fault, clock } = await leaving({ hilink: 'token' });
    fault({ fault: 'silence', path: CGI });
    const stop = new AbortController();
    clock.after(10_000, () => stop.abort(new Error('enough')));
    await assert.rejects(leave({ signal: stop.signal }), /enough/);
  });
});
