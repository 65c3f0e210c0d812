/** Several gateways in one Node-RED. */

import assert from 'node:assert/strict';
import { GATEWAY } from '../../nodes/e3272-gateway/saved';
import { deploy, errorLogged, type FlowNode, forget, inject, output, outputs, startRuntime, tab } from './runtime';
import { stickNode, type TestStick, testModem } from './sticks';

const TO = '+491713920000';

describe('two gateway nodes with one name', () => {
  let stick: TestStick;
  before(async () => {
    await startRuntime();
    stick = await testModem();
  });
  after(() => stick.stick.unplug());

  const gatewayOf = (id: string, more: object = {}): FlowNode => ({
    ...GATEWAY.fresh,
    ...{ id, type: 'e3272-gateway', stick: 'stick', gw: 'pair' },
    ...more,
  });
  const flow = (...gateways: FlowNode[]) => [stickNode(stick.name), ...tab(gateways)];
  const give = (id: string, text: string) =>
    inject(id, { topic: 'e3272/pair/sms/set', payload: JSON.stringify({ id: text, to: TO, text }) });
  const sent = (id: string, text: string) =>
    output(
      id,
      0,
      ({ topic, payload }) =>
        /receipt$/.test(String(topic)) && /"sent"/.test(String(payload)) && String(payload).includes(text),
    );

  it('are one that works, and one that says so and writes nothing', async () => {
    forget();
    await deploy(flow(gatewayOf('one'), gatewayOf('two')));
    assert.match(String((await errorLogged('two')).msg), /pair/);
    const text = `t${Date.now()}`;
    give('one', text);
    give('two', text);
    await sent('one', text);
    assert.deepEqual(outputs('two'), []);
    // The copy goes: what the other one has on record stays.
    await deploy(flow(gatewayOf('one')), 'nodes');
    give('one', text);
    await output('one', 0, ({ payload }) => String(payload).includes('"duplicate":true'));
    forget();
    await deploy(flow(gatewayOf('one')));
    give('one', text);
    await output('one', 0, ({ payload }) => String(payload).includes('"duplicate":true'));
    assert.equal(stick.events.filter((event) => event.what === 'sms' && event.whole === text).length, 1);
    await deploy([]);
  });

  it('take what is to be sent for an order of nobody', async () => {
    forget();
    await deploy(flow(gatewayOf('one', { to: TO })));
    inject('one', { topic: 'e3272/pair/sms/set', payload: 'take-over' });
    const receipt = await output('one', 0, ({ topic }) => /receipt$/.test(String(topic)));
    assert.match(String(receipt.payload), /"accepted"/);
    await deploy([]);
  });
});
