/** How much a stick in HiLink mode is asked, as figures; and that less asking loses nothing. */

import assert from 'node:assert/strict';
import { openAt } from '../../../src/device/at/open-at';
import { deviceAt } from '../../../src/device/device';
import { openSms, type SmsHandle } from '../../../src/device/sms/open-sms';
import { TIMEOUTS } from '../../../src/timeouts';
import { VirtualHost } from '../../../src/virtual/host';
import { untilWeb, type WebBench, webBench } from './bench';

const FROM = '+491713920000';

/** Requests from now on, without those of the pulse. */
function counter({ requests }: WebBench) {
  const from = requests.length;
  return (path: string) => requests.slice(from).filter((one) => one.endsWith(path)).length;
}

function listen(bench: WebBench, remove = false): { sms: SmsHandle; texts: string[] } {
  const sms = openSms(bench.host, '1-1', { web: { password: 'admin' } });
  const texts: string[] = [];
  sms.receive({
    onMessage({ text }) {
      texts.push(text);
      return remove;
    },
  });
  return { sms, texts };
}

describe('how much a stick in HiLink mode is asked', () => {
  it('an hour of looks for messages: the counters each time, the inbox six times, a login for each of these', async () => {
    const bench = await webBench({ hilink: 'sestok' });
    bench.stick.receiveSms({ from: FROM, text: 'one' });
    const { sms, texts } = listen(bench);
    await bench.pass(120_000);
    assert.deepEqual(texts, ['one']);
    const count = counter(bench);
    await bench.pass(3_600_000);
    assert.equal(count('sms/sms-count'), 3_600_000 / TIMEOUTS.sms.poll);
    // The first one is refused: only then it is known to want a login.
    assert.equal(count('sms/sms-list'), 3_600_000 / TIMEOUTS.hilink.reread + 1);
    assert.equal(count('user/login'), 3_600_000 / TIMEOUTS.hilink.reread);
    assert.equal(count('user/logout'), count('user/login'));
    await bench.run(sms.release());
  });

  it('a message: one more look at the inbox, one more before it is deleted', async () => {
    const bench = await webBench();
    const { sms, texts } = listen(bench, true);
    await bench.pass(120_000);
    const count = counter(bench);
    bench.stick.receiveSms({ from: FROM, text: 'one' });
    await bench.pass(TIMEOUTS.sms.poll);
    assert.deepEqual(texts, ['one']);
    // Each goes with a question for the number, the first one with that of the look itself.
    assert.deepEqual([count('sms/sms-list'), count('sms/sms-count'), count('sms/delete-sms')], [2, 2, 1]);
    await bench.run(sms.release());
  });

  it('what the counters do not show is found by the next full look', async () => {
    const bench = await webBench();
    bench.stick.receiveSms({ from: FROM, text: 'one' });
    const { sms, texts } = listen(bench);
    await bench.pass(120_000);
    // The person at the web page deletes an unread one, and another comes: so many as before.
    const page = openSms(new VirtualHost({ sticks: [bench.stick], clock: bench.clock }), '1-1', { web: {} });
    await bench.pass(5_000);
    assert.equal(await bench.run(page.clear(true)), 1);
    await bench.run(page.release());
    bench.stick.receiveSms({ from: FROM, text: 'two' });
    await bench.pass(TIMEOUTS.hilink.reread);
    assert.deepEqual(texts, ['one', 'two']);
    await bench.run(sms.release());
  });

  it('a status as soon as it answers: what was asked to know that serves, but not after something was done', async () => {
    const bench = await webBench();
    const handle = openAt(bench.host, '1-1', { web: {} });
    await bench.run(untilWeb(handle, 'ready'));
    const count = counter(bench);
    const parts = ['signal', 'network', 'sim', 'temperature'] as const;
    const { signal, network, sim } = await bench.run(handle.webStatus({ parts }));
    assert.deepEqual([signal?.system, network?.registered, sim?.state], ['LTE', true, 'READY']);
    assert.deepEqual(await bench.run(handle.webStatus({ parts: ['sim'] })), { sim });
    assert.equal(count(''), 0);
    await bench.run(handle.webStatus({ parts: ['data', 'sim'] }));
    assert.equal(count('pin/status'), 1);
    await bench.run(handle.act({ action: 'mode' }));
    await bench.run(handle.webStatus({ parts }));
    assert.equal(count('pin/status'), 2);
    await bench.run(handle.release());
  });

  it('a status a little later is asked for', async () => {
    const bench = await webBench();
    const handle = openAt(bench.host, '1-1', { web: {} });
    await bench.run(untilWeb(handle, 'ready'));
    await bench.pass(TIMEOUTS.hilink.seen + 1);
    const count = counter(bench);
    await bench.run(handle.webStatus({ parts: ['sim'] }));
    assert.equal(count('pin/status'), 1);
    await bench.run(handle.release());
  });

  it('whoever shows a stick and asks nothing knows signal and store all the same', async () => {
    const bench = await webBench();
    bench.stick.receiveSms({ from: FROM, text: 'one' });
    const { sms } = listen(bench);
    await bench.pass(120_000);
    const { signal, operator, messages } = deviceAt(bench.host, '1-1').readings?.latest ?? {};
    assert.deepEqual([signal?.system, operator, messages], ['LTE', 'Virtual LTE', { used: 1, total: 500 }]);
    await bench.run(sms.release());
  });

  it('a message out: who it is once, the copy is found and deleted by one list', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', { web: {} });
    await bench.pass(60_000);
    const count = counter(bench);
    await bench.run(sms.send({ to: FROM, text: 'out' }));
    await bench.pass(1_000);
    assert.deepEqual(
      [count('device/information'), count('sms/send-sms'), count('sms/sms-list'), count('sms/delete-sms')],
      [1, 1, 1, 1],
    );
    await bench.run(sms.release());
  });
});
