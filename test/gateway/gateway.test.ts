/** What is asked of a gateway, and what it answers. */

import assert from 'node:assert/strict';
import { fates, gatewayBench, OTHER } from './gateway-bench';

const SET = 'e3272/gw1/sms/set';

describe('a gateway', () => {
  it('sends what it is told to, and says so under the id of the sender', async () => {
    const it = await gatewayBench();
    it.send(SET, { id: 'a1', to: OTHER, text: 'Water in the cellar' });
    await it.until(() => fates(it.receipts('a1')) === 'accepted sent');
    assert.deepEqual(it.texts, ['Water in the cellar']);
    const [, sent] = it.receipts('a1');
    assert.equal(sent?.to, OTHER);
    assert.equal(sent?.refs?.length, 1);
    await it.close();
  });
});
