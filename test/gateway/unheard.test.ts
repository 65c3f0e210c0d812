/** A broker that ends the connection of who publishes what it may not, as RabbitMQ does. */

import assert from 'node:assert/strict';
import { gatewayBench } from './gateway-bench';

describe('a gateway whose connection ends again and again', () => {
  it('says that nobody hears it, until it is heard', async () => {
    const bench = await gatewayBench({ away: true, bare: true });
    bench.broker.drops = () => true;
    for (let n = 1; n <= 3; n++) {
      bench.connect();
      // The name is its own after two seconds of the first; five later an echo would be missed.
      await bench.wait(n === 1 ? 3_000 : 500);
      assert.equal(bench.gateway.state, 'own');
      bench.disconnect();
    }
    assert.equal(bench.gateway.state, 'silent');
    bench.broker.drops = () => false;
    bench.connect();
    await bench.wait(500);
    assert.equal(bench.gateway.state, 'own');
  });

  it('says so also where it is heard before, until a connection lasts', async () => {
    const bench = await gatewayBench({ bare: true });
    for (let n = 0; n < 3; n++) {
      bench.disconnect();
      await bench.wait(5_000);
      bench.connect();
      await bench.wait(500);
    }
    bench.disconnect();
    assert.equal(bench.gateway.state, 'silent');
    await bench.wait(5_000);
    bench.connect();
    await bench.wait(500);
    assert.equal(bench.gateway.state, 'silent');
    await bench.wait(5_000);
    assert.equal(bench.gateway.state, 'own');
    bench.disconnect();
    bench.connect();
    await bench.wait(500);
    bench.disconnect();
    assert.equal(bench.gateway.state, 'own');
  });

  it('is not silent where connections end for other reasons', async () => {
    const bench = await gatewayBench({ bare: true });
    for (let n = 0; n < 4; n++) {
      bench.disconnect();
      await bench.wait(60_000);
      bench.connect();
      await bench.wait(500);
    }
    assert.ok(!bench.states.includes('silent'));
  });
});
