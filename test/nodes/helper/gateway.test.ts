import assert from 'node:assert/strict';
import { GATEWAY } from '../../../nodes/e3272-gateway/saved';
import { testModem } from '../sticks';
import { caught, give, itNeedsAStick, load, out, outs, shown } from './bench';

const TYPE = 'e3272-gateway';
const { stick: _stick, ...FRESH } = GATEWAY.fresh;
const PROPS = { ...FRESH, gw: 'gw1' };

describe('e3272-gateway by itself', () => {
  itNeedsAStick(TYPE, PROPS);

  it('sends by its input what it is told to, and puts out what is to be published', async () => {
    const stick = await testModem();
    await load(TYPE, PROPS, { stick });
    const command = { id: `a${Date.now()}`, to: '+491713920000', text: 'by wire' };
    give({ topic: 'e3272/gw1/sms/set', payload: JSON.stringify(command) });
    const sent = await out(0, ({ topic, payload }) => /receipt$/.test(String(topic)) && /"sent"/.test(String(payload)));
    assert.deepEqual([sent['qos'], sent['retain']], [1, false]);
    assert.ok(stick.events.some((event) => event.what === 'sms' && event.whole === 'by wire'));
    const config = outs(0).find(({ topic }) => topic === 'homeassistant/device/gw1/e3272/config');
    assert.equal(config?.['retain'], true);
  });

  it('shows that its broker has gone', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    await out(0, ({ topic }) => /availability$/.test(String(topic)));
    give({ status: { text: 'node-red:common.status.disconnected' } });
    await shown('status.noBroker');
  });

  it('shows the first refusal of a day, and tells it as an event', async () => {
    await load(TYPE, PROPS, { stick: await testModem() });
    await out(0, ({ topic }) => /availability$/.test(String(topic)));
    await shown('status.ready');
    give({ topic: 'e3272/gw1/sms/set', payload: '{"id":"r1","to":"110","text":"x"}' });
    await shown('status.error');
    const refused = await out(0, ({ topic }) => /receipt$/.test(String(topic)));
    assert.match(String(refused['payload']), /"refused"/);
  });

  it('refuses a name that cannot be one', async () => {
    await load(TYPE, { ...PROPS, gw: 'Not this' }, { stick: await testModem() });
    give({ topic: 'e3272/gw1/sms/set', payload: '{}' });
    assert.equal((await caught()).error.code, 'BAD_ARGUMENT');
  });
});
