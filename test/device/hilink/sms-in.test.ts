import assert from 'node:assert/strict';
import {
  openSms,
  type Receiver,
  type SmsHandle,
  type SmsMessage,
  type Storage,
} from '../../../src/device/sms/open-sms';
import { VirtualHost } from '../../../src/virtual/host';
import { HILINK_NAMES } from '../../../src/virtual/web/firmware';
import { type WebBench, webBench } from './bench';

const FROM = '+491713920000';

function listen(
  bench: WebBench,
  { remove = false, host = bench.host, ...more }: Partial<Receiver> & { remove?: boolean; host?: VirtualHost } = {},
) {
  const sms: SmsHandle = openSms(host, '1-1', { web: { password: 'admin' } });
  const got: SmsMessage[] = [];
  const stores: Storage[] = [];
  sms.receive({
    onMessage: (message) => {
      got.push(message);
      return remove;
    },
    onStorage: (storage) => stores.push(storage),
    ...more,
  });
  return { sms, got, stores, texts: () => got.map(({ text }) => text) };
}

const nextLife = (bench: WebBench): VirtualHost => {
  const next = new VirtualHost({ sticks: [bench.stick], clock: bench.clock });
  for (const { key, text } of bench.host.listNotes()) next.writeNote(key, text);
  return next;
};

describe('SMS in in HiLink mode', () => {
  for (const hilink of HILINK_NAMES) {
    it(`hands each message over once, long ones as a whole: ${hilink}`, async () => {
      const bench = await webBench({ hilink });
      bench.stick.receiveSms({ from: FROM, text: 'before' });
      const { sms, got, texts } = listen(bench);
      await bench.pass(5_000);
      assert.deepEqual(
        got.map(({ text, existing }) => [text, existing]),
        [['before', true]],
      );
      bench.stick.receiveSms({ from: FROM, text: 'one & <two>' });
      bench.stick.receiveSms({ from: FROM, text: 'x'.repeat(200) });
      await bench.pass(150_000);
      assert.deepEqual(texts(), ['before', 'one & <two>', 'x'.repeat(200)]);
      const [, one, long] = got;
      assert.deepEqual([one?.from, one?.parts, one?.existing, long?.parts], [FROM, 1, undefined, 2]);
      assert.match(one?.time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/);
      await bench.run(sms.release());
      const again = listen(bench, { host: nextLife(bench) });
      await bench.pass(150_000);
      assert.deepEqual(again.got, []);
      await bench.run(again.sms.release());
    });
  }

  it('deletes what is to be deleted, after it was handed over, and nothing else', async () => {
    const bench = await webBench();
    bench.stick.receiveSms({ from: FROM, text: 'kept' });
    const first = listen(bench);
    await bench.pass(5_000);
    await bench.run(first.sms.release());
    const { sms, texts } = listen(bench, { remove: true });
    await bench.pass(5_000);
    bench.stick.receiveSms({ from: FROM, text: 'deleted' });
    await bench.pass(150_000);
    assert.deepEqual(texts(), ['deleted']);
    const left = await bench.run(sms.list());
    assert.deepEqual(
      left.map(({ message, handedOver, store }) => [message?.kind === 'deliver' && message.text, handedOver, store]),
      [['kept', true, 'ME']],
    );
    assert.equal(await bench.run(sms.clear()), 1);
    assert.deepEqual(await bench.run(sms.list()), []);
    await bench.run(sms.release());
  });

  it('two that are alike are two, and a stick that is not looked at for a while loses nothing', async () => {
    const bench = await webBench();
    const { sms, texts } = listen(bench, { poll: 600_000 });
    await bench.pass(5_000);
    bench.stick.receiveSms({ from: FROM, text: 'alarm' });
    bench.stick.receiveSms({ from: FROM, text: 'alarm' });
    await bench.pass(300_000);
    assert.deepEqual(texts(), []);
    await bench.pass(400_000);
    assert.deepEqual(texts(), ['alarm', 'alarm']);
    await bench.run(sms.release());
  });

  it('tells how full the store is, and goes on after a restart in the middle', async () => {
    const bench = await webBench();
    const { sms, texts, stores } = listen(bench);
    await bench.pass(5_000);
    assert.deepEqual([stores[0]?.store, stores[0]?.used], ['ME', 0]);
    bench.stick.receiveSms({ from: FROM, text: 'one' });
    bench.stick.faults.order({ fault: 'reboot', at: 'web', path: 'sms/sms-list' });
    await bench.pass(70_000);
    await bench.toHilink();
    await bench.pass(150_000);
    assert.deepEqual(texts(), ['one']);
    assert.equal(stores.at(-1)?.used, 1);
    await bench.run(sms.release());
  });

  it('asks for nothing while nobody takes messages', async () => {
    const bench = await webBench();
    const sms = openSms(bench.host, '1-1', { web: {} });
    await bench.pass(300_000);
    assert.ok(!bench.requests.some((path) => path.includes('/sms/')));
    await bench.run(sms.release());
  });
});
