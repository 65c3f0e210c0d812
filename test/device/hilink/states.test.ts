import assert from 'node:assert/strict';
import { openAt } from '../../../src/device/at/open-at';
import { webOutlook } from '../../../src/device/hilink/states';
import { openSms } from '../../../src/device/sms/open-sms';
import { isDriverError } from '../../../src/errors';
import { virtualBench } from '../../support/bench';

describe('what stands between a stick in HiLink mode and a network', () => {
  it('is said in the words of the AT side, as far as the stick tells it', () => {
    const network = (values: Parameters<typeof webOutlook>[0]['network']) =>
      webOutlook(values ? { network: values } : {}).network;
    assert.equal(network({ registered: true }), 'registered');
    assert.equal(network({ registered: false, registration: 'denied' }), 'denied');
    assert.equal(network({ registered: false, service: 'restricted' }), 'denied');
    assert.equal(network({ registered: false, registration: 'searching' }), 'searching');
    assert.equal(network({ registered: false }), 'none');
    assert.equal(network({}), undefined);
    assert.equal(network(undefined), undefined);
    const sims = ['READY', 'SIM PIN', 'SIM PUK', 'NOT INSERTED', 'FAILURE', 'other'];
    const found = sims.map((state) => webOutlook({ sim: { state } }).sim);
    assert.deepEqual(found, ['ready', 'pin', 'puk', 'absent', 'failed', undefined]);
  });

  it('is nothing where there is no stick, or the share was given back', async () => {
    const bench = virtualBench({ firmware: 'hilink' });
    const [at, sms] = [openAt(bench.host, 'auto', { web: {} }), openSms(bench.host, 'auto', { web: {} })];
    await assert.rejects(bench.run(at.webStatus({ parts: ['sim'] })), (e) => isDriverError(e));
    await bench.run(sms.cancelUssd());
    await bench.run(Promise.all([at.release(), sms.release()]));
    await assert.rejects(at.webStatus({ parts: ['sim'] }), (e) => isDriverError(e, 'CANCELLED'));
    const one = openAt(bench.host, '1-1', { web: {} });
    await assert.rejects(bench.run(one.webStatus({ parts: ['sim'] })), (e) =>
      isDriverError(e, 'WRONG_MODE', 'TIMEOUT'),
    );
    await bench.run(one.release());
  });
});
