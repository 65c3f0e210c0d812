/** Messages that come while they cannot be told: none is lost. */

import assert from 'node:assert/strict';
import { Journal } from '../../src/gateway/journal';
import { received } from '../../src/gateway/received';
import { faultOf } from '../../src/gateway/schemas';
import { topicsOf } from '../../src/gateway/topics';
import { type GatewayBench, gatewayBench, MemoryStore, OTHER } from './gateway-bench';

const texts = ({ broker }: GatewayBench) =>
  broker.captured
    .filter(({ topic }) => topic.endsWith('/sms/received'))
    .map(({ payload }) => (JSON.parse(payload) as { text: string }).text);

describe('a message that comes', () => {
  for (const hilink of [false, true]) {
    it(`while the disk is full is told when there is room, ${hilink ? 'in HiLink mode' : 'with AT ports'}`, async () => {
      const it = await gatewayBench({ hilink });
      it.store.hasRoom = false;
      it.stick.receiveSms({ from: OTHER, text: 'no room' });
      await it.wait(150_000);
      assert.deepEqual(texts(it), []);
      it.store.hasRoom = true;
      await it.until(() => texts(it).length > 0);
      await it.wait(150_000);
      assert.deepEqual(texts(it), ['no room']);
      await it.close();
    });
  }

  it('in part is told after a day, and says what is missing', async () => {
    const it = await gatewayBench({ settings: { every: 86_400_000 } });
    it.stick.receiveSms({ from: OTHER, text: 'x'.repeat(200), order: [1] });
    await it.wait(60_000);
    assert.deepEqual(texts(it), []);
    for (let half = 0; half < 3; half++) await it.wait(12 * 3_600_000);
    assert.equal(texts(it).length, 1);
    const { payload } = it.broker.captured.find(({ topic }) => topic.endsWith('/sms/received')) ?? { payload: '{}' };
    assert.deepEqual((JSON.parse(payload) as { missing: number[] }).missing, [2]);
    assert.equal(faultOf('sms-received', JSON.parse(payload)), undefined);
    await it.close();
  });

  it('before a gateway was there is told as one that is old', () => {
    const times = { date: () => new Date(), up: () => 0, machine: undefined };
    const journal = new Journal(new MemoryStore(), 'gw1', 'n', times);
    received(journal, topicsOf('gw1'), { from: OTHER, text: 'old', parts: 1, existing: true }, new Date());
    const [mail] = journal.mails;
    assert.ok(mail && 'existing' in mail.payload);
    assert.equal(faultOf('sms-received', mail.payload), undefined);
  });

  it('while another gateway has the name stays with the stick', async () => {
    const it = await gatewayBench();
    const info = { v: 1, gw: 'gw1', instance: 'another', boot: 'another', at: new Date(it.broker.now()).toISOString() };
    it.gateway.take({ topic: 'e3272/gw1/info', payload: JSON.stringify(info) });
    it.stick.receiveSms({ from: OTHER, text: 'whose' });
    await it.wait(150_000);
    it.restart({ gw: 'gw2' });
    it.connect();
    await it.until(() => texts(it).length > 0);
    assert.deepEqual(texts(it), ['whose']);
    await it.close();
  });
});
