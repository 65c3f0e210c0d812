/** Messages that come while they cannot be told: none is lost. */

import assert from 'node:assert/strict';
import { type GatewayBench, gatewayBench, OTHER } from './gateway-bench';

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
